//! A question: what is known of a request, with the rest left open.

use jiff::civil::Date;

use crate::service_selector::UnknownService;
use meterwarden::decide::request::{Fact, Request};
use meterwarden::policy::Test;

/// What is known of a request. Whatever is not said is open: that is what the answer is about.
///
/// ```
/// use meterwarden::Date;
/// use meterwarden_analysis::ask::Question;
/// use meterwarden::policy::Test;
///
/// let question = Question::new("8.4")
///     .at(Date::constant(2023, 6, 29))
///     .given("fields", Test::Exactly, ["ESMEVariant"])
///     .given("status", Test::In, ["Commissioned"]);
/// assert_eq!(question.services, ["8.4"]);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Question {
    /// The services that are meant: `8.4`, `8.*`, `tag critical`; all of them where it is empty.
    pub services: Vec<String>,
    /// The date that chooses the law; on every date, if it is open.
    pub at: Option<Date>,
    /// What is known of attributes; of one said several times, all must hold.
    pub given: Vec<Given>,
    /// The attributes that the answer is to speak of; all of them where it is empty. A value of these is then in the
    /// answer if anything at all of the others goes with it.
    pub about: Vec<String>,
}

/// What is known of one attribute, as a clause of a rule says it: `status live`, `fields only ESMEVariant`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The attribute.
    pub attribute: String,
    /// What is asked of the values.
    pub test: Test,
    /// The values, or groups of them.
    pub values: Vec<String>,
}

impl Question {
    /// About a service, or several: `8.4`, `8.*`, `tag critical`, `all`.
    pub fn new(service: impl Into<String>) -> Self {
        Self { services: vec![service.into()], ..Self::default() }
    }

    /// On a date.
    #[must_use]
    pub fn at(mut self, date: Date) -> Self {
        self.at = Some(date);
        self
    }

    /// Where something is known of an attribute.
    #[must_use]
    pub fn given<V: Into<String>>(
        mut self,
        attribute: impl Into<String>,
        test: Test,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.given.push(Given { attribute: attribute.into(), test, values });
        self
    }

    /// With an answer that speaks of these attributes alone.
    #[must_use]
    pub fn about<A: Into<String>>(mut self, attributes: impl IntoIterator<Item = A>) -> Self {
        self.about.extend(attributes.into_iter().map(Into::into));
        self
    }
}

impl From<&Request> for Question {
    /// What a request states is known, and nothing else.
    fn from(request: &Request) -> Self {
        let given = |(attribute, fact): &(String, Fact)| match fact {
            Fact::Value(value) => {
                Given { attribute: attribute.clone(), test: Test::In, values: vec![value.clone()] }
            }
            Fact::Set(values) => {
                Given { attribute: attribute.clone(), test: Test::Exactly, values: values.clone() }
            }
        };
        Self {
            services: vec![request.service.clone()],
            at: Some(request.at),
            given: request.facts.iter().map(given).collect(),
            about: Vec::new(),
        }
    }
}

/// A question that cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// `statsu Pending`
    #[error("the policy has no attribute `{attribute}`{}", behind(help))]
    UnknownAttribute {
        /// What was asked for.
        attribute: String,
        /// What may have been meant.
        help: Option<String>,
    },
    /// `status pending`
    #[error("`{attribute}` has no value and no group `{value}`{}", behind(help))]
    UnknownValue {
        /// The attribute.
        attribute: String,
        /// What was asked for.
        value: String,
        /// What may have been meant, or what there is.
        help: Option<String>,
    },
    /// `status only Pending`
    #[error(
        "`{attribute}` is a plain attribute: it has one value, so say `{attribute} A, B` or `{attribute} not A, B`"
    )]
    Plain {
        /// The attribute.
        attribute: String,
    },
    /// `relation not registered`
    #[error("`{attribute}` is a set attribute: say `only`, `includes`, `excludes`, `exactly` or `none`")]
    Set {
        /// The attribute.
        attribute: String,
    },
    /// `--service 8.44`
    #[error(transparent)]
    UnknownService(#[from] UnknownService),
    /// The rules of a service explode.
    #[error(
        "the rules of service `{0}` tell so many classes of request apart that this cannot be answered exactly; say more"
    )]
    TooLarge(String),
}

fn behind(help: &Option<String>) -> String {
    help.as_ref().map_or_else(String::new, |help| format!("; {help}"))
}

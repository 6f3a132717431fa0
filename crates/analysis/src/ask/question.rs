//! A question: what is stated about a request; everything else is open.

use jiff::civil::Date;

use crate::service_selector::UnknownService;
use meterwarden::decide::request::{Fact, Request};
use meterwarden::policy::Test;

/// What is stated about a request. The answer is about everything else.
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
    /// The services: `8.4`, `8.*`, `tag critical`; all services if it is empty.
    pub services: Vec<String>,
    /// The date that determines which rules are in force; `None` for every date.
    pub at: Option<Date>,
    /// What is stated about attributes. All must hold, also if several are about one attribute.
    pub given: Vec<Given>,
    /// The attributes that the answer must describe; all attributes if it is empty. A value of these attributes is then
    /// in the answer if it is permitted with any values of the others.
    pub about: Vec<String>,
}

/// What is stated about one attribute, as in a clause of a rule: `status live`, `fields only ESMEVariant`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Given {
    /// The attribute.
    pub attribute: String,
    /// How the value or set is tested against the values.
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

    /// With a statement about an attribute.
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

    /// With an answer that describes these attributes only.
    #[must_use]
    pub fn about<A: Into<String>>(mut self, attributes: impl IntoIterator<Item = A>) -> Self {
        self.about.extend(attributes.into_iter().map(Into::into));
        self
    }
}

impl From<&Request> for Question {
    /// States what the request states, and nothing else.
    fn from(request: &Request) -> Self {
        let given = |(attribute, fact): &(String, Fact)| {
            let clause = |test, values: &[String]| Given {
                attribute: attribute.clone(),
                test,
                values: values.to_vec(),
            };
            match fact {
                Fact::Value(value) => vec![clause(Test::In, std::slice::from_ref(value))],
                Fact::Set(values) => vec![clause(Test::Exactly, values)],
                Fact::Members { present, absent } => {
                    let clauses = [clause(Test::Includes, present), clause(Test::Excludes, absent)];
                    clauses.into_iter().filter(|clause| !clause.values.is_empty()).collect()
                }
            }
        };
        Self {
            services: vec![request.service.clone()],
            at: Some(request.at),
            given: request.facts.iter().flat_map(given).collect(),
            about: Vec::new(),
        }
    }
}

/// A question that cannot be answered.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AskError {
    /// `statsu Pending`
    #[error("the policy has no attribute `{attribute}`{}", after_semicolon(help))]
    UnknownAttribute {
        /// The name in the question.
        attribute: String,
        /// A similar name.
        help: Option<String>,
    },
    /// `status pending`
    #[error("`{attribute}` has no value and no group `{value}`{}", after_semicolon(help))]
    UnknownValue {
        /// The attribute.
        attribute: String,
        /// The name in the question.
        value: String,
        /// A similar name, or the names that exist.
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
    /// The rules of a service distinguish too many classes of request.
    #[error(
        "the rules of service `{0}` distinguish too many classes of request to answer this exactly; state more"
    )]
    TooLarge(String),
}

fn after_semicolon(help: &Option<String>) -> String {
    help.as_ref().map_or_else(String::new, |help| format!("; {help}"))
}

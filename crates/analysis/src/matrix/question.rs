//! What a matrix is asked to show, and the names of it resolved.

use crate::service_selector::selected;
use jiff::civil::Date;

use super::level::Pick;
use crate::service_order;
use crate::service_selector::UnknownService;
use meterwarden::base::suggest;
use meterwarden::decide::SERVICE;
use meterwarden::policy::{Policy, Service};
use meterwarden::space::Subset;

/// What a matrix is to show: two things side by side, what is known of the others, and when.
///
/// ```
/// use meterwarden::Date;
/// use meterwarden_analysis::matrix::Question;
///
/// let question = Question::new(Date::constant(2023, 6, 29))
///     .columns("status")
///     .with("role", ["IS"])
///     .service("8.*")
///     .against(Date::constant(2023, 6, 28));
/// assert_eq!(question.rows, "service");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Question {
    /// `service`, or an attribute.
    pub rows: String,
    /// An attribute, or `service`.
    pub columns: String,
    /// Attributes of which only some values are meant. Of a set attribute: any of these is present; `none`,
    /// nothing is.
    pub filters: Vec<(String, Vec<String>)>,
    /// The services that are meant: `8.4`, `8.*`, `tag critical`; all of them where it is empty.
    pub services: Vec<String>,
    /// The date that chooses the law.
    pub at: Date,
    /// A date with which to compare.
    pub against: Option<Date>,
    /// Whether each cell also says what is permitted in the author's words, and how a refusal answers.
    pub detail: bool,
}

impl Question {
    /// All services by the policy's first attribute on a date.
    pub fn new(at: Date) -> Self {
        Self {
            rows: SERVICE.to_owned(),
            columns: String::new(),
            filters: Vec::new(),
            services: Vec::new(),
            at,
            against: None,
            detail: false,
        }
    }

    /// With these rows: `service`, or an attribute.
    #[must_use]
    pub fn rows(mut self, rows: impl Into<String>) -> Self {
        self.rows = rows.into();
        self
    }

    /// With these columns: an attribute, or `service`.
    #[must_use]
    pub fn columns(mut self, columns: impl Into<String>) -> Self {
        self.columns = columns.into();
        self
    }

    /// Where an attribute has one of these values.
    #[must_use]
    pub fn with<V: Into<String>>(
        mut self,
        attribute: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        self.filters.push((attribute.into(), values.into_iter().map(Into::into).collect()));
        self
    }

    /// For these services: `8.4`, `8.*`, `tag critical`.
    #[must_use]
    pub fn service(mut self, services: impl Into<String>) -> Self {
        self.services.push(services.into());
        self
    }

    /// With what differs from another date.
    #[must_use]
    pub fn against(mut self, date: Date) -> Self {
        self.against = Some(date);
        self
    }

    /// With what is permitted in each cell, in the author's words.
    #[must_use]
    pub fn detail(mut self) -> Self {
        self.detail = true;
        self
    }
}

/// A question that the policy's vocabulary has no words for.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum QuestionError {
    /// `--columns statsu`
    #[error("the policy has no attribute `{written}`; {help}")]
    UnknownAttribute {
        /// What was asked for.
        written: String,
        /// What may have been meant, or what there is.
        help: String,
    },
    /// `--where status=pending`
    #[error("`{attribute}` has no value `{written}`; {help}")]
    UnknownValue {
        /// The attribute.
        attribute: String,
        /// What was asked for.
        written: String,
        /// What may have been meant, or what there is.
        help: String,
    },
    /// `--service 8.44`
    #[error(transparent)]
    UnknownService(#[from] UnknownService),
    /// `--rows role --columns role`
    #[error("the rows and the columns are both by `{0}`; choose two different things")]
    Same(String),
    /// `--where status=`
    #[error("`{0}` is to be one of no values; name at least one")]
    NoValue(String),
    /// `--where service=8.4`
    #[error("`service` is no attribute; choose services with their numbers, such as 8.4 or 8.*")]
    ServiceAsAttribute,
    /// A policy without attributes.
    #[error("the policy has no attribute to show")]
    NoAttribute,
}

/// What stands along one side of a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Service,
    Attribute(usize),
}

/// A question whose names are known.
pub(super) struct Asked<'p> {
    pub(super) policy: &'p Policy,
    pub(super) rows: Side,
    pub(super) columns: Side,
    /// In the order of their numbers.
    pub(super) services: Vec<usize>,
    /// For each attribute the names of the values that are meant, if not all are.
    pub(super) names: Vec<Option<Vec<String>>>,
}

/// Nothing of a set attribute.
pub(super) const NONE: &str = "none";

impl<'p> Asked<'p> {
    pub(super) fn new(policy: &'p Policy, question: &Question) -> Result<Self, QuestionError> {
        let first = policy.attributes().first().ok_or(QuestionError::NoAttribute)?;
        let columns = if question.columns.is_empty() { &first.name } else { &question.columns };
        if question.rows == *columns {
            return Err(QuestionError::Same(question.rows.clone()));
        }
        let (rows, columns) = (side(policy, &question.rows)?, side(policy, columns)?);
        let services = services(policy, &question.services)?;
        let mut names = vec![None; policy.attributes().len()];
        for (name, values) in &question.filters {
            let Side::Attribute(attribute) = side(policy, name)? else {
                return Err(QuestionError::ServiceAsAttribute);
            };
            known_values(policy, attribute, values)?;
            let all: &mut Option<Vec<String>> = &mut names[attribute];
            all.get_or_insert_default().extend(values.iter().cloned());
        }
        Ok(Self { policy, rows, columns, services, names })
    }

    /// The values of an attribute that stand along a side: those that are meant, in the policy's order.
    pub(super) fn values(&self, attribute: usize) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        for name in value_names(self.policy, &self.services, attribute) {
            if !all.iter().any(|known| known == name) {
                all.push(name.to_owned());
            }
        }
        if self.policy.attributes()[attribute].set {
            all.push(NONE.to_owned());
        }
        if let Some(meant) = &self.names[attribute] {
            all.retain(|name| meant.contains(name));
        }
        all
    }
}

/// What some names of values leave of an attribute, for a service.
pub(super) fn pick(policy: &Policy, service: &Service, attribute: usize, names: &[&str]) -> Pick {
    let known = policy.values(attribute, service);
    let place =
        |name: &&str| known.iter().position(|value| value == name).and_then(|nth| u32::try_from(nth).ok());
    let places = names.iter().filter_map(place);
    if policy.attributes()[attribute].set {
        Pick::Subsets { present: Subset::of(places), empty: names.contains(&NONE) }
    } else {
        Pick::Values(places.collect())
    }
}

fn side(policy: &Policy, name: &str) -> Result<Side, QuestionError> {
    if name == SERVICE {
        return Ok(Side::Service);
    }
    let known = policy.attributes().iter().position(|one| one.name == name);
    known.map(Side::Attribute).ok_or_else(|| {
        let names: Vec<&str> =
            policy.attributes().iter().map(|one| one.name.as_str()).chain([SERVICE]).collect();
        QuestionError::UnknownAttribute { written: name.to_owned(), help: help(name, &names) }
    })
}

/// So many names are shown where none is near to what was written.
const MOST_SHOWN: usize = 20;

fn help(written: &str, known: &[&str]) -> String {
    suggest::did_you_mean(written, known.iter().copied()).unwrap_or_else(|| {
        let more = if known.len() > MOST_SHOWN { ", …" } else { "" };
        let shown: Vec<&str> = known.iter().take(MOST_SHOWN).copied().collect();
        format!("there is {}{more}", shown.join(", "))
    })
}

/// The names of an attribute's values; of fields, those of all of these services.
fn value_names<'p>(policy: &'p Policy, services: &[usize], attribute: usize) -> Vec<&'p str> {
    if policy.fields_attribute() == Some(attribute) {
        return services.iter().flat_map(|nth| policy.values(attribute, &policy.services()[*nth])).collect();
    }
    policy.attributes()[attribute].values.iter().map(|value| value.name.as_str()).collect()
}

/// A field may be one of any service: some do not look at it.
fn known_values(policy: &Policy, attribute: usize, values: &[String]) -> Result<(), QuestionError> {
    let one = &policy.attributes()[attribute];
    if values.is_empty() {
        return Err(QuestionError::NoValue(one.name.clone()));
    }
    let services: Vec<usize> = (0..policy.services().len()).collect();
    let mut known = value_names(policy, &services, attribute);
    if one.set {
        known.push(NONE);
    }
    let unknown = values.iter().find(|value| !known.contains(&value.as_str()));
    unknown.map_or(Ok(()), |value| {
        let (attribute, written) = (one.name.clone(), value.clone());
        Err(QuestionError::UnknownValue { attribute, written, help: help(value, &known) })
    })
}

/// The services that are meant, in the order of their numbers.
fn services(policy: &Policy, written: &[String]) -> Result<Vec<usize>, UnknownService> {
    let meant = selected(policy, written)?;
    let mut services: Vec<usize> = (0..policy.services().len())
        .filter(|nth| meant.iter().any(|one| one.name == policy.services()[*nth].name))
        .collect();
    services.sort_by(|one, other| {
        service_order::by_number(&policy.services()[*one].name, &policy.services()[*other].name)
    });
    Ok(services)
}

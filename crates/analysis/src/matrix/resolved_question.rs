//! A question with its names resolved to places in the policy's lists.

use super::attribute_choices::Selection;
use super::question::{Question, QuestionError};
use crate::limits::MOST_NAMES_SHOWN;
use crate::service_order;
use crate::service_selector::{UnknownService, selected};
use meterwarden::base::suggest;
use meterwarden::decide::SERVICE;
use meterwarden::policy::{Policy, Service};
use meterwarden::space::Subset;

/// What the rows, or the columns, of a matrix are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Service,
    Attribute(usize),
}

/// A question whose names are all known.
pub(super) struct ResolvedQuestion<'p> {
    pub(super) policy: &'p Policy,
    pub(super) rows: Side,
    pub(super) columns: Side,
    /// The selected services, in the order of their numbers.
    pub(super) services: Vec<usize>,
    /// For each attribute the names of its selected values; `None` if all are selected.
    pub(super) names: Vec<Option<Vec<String>>>,
}

/// The service and the values that the row and the column of a cell give.
pub(super) struct CellKey {
    pub(super) service: Option<usize>,
    /// The values, by attribute.
    values: Vec<(usize, String)>,
}

/// The row or column for the empty set.
pub(super) const NONE: &str = "none";

impl<'p> ResolvedQuestion<'p> {
    pub(super) fn new(policy: &'p Policy, question: &Question) -> Result<Self, QuestionError> {
        let first = policy.attributes().first().ok_or(QuestionError::NoAttribute)?;
        let columns = if question.columns.is_empty() { &first.name } else { &question.columns };
        if question.rows == *columns {
            return Err(QuestionError::Same(question.rows.clone()));
        }
        let (rows, columns) = (side(policy, &question.rows)?, side(policy, columns)?);
        let services = services(policy, &question.services)?;
        let mut names: Vec<Option<Vec<String>>> = vec![None; policy.attributes().len()];
        for (name, values) in &question.filters {
            let Side::Attribute(attribute) = side(policy, name)? else {
                return Err(QuestionError::ServiceAsAttribute);
            };
            check_values(policy, attribute, values)?;
            names[attribute].get_or_insert_default().extend(values.iter().cloned());
        }
        Ok(Self { policy, rows, columns, services, names })
    }

    /// The selected values of an attribute, in the policy's order.
    pub(super) fn values(&self, attribute: usize) -> Vec<String> {
        let mut values: Vec<String> = Vec::new();
        for name in value_names(self.policy, &self.services, attribute) {
            if !values.iter().any(|value| value == name) {
                values.push(name.to_owned());
            }
        }
        if self.policy.attributes()[attribute].set {
            values.push(NONE.to_owned());
        }
        if let Some(names) = &self.names[attribute] {
            values.retain(|value| names.contains(value));
        }
        values
    }

    /// For each attribute, the selection that the key of a cell and the filters make.
    pub(super) fn selections(&self, service: usize, key: &CellKey) -> Vec<Selection> {
        let service = &self.policy.services()[service];
        let selection = |(attribute, filter): (usize, &Option<Vec<String>>)| {
            let of_filter = || filter.as_ref().map(|names| names.iter().map(String::as_str).collect());
            let names: Option<Vec<&str>> = key.value(attribute).map(|value| vec![value]).or_else(of_filter);
            names.map_or(Selection::Any, |names| selection(self.policy, service, attribute, &names))
        };
        self.names.iter().enumerate().map(selection).collect()
    }
}

impl CellKey {
    pub(super) fn new(resolved: &ResolvedQuestion<'_>, row: &str, column: &str) -> Self {
        let mut key = Self { service: None, values: Vec::new() };
        for (side, name) in [(resolved.rows, row), (resolved.columns, column)] {
            match side {
                Side::Attribute(attribute) => key.values.push((attribute, name.to_owned())),
                Side::Service => key.service = resolved.policy.service_index_of(name),
            }
        }
        key
    }

    /// The value of an attribute that is a side of the matrix.
    pub(super) fn value(&self, attribute: usize) -> Option<&str> {
        self.values.iter().find(|(side, _)| *side == attribute).map(|(_, value)| value.as_str())
    }
}

/// The selection of these names of values. A service without some of them has a smaller selection.
fn selection(policy: &Policy, service: &Service, attribute: usize, names: &[&str]) -> Selection {
    let values = policy.values(attribute, service);
    let place = |name: &&str| {
        values.iter().position(|value| value == name).and_then(|index| u32::try_from(index).ok())
    };
    let places = names.iter().filter_map(place);
    if policy.attributes()[attribute].set {
        Selection::Subsets { present: Subset::of(places), empty: names.contains(&NONE) }
    } else {
        Selection::Values(places.collect())
    }
}

fn side(policy: &Policy, name: &str) -> Result<Side, QuestionError> {
    if name == SERVICE {
        return Ok(Side::Service);
    }
    let names = || policy.attributes().iter().map(|attribute| attribute.name.as_str());
    names().position(|attribute| attribute == name).map(Side::Attribute).ok_or_else(|| {
        let names: Vec<&str> = names().chain([SERVICE]).collect();
        QuestionError::UnknownAttribute { written: name.to_owned(), help: help(name, &names) }
    })
}

fn help(written: &str, names: &[&str]) -> String {
    suggest::did_you_mean(written, names.iter().copied()).unwrap_or_else(|| {
        let more = if names.len() > MOST_NAMES_SHOWN { ", …" } else { "" };
        let shown: Vec<&str> = names.iter().take(MOST_NAMES_SHOWN).copied().collect();
        format!("there is {}{more}", shown.join(", "))
    })
}

/// The names of an attribute's values; for `fields`, those of all of these services.
fn value_names<'p>(policy: &'p Policy, services: &[usize], attribute: usize) -> Vec<&'p str> {
    if policy.fields_attribute() == Some(attribute) {
        let services = services.iter().map(|service| &policy.services()[*service]);
        return services.flat_map(|service| policy.values(attribute, service)).collect();
    }
    policy.attributes()[attribute].values.iter().map(|value| value.name.as_str()).collect()
}

/// Checks that the values exist. A field of any service is accepted, also if a selected service does not declare it.
fn check_values(policy: &Policy, index: usize, values: &[String]) -> Result<(), QuestionError> {
    let attribute = &policy.attributes()[index];
    if values.is_empty() {
        return Err(QuestionError::NoValue(attribute.name.clone()));
    }
    let services: Vec<usize> = (0..policy.services().len()).collect();
    let mut names = value_names(policy, &services, index);
    if attribute.set {
        names.push(NONE);
    }
    let unknown = values.iter().find(|value| !names.contains(&value.as_str()));
    unknown.map_or(Ok(()), |value| {
        let (attribute, written) = (attribute.name.clone(), value.clone());
        Err(QuestionError::UnknownValue { attribute, written, help: help(value, &names) })
    })
}

/// The selected services, in the order of their numbers.
fn services(policy: &Policy, selectors: &[String]) -> Result<Vec<usize>, UnknownService> {
    let selected = selected(policy, selectors)?;
    let mut services: Vec<usize> =
        selected.iter().filter_map(|service| policy.service_index_of(&service.name)).collect();
    let name = |index: &usize| policy.services()[*index].name.as_str();
    services.sort_by(|left, right| service_order::by_number(name(left), name(right)));
    Ok(services)
}

//! Names to classes: what a request states, in the terms of the rules that decide it.

use super::InputError;
use super::request::{Fact, Request};
use super::resolve::{Resolver, Stated};
use crate::limits::MOST_ATTRIBUTES;
use crate::policy::{Policy, Service};
use crate::space::{Members, RuleSpace, Subset};

/// The value class of each attribute that a request states.
#[derive(Clone, Debug)]
pub struct Facts {
    classes: [Option<u32>; MOST_ATTRIBUTES],
    /// The set attributes of which single values are stated, if these can be of several classes.
    partly_stated: Vec<PartlyStated>,
}

/// What single values of a set attribute leave open.
#[derive(Clone, Debug)]
struct PartlyStated {
    attribute: usize,
    members: Members,
    /// For each class, whether it has a subset with these members.
    classes: Vec<bool>,
}

impl Facts {
    /// The class stated of an attribute. None where it is not stated, or where single values are stated that leave
    /// several classes open.
    pub fn class(&self, attribute: usize) -> Option<u32> {
        self.classes.get(attribute).copied().flatten()
    }

    /// The single values that are stated of a set attribute, if they leave several classes open.
    pub fn members(&self, attribute: usize) -> Option<Members> {
        self.partly_stated(attribute).map(|stated| stated.members)
    }

    /// Whether a completion of the request has this class of the attribute.
    pub fn may_be(&self, attribute: usize, class: usize) -> bool {
        match (self.class(attribute), self.partly_stated(attribute)) {
            (Some(stated), _) => stated as usize == class,
            (None, Some(stated)) => stated.classes.get(class) == Some(&true),
            (None, None) => true,
        }
    }

    fn partly_stated(&self, attribute: usize) -> Option<&PartlyStated> {
        self.partly_stated.iter().find(|stated| stated.attribute == attribute)
    }

    /// A class for every attribute, if no attribute with several classes is unstated.
    pub fn complete(&self, rule_space: &RuleSpace) -> Option<[u32; MOST_ATTRIBUTES]> {
        let mut classes = [0; MOST_ATTRIBUTES];
        for (attribute, dimension) in rule_space.dimensions.iter().enumerate() {
            classes[attribute] = match self.class(attribute) {
                Some(class) => class,
                None if dimension.classes.len() == 1 => 0,
                None => return None,
            };
        }
        Some(classes)
    }
}

/// Resolves a request for a known service.
///
/// # Errors
///
/// The request states an attribute or a value that the policy does not have, one value for a set, a list for a plain
/// attribute, or an attribute twice.
pub fn facts(policy: &Policy, rule_space: &RuleSpace, request: &Request) -> Result<Facts, InputError> {
    let names = PolicyNames { policy, service: policy.service(&request.service) };
    let mut facts = Facts { classes: [None; MOST_ATTRIBUTES], partly_stated: Vec::new() };
    for (name, fact) in &request.facts {
        let attribute = names.attribute(name)?;
        let dimension = &rule_space.dimensions[attribute];
        let stated = names.stated(attribute, fact)?;
        if facts.class(attribute).is_some() || facts.members(attribute).is_some() {
            return Err(InputError::SaidTwice(name.clone()));
        }
        let class = match stated {
            Stated::Value(value) => dimension.class_of_value(value),
            Stated::Subset(subset) => dimension.class_of_subset(subset),
            Stated::Members(members) => {
                let outcomes = dimension.outcomes_among(Some(members));
                let class = outcomes.first().map_or(0, |(_, class)| *class);
                if outcomes.iter().any(|(_, other)| *other != class) {
                    let mut classes = vec![false; dimension.classes.len()];
                    outcomes.iter().for_each(|(_, class)| classes[*class as usize] = true);
                    facts.partly_stated.push(PartlyStated { attribute, members, classes });
                    continue;
                }
                class
            }
        };
        facts.classes[attribute] = Some(class);
    }
    Ok(facts)
}

/// Checks what is stated against the vocabulary, whatever the service.
///
/// # Errors
///
/// As [`facts`], but an attribute may be stated twice, and any field may be stated.
pub fn check_terms(policy: &Policy, facts: &[(String, Fact)]) -> Result<(), InputError> {
    let names = PolicyNames { policy, service: None };
    facts.iter().try_for_each(|(name, fact)| names.stated(names.attribute(name)?, fact).map(drop))
}

/// The names of a policy, and the fields of a service.
struct PolicyNames<'p> {
    policy: &'p Policy,
    /// Nothing for a service that the policy does not know: it declares no fields.
    service: Option<&'p Service>,
}

impl<'p> Resolver<'p> for PolicyNames<'p> {
    fn policy(&self) -> &'p Policy {
        self.policy
    }

    fn find_attribute(&self, name: &str) -> Option<usize> {
        self.policy.attribute_index.get(name).copied()
    }

    fn find_value(&self, attribute: usize, name: &str) -> Option<u32> {
        self.policy.attributes[attribute].value_index.get(name).copied()
    }

    fn field(&self, name: &str) -> Subset {
        let fields = self.service.and_then(|service| service.fields.as_deref()).unwrap_or_default();
        let mut named = (0..).zip(fields).filter(|(_, field)| field.name == name || field.place == name);
        named.next().map_or(Subset::UNKNOWN, |(index, _)| Subset::of([index]))
    }
}

//! NameIndex to classes: what a request says, in the terms of the rule_space that decides it.

use super::InputError;
use super::request::{Fact, Request};
use crate::policy::{Attribute, MOST_ATTRIBUTES, Policy};
use crate::space::{Lookup, RuleSpace, Subset};

/// The class of each attribute that a request says something of.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    classes: [Option<u32>; MOST_ATTRIBUTES],
}

impl Facts {
    /// The class stated of an attribute.
    pub fn class(&self, attribute: usize) -> Option<u32> {
        self.classes.get(attribute).copied().flatten()
    }

    /// A class for every attribute, if what is unsaid makes no difference.
    pub fn complete(&self, rule_space: &RuleSpace) -> Option<[u32; MOST_ATTRIBUTES]> {
        let mut classes = [0; MOST_ATTRIBUTES];
        for (nth, dimension) in rule_space.dimensions.iter().enumerate() {
            classes[nth] = match self.class(nth) {
                Some(class) => class,
                None if dimension.classes.len() == 1 => 0,
                None => return None,
            };
        }
        Some(classes)
    }
}

/// Resolves a request for a known service.
pub fn facts(policy: &Policy, rule_space: &RuleSpace, request: &Request) -> Result<Facts, InputError> {
    let mut facts = Facts { classes: [None; MOST_ATTRIBUTES] };
    for (name, fact) in &request.facts {
        let nth = attribute(policy, name)?;
        let one = &policy.attributes[nth];
        let dimension = &rule_space.dimensions[nth];
        let class = match (fact, one.set) {
            (Fact::Value(value), false) => dimension.class_of_value(self::value(one, value)?),
            (Fact::Set(values), true) if policy.fields == Some(nth) => match &dimension.lookup {
                Lookup::Set(lookup) => dimension.class_of_subset(fields(&lookup.names, values)),
                Lookup::Plain(_) | Lookup::Unseen => 0,
            },
            (Fact::Set(values), true) => dimension.class_of_subset(subset(one, values)?),
            (Fact::Value(_), true) => return Err(InputError::NotAList(name.clone())),
            (Fact::Set(_), false) => return Err(InputError::NotAValue(name.clone())),
        };
        if facts.classes[nth].replace(class).is_some() {
            return Err(InputError::SaidTwice(name.clone()));
        }
    }
    Ok(facts)
}

/// Checks what is said against the vocabulary, whatever the service.
pub fn vocabulary(policy: &Policy, facts: &[(String, Fact)]) -> Result<(), InputError> {
    for (name, fact) in facts {
        let nth = attribute(policy, name)?;
        let one = &policy.attributes[nth];
        match (fact, one.set) {
            (Fact::Value(value), false) => drop(self::value(one, value)?),
            (Fact::Set(_), true) if policy.fields == Some(nth) => {}
            (Fact::Set(values), true) => drop(subset(one, values)?),
            (Fact::Value(_), true) => return Err(InputError::NotAList(name.clone())),
            (Fact::Set(_), false) => return Err(InputError::NotAValue(name.clone())),
        }
    }
    Ok(())
}

fn attribute(policy: &Policy, name: &str) -> Result<usize, InputError> {
    let known = policy.attribute_index.get(name).copied();
    known.ok_or_else(|| InputError::unknown_attribute(policy, name))
}

fn value(attribute: &Attribute, value: &str) -> Result<u32, InputError> {
    let known = attribute.value_index.get(value).copied();
    known.ok_or_else(|| InputError::unknown_value(attribute, value))
}

fn subset(attribute: &Attribute, values: &[String]) -> Result<Subset, InputError> {
    values
        .iter()
        .try_fold(Subset::default(), |subset, name| Ok(subset.with(Subset::of([value(attribute, name)?]))))
}

/// The fields that a message carries; any that the service does not declare count as one.
fn fields(declared: &[(String, u32)], values: &[String]) -> Subset {
    let one = |name: &String| {
        let known = declared.binary_search_by(|(known, _)| known.as_str().cmp(name));
        known.map_or(Subset::UNKNOWN, |nth| Subset::of([declared[nth].1]))
    };
    values.iter().map(one).fold(Subset::default(), Subset::with)
}

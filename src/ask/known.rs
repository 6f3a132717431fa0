//! What is known of a request, in terms of values: names resolved, groups spelt out.

use super::question::{AskError, Given, Question};
use crate::ast::{Group, Item};
use crate::compile::{Axis, Lookup, SetTest, Subset, witnesses};
use crate::policy::{Policy, Service, Test};
use crate::suggest;

/// What is known of one attribute.
#[derive(Clone, Debug)]
pub(super) struct Known {
    pub(super) attribute: usize,
    test: Test,
    /// The values meant, groups spelt out. Of `fields` each service has its own.
    names: Vec<String>,
}

impl Known {
    pub(super) fn all(policy: &Policy, question: &Question) -> Result<Vec<Self>, AskError> {
        question.given.iter().map(|given| Self::new(policy, given)).collect()
    }

    fn new(policy: &Policy, given: &Given) -> Result<Self, AskError> {
        let attribute = attribute(policy, &given.attribute)?;
        let one = &policy.attributes[attribute];
        match (one.set, given.test) {
            (false, Test::Only | Test::Includes | Test::Excludes | Test::Exactly) => {
                return Err(AskError::Plain { attribute: one.name.clone() });
            }
            (true, Test::Not) => return Err(AskError::Set { attribute: one.name.clone() }),
            _ => {}
        }
        let mut names = Vec::new();
        for value in &given.values {
            let meant = values(policy, attribute, value).ok_or_else(|| unknown(policy, attribute, value))?;
            names.extend(meant);
        }
        Ok(Self { attribute, test: given.test, names })
    }

    /// Which kinds of an axis of a service agree, each with the values of it that do.
    fn admits(&self, policy: &Policy, service: &Service, axis: &Axis) -> Vec<bool> {
        let places = self.places(policy, service);
        let mut meant = vec![false; axis.kinds.len()];
        match &axis.lookup {
            Lookup::Unseen => meant.fill(true),
            Lookup::Plain(kind_of) => {
                for (value, kind) in (0u32..).zip(kind_of) {
                    let listed = places.contains(&value);
                    meant[*kind as usize] |= match self.test {
                        Test::Any => true,
                        Test::Not => !listed,
                        _ => listed,
                    };
                }
            }
            Lookup::Set(lookup) => {
                let test = self.subset_test(&places);
                if self.test == Test::Exactly {
                    meant[axis.kind_of_subset(test.listed) as usize] = true;
                    return meant;
                }
                let mut tests = lookup.tests.clone();
                tests.push(test);
                let values = (0u32..).take(policy.values(self.attribute, service).len());
                for subset in witnesses(Subset::of(values), lookup.undeclared(), &tests) {
                    meant[axis.kind_of_subset(subset) as usize] |= test.holds(subset);
                }
            }
        }
        meant
    }

    /// What is asked of a subset; of fields, a name that the service does not declare is something undeclared.
    fn subset_test(&self, places: &[u32]) -> SetTest {
        let mut listed = Subset::of(places.iter().copied());
        if places.len() < self.names.len() {
            listed = listed.with(Subset::UNKNOWN);
        }
        SetTest { test: self.test, listed }
    }

    /// The places of the values meant, among those of a service.
    fn places(&self, policy: &Policy, service: &Service) -> Vec<u32> {
        let known = policy.values(self.attribute, service);
        let place = |name: &String| known.iter().position(|value| value == name);
        self.names.iter().filter_map(place).filter_map(|nth| u32::try_from(nth).ok()).collect()
    }

    /// Whether a value of a plain attribute agrees.
    pub(super) fn allows(&self, value: &str) -> bool {
        match self.test {
            Test::Any => true,
            Test::Not => !self.names.iter().any(|name| name == value),
            _ => self.names.iter().any(|name| name == value),
        }
    }
}

/// For each kind of an axis, whether it agrees with all that is known; fields that are open carry nothing undeclared.
pub(super) fn meant(
    policy: &Policy,
    service: &Service,
    axis: &Axis,
    attribute: usize,
    known: &[Known],
) -> Vec<bool> {
    let mut about = known.iter().filter(|one| one.attribute == attribute).peekable();
    if about.peek().is_none() {
        return axis.kinds.iter().map(|kind| !kind.undeclared).collect();
    }
    let mut meant = vec![true; axis.kinds.len()];
    for one in about {
        let admits = one.admits(policy, service, axis);
        meant.iter_mut().zip(admits).for_each(|(meant, admits)| *meant &= admits);
    }
    meant
}

pub(super) fn attribute(policy: &Policy, name: &str) -> Result<usize, AskError> {
    policy.attribute_index.get(name).copied().ok_or_else(|| AskError::UnknownAttribute {
        attribute: name.to_owned(),
        help: suggest::did_you_mean(name, policy.attributes.iter().map(|one| one.name.as_str())),
    })
}

/// The values that a name means: itself, or those of a group; nothing where there is neither. A field may be one of any
/// service.
fn values(policy: &Policy, attribute: usize, name: &str) -> Option<Vec<String>> {
    let one = &policy.attributes[attribute];
    let is_field = |service: &Service| service.fields.iter().flatten().any(|field| field.name == name);
    let known = if policy.fields == Some(attribute) {
        policy.services.iter().any(is_field)
    } else {
        one.value_index.contains_key(name)
    };
    if known {
        return Some(vec![name.to_owned()]);
    }
    let group = groups(policy, attribute).find(|group| group.name.text == name)?;
    Some(group.items.iter().map(|item| item.name.text.clone()).collect())
}

/// The groups of an attribute.
fn groups(policy: &Policy, attribute: usize) -> impl Iterator<Item = &Group> {
    let items = policy.files.iter().flat_map(|file| &file.items);
    items.filter_map(move |item| match item {
        Item::Group(group) if group.attribute.text == policy.attributes[attribute].name => Some(group),
        _ => None,
    })
}

fn unknown(policy: &Policy, attribute: usize, value: &str) -> AskError {
    let one = &policy.attributes[attribute];
    let fields = policy.services.iter().flat_map(|service| service.fields.iter().flatten());
    let fields = fields.map(|field| field.name.as_str()).filter(|_| policy.fields == Some(attribute));
    let values = one.values.iter().map(|value| value.name.as_str());
    let known: Vec<&str> =
        values.chain(groups(policy, attribute).map(|group| group.name.text.as_str())).chain(fields).collect();
    let help = suggest::did_you_mean(value, known.iter().copied())
        .or_else(|| (known.len() <= 20).then(|| format!("there is {}", known.join(", "))));
    AskError::UnknownValue { attribute: one.name.clone(), value: value.to_owned(), help }
}

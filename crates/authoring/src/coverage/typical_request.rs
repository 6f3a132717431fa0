//! One request out of many: the request that is most like those that people have written.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use jiff::civil::Date;

use meterwarden::decide::request::{Fact, Request};
use meterwarden::policy::{Edge, Policy, Service, Window};
use meterwarden::space::{Cube, layout};
use meterwarden::space::{Dimension, Lookup, Subset};

/// The facts and dates that requests state, the most frequent first.
#[derive(Clone, Debug, Default)]
pub(crate) struct TypicalFacts {
    /// The facts of each attribute, by its name.
    facts: BTreeMap<String, Vec<Fact>>,
    dates: Vec<Date>,
}

impl TypicalFacts {
    /// What these requests state. Equally frequent facts are in the order of the requests.
    pub(crate) fn of<'r>(requests: impl IntoIterator<Item = &'r Request>) -> Self {
        let mut facts: BTreeMap<String, Vec<(usize, Fact)>> = BTreeMap::new();
        let mut dates: Vec<(usize, Date)> = Vec::new();
        for request in requests {
            count(&mut dates, &request.at);
            for (name, fact) in &request.facts {
                match facts.get_mut(name) {
                    Some(counted) => count(counted, fact),
                    None => drop(facts.insert(name.clone(), vec![(1, fact.clone())])),
                }
            }
        }
        let facts = facts.into_iter().map(|(name, counted)| (name, by_frequency(counted)));
        Self { facts: facts.collect(), dates: by_frequency(dates) }
    }

    /// These facts and, after them, the facts of others.
    #[must_use]
    pub(crate) fn or(mut self, others: &Self) -> Self {
        for (name, facts) in &others.facts {
            self.facts.entry(name.clone()).or_default().extend(facts.iter().cloned());
        }
        self.dates.extend(&others.dates);
        self
    }

    /// The most typical request of a cube. It states every attribute that a rule of the service can depend on.
    pub(crate) fn request(
        &self,
        policy: &Policy,
        service: &Service,
        dimensions: &[Dimension],
        cube: &Cube,
        interval: Window,
    ) -> Request {
        let mut request = Request::new(service.name.clone(), self.date(interval));
        let layout = layout(dimensions);
        for (attribute, dimension) in dimensions.iter().enumerate() {
            let in_cube = layout.choice_flags(cube, attribute);
            let name = &policy.attributes()[attribute].name;
            let mut typical = self.facts.get(name).into_iter().flatten().filter(|fact| {
                class_of(policy, service, dimension, attribute, fact).is_some_and(|class| in_cube[class])
            });
            let first = || first_fact(policy, service, dimension, attribute, &in_cube);
            let fact = typical.next().cloned().or_else(first);
            request.facts.extend(fact.map(|fact| (name.clone(), fact)));
        }
        request
    }

    /// The attributes for which a request does not state the most frequent fact.
    pub(crate) fn unusual(&self, request: &Request) -> Vec<String> {
        let most_frequent = |name: &str| self.facts.get(name).and_then(|facts| facts.first());
        let unusual = request.facts.iter().filter(|(name, fact)| most_frequent(name) != Some(fact));
        unusual.map(|(name, _)| name.clone()).collect()
    }

    fn date(&self, interval: Window) -> Date {
        let typical = self.dates.iter().find(|date| interval.contains(Edge::On(**date)));
        typical.copied().unwrap_or_else(|| match (interval.from, interval.until) {
            (Edge::On(from), _) => from,
            (_, Edge::On(until)) => until.yesterday().unwrap_or(until),
            _ => Date::constant(2026, 1, 1),
        })
    }
}

fn count<T: PartialEq + Clone>(counted: &mut Vec<(usize, T)>, item: &T) {
    match counted.iter_mut().find(|(_, earlier)| earlier == item) {
        Some((number, _)) => *number += 1,
        None => counted.push((1, item.clone())),
    }
}

fn by_frequency<T>(mut counted: Vec<(usize, T)>) -> Vec<T> {
    counted.sort_by_key(|(number, _)| Reverse(*number));
    counted.into_iter().map(|(_, item)| item).collect()
}

/// The value class of a fact; `None` if the fact is not of this vocabulary.
fn class_of(
    policy: &Policy,
    service: &Service,
    dimension: &Dimension,
    attribute: usize,
    fact: &Fact,
) -> Option<usize> {
    let class = match (&dimension.lookup, fact) {
        (Lookup::Unseen, _) => return None,
        (Lookup::Plain(_), Fact::Value(value)) => {
            dimension.class_of_value(*policy.attributes()[attribute].value_index.get(value)?)
        }
        (Lookup::Set(_), Fact::Set(names)) => {
            let values = policy.values(attribute, service);
            let index =
                |name: &String| (0..).zip(&values).find(|(_, value)| *value == name).map(|(index, _)| index);
            let indices: Option<Vec<u32>> = names.iter().map(index).collect();
            dimension.class_of_subset(Subset::of(indices?))
        }
        _ => return None,
    };
    Some(class as usize)
}

/// The first value of the first class in the cube. Classes without undeclared fields come first.
fn first_fact(
    policy: &Policy,
    service: &Service,
    dimension: &Dimension,
    attribute: usize,
    in_cube: &[bool],
) -> Option<Fact> {
    let classes = dimension.classes.iter().zip(in_cube).filter(|(_, in_cube)| **in_cube);
    let class = classes
        .map(|(class, _)| class)
        .min_by_key(|class| (class.subset.meets(Subset::UNKNOWN), class.undeclared))?;
    let names = policy.values(attribute, service);
    match &dimension.lookup {
        Lookup::Unseen => None,
        Lookup::Plain(_) => class
            .values
            .first()
            .and_then(|value| names.get(*value as usize))
            .map(|name| Fact::Value((*name).to_owned())),
        Lookup::Set(_) => {
            let members = (0..).zip(&names).filter(|(index, _)| class.subset.contains(*index));
            let mut set: Vec<String> = members.map(|(_, name)| (*name).to_owned()).collect();
            if class.subset.meets(Subset::UNKNOWN) {
                set.push(undeclared_field(&names));
            }
            Some(Fact::Set(set))
        }
    }
}

/// The name of a field that the service does not declare.
fn undeclared_field(declared: &[&str]) -> String {
    let mut name = "Undeclared".to_owned();
    while declared.contains(&name.as_str()) {
        name.push('X');
    }
    name
}

//! A request out of many: the one that reads most like those that people have written.

use std::collections::BTreeMap;

use jiff::civil::Date;

use meterwarden::decide::request::{Fact, Request};
use meterwarden::policy::{Edge, Policy, Service, Window};
use meterwarden::space::{Cube, layout};
use meterwarden::space::{Dimension, Lookup, Subset};

/// What is usually said of each attribute, the most frequent first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usual {
    facts: BTreeMap<String, Vec<Fact>>,
    dates: Vec<Date>,
}

impl Usual {
    /// What some requests say. What is equally frequent stands in the order of the requests.
    pub(crate) fn of<'r>(requests: impl IntoIterator<Item = &'r Request>) -> Self {
        let mut facts: BTreeMap<String, Vec<(usize, Fact)>> = BTreeMap::new();
        let mut dates: Vec<(usize, Date)> = Vec::new();
        for request in requests {
            count(&mut dates, &request.at);
            for (name, fact) in &request.facts {
                match facts.get_mut(name) {
                    Some(known) => count(known, fact),
                    None => drop(facts.insert(name.clone(), vec![(1, fact.clone())])),
                }
            }
        }
        let facts = facts.into_iter().map(|(name, counted)| (name, by_frequency(counted)));
        Self { facts: facts.collect(), dates: by_frequency(dates) }
    }

    /// The same, and behind it what others say.
    #[must_use]
    pub(crate) fn or(mut self, others: &Self) -> Self {
        for (name, facts) in &others.facts {
            self.facts.entry(name.clone()).or_default().extend(facts.iter().cloned());
        }
        self.dates.extend(&others.dates);
        self
    }

    /// A request of a box, with every attribute said that anything can look at.
    pub(crate) fn request(
        &self,
        policy: &Policy,
        service: &Service,
        dimensions: &[Dimension],
        cube: &Cube,
        time: Window,
    ) -> Request {
        let mut request = Request::new(service.name.clone(), self.date(time));
        let layout = layout(dimensions);
        for (nth, dimension) in dimensions.iter().enumerate() {
            let constraint = layout.choice_flags(cube, nth);
            let known = self.facts.get(&policy.attributes()[nth].name).into_iter().flatten();
            let mut known = known.filter(|fact| {
                class_of(policy, service, dimension, nth, fact).is_some_and(|class| constraint[class])
            });
            let fact = known.next().cloned().or_else(|| first(policy, service, dimension, nth, &constraint));
            request.facts.extend(fact.map(|fact| (policy.attributes()[nth].name.clone(), fact)));
        }
        request
    }

    /// The attributes of which a request says something else than is usual.
    pub(crate) fn unusual(&self, request: &Request) -> Vec<String> {
        let usual = |name: &str| self.facts.get(name).and_then(|facts| facts.first());
        let unusual = request.facts.iter().filter(|(name, fact)| usual(name) != Some(fact));
        unusual.map(|(name, _)| name.clone()).collect()
    }

    fn date(&self, time: Window) -> Date {
        let usual = self.dates.iter().find(|date| time.contains(Edge::On(**date)));
        usual.copied().unwrap_or_else(|| match (time.from, time.until) {
            (Edge::On(from), _) => from,
            (_, Edge::On(until)) => until.yesterday().unwrap_or(until),
            _ => Date::constant(2026, 1, 1),
        })
    }
}

fn count<T: PartialEq + Clone>(counted: &mut Vec<(usize, T)>, one: &T) {
    match counted.iter_mut().find(|(_, known)| known == one) {
        Some((number, _)) => *number += 1,
        None => counted.push((1, one.clone())),
    }
}

fn by_frequency<T>(mut counted: Vec<(usize, T)>) -> Vec<T> {
    counted.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    counted.into_iter().map(|(_, one)| one).collect()
}

/// The class of what is said of an attribute; nothing where it is not of this vocabulary.
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
            let place =
                |name: &String| (0..).zip(&values).find(|(_, known)| *known == name).map(|(nth, _)| nth);
            let places: Option<Vec<u32>> = names.iter().map(place).collect();
            dimension.class_of_subset(Subset::of(places?))
        }
        _ => return None,
    };
    Some(class as usize)
}

/// The first value of the first class, rather one without anything undeclared.
fn first(
    policy: &Policy,
    service: &Service,
    dimension: &Dimension,
    attribute: usize,
    constraint: &[bool],
) -> Option<Fact> {
    let inside =
        dimension.classes.iter().zip(constraint).filter(|(_, inside)| **inside).map(|(class, _)| class);
    let class = inside.min_by_key(|class| (class.subset.meets(Subset::UNKNOWN), class.undeclared))?;
    let names = policy.values(attribute, service);
    match &dimension.lookup {
        Lookup::Unseen => None,
        Lookup::Plain(_) => class
            .values
            .first()
            .and_then(|value| names.get(*value as usize))
            .map(|name| Fact::Value((*name).to_owned())),
        Lookup::Set(_) => {
            let inside = (0..).zip(&names).filter(|(nth, _)| class.subset.contains(*nth));
            let mut set: Vec<String> = inside.map(|(_, name)| (*name).to_owned()).collect();
            if class.subset.meets(Subset::UNKNOWN) {
                set.push(undeclared(&names));
            }
            Some(Fact::Set(set))
        }
    }
}

/// A field that the service does not declare.
fn undeclared(names: &[&str]) -> String {
    let mut name = "Undeclared".to_owned();
    while names.contains(&name.as_str()) {
        name.push('X');
    }
    name
}

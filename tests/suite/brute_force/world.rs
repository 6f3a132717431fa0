//! The reference's answers to every request for a policy.

use std::collections::BTreeSet;

use meterwarden::Date;
use meterwarden::language::ast::File;

use crate::reference::decide::Answer;
use crate::reference::law::{FIELDS, Facts, Law, Rule, Stated};
use crate::reference::model::{Book, Refuse, When};

/// The days around every edge of a random policy, and one on which everything proposed is in force.
const DAYS: [Date; 5] = [
    Date::constant(2020, 5, 31),
    Date::constant(2020, 6, 1),
    Date::constant(2021, 1, 1),
    Date::constant(2022, 6, 1),
    PROPOSED,
];

/// The day on which everything proposed is in force, in this test.
pub(crate) const PROPOSED: Date = Date::constant(2099, 1, 1);

/// A policy and every request for it, with the law that answers.
pub(crate) struct World {
    pub(crate) laws: Vec<(String, Date, Law)>,
    cells: Vec<Vec<Facts>>,
}

/// An answer, without the names of rules.
#[derive(PartialEq, Eq, Debug)]
pub(crate) enum AnswerWithoutNames {
    Permit,
    Refuse(usize, Option<String>, String),
}

/// The reference's policy, with a date for everything proposed.
pub(crate) fn book(files: Vec<File>) -> Book {
    let mut book = Book::of(files);
    for when in book.modifications.values_mut().filter(|when| **when == When::Never) {
        *when = When::On(PROPOSED);
    }
    book
}

/// Every request for each service, value by value. `None` if there are more than `most`.
pub(crate) fn spaces(book: &Book, most: usize) -> Option<Vec<(String, Vec<Facts>)>> {
    let mut spaces = Vec::new();
    let mut total = 0;
    for service in book.services.keys() {
        let law = book.law(service, PROPOSED);
        let mut cells = vec![Facts::new()];
        for axis in law.axes.iter().filter(|axis| axis.name != FIELDS || law.declared.is_some()) {
            let sayable = law.sayable(&axis.name);
            if total + cells.len() * sayable.len() > most {
                return None;
            }
            let with = |cell: &Facts, fact: &Stated| {
                let mut cell = cell.clone();
                cell.insert(axis.name.clone(), fact.clone());
                cell
            };
            cells = cells.iter().flat_map(|cell| sayable.iter().map(move |fact| with(cell, fact))).collect();
        }
        total += cells.len();
        spaces.push((service.clone(), cells));
    }
    Some(spaces)
}

impl World {
    pub(crate) fn of(book: &Book, spaces: &[(String, Vec<Facts>)]) -> Self {
        let (mut laws, mut cells) = (Vec::new(), Vec::new());
        for (service, space) in spaces {
            for day in DAYS {
                laws.push((service.clone(), day, answering(book.law(service, day))));
                cells.push(space.clone());
            }
        }
        Self { laws, cells }
    }

    /// Every law with each of its requests.
    pub(crate) fn asked(&self) -> impl Iterator<Item = (&(String, Date, Law), &Facts)> {
        self.laws.iter().zip(&self.cells).flat_map(|(law, cells)| cells.iter().map(move |cell| (law, cell)))
    }

    pub(crate) fn answers(&self) -> Vec<AnswerWithoutNames> {
        self.asked().map(|((_, _, law), cell)| answers(law, cell)).collect()
    }

    pub(crate) fn permitted(&self) -> Vec<bool> {
        self.asked().map(|((_, _, law), cell)| matches!(law.decide(cell), Answer::Permit(_))).collect()
    }

    /// The requests that a rule matches. A permit does not match undeclared fields.
    pub(crate) fn matched(&self, rule: &str) -> Vec<bool> {
        self.asked().map(|((_, _, law), cell)| matches(law, rule, cell)).collect()
    }

    /// Where and when a rule covers a service.
    pub(crate) fn covered(&self, rule: &str) -> Vec<bool> {
        let names =
            |law: &Law| law.permits.iter().chain(&law.forbids).any(|candidate| candidate.name == rule);
        self.laws.iter().map(|(_, _, law)| names(law)).collect()
    }
}

pub(crate) fn matches(law: &Law, rule: &str, cell: &Facts) -> bool {
    let permits = || {
        law.permits.iter().any(|candidate| candidate.name == rule && candidate.matches(cell))
            && !undeclared(law, cell)
    };
    permits() || law.forbids.iter().any(|candidate| candidate.name == rule && candidate.matches(cell))
}

pub(crate) fn undeclared(law: &Law, cell: &Facts) -> bool {
    match (&law.declared, cell.get(FIELDS)) {
        (Some(declared), Some(Stated::Set(fields))) => !fields.is_subset(declared),
        _ => false,
    }
}

fn answers(law: &Law, cell: &Facts) -> AnswerWithoutNames {
    match law.decide(cell) {
        Answer::Permit(_) => AnswerWithoutNames::Permit,
        Answer::Refuse(refused) => AnswerWithoutNames::Refuse(
            refused.check,
            refused.code,
            refused.why.map_or_else(String::new, |why| why.reason),
        ),
        Answer::Undetermined(needs) => panic!("nothing is unsaid, but {needs:?}"),
    }
}

/// The answer of a forbid that has none: one without a part that it needs, or one after the date of everything
/// proposed. No request shows it.
const SPEECHLESS: &str = "no answer";

fn answering(mut law: Law) -> Law {
    let silent = |rule: &&mut Rule| rule.boxes.iter().any(|rule_box| rule_box.answers_at.is_none());
    for forbid in law.forbids.iter_mut().filter(silent) {
        forbid.refuse.get_or_insert(Refuse { code: None, reason: SPEECHLESS.to_owned() });
    }
    law
}

/// The pairs of forbids of which the first answers a request and the second would answer differently.
pub(crate) fn disagreements(world: &World) -> BTreeSet<(String, String)> {
    let mut found = BTreeSet::new();
    for ((_, _, law), cell) in world.asked() {
        let Answer::Refuse(refused) = law.decide(cell) else { continue };
        let Some(first) = refused.why.as_ref().and_then(|why| why.rule.as_ref()) else { continue };
        let place = refused.check.checked_sub(1);
        for other in law.forbids.iter().filter(|other| other.name != *first) {
            if !other.boxes.iter().any(|rule_box| rule_box.answers_at == place && rule_box.matches(cell)) {
                continue;
            }
            let attribute_answer = place.map(|place| attribute_says(law, place, cell));
            let says = other.refuse.as_ref().or(attribute_answer).unwrap();
            let first_says = &refused.why.as_ref().unwrap().reason;
            if says.reason == SPEECHLESS || first_says == SPEECHLESS {
                continue;
            }
            if (&says.code, &says.reason) != (&refused.code, first_says) {
                found.insert((first.clone(), other.name.clone()));
            }
        }
    }
    found
}

/// Whether the `refuse` of a forbid repeats the answer of its attribute, for everything that it matches.
pub(crate) fn answers_of(world: &World, forbid: &str) -> BTreeSet<bool> {
    let mut found = BTreeSet::new();
    for ((_, _, law), cell) in world.asked() {
        let Some(rule) = law.forbids.iter().find(|rule| rule.name == forbid) else { continue };
        let says = rule.refuse.as_ref().unwrap();
        for place in
            rule.boxes.iter().filter(|rule_box| rule_box.matches(cell)).map(|rule_box| rule_box.answers_at)
        {
            let attribute_answer = place.map(|place| attribute_says(law, place, cell));
            found.insert(attribute_answer.is_some_and(|attribute_answer| {
                (&attribute_answer.code, &attribute_answer.reason) == (&says.code, &says.reason)
            }));
        }
    }
    found
}

/// The answer of an attribute, or of its value if that has one.
fn attribute_says<'l>(law: &'l Law, place: usize, cell: &Facts) -> &'l Refuse {
    let axis = &law.axes[place];
    let of_value = match cell.get(&axis.name) {
        Some(Stated::Value(value)) => axis.own_refuse.get(value),
        _ => None,
    };
    of_value.unwrap_or(&axis.refuse)
}

/// The gaps: the permits before and after, with the first day and the day after the last.
pub(crate) fn gaps(world: &World) -> BTreeSet<(String, String, Date, Date)> {
    let mut found = BTreeSet::new();
    for (laws, cells) in world.laws.chunks(DAYS.len()).zip(world.cells.chunks(DAYS.len())) {
        let firm = DAYS.len() - 1;
        for cell in &cells[0] {
            let permits: Vec<Vec<&String>> = laws[..firm]
                .iter()
                .map(|(_, _, law)| {
                    law.permits
                        .iter()
                        .filter(|permit| permit.matches(cell))
                        .map(|permit| &permit.name)
                        .collect()
                })
                .collect();
            let permitted: Vec<bool> = laws[..firm]
                .iter()
                .map(|(_, _, law)| matches!(law.decide(cell), Answer::Permit(_)))
                .collect();
            for last in 2..firm {
                for first in 1..last {
                    let nothing = permits[first..last].iter().all(Vec::is_empty);
                    if !permitted[first - 1] || !nothing || !permitted[last] {
                        continue;
                    }
                    for before in &permits[first - 1] {
                        for after in &permits[last] {
                            found.insert(((*before).clone(), (*after).clone(), DAYS[first], DAYS[last]));
                        }
                    }
                }
            }
        }
    }
    found
}

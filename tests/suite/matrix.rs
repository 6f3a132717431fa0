//! The cells of a matrix, compared with all requests of each cell by the reference semantics.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use meterwarden::{Date, Plan, Policy, compile};
use meterwarden_analysis::matrix::{Cell, Change, Matrix, Question, Verdict};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use crate::reference::cells::Dice;
use crate::reference::compare::dates;
use crate::reference::decide::Answer;
use crate::reference::law::{FIELDS, Facts, Law, Stated};
use crate::reference::model::Book;
use crate::reference::random::{self, tapes};
use crate::shipped;

/// Random policies. Of each, some questions with every cell of their matrices.
const RANDOM_POLICIES: usize = 60;
const QUESTIONS: usize = 8;

/// A service with a larger space is left out.
const MOST_REQUESTS: usize = 10_000;

/// Every request for a service, and the answer to it on one date.
struct AllRequests {
    requests: Vec<Facts>,
    law: Law,
    /// `permitted[r]`: the permits of request r.
    permitted: Vec<BTreeSet<String>>,
    /// `forbidden[r]`: the forbids of request r, if a permit matches.
    forbidden: Vec<BTreeSet<String>>,
    declared: Vec<bool>,
}

impl AllRequests {
    fn of(book: &Book, service: &str, at: Date) -> Option<Self> {
        let law = book.law(service, at);
        let size: usize = law.axes.iter().map(|axis| axis.space.len()).product();
        if size > MOST_REQUESTS {
            return None;
        }
        let mut requests = vec![Facts::new()];
        for axis in &law.axes {
            let with = |facts: &Facts, fact: &Stated| {
                let mut facts = facts.clone();
                facts.insert(axis.name.clone(), fact.clone());
                facts
            };
            let all = requests.iter().flat_map(|facts| axis.space.iter().map(move |fact| with(facts, fact)));
            requests = all.collect();
        }
        let permitted = requests.iter().map(|facts| match law.decide(facts) {
            Answer::Permit(rules) => rules.into_iter().collect(),
            Answer::Refuse(_) => BTreeSet::new(),
            Answer::Undetermined(_) => panic!("a whole request is undetermined"),
        });
        let permitted = permitted.collect();
        let declared: Vec<bool> = requests.iter().map(|facts| declared(&law, facts)).collect();
        let forbidden = requests.iter().map(|facts| {
            let stopped = law.permits.iter().any(|rule| rule.matches(facts));
            let forbids = law.forbids.iter().filter(|rule| stopped && rule.matches(facts));
            forbids.map(|rule| rule.name.clone()).collect()
        });
        let forbidden = forbidden.collect();
        Some(Self { permitted, forbidden, declared, requests, law })
    }
}

fn declared(law: &Law, facts: &Facts) -> bool {
    match (&law.declared, facts.get(FIELDS)) {
        (Some(declared), Some(Stated::Set(fields))) => fields.is_subset(declared),
        _ => true,
    }
}

/// The number of cells of each verdict, and of each change.
type Tally = BTreeMap<String, usize>;

/// Whether a request has one of these values; for a set, whether it has any of them, or none.
fn agrees(law: &Law, facts: &Facts, attribute: &str, values: &[String]) -> bool {
    match &facts[attribute] {
        Stated::Value(value) => values.contains(value),
        Stated::Members { .. } => panic!("a cell states every attribute"),
        Stated::Set(_) if attribute == FIELDS && law.declared.is_none() => true,
        Stated::Set(present) => {
            values.iter().any(|value| present.contains(value) || (value == "none" && present.is_empty()))
        }
    }
}

/// The expected cell, from all of its requests.
fn expected(services: &[(&AllRequests, Option<&AllRequests>)], filters: &[(&str, Vec<String>)]) -> Cell {
    let mut share = 0.0;
    let (mut some, mut all, mut some_then, mut all_then) = (false, true, false, true);
    let (mut gained, mut lost) = (false, false);
    for (now, then) in services {
        let inside = |index: &&usize| {
            filters.iter().all(|(name, values)| agrees(&now.law, &now.requests[**index], name, values))
        };
        let places: Vec<usize> = (0..now.requests.len()).collect();
        let inside: Vec<usize> = places.iter().filter(inside).copied().collect();
        let count = |of: &AllRequests| {
            let meant: Vec<bool> = inside
                .iter()
                .filter(|index| of.declared[**index])
                .map(|index| !of.permitted[*index].is_empty())
                .collect();
            let permitted = meant.iter().filter(|permitted| **permitted).count();
            (permitted, meant.len())
        };
        let (permitted, meant) = count(now);
        share += if meant == 0 { 0.0 } else { permitted as f64 / meant as f64 };
        some |= permitted > 0;
        all &= permitted == meant && meant > 0;
        let Some(then) = then else { continue };
        let (permitted, meant) = count(then);
        some_then |= permitted > 0;
        all_then &= permitted == meant && meant > 0;
        for index in inside {
            let (was, is) = (!then.permitted[index].is_empty(), !now.permitted[index].is_empty());
            gained |= is && !was;
            lost |= was && !is;
        }
    }
    let compared = services.iter().any(|(_, then)| then.is_some());
    let (now, then) = (verdict(some, all), verdict(some_then, all_then));
    let change = match (lost, gained) {
        (false, false) => None,
        _ if then == Verdict::Never => Some(Change::Gained),
        _ if now == Verdict::Never => Some(Change::Lost),
        (false, true) => Some(Change::Widened),
        (true, false) => Some(Change::Narrowed),
        (true, true) => Some(Change::Changed),
    };
    Cell {
        verdict: now,
        share: share / services.len() as f64,
        permits: Vec::new(),
        forbids: Vec::new(),
        was: compared.then_some(then),
        change: change.filter(|_| compared),
        detail: None,
    }
}

fn verdict(some: bool, all: bool) -> Verdict {
    match (some, all) {
        (false, _) => Verdict::Never,
        (true, true) => Verdict::Always,
        (true, false) => Verdict::Sometimes,
    }
}

/// The names of the rules of a cell, from its requests.
fn rules(
    services: &[(&AllRequests, Option<&AllRequests>)],
    filters: &[(&str, Vec<String>)],
) -> [BTreeSet<String>; 2] {
    let mut found = [BTreeSet::new(), BTreeSet::new()];
    for (now, _) in services {
        for (index, facts) in now.requests.iter().enumerate() {
            let inside = filters.iter().all(|(name, values)| agrees(&now.law, facts, name, values));
            if inside && now.declared[index] {
                found[0].extend(now.permitted[index].iter().cloned());
                found[1].extend(now.forbidden[index].iter().cloned());
            }
        }
    }
    found
}

fn same(cell: &Cell, other: &Cell) -> bool {
    (cell.share - other.share).abs() < 1e-12
        && (cell.verdict, cell.was, cell.change) == (other.verdict, other.was, other.change)
}

/// A question with random sides, filters and dates.
fn question(plan: &Plan, days: &[Date], dice: &mut Dice) -> Question {
    let mut names: Vec<&str> =
        plan.policy().attributes().iter().map(|attribute| attribute.name.as_str()).collect();
    let draw = |dice: &mut Dice, names: &mut Vec<&str>| names.remove(dice.below(names.len())).to_owned();
    let columns = draw(dice, &mut names);
    let mut question = Question::new(days[dice.below(days.len())]).columns(columns);
    if dice.below(3) == 0 {
        question = question.rows(draw(dice, &mut names));
    }
    if dice.below(2) == 0 {
        question = question.against(days[dice.below(days.len())]);
    }
    for name in names {
        let attribute = plan.policy().attribute(name).unwrap();
        let mut values: Vec<&str> = attribute.values.iter().map(|value| value.name.as_str()).collect();
        if attribute.set {
            values.push("none");
        }
        if dice.below(3) == 0 {
            let first = dice.below(values.len());
            let last = first + dice.below(values.len() - first);
            question = question.with(name, values[first..=last].iter().copied());
        }
    }
    question
}

/// Compares every cell of a matrix, and counts the verdicts.
fn compare(matrix: &Matrix<'_>, question: &Question, book: &Book, tally: &mut Tally) -> Result<(), String> {
    let mut everything: BTreeMap<&str, (AllRequests, Option<AllRequests>)> = BTreeMap::new();
    for service in book.services.keys() {
        let now = AllRequests::of(book, service, question.at);
        let then = question.against.map(|date| AllRequests::of(book, service, date));
        match (now, then) {
            (Some(now), None) => drop(everything.insert(service, (now, None))),
            (Some(now), Some(Some(then))) => drop(everything.insert(service, (now, Some(then)))),
            _ => return Ok(()),
        }
    }
    for (row, cells) in matrix.rows.values.iter().zip(&matrix.cells) {
        for (column, cell) in matrix.columns.values.iter().zip(cells) {
            let mut filters: Vec<(&str, Vec<String>)> =
                matrix.filters.iter().map(|(name, values)| (*name, values.clone())).collect();
            let mut services: Vec<&str> = everything.keys().copied().collect();
            for (side, label) in [(&matrix.rows, row), (&matrix.columns, column)] {
                if side.by == "service" {
                    services = vec![label.name.as_str()];
                } else {
                    filters.push((side.by, vec![label.name.clone()]));
                }
            }
            let services: Vec<_> =
                services.iter().map(|name| &everything[name]).map(|(a, b)| (a, b.as_ref())).collect();
            let wanted = expected(&services, &filters);
            let names = |rules: &[usize]| {
                rules.iter().map(|number| matrix.rule(*number).name().to_owned()).collect::<BTreeSet<_>>()
            };
            let found = [names(&cell.permits), names(&cell.forbids)];
            if !same(cell, &wanted) || found != rules(&services, &filters) {
                return Err(format!(
                    "{question:#?}\n{row:?} {column:?}\n{cell:?}\n{wanted:?}\n{found:?}\n{:?}",
                    rules(&services, &filters)
                ));
            }
            *tally.entry(format!("{:?}", cell.verdict)).or_default() += 1;
            if let Some(change) = cell.change {
                *tally.entry(format!("{change:?}")).or_default() += 1;
            }
        }
    }
    Ok(())
}

#[test]
fn cells_of_random_policies_agree_with_their_requests() {
    let cases = u32::try_from(RANDOM_POLICIES).unwrap();
    let config = Config { cases, failure_persistence: None, max_shrink_time: 20_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let tally = RefCell::new(Tally::new());
    let outcome = runner.run(&tapes(), |tapes| {
        let policy = random::Policy::new(&tapes);
        let Ok(checked) = Policy::from_sources(policy.sources.clone()) else { return Ok(()) };
        let (plan, book) = (compile(Arc::new(checked)), Book::new(&policy.sources));
        let days = dates(&book);
        let mut dice = Dice::new(&policy.sources[0].text);
        for _ in 0..QUESTIONS {
            let question = question(&plan, &days, &mut dice);
            let matrix =
                meterwarden_analysis::matrix(&plan, &question).expect("a question of the policy's words");
            let differs = compare(&matrix, &question, &book, &mut tally.borrow_mut()).err();
            let text: Vec<&str> = policy.sources.iter().map(|source| source.text.as_str()).collect();
            prop_assert!(differs.is_none(), "{}\n{}", text.join("\n"), differs.unwrap_or_default());
        }
        Ok(())
    });
    if let Err(TestError::Fail(reason, _)) = outcome {
        panic!("{reason}");
    }
    let tally = tally.into_inner();
    println!("{tally:?}");
    for kind in ["Always", "Sometimes", "Never", "Gained", "Lost", "Widened", "Narrowed", "Changed"] {
        assert!(tally.get(kind).is_some_and(|count| *count >= 10), "hardly any cell is {kind}: {tally:?}");
    }
}

/// The change of MP125 is one cell of the matrix of the shipped policy: the cell is gained.
#[test]
fn mp125_is_one_cell_of_the_shipped_policy() {
    let plan = shipped::plan();
    let question = Question::new(Date::constant(2023, 6, 29))
        .with("fields", ["ESMEVariant"])
        .with("status", ["Commissioned"])
        .service("8.4")
        .against(Date::constant(2023, 6, 28));
    let matrix = meterwarden_analysis::matrix(&plan, &question).unwrap();
    let changed: Vec<(&str, Change)> = matrix.cells[0]
        .iter()
        .zip(&matrix.columns.values)
        .filter_map(|(cell, column)| Some((column.name.as_str(), cell.change?)))
        .collect();
    assert_eq!(changed, [("IS", Change::Gained)]);
    let rules: Vec<String> = matrix.rules().iter().map(|rule| rule.name().to_owned()).collect();
    assert!(rules.contains(&"8.4/esme-variant-correction".to_owned()), "{rules:?}");
}

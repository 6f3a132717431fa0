//! The engine agrees with a second, slow and obvious implementation of docs/language.md.
//!
//! `MW_REFERENCE_CASES=20` takes twenty times as many random policies, and as many cells of the spaces that are too
//! large for all of their cells.

pub(crate) mod cells;
pub(crate) mod compare;
pub(crate) mod decide;
pub(crate) mod law;
pub(crate) mod model;
pub(crate) mod random;

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Instant;

use meterwarden::{Code, Date, Plan, Policy, Source, compile};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestError, TestRng, TestRunner};

use crate::reference::cells::{Dice, Space};
use crate::reference::compare::{Tally, answer, dates, differs, laws, request};
use crate::reference::law::{Facts, Law, Stated};
use crate::reference::model::{Book, Covers, Test, When};
use crate::reference::random::tapes;

/// A partial request with more completions is not asked.
const MOST_COMPLETIONS: usize = 2_000;

/// The number of partial requests for each service and each time of one law.
const PARTIAL_REQUESTS: usize = 6;

/// The number of random policies. Of each, 60 requests.
const RANDOM_POLICIES: usize = 400;

/// Findings that the generator of policies does not avoid.
const UNAVOIDABLE: [Code; 2] = [Code::Contradiction, Code::MissingRefuse];

/// The factor by which more is compared than in a normal run.
fn times() -> usize {
    std::env::var("MW_REFERENCE_CASES").map_or(1, |times| times.parse().unwrap())
}

/// The shipped policy, for the engine and for the reference.
fn shipped() -> (Plan, Book) {
    let policy = Policy::load(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")).unwrap();
    let book = Book::new(policy.sources());
    (compile(Arc::new(policy)), book)
}

/// The first request, of every service on every date that matters, to which the engine and the reference answer
/// differently.
fn first_difference(plan: &Plan, book: &Book, most_cells: usize) -> Option<String> {
    compare_cells(plan, book, most_cells, &mut Tally::default(), &mut Vec::new()).err()
}

/// Compares every cell of every service whose space has at most `most_cells`, and that number of random cells of the
/// others.
fn compare_cells(
    plan: &Plan,
    book: &Book,
    most_cells: usize,
    tally: &mut Tally,
    over: &mut Vec<String>,
) -> Result<(), String> {
    for service in book.services.keys() {
        let space = Space::of(book, service);
        let whole = space.size() <= most_cells;
        if !whole {
            over.push(format!("{service} ({})", space.size()));
        }
        for (law, dates) in laws(book, service, &dates(book)) {
            let mut dice = Dice::new(service);
            for number in 0..if whole { space.size() } else { most_cells * times() } {
                let cell = if whole { space.cell(number) } else { space.draw(&law, &mut dice) };
                let answer = law.decide(&cell);
                for &date in &dates {
                    tally.count(&answer);
                    differs(plan, &request(service, date, &cell), &answer).map_or(Ok(()), Err)?;
                }
            }
        }
    }
    Ok(())
}

/// A cell with some of its attributes not stated, so many that its completions can still be compared.
fn leave_unsaid(law: &Law, cell: &Facts, dice: &mut Dice) -> Facts {
    let mut facts = cell.clone();
    let mut completions = 1;
    let mut names: Vec<&String> = cell.keys().collect();
    while !names.is_empty() {
        let name = names.swap_remove(dice.below(names.len()));
        let sayable = law.sayable(name).len();
        if completions * sayable <= MOST_COMPLETIONS && dice.below(3) > 0 {
            completions *= sayable;
            match (&cell[name], dice.below(2)) {
                (Stated::Set(set), 0) => drop(facts.insert(name.clone(), some_members(law, name, set, dice))),
                _ => drop(facts.remove(name)),
            }
        }
    }
    facts
}

/// A set as single members, some of which are not stated.
fn some_members(law: &Law, attribute: &str, set: &BTreeSet<String>, dice: &mut Dice) -> Stated {
    let (mut present, mut absent) = (set.clone(), BTreeSet::new());
    for fact in law.sayable(attribute) {
        if let Stated::Set(values) = fact {
            absent.extend(values.difference(set).cloned());
        }
    }
    present.retain(|_| dice.below(2) == 0);
    absent.retain(|_| dice.below(2) == 0);
    Stated::Members { present, absent }
}

/// Partial requests of every shipped service, a few for each of its laws. `book` answers them.
fn compare_partial(plan: &Plan, book: &Book, tally: &mut Tally) -> Result<(), String> {
    for service in book.services.keys() {
        let space = Space::of(book, service);
        for (law, dates) in laws(book, service, &dates(book)) {
            let mut dice = Dice::new(service);
            for _ in 0..PARTIAL_REQUESTS * times() {
                let cell = space.draw(&law, &mut dice);
                let facts = leave_unsaid(&law, &cell, &mut dice);
                let answer = law.decide(&facts);
                for &date in &dates {
                    tally.count(&answer);
                    differs(plan, &request(service, date, &facts), &answer).map_or(Ok(()), Err)?;
                }
            }
        }
    }
    Ok(())
}

#[test]
fn engine_and_reference_agree_on_partial_requests_of_the_shipped_services() {
    let start = Instant::now();
    let (plan, book) = shipped();
    let mut tally = Tally::default();
    compare_partial(&plan, &book, &mut tally).unwrap_or_else(|difference| panic!("{difference}"));
    println!("{tally} in {:.1?}", start.elapsed());
    assert!(tally.of("permit") > 0 && tally.of("refuse") > 0 && tally.of("undetermined") > 0);
}

#[test]
fn engine_and_reference_agree_on_random_policies() {
    let start = Instant::now();
    let cases = u32::try_from(RANDOM_POLICIES * times()).unwrap();
    let config = Config { cases, failure_persistence: None, max_shrink_time: 20_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let found = RefCell::new((Tally::default(), 0_usize, BTreeMap::<&str, usize>::new()));
    let outcome = runner.run(&tapes(), |tapes| {
        let policy = random::Policy::new(&tapes);
        let mut found = found.borrow_mut();
        let (tally, policies, discarded) = &mut *found;
        *policies += 1;
        let checked = match Policy::from_sources(policy.sources.clone()) {
            Ok(checked) => checked,
            Err(diagnostics) => {
                for diagnostic in diagnostics.found() {
                    let unavoidable = UNAVOIDABLE.contains(&diagnostic.code);
                    prop_assert!(unavoidable, "not a policy:\n{}\n{diagnostics}", text(&policy));
                    *discarded.entry(diagnostic.code.name()).or_default() += 1;
                }
                *discarded.entry("policies").or_default() += 1;
                return Ok(());
            }
        };
        let book = Book::new(&policy.sources);
        let plan = compile(Arc::new(checked));
        for tape in &tapes.requests {
            let request = policy.request(tape);
            let answer = answer(&book, &request);
            tally.count(&answer);
            let differs = differs(&plan, &request, &answer);
            prop_assert!(differs.is_none(), "{}\n{}", text(&policy), differs.unwrap_or_default());
        }
        Ok(())
    });
    let (tally, policies, discarded) = found.into_inner();
    println!("{policies} policies, of which discarded: {discarded:?}");
    println!("{tally} in {:.1?}", start.elapsed());
    if let Err(TestError::Fail(reason, _)) = outcome {
        panic!("{reason}");
    }
    assert!(discarded.get("policies").is_none_or(|discarded| discarded * 4 < policies), "too many discarded");
    for kind in
        ["permit", "refuse", "refuse by a forbid", "refuse before the first attribute", "undetermined"]
    {
        assert!(tally.of(kind) * 200 > tally.total(), "hardly any {kind}");
    }
}

/// The rule files of a random policy.
fn text(policy: &random::Policy) -> String {
    let files = policy.sources.iter().map(|source| format!("// {}\n{}", source.path, source.text));
    files.collect::<Vec<_>>().join("\n")
}

/// Every request for a small policy: every value of every attribute, or not stated.
fn agree_on_everything(rules: &str) {
    let sources = vec![Source::new("a.rules", format!("{VOCABULARY}{rules}"))];
    let policy = Policy::from_sources(sources.clone()).unwrap_or_else(|found| panic!("{found}"));
    let (plan, book) = (compile(Arc::new(policy)), Book::new(&sources));
    for service in book.services.keys() {
        for (law, dates) in laws(&book, service, &dates(&book)) {
            // Each attribute not stated, or stated in every possible way.
            let mut all = vec![Facts::new()];
            for axis in &law.axes {
                for facts in all.clone() {
                    for value in law.sayable(&axis.name) {
                        let mut facts = facts.clone();
                        facts.insert(axis.name.clone(), value);
                        all.push(facts);
                    }
                }
            }
            for facts in &all {
                let answer = law.decide(facts);
                for &date in &dates {
                    let differs = differs(&plan, &request(service, date, facts), &answer);
                    assert!(differs.is_none(), "{rules}\n{}", differs.unwrap_or_default());
                }
            }
        }
    }
}

/// Single members of a set in every way: each value is present, absent or not stated.
#[test]
fn engine_and_reference_agree_on_single_members() {
    for rule in [
        "permit p { source \"s\" x x1 }",
        "permit p { source \"s\" x x1, x2 }",
        "permit p { source \"s\" x only x1, x2 }",
        "permit p { source \"s\" x includes x1, x2 }",
        "permit p { source \"s\" x excludes x1 }",
        "permit p { source \"s\" x excludes x1, x2 }",
        "permit p { source \"s\" x exactly x1, x2 }",
        "permit p { source \"s\" x none }",
        "permit p { source \"s\" x x1 } permit q { source \"s\" x x2 }",
        "permit p { source \"s\" x x1 } forbid f { source \"s\" x includes x2, x3 }",
        "permit p { source \"s\" x x1  b b1 } permit q { source \"s\" x excludes x1 }",
        "permit p { source \"s\" fields only f1  x any }",
        "permit p { source \"s\" fields includes f2  x any } forbid f { source \"s\" fields includes f1 refuse EE \"no\" }",
    ] {
        let vocabulary = VOCABULARY.replace("x1 x2 }", "x1 x2 x3 }");
        let rules = format!("{vocabulary} service 1 \"\" {{ fields f1, f2 (since M1) {rule} }}");
        let sources = vec![Source::new("a.rules", rules)];
        let policy = Policy::from_sources(sources.clone()).unwrap_or_else(|found| panic!("{found}"));
        let (plan, book) = (compile(Arc::new(policy)), Book::new(&sources));
        for (law, dates) in laws(&book, "1", &dates(&book)) {
            let base = Facts::from([("a".to_owned(), Stated::Value("a1".to_owned()))]);
            let fields = every_way(&["f1", "f2", "Undeclared"]);
            let sets = every_way(&["x1", "x2", "x3"]);
            // With every way of the one set, the other is stated, stated in part, or not stated.
            let mut all: Vec<[Option<&Stated>; 2]> = Vec::new();
            for some in fields.iter().step_by(7).map(Some).chain([None]) {
                all.extend(sets.iter().map(|set| [some, Some(set)]));
            }
            for some in sets.iter().step_by(7).map(Some).chain([None]) {
                all.extend(fields.iter().map(|fields| [Some(fields), some]));
            }
            for [fields, set] in all {
                let mut facts = base.clone();
                facts.extend(fields.map(|fact| ("fields".to_owned(), fact.clone())));
                facts.extend(set.map(|fact| ("x".to_owned(), fact.clone())));
                let answer = law.decide(&facts);
                for &date in &dates {
                    let differs = differs(&plan, &request("1", date, &facts), &answer);
                    assert!(differs.is_none(), "{rule}\n{}", differs.unwrap_or_default());
                }
            }
        }
    }
}

fn every_way(values: &[&str]) -> Vec<Stated> {
    let mut ways = vec![[BTreeSet::new(), BTreeSet::new()]];
    for value in values {
        for [present, absent] in ways.clone() {
            let with = |set: &BTreeSet<String>| set.iter().cloned().chain([(*value).to_owned()]).collect();
            ways.push([with(&present), absent.clone()]);
            ways.push([present, with(&absent)]);
        }
    }
    ways.into_iter().map(|[present, absent]| Stated::Members { present, absent }).collect()
}

/// The attributes of the small policies.
const VOCABULARY: &str = r#"
modification M1 "" { effective 2020-06-01 source "s" }
attribute a "" { refuse EA "of a" a1 refuse VA "of a1" a2 }
set attribute fields "" { refuse EF "of fields" }
attribute b "" { refuse EB "of b" b1 b2 b3 }
set attribute x "" { refuse EX "of x" x1 x2 }
condition c "" { source "s" case a a1 b b1 case a a2 b b2 x none }
"#;

/// "A dated field is undeclared outside its dates"; a rule tests the field nevertheless. A permit that requires a field
/// which is not declared so far permits nothing: the engine must not act as if the rule did not name the field.
#[test]
fn a_rule_may_name_a_field_that_is_declared_later() {
    for rule in [
        "permit p { source \"s\" fields includes f2 }",
        "permit p { source \"s\" fields exactly f1, f2 }",
        "permit p { source \"s\" fields only f2 }",
        "permit p { source \"s\" fields only f1, f2  b b1 }",
        "permit p { source \"s\" fields excludes f2  a a1 }",
        "permit p { source \"s\" a a1 } forbid f { source \"s\" fields includes f2 }",
        "permit p { source \"s\" a a1 } forbid f { source \"s\" fields excludes f2 }",
        "permit p { source \"s\" a a1 } forbid f { source \"s\" fields exactly f2 refuse EE \"no\" }",
    ] {
        agree_on_everything(&format!("service 1 \"\" {{ fields f1, f2 (since M1) {rule} }}"));
    }
}

#[test]
fn a_list_may_be_empty_on_a_date() {
    for rule in [
        "permit p { source \"s\" b b1 (since M1) }",
        "permit p { source \"s\" b not b1 (since M1) }",
        "permit p { source \"s\" x x1 (since M1) }",
        "permit p { source \"s\" x only x1 (since M1) }",
        "permit p { source \"s\" x includes x1 (since M1) }",
        "permit p { source \"s\" x excludes x1 (since M1) }",
        "permit p { source \"s\" x exactly x1 (since M1) }",
        "permit p { source \"s\" fields only f1 (since M1) }",
        "permit p { source \"s\" fields exactly f1 (since M1)  b b1 }",
        "permit p { source \"s\" when c  b b1 (until M1), b2 }",
        "permit p { source \"s\" a a1 } forbid f { source \"s\" b b1 (since M1), b2 (until M1) }",
        "permit p { source \"s\" a a1 } forbid f { source \"s\" b not b1 (since M1) refuse unassigned \"no\" }",
    ] {
        agree_on_everything(&format!("service 1 \"\" {{ fields f1, f2 {rule} }}"));
    }
}

#[test]
fn a_case_that_contradicts_its_rule_makes_no_box() {
    for rule in [
        "permit p { source \"s\" when c  b b1 }",
        "permit p { source \"s\" when c  x x1 }",
        "permit p { source \"s\" when c  fields only f1  b not b2 }",
        "permit p { source \"s\" b any } forbid f { source \"s\" when c  b b1, b3 }",
    ] {
        agree_on_everything(&format!("service 1 \"\" {{ fields f1, f2 {rule} }}"));
    }
}

/// "A forbid that constrains nothing answers before the first attribute and must have a `refuse`."
#[test]
fn a_forbid_that_constrains_nothing_must_have_a_refuse() {
    for clauses in ["", "a any", "a a1, a2", "when d"] {
        let condition = "condition d \"\" { source \"s\" case a any case b b1 }";
        let permit = "permit p { source \"s\" b b1 }";
        let with = |refuse: &str| {
            let rules = format!(
                "{condition} service 1 \"\" {{ {permit} forbid f {{ source \"s\" {clauses} {refuse} }} }}"
            );
            Policy::from_sources(vec![Source::new("a.rules", format!("{VOCABULARY}{rules}"))])
        };
        assert!(with("refuse EE \"no\"").is_ok(), "{clauses}");
        let diagnostics = with("").err();
        let codes: Vec<Code> = diagnostics
            .iter()
            .flat_map(|diagnostics| diagnostics.found())
            .map(|finding| finding.code)
            .collect();
        assert_eq!(codes, [Code::MissingRefuse], "a forbid that says `{clauses}`");
    }
}

/// A wrong reading of the language: a description, and the change of the reference.
type Wrong = (&'static str, fn(&mut Book));

/// The comparison can fail: on the shipped policy, each of these readings differs from the engine.
#[test]
fn a_wrong_reading_of_the_language_is_noticed() {
    let (plan, book) = shipped();
    let wrong: &[Wrong] = &[
        ("forbids are ignored", |book| book.rules.retain(|rule| rule.permits)),
        ("`only` is `includes`", |book| {
            let clauses = book.rules.iter_mut().flat_map(|rule| &mut rule.clauses);
            clauses
                .filter(|clause| clause.test == Test::Only)
                .for_each(|clause| clause.test = Test::Includes);
        }),
        ("`not` is a bare list", |book| {
            let clauses = book.rules.iter_mut().flat_map(|rule| &mut rule.clauses);
            clauses.filter(|clause| clause.test == Test::Not).for_each(|clause| clause.test = Test::In);
        }),
        ("`when` is ignored", |book| book.rules.iter_mut().for_each(|rule| rule.when.clear())),
        ("the first case of a condition is its only one", |book| {
            book.conditions.values_mut().for_each(|cases| cases.truncate(1));
        }),
        ("a modification is in force from the day after", |book| {
            for when in book.modifications.values_mut() {
                if let When::On(date) = when {
                    *date = date.tomorrow().unwrap();
                }
            }
        }),
        ("what is proposed is in force", |book| {
            let proposed = book.modifications.values_mut().filter(|when| **when == When::Never);
            proposed.for_each(|when| *when = When::On(Date::constant(2000, 1, 1)));
        }),
        ("`except` is ignored", |book| {
            for rule in &mut book.rules {
                if let Covers::Named { except, .. } = &mut rule.covers {
                    except.clear();
                }
            }
        }),
        ("a value's own `refuse` is ignored", |book| {
            book.attributes.iter_mut().for_each(|attribute| attribute.own_refuse.clear());
        }),
        ("`like` takes the values' own `refuse`", |book| {
            let own = book.attribute("status").own_refuse.clone();
            book.attributes
                .iter_mut()
                .find(|attribute| attribute.name == "other-status")
                .unwrap()
                .own_refuse = own;
        }),
        ("two attributes are checked the other way round", |book| book.attributes.swap(0, 2)),
        ("rules are in another order", |book| book.rules.reverse()),
    ];
    for (what, apply) in wrong {
        let mut book = book.clone();
        apply(&mut book);
        assert!(first_difference(&plan, &book, 500).is_some(), "not noticed: {what}");
    }
}

//! Coverage: snapshots of small policies, and a comparison with the slow reference on every request of random policies.

use std::collections::BTreeMap;
use std::sync::Arc;

use insta::assert_snapshot;
use meterwarden::{Date, Policy, Request, compile};
use meterwarden_authoring::coverage::{Status, coverage};
use meterwarden_authoring::scenario::{Case, Expected, Filter, ScenarioFile};
use meterwarden_authoring::suggest_scenarios::{Scope, propose, to_yaml};
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::reference::cells::Space;
use crate::reference::compare::request;
use crate::reference::decide::Answer;
use crate::reference::law::{Facts, Law, Listed};
use crate::reference::model::{Book, Rule, Test};
use crate::reference::random::{self, tapes};
use crate::small_policy::{SmallPolicy, page};
use crate::{reference, small_policy};

/// A policy and its scenarios, and the coverage of the two.
fn covered(rules: &str, scenarios: &str) -> String {
    let small = SmallPolicy::new(rules, scenarios);
    let found = coverage(&small.plan, &small.files, &Filter::default());
    let never = found.cannot_be_shown().join("\n");
    page(&[
        ("rules", rules),
        ("scenarios", scenarios),
        ("coverage", &found.to_string()),
        ("cannot be shown", &never),
    ])
}

#[test]
fn a_permit_must_decide_and_each_of_its_clauses_must_fail_alone() {
    assert_snapshot!(covered(small_policy::READ, small_policy::READ_ONCE));
}

#[test]
fn dates_are_clauses_too() {
    let rules = r#"
service 1 "Read" {
    permit supplier "the supplier reads" { since 2020-01-01 until 2021-01-01 role IS status any source "s" }
}
"#;
    assert_snapshot!(covered(
        rules,
        "
start: { service: 1, role: IS, status: Pending }
cases:
  - name: too early
    with: { at: 2019-12-31 }
    expect: refuse
    code: E2
  - name: in time
    with: { at: 2020-12-31 }
    expect: permit
"
    ));
}

#[test]
fn a_forbid_must_forbid_and_each_of_its_clauses_must_fail_alone() {
    let rules = r#"
service 1 "Read" { permit anybody "anybody reads" { role any status any source "s" } }
forbid pending "nothing of a pending device" { services all role ED status Pending source "s" }
"#;
    assert_snapshot!(covered(
        rules,
        "
start: { service: 1, at: 2026-01-01, role: ED, status: Pending }
cases:
  - name: taken away
    expect: refuse
    code: E5
  - name: not from a supplier
    with: { role: IS }
    expect: permit
"
    ));
}

/// If only the clause fails, another permit permits the request: so no request can show that the clause failed.
#[test]
fn what_makes_no_difference_cannot_be_shown() {
    let rules = r#"
condition either "" { source "s" case role IS case role ED }
service 1 "Read" {
    permit supplier "the supplier reads" { role IS status Commissioned source "s" }
    permit anybody "anybody reads what is commissioned" { role any status Commissioned source "s" }
    permit never "covered by a forbid" { role any status Pending source "s" }
    permit either "either reads" { when either role IS status Suspended source "s" }
    forbid pending "nothing of a pending device" { status Pending source "s" }
}
"#;
    assert_snapshot!(covered(
        rules,
        "
start: { service: 1, at: 2026-01-01, role: IS, status: Commissioned }
cases: [{ name: one, expect: permit }]
"
    ));
}

/// An attribute that is not stated can have any value. So a case shows only what every completion shows.
#[test]
fn a_case_that_leaves_facts_unsaid_shows_what_all_its_completions_show() {
    assert_snapshot!(covered(
        small_policy::READ,
        "
start: { service: 1, at: 2026-01-01 }
cases:
  - name: whatever the status
    with: { role: ED }
    expect: refuse
    code: E2
  - name: it depends
    with: { role: IS }
    expect: undetermined
"
    ));
}

#[test]
fn a_filter_measures_the_rules_of_its_services_alone() {
    let rules = format!(
        "{}{}",
        small_policy::READ,
        "service 2 \"Write\" { permit nobody \"\" { role IS status any source \"s\" } }"
    );
    let small = SmallPolicy::new(&rules, small_policy::READ_ONCE);
    let of = |service: &str| {
        let filter = Filter { services: vec![service.to_owned()], ..Filter::default() };
        let found = coverage(&small.plan, &small.files, &filter);
        (found.rules.iter().map(|rule| rule.name.clone()).collect::<Vec<_>>(), found.services.len())
    };
    assert_eq!(of("2"), (vec!["2/nobody".to_owned()], 1));
    assert_eq!(of("1").0, ["1/supplier"]);
}

#[test]
fn as_data() {
    let small = SmallPolicy::new(small_policy::READ, small_policy::READ_ONCE);
    let found = coverage(&small.plan, &small.files, &Filter::default());
    assert_snapshot!(serde_json::to_string_pretty(&found).unwrap());
}

/// A share is 100 % only if nothing is missing.
#[test]
fn shares_are_rounded_down() {
    use meterwarden_authoring::coverage::Share;
    let share = |part, whole| Share { part, whole }.to_string();
    assert_eq!(share(9_999, 10_000), "9999 of 10000 (99.9 %)");
    assert_eq!(share(0, 0), "0 of 0 (100.0 %)");
}

#[test]
fn suggested_for_a_small_policy() {
    let small = SmallPolicy::new(small_policy::READ, small_policy::READ_ONCE);
    let more = propose(&small.plan, &small.files, &Scope::default());
    let all = propose(&small.plan, &small.files, &Scope { all: true, ..Scope::default() });
    assert_snapshot!(page(&[
        ("rules", small_policy::READ),
        ("scenarios", small_policy::READ_ONCE),
        ("suggested", &to_yaml(&more)),
        ("suggested as if there were none", &to_yaml(&all)),
    ]));
}

#[test]
fn suggestions_are_for_a_service_or_a_rule() {
    let rules = format!(
        "{}{}",
        small_policy::READ,
        "service 2 \"Write\" { permit anything \"\" { role IS status any source \"s\" } }"
    );
    let small = SmallPolicy::new(&rules, "cases: []");
    let of = |only: &str| {
        let found = propose(&small.plan, &[], &Scope { only: vec![only.to_owned()], all: false });
        found.into_iter().map(|case| case.request.service).collect::<std::collections::BTreeSet<_>>()
    };
    assert_eq!(of("1").into_iter().collect::<Vec<_>>(), ["1"]);
    assert_eq!(of("2/anything").into_iter().collect::<Vec<_>>(), ["2"]);
    assert!(of("3").is_empty());
}

/// The days around every date of a random policy.
const DAYS: [(i16, i8, i8); 7] =
    [(2020, 5, 31), (2020, 6, 1), (2020, 12, 31), (2021, 1, 1), (2022, 5, 31), (2022, 6, 1), (2030, 1, 1)];

/// A service with a larger space is left out.
const MOST_CELLS: usize = 600;

/// A clause, in the order in which coverage lists the clauses of a rule.
type Key = (u8, usize, usize, usize);

/// Shows that the rule decides, beside its clauses.
const DECIDES: Key = (9, 0, 0, 0);

/// Which clauses of which rules a request shows to hold, and to fail alone.
type Sides = BTreeMap<(String, Key), [bool; 2]>;

/// The definition in docs/coverage.md, step by step, for one complete request.
fn shows(book: &Book, law: &Law, service: &str, at: Date, facts: &Facts, sides: &mut Sides) {
    let permitted = matches!(law.decide(facts), Answer::Permit(_));
    let by_permit = law.permits.iter().any(|rule| rule.matches(facts));
    let forbidden = law.forbids.iter().any(|rule| rule.matches(facts));
    let undeclared = law.has_undeclared(facts);
    for rule in book.rules.iter().filter(|rule| book.covers(&rule.covers, service, at)) {
        // Where the rule matches, and where it would match without the clause.
        let (decides, alone) = if rule.permits {
            (permitted, !by_permit && !forbidden && !undeclared)
        } else {
            (by_permit && !undeclared, permitted)
        };
        for (clauses, keys) in boxes(book, law, rule, at) {
            let holds: Vec<bool> =
                clauses.iter().map(|clause| clause.holds(&facts[&clause.attribute])).collect();
            let failing: Vec<usize> = (0..holds.len()).filter(|index| !holds[*index]).collect();
            let come = rule.window.since.is_none() || in_force(book, rule, at, true);
            let not_gone = rule.window.until.is_none() || in_force(book, rule, at, false);
            let bounds = [(0, rule.window.since.is_some()), (1, rule.window.until.is_some())];
            let bounds =
                bounds.into_iter().filter(|(_, holds_at)| *holds_at).map(|(index, _)| (index, 0, 0, 0));
            let mut note = |key: Key, side: usize, shown: bool| {
                sides.entry((rule.name.clone(), key)).or_default()[side] |= shown;
            };
            match (come, not_gone) {
                (true, true) => {
                    note(DECIDES, 0, failing.is_empty() && decides);
                    bounds.for_each(|key| note(key, 0, failing.is_empty() && decides));
                    for (index, key) in
                        keys.iter().enumerate().filter_map(|(index, key)| Some((index, (*key)?)))
                    {
                        note(key, 0, failing.is_empty() && decides);
                        note(key, 1, failing == [index] && alone);
                    }
                }
                (false, true) => note((0, 0, 0, 0), 1, failing.is_empty() && alone),
                (true, false) => note((1, 0, 0, 0), 1, failing.is_empty() && alone),
                (false, false) => {}
            }
        }
    }
}

fn in_force(book: &Book, rule: &Rule, at: Date, since: bool) -> bool {
    let mut window = rule.window.clone();
    if since {
        window.until = None
    } else {
        window.since = None
    }
    book.in_force(&window, at)
}

/// The boxes of a rule, each with its clauses and their keys; no key for `any`.
fn boxes(book: &Book, law: &Law, rule: &Rule, at: Date) -> Vec<(Vec<Listed>, Vec<Option<Key>>)> {
    let mut combinations: Vec<Vec<usize>> = vec![Vec::new()];
    for condition in &rule.when {
        let cases = 0..book.conditions[condition].len();
        let with = |chosen: &Vec<usize>, case: usize| [chosen.as_slice(), &[case]].concat();
        combinations = combinations
            .iter()
            .flat_map(|chosen| cases.clone().map(move |case| with(chosen, case)))
            .collect();
    }
    let mut made = Vec::new();
    for chosen in combinations {
        let mut clauses: Vec<(reference::model::Clause, Key)> = rule
            .clauses
            .iter()
            .cloned()
            .enumerate()
            .map(|(index, clause)| (clause, (2, index, 0, 0)))
            .collect();
        for (when, (condition, case)) in rule.when.iter().zip(&chosen).enumerate() {
            let of_case = book.conditions[condition][*case].iter().cloned().enumerate();
            clauses.extend(of_case.map(|(index, clause)| (clause, (3, when, *case, index))));
        }
        let listed: Vec<Listed> = clauses.iter().map(|(clause, _)| book.written_out(clause, at)).collect();
        let unchanged: Vec<_> = clauses.iter().map(|(clause, _)| clause.clone()).collect();
        if book.boxes(&unchanged, &[], &law.axes, at).is_empty() {
            continue;
        }
        let key =
            |(clause, key): &(reference::model::Clause, Key)| (clause.test != Test::Any).then_some(*key);
        made.push((listed, clauses.iter().map(key).collect()));
    }
    made
}

/// Every request for a policy, and what each request shows.
fn everything(book: &Book) -> Option<Vec<(Request, Sides)>> {
    let mut all = Vec::new();
    for service in book.services.keys() {
        let space = Space::of(book, service);
        if space.size() > MOST_CELLS {
            return None;
        }
        for (year, month, day) in DAYS {
            let at = Date::constant(year, month, day);
            let law = book.law(service, at);
            for number in 0..space.size() {
                let facts = space.cell(number);
                let mut sides = Sides::new();
                shows(book, &law, service, at, &facts, &mut sides);
                all.push((request(service, at, &facts), sides));
            }
        }
    }
    Some(all)
}

fn together<'s>(all: impl Iterator<Item = &'s Sides>) -> Sides {
    let mut sum = Sides::new();
    for (key, sides) in all.flatten() {
        let total = sum.entry(key.clone()).or_default();
        *total = [total[0] | sides[0], total[1] | sides[1]];
    }
    sum
}

fn file(requests: impl Iterator<Item = Request>) -> ScenarioFile {
    let case = |(number, request)| Case {
        name: format!("case {number}"),
        line: number,
        request,
        expected: Expected::Permit { rule: None },
    };
    ScenarioFile { path: "random.scenarios.yaml".to_owned(), cases: requests.enumerate().map(case).collect() }
}

/// For random policies: coverage reports of every clause what the definition finds request by request; what no request
/// shows is reported as impossible to show; the suggestions show the rest.
#[test]
fn random_policies_are_covered_as_the_reference_says() {
    let config =
        Config { cases: 100, failure_persistence: None, max_shrink_iters: 2_000, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let counted = std::cell::RefCell::new(BTreeMap::<Status, usize>::new());
    runner
        .run(&tapes(), |tapes| {
            let random = random::Policy::new(&tapes);
            let Ok(policy) = Policy::from_sources(random.sources.clone()) else { return Ok(()) };
            let book = Book::new(&random.sources);
            let Some(all) = everything(&book) else { return Ok(()) };
            let plan = compile(Arc::new(policy));
            let possible = together(all.iter().map(|(_, sides)| sides));
            let some: Vec<_> = all.iter().step_by(37).collect();
            let shown = together(some.iter().map(|(_, sides)| sides));
            let files = [file(some.iter().map(|(request, _)| request.clone()))];
            let found = coverage(&plan, &files, &Filter::default());
            for rule in &found.rules {
                let of_rule = |key: &&(String, Key)| key.0 == rule.name && key.1 != DECIDES;
                let keys: Vec<_> = possible.keys().filter(of_rule).collect();
                for (key, clause) in keys.iter().zip(&rule.clauses) {
                    for (side, seen) in [clause.holds, clause.fails].into_iter().enumerate() {
                        let is = |sides: &Sides| sides.get(*key).is_some_and(|sides| sides[side]);
                        let right = match (is(&possible), is(&shown)) {
                            (false, _) => Status::Impossible,
                            (true, false) => Status::Uncovered,
                            (true, true) => Status::Covered,
                        };
                        let both = clause.holds != Status::Impossible && clause.fails != Status::Impossible;
                        if both || right == Status::Impossible {
                            prop_assert_eq!(
                                seen,
                                right,
                                "{} {:?} side {}\n{}",
                                rule.name,
                                clause,
                                side,
                                small_policy::text(&random.sources)
                            );
                            *counted.borrow_mut().entry(seen).or_default() += 1;
                        }
                    }
                }
            }
            let suggested = propose(&plan, &files, &Scope::default());
            let read = small_policy::read(&plan, &to_yaml(&suggested));
            for case in &read.cases {
                prop_assert!(case.expected.is(&plan.decide(&case.request).unwrap()), "{}", case.name);
            }
            let after = coverage(&plan, &[files[0].clone(), read], &Filter::default());
            let (rules, clauses) = (after.rules_hit(), after.clauses_shown());
            prop_assert_eq!(
                (rules.part, clauses.part),
                (rules.whole, clauses.whole),
                "{}\n{}",
                after,
                small_policy::text(&random.sources)
            );
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let counted = counted.into_inner();
    println!("{counted:?}");
    assert!(counted.len() == 3 && counted.values().all(|count| *count > 100), "{counted:?}");
}

/// The size of the smallest set of requests that shows everything that can be shown, by trying all sets. `None` if
/// there are too many.
fn smallest(all: &[(Request, Sides)]) -> Option<usize> {
    const MOST: usize = 14;
    let possible = together(all.iter().map(|(_, sides)| sides));
    let wanted: Vec<(&(String, Key), usize)> = possible
        .iter()
        .flat_map(|(key, sides)| {
            let worth = if key.1 == DECIDES { [sides[0], false] } else { [sides[0] && sides[1]; 2] };
            (0..2).filter(move |side| worth[*side]).map(move |side| (key, side))
        })
        .collect();
    if wanted.is_empty() || wanted.len() > MOST {
        return None;
    }
    let shown = |sides: &Sides| {
        let shows = |(key, side): &(&(String, Key), usize)| sides.get(*key).is_some_and(|sides| sides[*side]);
        (0..wanted.len()).filter(|index| shows(&wanted[*index])).fold(0usize, |bits, index| bits | 1 << index)
    };
    let sets: std::collections::BTreeSet<usize> = all.iter().map(|(_, sides)| shown(sides)).collect();
    // `fewest[b]`: the smallest number of requests that show the bits of `b`.
    let mut fewest = vec![usize::MAX; 1 << wanted.len()];
    fewest[0] = 0;
    for bits in 0..fewest.len() {
        if fewest[bits] < usize::MAX {
            for set in &sets {
                let more = bits | set;
                fewest[more] = fewest[more].min(fewest[bits] + 1);
            }
        }
    }
    fewest.last().copied()
}

/// The suggestions need not be the smallest set, but they nearly always are.
#[test]
fn suggestions_are_nearly_always_the_fewest_possible() {
    let config = Config { cases: 150, failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let counted = std::cell::RefCell::new(BTreeMap::<usize, usize>::new());
    runner
        .run(&tapes(), |tapes| {
            let random = random::Policy::new(&tapes);
            let Ok(policy) = Policy::from_sources(random.sources.clone()) else { return Ok(()) };
            let Some(all) = everything(&Book::new(&random.sources)) else { return Ok(()) };
            let Some(fewest) = smallest(&all) else { return Ok(()) };
            let suggested = propose(&compile(Arc::new(policy)), &[], &Scope::default()).len();
            prop_assert!(suggested >= fewest, "{suggested} cannot show what takes {fewest}");
            *counted.borrow_mut().entry(suggested - fewest).or_default() += 1;
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let counted = counted.into_inner();
    let line = |(more, times): (&usize, &usize)| format!("{more} more than the fewest: {times} times");
    assert_snapshot!(counted.iter().map(line).collect::<Vec<_>>().join("\n"));
}

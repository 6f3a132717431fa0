//! Mutants: which changes of small policies a scenario notices, in snapshots. And on random policies: exactly the
//! changes that change no answer of the slow reference count as changing none.

use std::collections::BTreeMap;
use std::sync::Arc;

use insta::assert_snapshot;
use meterwarden::{Code, Date, Policy, Source, compile, parse};
use meterwarden_authoring::mutate::{Fate, Mutant, mutate};
use meterwarden_authoring::scenario::Filter;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

use crate::reference::cells::Space;
use crate::reference::compare::facts;
use crate::reference::decide::{Answer, Refused};
use crate::reference::law::Facts;
use crate::reference::model::Book;
use crate::reference::random::{self, tapes};
use crate::small_policy;
use crate::small_policy::{SmallPolicy, page};

/// A policy and its scenarios, every change that was tried, and a description of those that no scenario notices.
fn tried(rules: &str, scenarios: &str) -> String {
    let small = SmallPolicy::new(rules, scenarios);
    let found = mutate(&small.plan, &small.files, &Filter::default());
    let line = |mutant: &Mutant| {
        let fate = match &mutant.fate {
            Fate::Killed { by } => format!("noticed by {by}"),
            Fate::Survived(_) => "unnoticed".to_owned(),
            Fate::Equivalent => "changes no answer".to_owned(),
        };
        format!("{} {}: {} => {fate}", mutant.place, mutant.of, mutant.change)
    };
    let all = found.mutants.iter().map(line).collect::<Vec<_>>().join("\n");
    page(&[
        ("rules", rules),
        ("scenarios", scenarios),
        ("every change", &all),
        ("report", &found.to_string()),
    ])
}

#[test]
fn clauses_and_values() {
    assert_snapshot!(tried(small_policy::READ, small_policy::READ_ONCE));
}

#[test]
fn dates_conditions_and_forbids() {
    let rules = r#"
modification M "" { effective 2020-06-01 source "s" }
condition reader "who reads" {
    source "s"
    case role IS
    case role ED status Commissioned
}
service 1 "Read" {
    permit read "a reader reads" { since M when reader status not Suspended source "s" }
}
service 2 "Write" {
    permit write "the supplier writes" { role IS, ED (since M) status any source "s" }
}
forbid pending "nothing is written to a pending device" {
    services 2
    status   Pending
    refuse   E7 "pending"
    source   "s"
}
"#;
    assert_snapshot!(tried(
        rules,
        "
start: { service: 1, at: 2020-06-01, role: IS, status: Commissioned }
cases:
  - name: on the day
    expect: permit
  - name: the day before
    with: { at: 2020-05-31 }
    expect: refuse
    code: E2
  - name: a distributor writes from the day on
    with: { service: 2, role: ED }
    expect: permit
  - name: not what is pending
    with: { service: 2, status: Pending }
    expect: refuse
    code: E7
    rule: pending
"
    ));
}

#[test]
fn fields_and_sets() {
    let rules = r#"
set attribute fields "fields" { refuse unassigned "not these fields" }
service 1 "Update" {
    fields Name, Place (since 2020-01-01), Unused
    permit update "names are updated" { role any status any fields only Name, Place source "s" }
}
"#;
    assert_snapshot!(tried(
        rules,
        "
start: { service: 1, at: 2026-01-01, role: IS, status: Pending, fields: [Name] }
cases:
  - name: a name
    expect: permit
  - name: nothing
    with: { fields: [] }
    expect: refuse
    code: null
"
    ));
}

/// A clause makes no difference if a later permit permits the same, or if a forbid forbids it anyway.
#[test]
fn changes_without_an_effect_do_not_count_as_unnoticed() {
    let rules = r#"
service 1 "Read" {
    permit first "anybody reads what is in service" { role any status Commissioned source "s" }
    permit second "suppliers too" { role IS status Commissioned source "s" }
    forbid suspended "nothing of a suspended device" { status Suspended source "s" }
}
"#;
    assert_snapshot!(tried(
        rules,
        "
start: { service: 1, at: 2026-01-01, role: IS, status: Commissioned }
cases: [{ name: one, expect: permit }]
"
    ));
}

/// Without a scenario, the mutants that it alone notices are not noticed; everything else is unchanged.
#[test]
fn without_a_scenario_its_own_mutants_are_unnoticed() {
    let whole = "
start: { service: 1, at: 2026-01-01, role: IS, status: Commissioned }
cases:
  - { name: reads, expect: permit }
  - { name: not pending, with: { status: Pending }, expect: refuse, code: E5 }
  - { name: not suspended, with: { status: Suspended }, expect: refuse, code: E5 }
  - { name: not ED, with: { role: ED }, expect: refuse, code: E2 }
  - { name: not OU, with: { role: OU }, expect: refuse, code: E2 }
";
    let unnoticed = |scenarios: &str| {
        let small = SmallPolicy::new(small_policy::READ, scenarios);
        let found = mutate(&small.plan, &small.files, &Filter::default());
        found.survivors().map(|(mutant, _)| mutant.change.clone()).collect::<Vec<_>>()
    };
    assert_eq!(unnoticed(whole), Vec::<String>::new());
    for (gone, mutant) in [
        ("not pending", "`Pending` added to `status Commissioned`"),
        ("not suspended", "`Suspended` added to `status Commissioned`"),
        ("not ED", "`ED` added to `role IS`"),
        ("not OU", "`OU` added to `role IS`"),
    ] {
        let rest: Vec<&str> = whole.lines().filter(|line| !line.contains(gone)).collect();
        assert_eq!(unnoticed(&rest.join("\n")), [mutant], "without \"{gone}\"");
    }
}

/// A case that fails with the unchanged rules would notice every mutant.
#[test]
fn a_failing_case_notices_nothing() {
    let failing = "
start: { service: 1, at: 2026-01-01, role: IS, status: Commissioned }
cases: [{ name: wrong, expect: refuse, code: E2 }]
";
    let small = SmallPolicy::new(small_policy::READ, failing);
    let found = mutate(&small.plan, &small.files, &Filter::default());
    assert_eq!(found.killed().part, 0);
}

#[test]
fn a_filter_changes_the_rules_of_its_services_alone() {
    let rules = format!(
        "{}{}",
        small_policy::READ,
        "service 2 \"Write\" { permit anything \"\" { role IS status any source \"s\" } }"
    );
    let small = SmallPolicy::new(&rules, small_policy::READ_ONCE);
    let filter = Filter { services: vec!["2".to_owned()], ..Filter::default() };
    let found = mutate(&small.plan, &small.files, &filter);
    assert!(!found.mutants.is_empty() && found.mutants.iter().all(|mutant| mutant.of == "2/anything"));
}

/// The days around every date of a random policy.
const DAYS: [(i16, i8, i8); 7] =
    [(2020, 5, 31), (2020, 6, 1), (2020, 12, 31), (2021, 1, 1), (2022, 5, 31), (2022, 6, 1), (2030, 1, 1)];

/// A service with a larger space is left out.
const MOST_CELLS: usize = 400;

/// The text of a policy after a change of one of its lines, if the change can be made from the line alone.
fn edited(sources: &[Source], mutant: &Mutant) -> Option<Vec<Source>> {
    let (path, line) = mutant.place.rsplit_once(':')?;
    let number: usize = line.parse().ok()?;
    let file = sources.iter().position(|source| source.path == path)?;
    if mutant.change == "left out" {
        return without_rule(sources, file, number);
    }
    let mut lines: Vec<String> = sources[file].text.lines().map(str::to_owned).collect();
    let line = lines.get_mut(number - 1)?;
    // `role IS`: the last text between backticks is the clause.
    let clause = mutant.change.split('`').rev().nth(1)?;
    let at = line.find(clause)?;
    let rest = &line[at + clause.len()..];
    if line.matches(clause).count() != 1 || rest.starts_with(',') || rest.starts_with(" (") {
        return None;
    }
    *line = format!("{}{}{rest}", &line[..at], rewritten(clause, &mutant.change)?);
    let mut changed = sources.to_vec();
    changed[file].text = lines.join("\n");
    let whole = changed.iter().all(|source| parse(source, 0).found.is_empty());
    whole.then_some(changed)
}

/// A clause after a change of it. `None` if its list has dates or groups.
fn rewritten(clause: &str, change: &str) -> Option<String> {
    if change.ends_with("` left out") {
        return Some(String::new());
    }
    let value = change.split('`').nth(1)?;
    if clause.contains(['(', '…']) || clause.contains("of-") || clause.ends_with("none") {
        return None;
    }
    if change.contains("added to") {
        return Some(format!("{clause}, {value}"));
    }
    let start = clause.split(", ").next()?.rfind(' ')? + 1;
    let kept: Vec<&str> = clause[start..].split(", ").filter(|item| *item != value).collect();
    let taken_out = change.contains("taken out of") && !kept.is_empty();
    taken_out.then(|| format!("{}{}", &clause[..start], kept.join(", ")))
}

/// A policy without the rule that begins on a line.
fn without_rule(sources: &[Source], file: usize, number: usize) -> Option<Vec<Source>> {
    let lines: Vec<&str> = sources[file].text.lines().collect();
    let end = (number..lines.len()).find(|line| lines[*line] == "}")?;
    let kept: Vec<&str> = lines[..number - 1].iter().chain(&lines[end + 1..]).copied().collect();
    let mut changed = sources.to_vec();
    changed[file].text = kept.join("\n");
    Some(changed)
}

/// Whether a forbid without clauses has no `refuse`: the language does not define its answer.
fn is_unanswered(sources: &[Source]) -> bool {
    let found = Policy::from_sources(sources.to_vec()).err();
    found.iter().flat_map(|found| found.found()).any(|finding| finding.code == Code::MissingRefuse)
}

/// What a scenario can check of an answer.
fn answer_text(answer: &Answer) -> String {
    match answer {
        Answer::Permit(rules) => format!("permit {}", rules[0]),
        Answer::Refuse(Refused { check, code, why, .. }) => {
            format!("refuse {check} {code:?} {:?}", why.as_ref().map(|why| &why.rule))
        }
        Answer::Undetermined(_) => panic!("nothing is unsaid"),
    }
}

/// Whether two policies answer any request differently.
fn differ(before: &Book, after: &Book) -> bool {
    before.services.keys().any(|service| {
        // Values that only one of the two distinguishes are distinct in one of the spaces.
        let spaces = [Space::of(before, service), Space::of(after, service)];
        DAYS.iter().any(|&(year, month, day)| {
            let at = Date::constant(year, month, day);
            let laws = [before.law(service, at), after.law(service, at)];
            let differs =
                |facts: &Facts| answer_text(&laws[0].decide(facts)) != answer_text(&laws[1].decide(facts));
            spaces.iter().any(|space| (0..space.size()).any(|number| differs(&space.cell(number))))
        })
    })
}

#[test]
fn random_changes_change_the_answers_that_the_reference_changes() {
    let config = Config { cases: 120, failure_persistence: None, max_shrink_iters: 500, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let counted = std::cell::RefCell::new(BTreeMap::<&str, usize>::new());
    runner
        .run(&tapes(), |tapes| {
            let random = random::Policy::new(&tapes);
            let Ok(policy) = Policy::from_sources(random.sources.clone()) else { return Ok(()) };
            let book = Book::new(&random.sources);
            if book.services.keys().any(|service| Space::of(&book, service).size() > MOST_CELLS) {
                return Ok(());
            }
            let found = mutate(&compile(Arc::new(policy)), &[], &Filter::default());
            for mutant in &found.mutants {
                let Some(sources) = edited(&random.sources, mutant) else { continue };
                if is_unanswered(&sources) {
                    continue;
                }
                let changed = Book::new(&sources);
                let text = || {
                    format!(
                        "{mutant:?}\n{}\n// after\n{}",
                        small_policy::text(&random.sources),
                        small_policy::text(&sources)
                    )
                };
                match &mutant.fate {
                    Fate::Killed { .. } => prop_assert!(false, "noticed by nobody: {}", text()),
                    Fate::Equivalent => prop_assert!(!differ(&book, &changed), "not equivalent: {}", text()),
                    Fate::Survived(witness) => {
                        let request = &witness.request;
                        let answer = |book: &Book| {
                            answer_text(&book.law(&request.service, request.at).decide(&facts(request)))
                        };
                        prop_assert_ne!(answer(&book), answer(&changed), "no witness: {}", text());
                    }
                }
                let kind = if mutant.fate == Fate::Equivalent { "equivalent" } else { "unnoticed" };
                *counted.borrow_mut().entry(kind).or_default() += 1;
            }
            Ok(())
        })
        .unwrap_or_else(|error| panic!("{error}"));
    let counted = counted.into_inner();
    println!("{counted:?}");
    assert!(counted.len() == 2 && counted.values().all(|count| *count > 100), "{counted:?}");
}

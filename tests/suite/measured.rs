//! The quality of the shipped scenarios. A new rule needs scenarios that show it, or this fails.

use crate::shipped;
use crate::shipped::scenarios;
use insta::assert_snapshot;
use meterwarden::policy::Edge;
use meterwarden_authoring::coverage::{Status, coverage};
use meterwarden_authoring::mutate::mutate;
use meterwarden_authoring::scenario::Filter;

/// The last lines of `meterwarden test --coverage`. A rule that starts with a modification without a date cannot decide
/// so far. No other rule is excused.
#[test]
fn every_shipped_rule_decides_in_some_scenario() {
    let plan = shipped::plan();
    let found = coverage(&plan, &scenarios(&plan), &Filter::default());
    let rules = plan.policy().rules();
    let waits = |name: &str| rules.iter().any(|rule| rule.name == name && rule.window.from == Edge::Never);
    let silent = found.rules.iter().filter(|rule| rule.hit != Status::Covered && !waits(&rule.name));
    let silent: Vec<&str> = silent.map(|rule| rule.name.as_str()).collect();
    assert_eq!(silent, Vec::<&str>::new(), "no scenario is decided by these rules");
    let last = found.to_string().lines().rev().take(3).map(str::to_owned).collect::<Vec<_>>();
    assert_snapshot!(last.into_iter().rev().collect::<Vec<_>>().join("\n"));
}

/// The changes of the shipped rules that no scenario notices, and the number of changes that are noticed.
#[test]
fn scenarios_notice_nearly_every_change_of_the_shipped_rules() {
    let plan = shipped::plan();
    let found = mutate(&plan, &scenarios(&plan), &Filter::default());
    let unnoticed: Vec<String> =
        found.survivors().map(|(mutant, _)| format!("{}: {}", mutant.of, mutant.change)).collect();
    let noticed = found.killed();
    assert!(noticed.permille() >= 950, "{noticed} are noticed; not these:\n{}", unnoticed.join("\n"));
    let last = found.to_string().lines().last().unwrap_or_default().to_owned();
    assert_snapshot!(format!("{last}\n\nnobody would notice:\n{}", unnoticed.join("\n")));
}

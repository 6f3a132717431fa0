//! Carries out docs/mp125.md: edits of rule text lead from the rules without MP125 to the rules that ship.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::shipped;
use meterwarden::{Plan, Policy, Source, compile};

const PAGE: &str = include_str!("../../docs/mp125.md");
const REGISTER: &str = "modifications.rules";
const SERVICE: &str = "08-inventory-and-joining/update-inventory.rules";
const SCENARIOS: &str = "08-inventory-and-joining/update-inventory.scenarios.yaml";

/// The blocks of the page in one language, in order.
fn blocks(language: &str) -> Vec<&'static str> {
    let fence = format!("```{language}\n");
    let blocks = PAGE.split(&fence).skip(1);
    blocks.map(|rest| rest.split_once("```").map_or(rest, |(block, _)| block)).collect()
}

/// The shipped rule files without the pieces that the page adds.
fn without_mp125(shipped: &Policy) -> Vec<Source> {
    let pieces = blocks("text");
    let [modification, permit] = pieces[..] else { panic!("the page shows two pieces of rule text") };
    let sources = shipped.sources().iter().cloned().map(|mut source| {
        for (path, piece) in [(REGISTER, modification), (SERVICE, permit)] {
            if source.path == path {
                assert!(source.text.contains(piece), "{path} does not hold what the page says:\n{piece}");
                source.text = source.text.replace(&format!("{piece}\n"), "");
            }
        }
        source
    });
    sources.collect()
}

fn outcomes(plan: &Plan) -> BTreeMap<String, String> {
    let services = plan.policy().services().iter();
    services
        .map(|service| (service.name.clone(), meterwarden_analysis::outcomes(plan, &service.name).unwrap()))
        .collect()
}

/// The lines in which two texts differ, each with the sign of its side, in the order of the text.
fn difference(before: &str, after: &str) -> String {
    let mut text = String::new();
    for change in similar::TextDiff::from_lines(before, after).unified_diff().context_radius(3).iter_hunks() {
        for line in change.iter_changes() {
            text.push_str(&format!("{}{}", line.tag(), line.value()));
        }
    }
    text
}

#[test]
fn only_rule_files_change_and_only_one_page_of_outcomes() {
    let shipped = shipped::plan();
    let before = without_mp125(shipped.policy());
    let touched = before.iter().zip(shipped.policy().sources()).filter(|(before, after)| before != after);
    let touched: Vec<&str> = touched.map(|(before, _)| before.path.as_str()).collect();
    assert_eq!(touched, [SERVICE, REGISTER]);

    let before = outcomes(&compile(Arc::new(Policy::from_sources(before).unwrap())));
    let after = outcomes(&shipped);
    let changed: Vec<&str> =
        after.keys().filter(|service| before[*service] != after[*service]).map(String::as_str).collect();
    assert_eq!(changed, ["8.4"]);
    assert_eq!(blocks("diff").concat(), difference(&before["8.4"], &after["8.4"]), "docs/mp125.md, step 5");
}

#[test]
fn the_scenarios_of_the_page_ship_with_the_rules() {
    let scenarios = std::fs::read_to_string(format!("{}/{SCENARIOS}", shipped::FOLDER)).unwrap();
    for block in blocks("yaml") {
        assert!(scenarios.contains(block), "{SCENARIOS} does not hold what the page says:\n{block}");
    }
}

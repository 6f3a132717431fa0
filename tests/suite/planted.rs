//! Defects planted in the shipped policy: every defect is found, and nothing else.

mod defects;

use std::collections::BTreeMap;
use std::sync::Arc;

use meterwarden::{Code, Policy, compile};
use meterwarden_authoring::lint_meaning as lint;

/// Several of each kind, each in a service of its own.
#[test]
fn planted_defects_are_found_and_nothing_else() {
    let (sources, planted) = defects::planted();
    let policy = Policy::from_sources(sources).unwrap_or_else(|found| panic!("{found}"));
    let plan = compile(Arc::new(policy));
    let found = lint(&plan);
    let mut table: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let mut left: Vec<(Code, &str)> = planted.iter().map(|(code, place)| (*code, place.as_str())).collect();
    for (code, _) in &left {
        table.entry(code.name()).or_default()[0] += 1;
    }
    let mut wrong = String::new();
    for finding in found.found() {
        let text = format!("{} {}", finding.message, plan.policy().text(finding.span));
        let meant = left.iter().position(|(code, place)| *code == finding.code && text.contains(place));
        let row = table.entry(finding.code.name()).or_default();
        match meant {
            Some(meant) => {
                row[1] += 1;
                left.remove(meant);
            }
            None => {
                row[2] += 1;
                wrong += &format!(
                    "{} at {}: {}\n",
                    finding.code,
                    plan.policy().place(finding.span),
                    finding.message
                );
            }
        }
    }
    let mut page = format!("{:<18} {:>7} {:>7} {:>7}\n", "code", "planted", "found", "false");
    for (code, [planted, found, other]) in table {
        page += &format!("{code:<18} {planted:>7} {found:>7} {other:>7}\n");
    }
    assert!(left.is_empty() && wrong.is_empty(), "{page}\nnot found: {left:#?}\nfalse:\n{wrong}");
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!("planted", page);
    });
}

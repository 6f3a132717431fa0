//! What the modifications without a date would change. The test gives each of them a date, one after the other. The
//! snapshot shows all requests that are newly permitted or no longer permitted. Nothing else may change.

use std::fmt::Write;
use std::sync::Arc;

use crate::shipped;
use meterwarden::policy::Edge;
use meterwarden::{Plan, Policy, Source, compile};
use meterwarden_analysis::snapshot;

const REGISTER: &str = "modifications.rules";

/// The shipped policy with a date for one modification that has none.
fn with_a_date(shipped: &Policy, name: &str) -> Plan {
    let dated = |mut source: Source| {
        if source.path == REGISTER {
            let (before, entry) = source.text.split_once(&format!("modification {name} ")).unwrap();
            let entry = entry.replacen("    proposed\n", "    effective  2090-01-01\n", 1);
            source.text = format!("{before}modification {name} {entry}");
        }
        source
    };
    let sources = shipped.sources().iter().cloned().map(dated).collect();
    compile(Arc::new(Policy::from_sources(sources).unwrap()))
}

#[test]
fn each_proposed_modification_changes_only_this() {
    let shipped = shipped::plan();
    let today = snapshot::pages(&shipped);
    let mut found = String::new();
    let proposed =
        shipped.policy().modifications().iter().filter(|modification| modification.effective == Edge::Never);
    for modification in proposed {
        writeln!(found, "{} {:?}", modification.name, modification.text).unwrap();
        let then = snapshot::pages(&with_a_date(shipped.policy(), &modification.name));
        let differences = snapshot::differences(&today, &then);
        assert!(!differences.is_empty(), "{} changes nothing", modification.name);
        for page in differences {
            let (today, then) = (page.kept.unwrap(), page.now.unwrap());
            let difference = similar::TextDiff::from_lines(&today, &then);
            write!(found, "\n{}\n{}", page.file, difference.unified_diff().context_radius(1)).unwrap();
        }
        found.push('\n');
    }
    insta::assert_snapshot!(found);
}

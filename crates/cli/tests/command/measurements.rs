//! `test --coverage`, `test --mutate` and `scenarios suggest`.

use std::fs;

use crate::run::{inputs, page, run};
use insta::assert_snapshot;

#[test]
fn measured() {
    for (name, arguments) in [
        ("coverage", ["--coverage"].as_slice()),
        ("coverage-of-a-service", &["--coverage", "--service", "11.1"]),
        ("coverage-below", &["--min", "rules=100,clauses=99.5"]),
        ("mutate", &["--mutate", "--service", "11.1"]),
        ("mutate-below", &["--service", "11.1", "--min", "mutants=100"]),
    ] {
        let arguments = [&["test", "--rules", "street"], arguments].concat();
        assert_snapshot!(name, page(&arguments, ""));
    }
}

/// The measurements are part of the one JSON object.
#[test]
fn measured_as_data() {
    let output = run(&["test", "--rules", "street", "--coverage", "--mutate", "--format", "json"], "");
    let data: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    assert_eq!(output.exit, 0, "{}", output.stderr);
    for pointer in ["/passed", "/coverage/rules/part", "/coverage/by-rule/0/clauses", "/mutation/each/0/fate"]
    {
        assert!(data.pointer(pointer).is_some(), "no {pointer}");
    }
}

#[test]
fn a_minimum_that_is_not_valid() {
    for (min, why) in [
        ("rules", "not a minimum such as rules=100"),
        ("lines=3", "a minimum is for one of rules, clauses, space and mutants"),
        ("rules=101", "from 0 to 100"),
        ("rules=99.55", "one digit after the point"),
        ("rules=-1", "from 0 to 100"),
    ] {
        let output = run(&["test", "--rules", "street", "--min", min], "");
        assert!(output.exit == 1 && output.stderr.contains(why), "{min}: {}", output.stderr);
    }
}

#[test]
fn suggested() {
    for (name, arguments) in [
        ("suggest", ["--rules", "street"].as_slice()),
        ("suggest-for-a-rule", &["8.4/esme-variant", "--rules", "street", "--all"]),
        ("suggest-for-nothing", &["8.5", "--rules", "street"]),
        ("suggest-for-a-rule-misspelt", &["8.4/esme-varaint", "--rules", "street"]),
    ] {
        assert_snapshot!(name, page(&[&["scenarios", "suggest"], arguments].concat(), ""));
    }
}

/// Suggested scenarios are written into a new file, and overwrite none.
#[test]
fn suggested_into_a_file() {
    let name = format!("suggested-{}.scenarios.yaml", std::process::id());
    let path = inputs().join(&name);
    let arguments = ["scenarios", "suggest", "--rules", "street", "--output", &name];
    let (first, again) = (run(&arguments, ""), run(&arguments, ""));
    let written = fs::read_to_string(&path);
    fs::remove_file(&path).unwrap();
    assert_eq!((first.exit, first.stdout.as_str()), (0, ""), "{}", first.stderr);
    assert!(written.unwrap().starts_with("# Suggested"));
    assert_eq!(again.exit, 1);
    assert!(again.stderr.contains("cannot write"), "{}", again.stderr);
}

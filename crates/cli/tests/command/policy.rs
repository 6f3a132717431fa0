//! `check` and `test`, and the policy that is built in.

use crate::page::{page, run};
use insta::assert_snapshot;

/// The folder that was built in, from where the cases are.
const SHIPPED: &str = "../../../../rules";

#[test]
fn checked() {
    for (name, arguments) in [
        ("check-fine", ["--rules", "street"].as_slice()),
        ("check-fine-json", &["--rules", "street", "--format", "json"]),
        ("check-broken", &["--rules", "broken"]),
        ("check-broken-json", &["--rules", "broken", "--format", "json"]),
        ("check-nowhere", &["--rules", "nowhere"]),
        ("check-assumptions", &["--rules", "street", "--assumptions"]),
        ("check-assumptions-json", &["--rules", "street", "--assumptions", "--format", "json"]),
    ] {
        assert_snapshot!(name, page(&[&["check"], arguments].concat(), ""));
    }
}

#[test]
fn tested() {
    for (name, arguments) in [
        ("test-passed", ["--rules", "street"].as_slice()),
        ("test-filtered-by-file", &["firmware", "--rules", "street"]),
        ("test-filtered-by-name", &["a day before", "--rules", "street"]),
        ("test-filtered-away", &["prepayment", "--rules", "street"]),
        ("test-failed", &["--rules", "failing"]),
        ("test-unreadable", &["--rules", "unreadable"]),
        ("test-none", &["--rules", "bare"]),
    ] {
        assert_snapshot!(name, page(&[&["test"], arguments].concat(), ""));
    }
}

#[test]
fn the_built_in_policy_is_the_one_that_ships() {
    let question = r#"{"service": "8.4", "at": "2023-06-29"}"#;
    let decide = ["decide", "-", "--format", "json"];
    let built_in = run(&decide, question).output;
    assert!(built_in.contains("sha256:"), "{built_in}");
    assert_eq!(built_in, run(&[decide.as_slice(), &["--rules", SHIPPED]].concat(), question).output);
    for verb in ["check", "test"] {
        let (built_in, shipped) = (run(&[verb], ""), run(&[verb, "--rules", SHIPPED], ""));
        let of_shipped = shipped.output.replace(&format!("the rules in `{SHIPPED}`"), "the built-in policy");
        assert_eq!((built_in.exit, built_in.output.as_str()), (shipped.exit, of_shipped.as_str()), "{verb}");
        assert_eq!(built_in.exit, 0, "{verb}: {}{}", built_in.output, built_in.errors);
    }
}

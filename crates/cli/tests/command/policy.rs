//! `check` and `test`, and the policy that is built in.

use crate::page::{page, run};
use insta::assert_snapshot;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

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
        ("test-wrong", &["--rules", "wrong-scenarios"]),
        ("test-each", &["--rules", "each"]),
        ("test-each-verbose", &["--rules", "each", "--verbose"]),
        ("test-each-many", &["--rules", "many"]),
        ("test-each-listed", &["--rules", "each", "--list"]),
        ("test-each-json", &["--rules", "each", "--format", "json"]),
        ("test-each-junit", &["--rules", "each", "--format", "junit"]),
        ("test-filtered-by-service", &["--rules", "each", "--service", "4.*", "--list"]),
        ("test-filtered-by-value", &["role=IS", "status=Pending", "--rules", "each", "--list"]),
        ("test-filtered-by-all", &["the", "--rules", "each", "--service=8.4", "--file=04", "--list"]),
    ] {
        assert_snapshot!(name, page(&[&["test"], arguments].concat(), ""));
    }
}

/// What the XML says once it is read back is what the cases are called, whatever their names hold.
#[test]
fn the_xml_reads_back() {
    let xml = run(&["test", "--rules", "each", "--format", "junit"], "").output;
    let mut reader = Reader::from_str(&xml);
    let (mut names, mut failures) = (Vec::new(), 0);
    loop {
        match reader.read_event().unwrap() {
            Event::Eof => break,
            Event::Start(tag) | Event::Empty(tag) if tag.name().as_ref() == "testcase" => {
                let name = tag.try_get_attribute("name").unwrap().unwrap();
                names.push(unescape(&name.value).unwrap().into_owned());
            }
            Event::Start(tag) if tag.name().as_ref() == "failure" => failures += 1,
            _ => {}
        }
    }
    let listed = run(&["test", "--rules", "each", "--list"], "").output;
    let listed: Vec<_> =
        listed.lines().map(|line| line.splitn(3, ':').nth(2).unwrap().trim_start()).collect();
    assert_eq!((names, failures), (listed.into_iter().map(str::to_owned).collect(), 2));
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

//! `check` and `test`, and the policy that is built in.

use std::fs;

use crate::run::{inputs, page, run};
use insta::assert_snapshot;
use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

/// The folder of the built-in policy, from the folder of the test inputs.
const SHIPPED: &str = "../../../../rules";

#[test]
fn checked() {
    for (name, arguments) in [
        ("check-fine", ["--rules", "bare"].as_slice()),
        ("check-fine-json", &["--rules", "bare", "--format", "json"]),
        ("check-warned", &["--rules", "warned"]),
        ("check-warned-json", &["--rules", "warned", "--format", "json"]),
        ("check-warned-github", &["--rules", "./warned/", "--format", "github", "--strict"]),
        ("check-broken", &["--rules", "broken"]),
        ("check-broken-json", &["--rules", "broken", "--format", "json"]),
        ("check-nowhere", &["--rules", "nowhere"]),
        ("check-unreadable", &["--rules", "unreadable"]),
        ("check-explain", &["--explain", "idle-allow"]),
        ("check-explain-unknown", &["--explain", "idle-alow"]),
        ("check-fix-built-in", &["--fix"]),
        ("check-assumptions-sarif", &["--rules", "street", "--assumptions", "--format", "sarif"]),
        ("check-assumptions", &["--rules", "street", "--assumptions"]),
        ("check-assumptions-json", &["--rules", "street", "--assumptions", "--format", "json"]),
    ] {
        assert_snapshot!(name, page(&[&["check"], arguments].concat(), ""));
    }
}

/// Every path of a SARIF log starts at the folder where the command runs, and there is a rule for every result.
#[test]
fn checked_for_a_code_host() {
    let output = run(&["check", "--rules", "warned", "--format", "sarif"], "");
    let log: serde_json::Value = serde_json::from_str(&output.stdout).unwrap();
    let run = &log["runs"][0];
    let results = run["results"].as_array().unwrap();
    assert_eq!((output.exit, log["version"].as_str(), results.len()), (0, Some("2.1.0"), 5));
    for result in results {
        let uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].as_str().unwrap();
        assert!(inputs().join(uri).is_file(), "{uri}");
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(run["tool"]["driver"]["rules"][index]["id"], result["ruleId"]);
    }
}

/// A file with fixes is written as a whole; the other files are not touched.
#[test]
fn fixed() {
    let folder = std::env::temp_dir().join(format!("meterwarden-fix-{}", std::process::id()));
    let rules = folder.join("rules");
    fs::create_dir_all(&rules).unwrap();
    fs::copy(inputs().join("warned/rules.rules"), rules.join("a.rules")).unwrap();
    fs::write(rules.join("b.rules"), "tag gas “of gas”\r\ntag one \"each\"\r\n").unwrap();
    fs::write(rules.join("c.rules"), "// allow everything\n").unwrap();
    let untouched = fs::metadata(rules.join("c.rules")).unwrap().modified().unwrap();
    let path = rules.to_str().unwrap();
    let output = run(&["check", "--rules", path, "--fix"], "");
    let again = run(&["check", "--rules", path, "--fix"], "");
    let text = |name: &str| fs::read_to_string(rules.join(name)).unwrap();
    let (a, b) = (text("a.rules"), text("b.rules"));
    let names = fs::read_dir(&rules).unwrap().count();
    let modified = fs::metadata(rules.join("c.rules")).unwrap().modified().unwrap();
    fs::remove_dir_all(&folder).unwrap();
    assert_eq!((names, modified), (3, untouched));
    assert_eq!(b, "tag gas \"of gas\"\r\ntag one \"each\"\r\n");
    assert!(!again.stdout.contains("fixed"), "{}", again.stdout);
    let stdout = output.stdout.replace(path, "rules");
    assert_snapshot!(
        "check-fix",
        format!("{stdout}──── a.rules\n{a}──── standard error\n{}──── exit {}\n", output.stderr, output.exit)
    );
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

/// The names in the XML, read back, are the names of the cases, whatever characters they have.
#[test]
fn the_xml_reads_back() {
    let xml = run(&["test", "--rules", "each", "--format", "junit"], "").stdout;
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
    let listed = run(&["test", "--rules", "each", "--list"], "").stdout;
    let listed: Vec<_> =
        listed.lines().map(|line| line.splitn(3, ':').nth(2).unwrap().trim_start()).collect();
    assert_eq!((names, failures), (listed.into_iter().map(str::to_owned).collect(), 2));
}

#[test]
fn the_built_in_policy_is_the_one_that_ships() {
    let question = r#"{"service": "8.4", "at": "2023-06-29"}"#;
    let decide = ["decide", "-", "--format", "json"];
    let built_in = run(&decide, question).stdout;
    assert!(built_in.contains("sha256:"), "{built_in}");
    assert_eq!(built_in, run(&[decide.as_slice(), &["--rules", SHIPPED]].concat(), question).stdout);
    for verb in ["check", "test"] {
        let (built_in, shipped) = (run(&[verb], ""), run(&[verb, "--rules", SHIPPED], ""));
        let of_shipped = shipped.stdout.replace(&format!("the rules in `{SHIPPED}`"), "the built-in policy");
        assert_eq!((built_in.exit, built_in.stdout.as_str()), (shipped.exit, of_shipped.as_str()), "{verb}");
        assert_eq!(built_in.exit, 0, "{verb}: {}{}", built_in.stdout, built_in.stderr);
    }
}

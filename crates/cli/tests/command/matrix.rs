//! `matrix`, in each of its formats, on the policy of `inputs/street`.

use crate::run::{page, run};
use insta::assert_snapshot;

const AT: [&str; 5] = ["matrix", "--rules", "street", "--at", "2023-06-29"];

fn shown(name: &str, arguments: &[&str]) {
    let arguments = [AT.as_slice(), arguments].concat();
    assert_snapshot!(name, page(&arguments, ""));
}

#[test]
fn shown_on_a_terminal() {
    shown("matrix-services-by-role", &[]);
    shown("matrix-statuses-on-steps", &["--columns", "status", "--where", "role=IS"]);
    shown("matrix-two-attributes", &["--rows", "role", "--columns", "relation", "--service", "8.*"]);
    shown("matrix-of-fields", &["--columns", "fields", "--where", "relation=none,pre-notifier"]);
    shown("matrix-compared", &["--against", "2023-06-28", "--columns", "status", "--changed", "--why"]);
    shown("matrix-without-change", &["--against", "2026-01-01", "--changed"]);
}

/// A cell is `sometimes` only because of the attributes that are left open.
#[test]
fn a_cell_with_nothing_left_open_is_always_permitted() {
    let facts = ["status=Commissioned", "relation=registered", "device=ESME", "fields=ESMEVariant"];
    let facts: Vec<&str> = facts.iter().flat_map(|fact| ["--where", fact]).collect();
    shown("matrix-always", &[facts.as_slice(), &["--service", "11.1"]].concat());
}

#[test]
fn written_for_others() {
    let compared =
        ["--against", "2023-06-28", "--columns", "status", "--where", "role=IS", "--service", "8.4"];
    for (name, format) in [("matrix-markdown", "markdown"), ("matrix-csv", "csv"), ("matrix-json", "json")] {
        shown(name, &[compared.as_slice(), &["--format", format]].concat());
    }
    shown("matrix-markdown-why", &[compared.as_slice(), &["--format", "markdown", "--why"]].concat());
}

#[test]
fn questions_with_unknown_words() {
    let mut messages = String::new();
    for arguments in [
        ["--columns", "statsu"].as_slice(),
        &["--rows", "services"],
        &["--where", "status=Comissioned"],
        &["--where", "fields=ESMEVarient"],
        &["--where", "stat=Pending"],
        &["--where", "status="],
        &["--where", "status"],
        &["--where", "service=8.4"],
        &["--service", "8.44"],
        &["--service", "11"],
        &["--service", "tag critical"],
        &["--rows", "role"],
        &["--changed"],
        &["--format", "html", "--where", "relation=registered,nominated"],
    ] {
        let arguments = [&["matrix", "--rules", "street"], arguments].concat();
        let answer = run(&arguments, "");
        assert_eq!((answer.exit, answer.stdout.as_str()), (1, ""), "{arguments:?}");
        messages.push_str(&format!("$ meterwarden {}\n{}\n", arguments.join(" "), answer.stderr));
    }
    assert_snapshot!("matrix-wrong", messages);
}

/// The HTML page is tested in a browser, by `.ci/browser`.
#[test]
fn a_page_holds_all_that_it_needs() {
    let page = run(&[AT.as_slice(), &["--format", "html"]].concat(), "").stdout;
    assert!(page.starts_with("<!doctype html>") && page.trim_end().ends_with("</html>"));
    assert!(page.contains("8.4/esme-variant") && page.contains("default-src 'none'"));
    assert!(!page.contains("<!--part-->") && !page.contains("://"), "{page}");
    let shipped = run(&["matrix", "--format", "html"], "").stdout;
    assert!(shipped.len() < 2_000_000, "the page of the shipped policy has {} bytes", shipped.len());
}

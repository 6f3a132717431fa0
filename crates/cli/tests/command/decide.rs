//! Every kind of input, answer and exit code of `decide`; and that `explain` takes the same inputs.

use crate::run::{inputs, page, run};
use insta::assert_snapshot;

const ON: [&str; 4] = ["--rules", "street", "--at", "2023-06-29"];

/// Decides with the street's policy, for people and for programs.
fn decided(arguments: &[&str], input: &str) -> String {
    let human = [&["decide"], arguments, &["--rules", "street"]].concat();
    let json = [human.as_slice(), &["--format", "json"]].concat();
    let program = run(&json, input);
    assert_eq!(run(&human, input).exit, program.exit, "the format does not change the exit code");
    let json = page(&json, input);
    let json = json.rsplit_once("──── standard output").map_or("", |(_, output)| output);
    format!("{}\n──── the same for programs{json}", page(&human, input))
}

#[test]
fn a_message() {
    assert_snapshot!(decided(&["8.4.xml", "--inventory", "inventory.yaml", "--at", "2023-06-29"], ""));
}

#[test]
fn a_message_about_several_devices() {
    assert_snapshot!(decided(&["11.1.xml", "--inventory", "inventory.yaml", "--at", "2023-06-29"], ""));
}

#[test]
fn a_message_received_today() {
    assert_snapshot!(decided(&["8.4.xml", "--inventory", "inventory.yaml"], ""));
}

#[test]
fn a_message_on_standard_input() {
    let message = std::fs::read_to_string(inputs().join("8.4.xml")).unwrap();
    let arguments = ["decide", "-", "--inventory", "inventory.yaml"];
    let output = run(
        &[&arguments, ON.as_slice()].concat(),
        &format!("\u{FEFF}\n{}", message.split_once('\n').unwrap().1),
    );
    assert_eq!((output.exit, output.stderr.as_str()), (0, ""));
}

#[test]
fn a_message_without_an_inventory() {
    assert_snapshot!(decided(&["8.4.xml", "--at", "2023-06-29"], ""));
}

#[test]
fn a_message_with_an_inventory_in_other_words() {
    assert_snapshot!(decided(
        &["8.4.xml", "--inventory", "inventory-misspelt.yaml", "--at", "2023-06-29"],
        ""
    ));
}

#[test]
fn a_message_that_cannot_be_read() {
    assert_snapshot!(decided(&["wrong.xml", "--inventory", "inventory.yaml"], ""));
}

#[test]
fn a_request() {
    assert_snapshot!(decided(&["request.json"], ""));
}

#[test]
fn a_request_with_another_date() {
    assert_snapshot!(decided(&["request.json", "--at", "2023-06-30"], ""));
}

#[test]
fn a_list_of_requests() {
    assert_snapshot!(decided(&["list.json"], ""));
}

#[test]
fn requests_in_yaml() {
    assert_snapshot!(decided(&["list.yaml"], ""));
}

#[test]
fn files_that_cannot_be_used() {
    let files = ["wrong.json", "wrong.yaml", "nothing.json", "nowhere.json", "street"];
    assert_snapshot!(decided(&files, ""));
}

#[test]
fn several_files() {
    assert_snapshot!(decided(&["request.json", "wrong.xml", "mixed.jsonl"], ""));
}

#[test]
fn lines_with_wrong_ones_among_them() {
    assert_snapshot!(decided(&["mixed.jsonl"], ""));
}

#[test]
fn lines_on_standard_input() {
    let lines = "{\"service\":\"11.1\",\"role\":\"ED\"}\r\n{\"service\":\"11.1\"}";
    assert_snapshot!(decided(&["-", "--at", "2023-06-29"], lines));
}

#[test]
fn no_lines_at_all() {
    assert_snapshot!(decided(&["-"], ""));
}

#[test]
fn what_cannot_be_loaded() {
    for (name, arguments) in [
        ("rules-nowhere", ["--rules", "nowhere"].as_slice()),
        ("inventory-nowhere", &["--inventory", "nowhere.yaml", "--rules", "street"]),
        ("inventory-wrong", &["--inventory", "wrong.yaml", "--rules", "street"]),
    ] {
        assert_snapshot!(name, page(&[&["decide", "request.json"], arguments].concat(), ""));
    }
}

#[test]
fn broken_rules_decide_nothing() {
    for arguments in [["decide", "request.json"].as_slice(), &["explain", "request.json"], &["test"]] {
        let output = run(&[arguments, &["--rules", "broken"]].concat(), "");
        assert_eq!((output.exit, output.stdout.as_str()), (1, ""), "{arguments:?}");
        assert!(output.stderr.starts_with("error[unknown-value]"), "{}", output.stderr);
        assert!(
            output.stderr.ends_with("error: the rules cannot be used until the errors above are fixed\n"),
            "{}",
            output.stderr
        );
    }
}

#[test]
fn explained() {
    for (name, arguments) in [
        ("explain-refuse", ["request.json"].as_slice()),
        ("explain-permit", &["8.4.xml", "--inventory", "inventory.yaml", "--at", "2023-06-29"]),
        ("explain-list", &["list.yaml", "--at", "2023-06-29"]),
        ("explain-json", &["request.json", "--format", "json"]),
    ] {
        assert_snapshot!(name, page(&[&["explain"], arguments, &["--rules", "street"]].concat(), ""));
    }
}

#[test]
fn explain_and_decide_end_alike() {
    let files = ["8.4.xml", "11.1.xml", "request.json", "list.json", "list.yaml", "mixed.jsonl", "wrong.xml"];
    for file in files {
        let exit = |verb| run(&[verb, file, "--rules", "street", "--inventory", "inventory.yaml"], "").exit;
        assert_eq!(exit("decide"), exit("explain"), "{file}");
    }
}

/// The highest of the answers is the exit code.
#[test]
fn every_exit_code() {
    let permit = r#"{"service": "11.1", "at": "2023-06-29", "role": "IS", "relation": ["registered"], "status": "Commissioned", "device": "ESME"}"#;
    let refuse = r#"{"service": "11.1", "at": "2023-06-29", "role": "ED"}"#;
    let undetermined = r#"{"service": "11.1", "at": "2023-06-29"}"#;
    for (exit, lines) in [
        (0, [permit, permit, permit]),
        (1, [permit, "", permit]),
        (2, ["", refuse, permit]),
        (3, [undetermined, "", refuse]),
    ] {
        let output = run(&["decide", "-", "--rules", "street"], &lines.join("\n"));
        assert_eq!((output.exit, output.stderr.as_str()), (exit, ""), "{lines:?}");
    }
}

/// The least change that has a request permitted, limited to attributes, and for requests that no change would permit.
#[test]
fn the_least_change() {
    let refused = r#"{"service": "8.4", "role": "ED", "relation": ["registered"], "status": "Pending", "device": "ESME", "fields": ["ESMEVariant"]}"#;
    let open = r#"{"service": "11.1", "device": "ESME"}"#;
    let mut pages = String::new();
    for (input, arguments) in [
        (refused, &[] as &[&str]),
        (refused, &["--changing", "role, status"]),
        (refused, &["--changing", "device"]),
        (refused, &["--sender"]),
        (open, &[]),
        (r#"{"service": "11.1", "role": "IS", "device": "ESME"}"#, &[]),
        (r#"{"service": "11.9"}"#, &[]),
        (refused, &["--changing", "statsu"]),
        (refused, &["--changing", "status", "--sender"]),
    ] {
        pages += &page(&[&["explain", "-"], ON.as_slice(), arguments].concat(), input);
        pages.push('\n');
    }
    assert_snapshot!("explain-least", pages);
    let json = |input| page(&[&["explain", "-", "--format", "json"], ON.as_slice()].concat(), input);
    let explanation = json(refused);
    let least =
        explanation.split_once("\"least-change\":").unwrap().1.split_once(",\"candidates\"").unwrap().0;
    assert_snapshot!("explain-least-json", least);
    assert!(json(r#"{"service": "11.9"}"#).contains("\"least-change\":null"));
    let permitted = r#"{"service": "8.4", "role": "ED", "relation": ["pre-notifier"], "status": "Pending", "fields": ["DeviceModel"]}"#;
    let permitted = json(permitted);
    assert!(
        permitted.contains("\"decision\":\"permit\"") && !permitted.contains("least-change"),
        "{permitted}"
    );
}

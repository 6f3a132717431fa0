//! The output of `--help`, a page for each command.

use crate::run::{page, run};

const COMMANDS: &[&str] = &[
    "check",
    "decide",
    "explain",
    "test",
    "scenarios",
    "fmt",
    "snapshot",
    "matrix",
    "ask",
    "diff",
    "timeline",
    "compile",
    "new",
    "completions",
    "man",
];

#[test]
fn help() {
    for name in [&[""], COMMANDS].concat() {
        let arguments: Vec<&str> =
            [name, "--help"].into_iter().filter(|argument| !argument.is_empty()).collect();
        insta::assert_snapshot!(format!("help-{name}").trim_end_matches('-'), page(&arguments, ""));
    }
    insta::assert_snapshot!("help-scenarios", page(&["scenarios", "--help"], ""));
    insta::assert_snapshot!("help-scenarios-suggest", page(&["scenarios", "suggest", "--help"], ""));
}

#[test]
fn help_is_not_longer_than_its_summary() {
    for name in COMMANDS {
        let last = |help: &str| run(&[name, help], "").stdout.lines().last().map(str::to_owned);
        assert_eq!(last("-h"), last("--help"), "{name}");
    }
}

#[test]
fn wrong_arguments_are_unusable_not_refused() {
    for (arguments, message) in [
        (["decide", "--at=2023-6-29", "a.json"].as_slice(), "not a date such as 2023-06-29"),
        (&["decide", "--at=2023-02-29", "a.json"], "not a date such as 2023-06-29"),
        (&["decide"], "required arguments were not provided"),
        (&["decode"], "a similar subcommand exists: 'decide'"),
        (&["check", "--format=xml"], "invalid value 'xml'"),
        (&[], "Usage: meterwarden <COMMAND>"),
    ] {
        let output = run(arguments, "");
        assert_eq!((output.exit, output.stdout.as_str()), (1, ""), "{arguments:?}");
        assert!(output.stderr.contains(message), "{arguments:?}: {}", output.stderr);
    }
}

#[test]
fn version() {
    let output = run(&["--version"], "");
    assert_eq!((output.exit, output.stdout), (0, format!("meterwarden {}\n", env!("CARGO_PKG_VERSION"))));
}

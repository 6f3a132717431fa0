//! The commands of the README, as a newcomer types them.

use std::process::Command;

const README: &str = include_str!("../../../../README.md");

/// The commands of the README's console blocks.
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
fn commands() -> Vec<&'static str> {
    let blocks = README.split("```console\n").skip(1).map(|rest| rest.split_once("```").unwrap().0);
    blocks.flat_map(str::lines).filter_map(|line| line.strip_prefix("$ ")).collect()
}

#[test]
fn they_are_the_two_that_are_tested_here() {
    let commands = commands();
    let [explain, test] = commands[..] else { panic!("the README shows two commands: {commands:?}") };
    assert!(explain.starts_with("cargo run -q --release -p meterwarden-cli -- "), "{explain}");
    assert_eq!(test, "cargo test --workspace");
}

/// The first command refuses on its date, and permits a day later, as the README states.
#[test]
fn the_first_refuses_and_a_day_later_permits() {
    let (_, arguments) = commands()[0].split_once(" -- ").unwrap();
    let run = |arguments: &str| {
        let output = Command::new(env!("CARGO_BIN_EXE_meterwarden"))
            .args(arguments.split(' '))
            .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
            .output()
            .unwrap();
        assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
        (output.status.code(), String::from_utf8(output.stdout).unwrap())
    };
    let (code, before) = run(arguments);
    assert_eq!(code, Some(2));
    let (code, after) = run(&arguments.replace("2023-06-28", "2023-06-29"));
    assert_eq!(code, Some(0));
    insta::assert_snapshot!(format!("{before}\n----- a day later\n{after}"));
}

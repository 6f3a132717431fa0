//! The commands of the README, as a newcomer types them.

use std::process::Command;

const README: &str = include_str!("../../../../README.md");

/// The commands of the README's console blocks.
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
fn commands() -> Vec<&'static str> {
    let blocks = README.split("```console\n").skip(1).map(|rest| rest.split_once("```").unwrap().0);
    blocks.flat_map(str::lines).filter_map(|line| line.strip_prefix("$ ")).collect()
}

/// The arguments of a command that runs `meterwarden` from the sources.
#[expect(clippy::unwrap_used, reason = "a test fails by panicking")]
fn run(command: &str) -> (Option<i32>, String) {
    let arguments = command.strip_prefix("cargo run -p meterwarden-cli -- ").unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_meterwarden"))
        .args(arguments.split(' '))
        .current_dir(concat!(env!("CARGO_MANIFEST_DIR"), "/../.."))
        .output()
        .unwrap();
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
    (output.status.code(), String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_readme_decides_then_tests_then_explains() {
    let [decide, test, explain] = commands()[..] else { panic!("three commands: {:?}", commands()) };
    assert!(decide.contains(" -- decide ") && explain.contains(" -- explain "));
    assert_eq!(test, "cargo test");
}

/// The first command ends with MP125: refused on the day before, permitted on the day, as the README shows.
#[test]
fn the_first_command_refuses_and_a_day_later_permits() {
    let (code, stdout) = run(commands()[0]);
    assert_eq!(code, Some(2));
    assert!(README.contains(&stdout), "the README shows another output than:\n{stdout}");
}

/// A real message with an inventory: refused on its date, and permitted a day later.
#[test]
fn the_message_is_refused_and_a_day_later_permitted() {
    let explain = commands()[2];
    let (code, before) = run(explain);
    assert_eq!(code, Some(2));
    let (code, after) = run(&explain.replace("2023-06-28", "2023-06-29"));
    assert_eq!(code, Some(0));
    insta::assert_snapshot!(format!("{before}\n----- a day later\n{after}"));
}

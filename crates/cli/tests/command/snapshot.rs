//! `snapshot`: shown, stored and compared.

use std::fs;

use insta::assert_snapshot;

use crate::sandbox::Sandbox;

const RULES: &str = "rules/settings.rules";
const UPDATE: &str = "meterwarden snapshot --update --rules rules";
const CHECK: &str = "meterwarden snapshot --check --rules rules";

#[test]
fn shown() {
    let sandbox = Sandbox::with_a_policy("snapshot-shown");
    assert_snapshot!(sandbox.page("meterwarden snapshot --rules rules"));
}

#[test]
fn a_change_is_shown_and_accepted() {
    let sandbox = Sandbox::with_a_policy("snapshot-change");
    let mut page = sandbox.page(CHECK);
    sandbox.replace(RULES, "status  InService", "status  Stored, InService");
    page += &sandbox.page(CHECK);
    page += &sandbox.page(UPDATE);
    page += &sandbox.page(UPDATE);
    page += &sandbox.page(CHECK);
    assert_snapshot!(page);
}

#[test]
fn a_service_comes_and_another_goes() {
    let sandbox = Sandbox::with_a_policy("snapshot-services");
    sandbox.replace(RULES, "service 1.1", "service 1.2");
    let mut page = sandbox.page(CHECK);
    page += &sandbox.page("meterwarden snapshot --update 1.2 --rules rules");
    page += &sandbox.page(UPDATE);
    page += &sandbox.page(CHECK);
    assert_snapshot!(page);
    assert!(!sandbox.path("rules/outcomes/1.1.txt").exists());
}

#[test]
fn only_some_services() {
    let sandbox = Sandbox::with_a_policy("snapshot-some");
    let more = "service 1.2 \"Restart\" { closed \"later\" }\nservice 2.1 \"Stop\" { closed \"later\" }\n";
    sandbox.write("rules/more.rules", more);
    let mut page = sandbox.page("meterwarden snapshot 2.* --rules rules");
    page += &sandbox.page("meterwarden snapshot --check 1.1 --rules rules");
    page += &sandbox.page("meterwarden snapshot --check '1.*' --rules rules");
    page += &sandbox.page("meterwarden snapshot --update 2.1 --rules rules");
    page += &sandbox.page("meterwarden snapshot 9.9 --rules rules");
    assert_snapshot!(page);
}

#[test]
fn no_snapshots_or_another_folder() {
    let sandbox = Sandbox::with_a_policy("snapshot-elsewhere");
    let mut page = sandbox.page("meterwarden snapshot --check --rules rules --output stored");
    page += &sandbox.page("meterwarden snapshot --update --rules rules --output stored");
    page += &sandbox.page("meterwarden snapshot --check --rules rules --output stored");
    page += &sandbox.page("meterwarden snapshot --check");
    page += &sandbox.page("meterwarden snapshot --check --rules rules --output README.md");
    assert_snapshot!(page);
}

/// A snapshot with other line ends is the same snapshot; a file that `snapshot` has not written is not touched.
#[test]
fn other_files_in_the_folder() {
    let sandbox = Sandbox::with_a_policy("snapshot-folder");
    let page = sandbox.read("rules/outcomes/1.1.txt");
    sandbox.write("rules/outcomes/1.1.txt", &page.replace('\n', "\r\n"));
    sandbox.write("rules/outcomes/notes.txt", "my own\n");
    fs::create_dir(sandbox.path("rules/outcomes/old.txt")).unwrap();
    let mut output = sandbox.page(CHECK) + &sandbox.page(UPDATE);
    sandbox.write("rules/outcomes/1.1.txt", "my own\n");
    output += &sandbox.page(CHECK);
    output += &sandbox.page(UPDATE);
    assert_snapshot!(output);
    assert_eq!(sandbox.read("rules/outcomes/1.1.txt"), "my own\n");
    assert_eq!(sandbox.read("rules/outcomes/notes.txt"), "my own\n");
    assert_eq!(fs::read_dir(sandbox.path("rules/outcomes")).unwrap().count(), 3, "nothing temporary is left");
}

#[test]
fn the_shipped_snapshots_are_those_of_the_shipped_rules() {
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules");
    let sandbox = Sandbox::new("snapshot-shipped");
    let output = sandbox.run(&format!("meterwarden snapshot --check --rules '{shipped}'"));
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}

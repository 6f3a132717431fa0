//! `snapshot`: shown, kept, compared.

use std::fs;

use insta::assert_snapshot;

use crate::workshop::Workshop;

const RULES: &str = "rules/settings.rules";
const UPDATE: &str = "meterwarden snapshot --update --rules rules";
const CHECK: &str = "meterwarden snapshot --check --rules rules";

#[test]
fn shown() {
    let shop = Workshop::with_a_policy("snapshot-shown");
    assert_snapshot!(shop.page("meterwarden snapshot --rules rules"));
}

#[test]
fn a_change_is_shown_and_accepted() {
    let shop = Workshop::with_a_policy("snapshot-change");
    let mut page = shop.page(CHECK);
    shop.replace(RULES, "status  InService", "status  Stored, InService");
    page += &shop.page(CHECK);
    page += &shop.page(UPDATE);
    page += &shop.page(UPDATE);
    page += &shop.page(CHECK);
    assert_snapshot!(page);
}

#[test]
fn a_service_comes_and_another_goes() {
    let shop = Workshop::with_a_policy("snapshot-services");
    shop.replace(RULES, "service 1.1", "service 1.2");
    let mut page = shop.page(CHECK);
    page += &shop.page("meterwarden snapshot --update 1.2 --rules rules");
    page += &shop.page(UPDATE);
    page += &shop.page(CHECK);
    assert_snapshot!(page);
    assert!(!shop.path("rules/outcomes/1.1.txt").exists());
}

#[test]
fn only_some_services() {
    let shop = Workshop::with_a_policy("snapshot-some");
    let more = "service 1.2 \"Restart\" { closed \"later\" }\nservice 2.1 \"Stop\" { closed \"later\" }\n";
    shop.write("rules/more.rules", more);
    let mut page = shop.page("meterwarden snapshot 2.* --rules rules");
    page += &shop.page("meterwarden snapshot --check 1.1 --rules rules");
    page += &shop.page("meterwarden snapshot --check '1.*' --rules rules");
    page += &shop.page("meterwarden snapshot --update 2.1 --rules rules");
    page += &shop.page("meterwarden snapshot 9.9 --rules rules");
    assert_snapshot!(page);
}

#[test]
fn no_pages_yet_or_elsewhere() {
    let shop = Workshop::with_a_policy("snapshot-elsewhere");
    let mut page = shop.page("meterwarden snapshot --check --rules rules --output kept");
    page += &shop.page("meterwarden snapshot --update --rules rules --output kept");
    page += &shop.page("meterwarden snapshot --check --rules rules --output kept");
    page += &shop.page("meterwarden snapshot --check");
    page += &shop.page("meterwarden snapshot --check --rules rules --output README.md");
    assert_snapshot!(page);
}

/// A page with other line ends is the same page; a file of somebody else's is not touched.
#[test]
fn what_else_is_in_the_folder() {
    let shop = Workshop::with_a_policy("snapshot-folder");
    let page = shop.read("rules/outcomes/1.1.txt");
    shop.write("rules/outcomes/1.1.txt", &page.replace('\n', "\r\n"));
    shop.write("rules/outcomes/notes.txt", "my own\n");
    fs::create_dir(shop.path("rules/outcomes/old.txt")).unwrap();
    let mut said = shop.page(CHECK) + &shop.page(UPDATE);
    shop.write("rules/outcomes/1.1.txt", "my own\n");
    said += &shop.page(CHECK);
    said += &shop.page(UPDATE);
    assert_snapshot!(said);
    assert_eq!(shop.read("rules/outcomes/1.1.txt"), "my own\n");
    assert_eq!(shop.read("rules/outcomes/notes.txt"), "my own\n");
    assert_eq!(fs::read_dir(shop.path("rules/outcomes")).unwrap().count(), 3, "nothing temporary is left");
}

#[test]
fn the_shipped_pages_are_those_of_the_shipped_rules() {
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules");
    let shop = Workshop::new("snapshot-shipped");
    let said = shop.run(&format!("meterwarden snapshot --check --rules '{shipped}'"));
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
}

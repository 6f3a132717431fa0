//! `timeline`: of one version, and of two side by side.

use insta::assert_snapshot;

use crate::diff::{FILE, repository};
use crate::workshop::Workshop;

const MODIFICATIONS: &str = "rules/modifications.rules";

/// A date that is the same, one that is new, one that is gone, and one on which something else happens.
fn moved(name: &str) -> Workshop {
    let shop = repository(name);
    let more = r#"
modification MP3 "Installers restart" { effective 2024-06-01  source "the report on MP3" }
modification MP4 "Readers restart" { effective 2024-09-01  source "the report on MP4" }
"#;
    shop.write(MODIFICATIONS, &(shop.read(MODIFICATIONS) + more));
    let restart = "role Supplier  status Live ";
    let later = "role Supplier, Installer (since MP3), Reader (since MP4)  status Live ";
    shop.replace(FILE, restart, later);
    shop.git("commit --quiet --all --message=second");
    shop.replace(MODIFICATIONS, "{ proposed ", "{ effective 2025-01-01 ");
    shop.replace(MODIFICATIONS, "effective 2024-06-01", "proposed");
    shop.replace(FILE, "Reader (since MP4)  status Live ", "Reader (since MP4)  status not Removed ");
    shop
}

#[test]
fn of_one_version() {
    let shop = moved("timeline-one");
    let mut page = String::new();
    for line in [
        "timeline --rules rules",
        "timeline git:main",
        "timeline --rules rules --service 1.1 --long",
        "timeline --rules rules --service 1.2",
        "timeline without:MP1,without:MP4 --rules rules",
    ] {
        page += &(shop.page(&format!("meterwarden {line}")) + "\n");
    }
    assert_snapshot!("timeline-human", page);
    assert_snapshot!("timeline-markdown", shop.page("meterwarden timeline --rules rules --format markdown"));
    let json = shop.page("meterwarden timeline --rules rules --format json --service 2.1");
    let shape: Vec<&str> = json.lines().filter(|line| !line.contains("sha256:")).collect();
    assert_snapshot!("timeline-json", shape.join("\n"));
}

#[test]
fn of_two_versions() {
    let shop = moved("timeline-two");
    assert_snapshot!("timeline-compared", shop.page("meterwarden timeline git:main rules"));
    let markdown = "meterwarden timeline git:main rules --format markdown --service 2.1";
    assert_snapshot!("timeline-compared-markdown", shop.page(markdown));
    let json = shop.page("meterwarden timeline git:main rules --format json --service 1.1");
    let shape: Vec<&str> = json.lines().filter(|line| !line.contains("sha256:")).collect();
    assert_snapshot!("timeline-compared-json", shape.join("\n"));
}

#[test]
fn what_no_timeline_is_of() {
    let shop = moved("timeline-wrong");
    let mut page = String::new();
    for line in ["timeline rules@2024-01-01", "timeline rules nowhere", "timeline rules rules rules"] {
        page += &shop.page(&format!("meterwarden {line}"));
    }
    assert_snapshot!("timeline-wrong", page);
}

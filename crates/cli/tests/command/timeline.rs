//! `timeline` of one version, and the comparison of two.

use insta::assert_snapshot;

use crate::diff::{FILE, repository};
use crate::sandbox::Sandbox;

const MODIFICATIONS: &str = "rules/modifications.rules";

/// A date that is the same, a new date, a date that is gone, and a date with different changes.
fn moved(name: &str) -> Sandbox {
    let sandbox = repository(name);
    let more = r#"
modification MP3 "Installers restart" { effective 2024-06-01  source "the report on MP3" }
modification MP4 "Readers restart" { effective 2024-09-01  source "the report on MP4" }
"#;
    sandbox.write(MODIFICATIONS, &(sandbox.read(MODIFICATIONS) + more));
    let restart = "role Supplier  status Live ";
    let later = "role Supplier, Installer (since MP3), Reader (since MP4)  status Live ";
    sandbox.replace(FILE, restart, later);
    sandbox.git("commit --quiet --all --message=second");
    sandbox.replace(MODIFICATIONS, "{ proposed ", "{ effective 2025-01-01 ");
    sandbox.replace(MODIFICATIONS, "effective 2024-06-01", "proposed");
    sandbox.replace(FILE, "Reader (since MP4)  status Live ", "Reader (since MP4)  status not Removed ");
    sandbox
}

#[test]
fn of_one_version() {
    let sandbox = moved("timeline-one");
    let mut page = String::new();
    for line in [
        "timeline --rules rules",
        "timeline git:main",
        "timeline --rules rules --service 1.1 --long",
        "timeline --rules rules --service 1.2",
        "timeline without:MP1,without:MP4 --rules rules",
    ] {
        page += &(sandbox.page(&format!("meterwarden {line}")) + "\n");
    }
    assert_snapshot!("timeline-human", page);
    assert_snapshot!(
        "timeline-markdown",
        sandbox.page("meterwarden timeline --rules rules --format markdown")
    );
    let json = sandbox.page("meterwarden timeline --rules rules --format json --service 2.1");
    let shape: Vec<&str> = json.lines().filter(|line| !line.contains("sha256:")).collect();
    assert_snapshot!("timeline-json", shape.join("\n"));
}

#[test]
fn of_two_versions() {
    let sandbox = moved("timeline-two");
    assert_snapshot!("timeline-compared", sandbox.page("meterwarden timeline git:main rules"));
    let markdown = "meterwarden timeline git:main rules --format markdown --service 2.1";
    assert_snapshot!("timeline-compared-markdown", sandbox.page(markdown));
    let json = sandbox.page("meterwarden timeline git:main rules --format json --service 1.1");
    let shape: Vec<&str> = json.lines().filter(|line| !line.contains("sha256:")).collect();
    assert_snapshot!("timeline-compared-json", shape.join("\n"));
}

#[test]
fn versions_that_cannot_be_used() {
    let sandbox = moved("timeline-wrong");
    let mut page = String::new();
    for line in ["timeline rules@2024-01-01", "timeline rules nowhere", "timeline rules rules rules"] {
        page += &sandbox.page(&format!("meterwarden {line}"));
    }
    assert_snapshot!("timeline-wrong", page);
}

//! `ask` in every format, with every exit code and every message.

use insta::assert_snapshot;

use crate::run::run;
use crate::sandbox::Sandbox;

const VOCABULARY: &str = r#"
attribute role "User Role" always { refuse E2 "this role may not send it"  Supplier Installer Reader }
set attribute fields "body" { refuse unassigned "not this body" }
set attribute relation "what the sender is to the device" { refuse E4 "no relation"  registered nominated }
attribute status "the device's status" always { refuse E5 "not in this status"  Stored  Live "in use"  Removed "has gone" }
group status fitted = Live, Removed
tag critical "changes supply"
modification MP1 "Readers may read" { effective 2024-01-01  source "the report on MP1" }
"#;

const SERVICES: &str = r#"
service 1.1 "Read Settings" {
    fields  Settings, Time
    permit read "who may read them" {
        role      Supplier, Reader (since MP1)
        relation  registered
        status    Live
        fields    only Settings
        source    "the settings code, section 1"
    }
    permit read-clock "anybody may read the clock" { role any  status not Removed  fields only Time  source "section 1" }
}
service 1.2 "Change Settings" {
    permit change "who may change them" { role Supplier, Installer  status not Removed  source "section 2" }
}
service 2.1 "Restart" critical {
    permit restart "who may <restart> it" { role Supplier  status any  since MP1  source "section 3" }
}
service 2.2 "Erase" critical { closed "nobody erases" }
"#;

fn sandbox(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    sandbox.write("rules/vocabulary.rules", VOCABULARY);
    sandbox.write("rules/services.rules", SERVICES);
    sandbox
}

/// Runs each line, with `--rules rules` and a date unless the line has its own.
fn pages(sandbox: &Sandbox, lines: &[&str]) -> String {
    let dated = |line: &str| {
        let date =
            if line.contains("--at ") || line.contains("--every-date") { "" } else { " --at 2024-06-01" };
        let rules = if line.contains("--rules ") { "" } else { " --rules rules" };
        sandbox.page(&format!("meterwarden ask {line}{rules}{date}")) + "\n"
    };
    lines.iter().map(|line| dated(line)).collect()
}

#[test]
fn for_a_person() {
    let sandbox = sandbox("ask-human");
    let page = pages(
        &sandbox,
        &[
            "",
            "'status Live' 'fields only Settings'",
            "'role Reader' 'status fitted'",
            "'role Supplier' --service 2.1",
            "'relation none' --service 1.1",
            "'status Removed' 'role Reader'",
        ],
    );
    assert_snapshot!("ask-human", page);
}

#[test]
fn since_when() {
    let sandbox = sandbox("ask-dates");
    let page = pages(
        &sandbox,
        &[
            "'role Reader' 'status Live' --every-date",
            "--service 2.* --every-date",
            "'role Supplier' --service 2.1 --at 2023-12-31",
            "--service 2.1 --service 1.1 --every-date --about role",
        ],
    );
    assert_snapshot!("ask-dates", page);
}

#[test]
fn the_short_answer() {
    let sandbox = sandbox("ask-short");
    let page = pages(
        &sandbox,
        &[
            "'status Live' --about role",
            "'role Reader' --about role",
            "--service 1.1 --about 'role, status'",
            "--service 1.1 'fields includes Time' --about role --about status",
        ],
    );
    assert_snapshot!("ask-short", page);
}

#[test]
fn for_a_pull_request() {
    let sandbox = sandbox("ask-markdown");
    let page = pages(
        &sandbox,
        &[
            "'status Live' --format markdown",
            "'status Live' --about role --every-date --format markdown",
            "'role Reader' --about role --format markdown",
            "--service 2.2 --format markdown",
        ],
    );
    assert_snapshot!("ask-markdown", page);
}

#[test]
fn for_programs() {
    let sandbox = sandbox("ask-json");
    let page = pages(
        &sandbox,
        &[
            "'role Reader' 'fields only Settings' --service 1.1 --every-date --format json",
            "'status not Removed' --about role --service 1.1 --format json",
            "--service 2.2 --format json",
        ],
    );
    let shape: Vec<&str> = page.lines().filter(|line| !line.contains("sha256:")).collect();
    assert_snapshot!("ask-json", shape.join("\n"));
}

/// A value may be left after `not`, and a clause that allows everything contradicts no other.
#[test]
fn clauses_that_go_together() {
    let sandbox = sandbox("ask-together");
    for line in
        ["'status fitted' 'status not Live'", "'role Reader' 'role any'", "'role Reader' 'role Reader'"]
    {
        let output = sandbox.run(&format!("meterwarden ask {line} --service 2.2 --rules rules"));
        assert_eq!(output.status.code(), Some(2), "{line}");
    }
}

/// Without a date, the answer is for today and states that.
#[test]
fn today() {
    let sandbox = sandbox("ask-today");
    let page = sandbox.page("meterwarden ask --service 1.2 --rules rules");
    let date = page.lines().nth(1).unwrap_or_default();
    assert!(date.starts_with("as received today, 2"), "{page}");
    assert!(date.ends_with("(for another date, use --at; for all dates, --every-date)"), "{page}");
}

#[test]
fn what_cannot_be_asked() {
    let sandbox = sandbox("ask-wrong");
    let lines = [
        "'statsu Live'",
        "'status live'",
        "'status fittd'",
        "'fields only Setings'",
        "'status only Live'",
        "'relation not registered'",
        "'status Live' --about rolle",
        "--about role,",
        "--service 3.1",
        "--service 'tag critcal'",
        "--at 2023-06-29 --every-date",
        "status Live",
        "'fields Settings'",
        "'status'",
        "'service 1.1'",
        "'at 2024-01-01'",
        "'role Reader (since MP1)'",
        "'status nothing works'",
        "'status Removed, has gone'",
        "'status not In Use'",
        "'status in usee'",
        "'status Live, Removed Stored'",
        "'fields My Fields'",
        "--service '*'",
        "'role Supplier' 'role Reader'",
        "'status fitted' 'status Stored'",
        "'status Live' 'status not fitted'",
        "'status Stored' --rules with:MP1,@2024-01-01",
        "--rules 2024-01-01",
    ];
    let page = pages(&sandbox, &lines);
    assert!(page.matches("(exit 1)").count() == lines.len(), "{page}");
    assert_snapshot!("ask-wrong", page);
}

/// The answers of the shipped rules to the examples of `--help`.
#[test]
fn the_examples() {
    let who = ["ask", "fields only ESMEVariant", "status Commissioned", "device ESME", "--service", "8.4"];
    let ask = |arguments: &[&str]| run(&[&who, arguments].concat(), "").stdout;
    let regions = ask(&["--at", "2023-06-29"]);
    assert!(regions.contains("\n8.4 Update Inventory\n  role IS\n  relation registered\n"), "{regions}");
    assert!(regions.contains("  by 8.4/esme-variant-correction\n"), "{regions}");
    let roles = ask(&["--at", "2023-06-29", "--about", "role"]);
    assert!(roles.ends_with("\n8.4 Update Inventory\n  role IS\n\n1 of 1 service\n"), "{roles}");
    let day_before = run(&[&who[..], &["--at", "2023-06-28"]].concat(), "");
    assert_eq!(day_before.exit, 2, "{}", day_before.stdout);
    let since =
        run(&["ask", "role ED", "status Commissioned", "--service", "7.7", "--every-date"], "").stdout;
    assert!(since.contains("\n7.7 Read Auxiliary Load Switch Data\n  from 2020-11-29\n"), "{since}");
}

//! Services named on the command line: every command understands the same words, and says the same of others.

use insta::assert_snapshot;

use crate::workshop::{Workshop, seen};

const RULES: &str = r#"
attribute role "" { refuse E2 "not this role"  A B }
tag critical ""
service 1.1 "One" critical { permit p "" { role A source "s" } }
service 1.10 "Ten" { permit p "" { role A source "s" } }
service 2.1 "Two" { permit p "" { role A source "s" } }
"#;

const SCENARIOS: &str = "
start: { at: 2026-01-01, role: A }
cases:
  - name: the role that may
    each: { service: any }
    expect: permit
";

fn shop(name: &str) -> Workshop {
    let shop = Workshop::new(name);
    shop.write("rules/all.rules", RULES);
    shop.write("rules/all.scenarios.yaml", SCENARIOS);
    shop
}

/// Each command, to be followed by services.
const COMMANDS: [&str; 4] =
    ["test --list --service", "snapshot", "scenarios suggest --all", "matrix --format csv --service"];

#[test]
fn every_command_means_the_same_services() {
    let shop = shop("selectors");
    for (said, meant) in [
        ("1.1", &["1.1"] as &[&str]),
        ("1.*", &["1.1", "1.10"]),
        ("'tag critical'", &["1.1"]),
        ("all", &["1.1", "1.10", "2.1"]),
    ] {
        for command in COMMANDS {
            let said = shop.run(&format!("meterwarden {command} {said} --rules rules"));
            let text = seen(&said);
            let words: Vec<&str> = text.split(|c: char| !c.is_ascii_digit() && c != '.').collect();
            for service in ["1.1", "1.10", "2.1"] {
                assert_eq!(words.contains(&service), meant.contains(&service), "{command}: {text}");
            }
        }
    }
}

#[test]
fn every_command_says_the_same_of_a_service_that_there_is_not() {
    let shop = shop("selectors-unknown");
    let mut page = String::new();
    for said in ["1.2", "1", "2*", "9.9", "critical", "'tag critcal'"] {
        let answers = COMMANDS.map(|command| {
            let answer = shop.run(&format!("meterwarden {command} {said} --rules rules"));
            assert_eq!(answer.status.code(), Some(1), "{command} {said}");
            seen(&answer)
        });
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{said}: {answers:?}");
        page += &format!("{said}\n    {}", answers[0]);
    }
    assert_snapshot!(page);
}

/// Who names the folder without `--rules` is told so.
#[test]
fn a_folder_where_none_is_taken() {
    let shop = shop("selectors-folder");
    for line in ["meterwarden check rules", "meterwarden matrix rules", "meterwarden test rules"] {
        let said = shop.run(line);
        assert_eq!(said.status.code(), Some(1), "{line}");
        assert!(seen(&said).contains("--rules rules"), "{line}: {}", seen(&said));
    }
    assert!(!seen(&shop.run("meterwarden check rulse")).contains("--rules rulse"));
}

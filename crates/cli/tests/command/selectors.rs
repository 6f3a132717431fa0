//! Services named on the command line: all commands accept the same words, and have the same message for others.

use insta::assert_snapshot;

use crate::sandbox::{Sandbox, seen};

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

fn sandbox(name: &str) -> Sandbox {
    let sandbox = Sandbox::new(name);
    sandbox.write("rules/all.rules", RULES);
    sandbox.write("rules/all.scenarios.yaml", SCENARIOS);
    sandbox
}

/// Commands that take services as their next argument.
const COMMANDS: [&str; 4] =
    ["test --list --service", "snapshot", "scenarios suggest --all", "matrix --format csv --service"];

#[test]
fn every_command_selects_the_same_services() {
    let sandbox = sandbox("selectors");
    for (selector, expected) in [
        ("1.1", &["1.1"] as &[&str]),
        ("1.*", &["1.1", "1.10"]),
        ("'tag critical'", &["1.1"]),
        ("all", &["1.1", "1.10", "2.1"]),
    ] {
        for command in COMMANDS {
            let text = seen(&sandbox.run(&format!("meterwarden {command} {selector} --rules rules")));
            let words: Vec<&str> = text.split(|c: char| !c.is_ascii_digit() && c != '.').collect();
            for service in ["1.1", "1.10", "2.1"] {
                assert_eq!(words.contains(&service), expected.contains(&service), "{command}: {text}");
            }
        }
    }
}

#[test]
fn every_command_has_the_same_message_for_an_unknown_service() {
    let sandbox = sandbox("selectors-unknown");
    let mut page = String::new();
    for selector in ["1.2", "1", "2*", "9.9", "critical", "'tag critcal'"] {
        let answers = COMMANDS.map(|command| {
            let answer = sandbox.run(&format!("meterwarden {command} {selector} --rules rules"));
            assert_eq!(answer.status.code(), Some(1), "{command} {selector}");
            seen(&answer)
        });
        assert!(answers.iter().all(|answer| *answer == answers[0]), "{selector}: {answers:?}");
        page += &format!("{selector}\n    {}", answers[0]);
    }
    assert_snapshot!(page);
}

/// A folder named without `--rules` gets a hint.
#[test]
fn a_folder_as_an_unexpected_argument() {
    let sandbox = sandbox("selectors-folder");
    for line in ["meterwarden check rules", "meterwarden matrix rules", "meterwarden test rules"] {
        let output = sandbox.run(line);
        assert_eq!(output.status.code(), Some(1), "{line}");
        assert!(seen(&output).contains("--rules rules"), "{line}: {}", seen(&output));
    }
    assert!(!seen(&sandbox.run("meterwarden check rulse")).contains("--rules rulse"));
}

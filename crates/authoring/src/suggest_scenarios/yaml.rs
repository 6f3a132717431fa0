//! Cases as the text of a scenario file.

use std::fmt::Write;

use crate::scenario::{Case, Expected};
use meterwarden::decide::request::{Fact, Request};

const HEAD: &str = "\
# Suggested for what no scenario covers. Every expectation is what the rules answer today, which may be wrong:
# compare it with the source, give the case a better name, and move it to the right file.
";

/// What a request states, as names and YAML values. The service and the date come first.
type Statements = Vec<(String, String)>;

pub(super) fn file(cases: &[Case]) -> String {
    let statements: Vec<Statements> = cases.iter().map(|case| statements(&case.request)).collect();
    let start = start(&statements);
    let mut text = HEAD.to_owned();
    if !start.is_empty() {
        text.push_str("start:\n");
    }
    for (name, value) in &start {
        let _ = writeln!(text, "  {name}: {value}");
    }
    text.push_str(if cases.is_empty() { "cases: []\n" } else { "cases:\n" });
    for (case, statements) in cases.iter().zip(&statements) {
        let _ = writeln!(text, "  - name: {}", scalar(&case.name));
        let own: Vec<String> = statements
            .iter()
            .filter(|statement| !start.contains(statement))
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        if !own.is_empty() {
            let _ = writeln!(text, "    with: {{ {} }}", own.join(", "));
        }
        expected(&mut text, &case.expected);
    }
    text
}

fn statements(request: &Request) -> Statements {
    let head = [("service".to_owned(), scalar(&request.service)), ("at".to_owned(), request.at.to_string())];
    let facts = request.facts.iter().map(|(name, fact)| {
        let value = match fact {
            Fact::Value(value) => scalar(value),
            Fact::Set(values) => list(values),
            Fact::Members { present, absent } => {
                format!("{{ present: {}, absent: {} }}", list(present), list(absent))
            }
        };
        (name.clone(), value)
    });
    head.into_iter().chain(facts).collect()
}

fn list(values: &[String]) -> String {
    format!("[{}]", values.iter().map(|value| scalar(value)).collect::<Vec<_>>().join(", "))
}

/// The shared start: for every name that all cases state, its most frequent value.
fn start(cases: &[Statements]) -> Statements {
    let mut start = Statements::new();
    for (name, _) in cases.first().into_iter().flatten() {
        let of_each =
            cases.iter().map(|case| case.iter().find(|(stated, _)| stated == name).map(|(_, value)| value));
        let Some(values) = of_each.collect::<Option<Vec<&String>>>() else { continue };
        let frequency = |value: &String| values.iter().filter(|other| **other == value).count();
        // Among equally frequent values the first: `max_by_key` returns the last maximum.
        let most_frequent = values.iter().rev().max_by_key(|value| frequency(value));
        start.extend(most_frequent.map(|value| (name.clone(), (*value).clone())));
    }
    start
}

fn expected(text: &mut String, expected: &Expected) {
    let mut line = |key: &str, value: &str| {
        let _ = writeln!(text, "    {key}: {value}");
    };
    match expected {
        Expected::Permit { rule } => {
            line("expect", "permit # today; to be reviewed");
            rule.iter().for_each(|rule| line("rule", &scalar(rule)));
        }
        Expected::Refuse { code, attribute, rule } => {
            line("expect", "refuse # today; to be reviewed");
            line("code", &code.as_ref().map_or("null".to_owned(), |code| scalar(code)));
            attribute.iter().for_each(|attribute| line("attribute", &scalar(attribute)));
            rule.iter().for_each(|rule| line("rule", &scalar(rule)));
        }
        Expected::Undetermined { needs } => {
            line("expect", "undetermined # today; to be reviewed");
            needs.iter().for_each(|needs| line("needs", &format!("[{}]", needs.join(", "))));
        }
    }
}

/// A text as a YAML scalar, in quotes if YAML would read it as something else without them.
fn scalar(text: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || " -_./;()".contains(c);
    let safe = text.chars().all(plain)
        && text.starts_with(char::is_alphanumeric)
        && !text.ends_with(' ')
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "null" | "true" | "false" | "yes" | "no" | "on" | "off"
        );
    if safe { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

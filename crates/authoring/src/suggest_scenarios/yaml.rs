//! Cases as the text of a scenario file.

use std::fmt::Write;

use crate::scenario::{Case, Expected};
use meterwarden::decide::request::{Fact, Request};

const HEAD: &str = "\
# Suggested for what no scenario shows yet. Every expectation is what the rules answer today, which is not to say that it is
# right: hold it against the source, give it the name that you would give it, and move it to where it belongs.
";

/// What a request says, the service and the date first.
type Said = Vec<(String, String)>;

pub(super) fn file(cases: &[Case]) -> String {
    let said: Vec<Said> = cases.iter().map(|case| said(&case.request)).collect();
    let start = start(&said);
    let mut text = HEAD.to_owned();
    if !start.is_empty() {
        text.push_str("start:\n");
    }
    for (name, value) in &start {
        let _ = writeln!(text, "  {name}: {value}");
    }
    text.push_str(if cases.is_empty() { "cases: []\n" } else { "cases:\n" });
    for (case, said) in cases.iter().zip(&said) {
        let _ = writeln!(text, "  - name: {}", scalar(&case.name));
        let own: Vec<String> = said
            .iter()
            .filter(|fact| !start.contains(fact))
            .map(|(name, value)| format!("{name}: {value}"))
            .collect();
        if !own.is_empty() {
            let _ = writeln!(text, "    with: {{ {} }}", own.join(", "));
        }
        expected(&mut text, &case.expected);
    }
    text
}

fn said(request: &Request) -> Said {
    let head = [("service".to_owned(), scalar(&request.service)), ("at".to_owned(), request.at.to_string())];
    let facts = request.facts.iter().map(|(name, fact)| {
        let value = match fact {
            Fact::Value(value) => scalar(value),
            Fact::Set(values) => {
                format!("[{}]", values.iter().map(|value| scalar(value)).collect::<Vec<_>>().join(", "))
            }
        };
        (name.clone(), value)
    });
    head.into_iter().chain(facts).collect()
}

/// Of what every case says something about, what most of them say.
fn start(said: &[Said]) -> Said {
    let mut start = Said::new();
    for (name, _) in said.first().into_iter().flatten() {
        let of_each =
            said.iter().map(|one| one.iter().find(|(known, _)| known == name).map(|(_, value)| value));
        let Some(values) = of_each.collect::<Option<Vec<&String>>>() else { continue };
        let times = |value: &String| values.iter().filter(|other| **other == value).count();
        // Of equally frequent ones the first.
        let most = values.iter().rev().max_by_key(|value| times(value));
        start.extend(most.map(|value| (name.clone(), (*value).clone())));
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

/// A text as YAML takes it for that text, in quotes where it must be.
fn scalar(text: &str) -> String {
    let plain = |one: char| one.is_alphanumeric() || " -_./;()".contains(one);
    let safe = text.chars().all(plain)
        && text.starts_with(char::is_alphanumeric)
        && !text.ends_with(' ')
        && !matches!(
            text.to_ascii_lowercase().as_str(),
            "null" | "true" | "false" | "yes" | "no" | "on" | "off"
        );
    if safe { text.to_owned() } else { format!("'{}'", text.replace('\'', "''")) }
}

//! `meterwarden check --assumptions`: the rules and conditions that rest on assumptions.

use std::io::{self, Write};

use meterwarden::{Policy, Span};
use serde::Serialize;

use crate::args::Format;
use crate::exit::Exit;
use crate::{json, terminal};

/// The assumptions of a policy.
#[derive(Serialize)]
struct Assumptions<'p> {
    /// In policy order.
    assumed: Vec<Assumption<'p>>,
    rules: Count,
    conditions: Count,
}

/// A rule or condition that rests on an assumption, and the assumption.
#[derive(Serialize)]
struct Assumption<'p> {
    #[serde(flatten)]
    name: Name<'p>,
    assumed: &'p str,
    path: &'p str,
    line: usize,
    column: usize,
}

#[derive(Serialize)]
#[serde(rename_all = "lowercase")]
enum Name<'p> {
    Rule(&'p str),
    Condition(&'p str),
}

#[derive(Serialize)]
struct Count {
    all: usize,
    assumed: usize,
}

/// Writes the list.
pub(super) fn list(policy: &Policy, format: Format) -> io::Result<Exit> {
    let assumptions = assumptions_of(policy);
    let mut out = terminal::stdout();
    match format {
        Format::Human => write(&assumptions, &mut out)?,
        Format::Json => json::write(&assumptions, &mut out)?,
    }
    out.flush()?;
    Ok(Exit::Fine)
}

fn assumptions_of(policy: &Policy) -> Assumptions<'_> {
    let rules = policy.rules().iter();
    let rules: Vec<_> = rules
        .filter_map(|rule| Some((Name::Rule(&rule.name), rule.span, rule.assumed.as_deref()?)))
        .collect();
    let conditions = policy.conditions().iter();
    let conditions: Vec<_> = conditions
        .filter_map(|condition| {
            Some((Name::Condition(&condition.name), condition.span, condition.assumed.as_deref()?))
        })
        .collect();
    let rule_count = Count { all: policy.rules().len(), assumed: rules.len() };
    let condition_count = Count { all: policy.conditions().len(), assumed: conditions.len() };
    let mut entries: Vec<(Name<'_>, Span, &str)> = rules.into_iter().chain(conditions).collect();
    entries.sort_by_key(|(_, span, _)| *span);
    let assumed = entries
        .into_iter()
        .filter_map(|(name, span, assumed)| assumption(policy, name, span, assumed))
        .collect();
    Assumptions { assumed, rules: rule_count, conditions: condition_count }
}

fn assumption<'p>(
    policy: &'p Policy,
    name: Name<'p>,
    span: Span,
    assumed: &'p str,
) -> Option<Assumption<'p>> {
    let source = policy.sources().get(usize::try_from(span.file).ok()?)?;
    let (line, column) = source.line_column(usize::try_from(span.start).ok()?);
    Some(Assumption { name, assumed, path: &source.path, line, column })
}

fn write(assumptions: &Assumptions<'_>, out: &mut impl Write) -> io::Result<()> {
    for file in assumptions.assumed.chunk_by(|left, right| left.path == right.path) {
        for (index, assumption) in file.iter().enumerate() {
            if index == 0 {
                writeln!(out, "{}", assumption.path)?;
            }
            let name = match assumption.name {
                Name::Rule(name) => name.to_owned(),
                Name::Condition(name) => format!("condition {name}"),
            };
            writeln!(out, "{:>6}  {name}\n        {}", assumption.line, assumption.assumed)?;
        }
        writeln!(out)?;
    }
    write_count(&assumptions.rules, "rules", out)?;
    write_count(&assumptions.conditions, "conditions", out)
}

fn write_count(Count { all, assumed }: &Count, noun: &str, out: &mut impl Write) -> io::Result<()> {
    let sourced = all - assumed;
    writeln!(out, "{assumed} of {all} {noun} rest on an assumption, {sourced} of {all} on sources alone")
}

//! `meterwarden check --assumptions`: what the policy takes for granted, and how much of it does.

use std::io::{self, Write};

use meterwarden::{Policy, Span};
use serde::Serialize;

use crate::args::Format;
use crate::exit::Exit;
use crate::terminal;

/// All that is assumed.
#[derive(Serialize)]
struct Assumptions<'p> {
    /// In policy order.
    assumed: Vec<Assumption<'p>>,
    rules: Count,
    conditions: Count,
}

/// One rule or condition that rests on an assumption.
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

/// Lists them.
pub(crate) fn list(policy: &Policy, format: Format) -> io::Result<Exit> {
    let assumptions = of(policy);
    let mut out = terminal::stdout();
    match format {
        Format::Human => write(&assumptions, &mut out)?,
        Format::Json => {
            serde_json::to_writer_pretty(&mut out, &assumptions)?;
            writeln!(out)?;
        }
    }
    out.flush()?;
    Ok(Exit::Fine)
}

fn of(policy: &Policy) -> Assumptions<'_> {
    let rules = policy
        .rules()
        .iter()
        .filter_map(|rule| Some((Name::Rule(&rule.name), rule.span, rule.assumed.as_deref()?)));
    let conditions = policy.conditions().iter();
    let conditions =
        conditions.filter_map(|one| Some((Name::Condition(&one.name), one.span, one.assumed.as_deref()?)));
    let (rules, conditions): (Vec<_>, Vec<_>) = (rules.collect(), conditions.collect());
    let count = |all: usize, assumed: usize| Count { all, assumed };
    let counts =
        (count(policy.rules().len(), rules.len()), count(policy.conditions().len(), conditions.len()));
    let mut all: Vec<(Name<'_>, Span, &str)> = rules.into_iter().chain(conditions).collect();
    all.sort_by_key(|(_, span, _)| *span);
    let assumed =
        all.into_iter().filter_map(|(name, span, assumed)| assumption(policy, name, span, assumed)).collect();
    Assumptions { assumed, rules: counts.0, conditions: counts.1 }
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
    for file in assumptions.assumed.chunk_by(|one, next| one.path == next.path) {
        for (nth, one) in file.iter().enumerate() {
            if nth == 0 {
                writeln!(out, "{}", one.path)?;
            }
            let name = match one.name {
                Name::Rule(name) => name.to_owned(),
                Name::Condition(name) => format!("condition {name}"),
            };
            writeln!(out, "{:>6}  {name}\n        {}", one.line, one.assumed)?;
        }
        writeln!(out)?;
    }
    count(&assumptions.rules, "rules", out)?;
    count(&assumptions.conditions, "conditions", out)
}

fn count(Count { all, assumed }: &Count, what: &str, out: &mut impl Write) -> io::Result<()> {
    let sure = all - assumed;
    writeln!(out, "{assumed} of {all} {what} rest on an assumption, {sure} of {all} on sources alone")
}

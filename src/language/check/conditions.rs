//! Conditions: named lists of alternatives.

use super::clauses::{self, Owner};
use super::names::{Names, Table};
use super::{Items, text_of};
use crate::language::ast;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy::{Clause, Condition};

pub(super) fn resolve<'a>(items: &Items<'a>, names: &mut Names<'a>) -> Vec<Condition> {
    let mut table = Table::default();
    let mut conditions = Vec::new();
    for written in &items.conditions {
        names.declare(&mut table, "condition", &written.name, conditions.len());
        let source = names.once("`source`", &written.source, |text| text.span);
        let assumed = names.once("`assumed`", &written.assumed, |text| text.span);
        let mut clauses = written.cases.iter().flat_map(|case| &case.clauses);
        let misspelt = clauses.any(|clause| is_misspelt_line(clause, names));
        check_empty_source(&written.name, &[("source", source), ("assumed", assumed)], names);
        if source.is_none() && assumed.is_none() && !misspelt {
            report_missing_source("condition", &written.name, names);
        }
        let before = names.doubts();
        let cases = written.cases.iter().map(|case| self::case(case, names)).collect();
        let unclear = names.doubts() > before;
        names.unclear.push(unclear);
        conditions.push(Condition {
            name: written.name.text.to_string(),
            text: text_of(written.text.as_ref()),
            source: source.map(|text| text.text.to_string()),
            assumed: assumed.map(|text| text.text.to_string()),
            cases,
            span: written.span,
        });
    }
    names.conditions = table;
    conditions
}

fn case<'a>(case: &'a ast::Case, names: &mut Names<'a>) -> Vec<Clause> {
    let written: Vec<&ast::Clause> = case.clauses.iter().collect();
    let clauses: Vec<Clause> = clauses::resolve(&written, Owner::Case, names).into_iter().flatten().collect();
    clauses::check_plain_once(&clauses, names);
    clauses
}

/// Whether a clause is `sorce "…"`: a finding already, and most likely the `source` that seems to be missing.
pub(super) fn is_misspelt_line(clause: &ast::Clause, names: &Names<'_>) -> bool {
    matches!(clause.test, ast::Test::Text(_))
        && !names.attribute_table.contains_key(clause.attribute.text.as_str())
}

/// `source ""`: an empty source is no source.
pub(super) fn check_empty_source(
    owner: &ast::Name,
    texts: &[(&str, Option<&ast::Name>)],
    names: &mut Names<'_>,
) {
    for (word, text) in texts {
        let Some(text) = text.filter(|text| text.text.trim().is_empty()) else { continue };
        let (message, help) = match *word {
            "assumed" => {
                (format!("what `{}` assumes is empty", owner.text), "say what it rests on: `assumed \"…\"`")
            }
            _ => (
                format!("the source of `{}` is empty", owner.text),
                "name the text that it rests on: `source \"…\"`",
            ),
        };
        names.report(Diagnostic::new(Code::MissingSource, text.span, message).help(help));
    }
}

pub(super) fn report_missing_source(kind: &str, name: &ast::Name, names: &mut Names<'_>) {
    let message = format!("the {kind} `{}` says neither `source` nor `assumed`", name.text);
    let help = "name the clause of the code that it carries out, `source \"…\"`, or what it rests on, `assumed \"…\"`";
    names.report(Diagnostic::new(Code::MissingSource, name.span, message).help(help));
}

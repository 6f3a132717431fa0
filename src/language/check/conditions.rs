//! Conditions: named lists of cases.

use super::Items;
use super::clauses::{self, Place};
use super::names::{Names, Table};
use crate::language::ast;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy::{Clause, Condition};

pub(super) fn resolve<'a>(items: &Items<'a>, names: &mut Names<'a>) -> Vec<Condition> {
    let mut table = Table::default();
    let mut made = Vec::new();
    for one in &items.conditions {
        names.declare(&mut table, "condition", &one.name, made.len());
        let source = names.once("`source`", &one.source, |it| it.span);
        let assumed = names.once("`assumed`", &one.assumed, |it| it.span);
        let misspelt =
            one.cases.iter().flat_map(|case| &case.clauses).any(|clause| misspelt_line(clause, names));
        empty_source(&one.name, &[("source", source), ("assumed", assumed)], names);
        if source.is_none() && assumed.is_none() && !misspelt {
            missing_source("condition", &one.name, names);
        }
        let before = names.doubts();
        let cases = one.cases.iter().map(|case| self::case(case, names)).collect();
        let unclear = names.doubts() > before;
        names.unclear.push(unclear);
        made.push(Condition {
            name: one.name.text.to_string(),
            text: one.text.as_ref().map_or_else(String::new, |text| text.text.to_string()),
            source: source.map(|it| it.text.to_string()),
            assumed: assumed.map(|it| it.text.to_string()),
            cases,
            span: one.span,
        });
    }
    names.conditions = table;
    made
}

fn case<'a>(case: &'a ast::Case, names: &mut Names<'a>) -> Vec<Clause> {
    let written: Vec<&ast::Clause> = case.clauses.iter().collect();
    let clauses: Vec<Clause> = clauses::resolve(&written, Place::Case, names).into_iter().flatten().collect();
    clauses::each_plain_once(&clauses, names);
    clauses
}

/// `sorce "…"`: a finding already, and most likely the `source` that is missed.
pub(super) fn misspelt_line(clause: &ast::Clause, names: &Names<'_>) -> bool {
    matches!(clause.test, ast::Test::Text(_))
        && !names.attribute_table.contains_key(clause.attribute.text.as_str())
}

/// `source ""`: an empty source is no source.
pub(super) fn empty_source(owner: &ast::Name, said: &[(&str, Option<&ast::Name>)], names: &mut Names<'_>) {
    for (word, text) in said {
        let Some(text) = text.filter(|text| text.text.trim().is_empty()) else { continue };
        let message = match *word {
            "assumed" => format!("what `{}` assumes is empty", owner.text),
            _ => format!("the source of `{}` is empty", owner.text),
        };
        let found = Diagnostic::new(Code::MissingSource, text.span, message);
        names.report(found.help(match *word {
            "assumed" => "say what it rests on: `assumed \"…\"`",
            _ => "name the text that it rests on: `source \"…\"`",
        }));
    }
}

pub(super) fn missing_source(class: &str, name: &ast::Name, names: &mut Names<'_>) {
    let message = format!("the {class} `{}` says neither `source` nor `assumed`", name.text);
    names.report(
        Diagnostic::new(Code::MissingSource, name.span, message)
            .help("name the clause of the code that it carries out, `source \"…\"`, or what it rests on, `assumed \"…\"`"),
    );
}

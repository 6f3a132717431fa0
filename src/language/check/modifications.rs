//! The register: each modification has one date, or is only proposed.

use super::conditions::empty_source;
use super::names::{Names, Table};
use super::{Items, dates};
use crate::language::ast;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy::{Edge, Modification};

pub(super) fn resolve<'a>(items: &Items<'a>, names: &mut Names<'a>) -> Vec<Modification> {
    let mut table = Table::default();
    let mut made = Vec::new();
    for one in &items.modifications {
        names.declare(&mut table, "modification", &one.name, made.len());
        let effective = effective(one, names);
        names.dates.push(effective);
        let source = names.once("`source`", &one.source, |it| it.span);
        empty_source(&one.name, &[("source", source)], names);
        made.push(Modification {
            name: one.name.text.to_string(),
            text: one.text.as_ref().map_or_else(String::new, |text| text.text.to_string()),
            effective: effective.unwrap_or(Edge::Never),
            source: source.map(|it| it.text.to_string()),
            span: one.span,
        });
    }
    names.modifications = table;
    made
}

fn effective<'a>(one: &'a ast::Modification, names: &mut Names<'a>) -> Option<Edge> {
    let date = names.once("`effective`", &one.effective, |it| it.span);
    let proposed = names.once("`proposed`", &one.proposed, |it| *it);
    match (date, proposed) {
        (Some(date), None) => dates::date(names, date).map(Edge::On),
        (None, Some(_)) => Some(Edge::Never),
        (Some(date), Some(proposed)) => {
            let message = format!("`{}` is both effective and proposed", one.name.text);
            let found = Diagnostic::new(Code::BadModification, date.span, message);
            names.report(found.because(*proposed, "said here too").help("drop one of the two"));
            None
        }
        (None, None) => {
            let message = format!("`{}` does not say when it takes effect", one.name.text);
            let found = Diagnostic::new(Code::BadModification, one.name.span, message);
            names.report(found.help("say `effective 2023-06-29`, or `proposed` while no date is firm"));
            None
        }
    }
}

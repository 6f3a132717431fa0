//! The register: each modification has one effective date, or is only proposed.

use super::conditions::check_empty_source;
use super::names::{Names, Table};
use super::{Items, dates, text_of};
use crate::language::ast;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy::{Edge, Modification};

/// The modifications. If there are `dates`, they replace what the text states, in the order of the register.
pub(super) fn resolve<'a>(items: &Items<'a>, dates: &[Edge], names: &mut Names<'a>) -> Vec<Modification> {
    let mut table = Table::default();
    let mut modifications = Vec::new();
    for written in &items.modifications {
        names.declare(&mut table, "modification", &written.name, modifications.len());
        let stated = effective(written, names);
        let effective = dates.get(modifications.len()).copied().or(stated);
        names.dates.push(effective);
        let source = names.once("`source`", &written.source, |text| text.span);
        check_empty_source(&written.name, &[("source", source)], names);
        modifications.push(Modification {
            name: written.name.text.to_string(),
            text: text_of(written.text.as_ref()),
            effective: effective.unwrap_or(Edge::Never),
            source: source.map(|text| text.text.to_string()),
            span: written.span,
        });
    }
    names.modifications = table;
    modifications
}

fn effective<'a>(written: &'a ast::Modification, names: &mut Names<'a>) -> Option<Edge> {
    let date = names.once("`effective`", &written.effective, |date| date.span);
    let proposed = names.once("`proposed`", &written.proposed, |span| *span);
    match (date, proposed) {
        (Some(date), None) => dates::date(names, date).map(Edge::On),
        (None, Some(_)) => Some(Edge::Never),
        (Some(date), Some(proposed)) => {
            let message = format!("`{}` is both effective and proposed", written.name.text);
            let finding = Diagnostic::new(Code::BadModification, date.span, message);
            names.report(finding.because(*proposed, "said here too").help("drop one of the two"));
            None
        }
        (None, None) => {
            let message = format!("`{}` does not say when it takes effect", written.name.text);
            let finding = Diagnostic::new(Code::BadModification, written.name.span, message);
            names.report(finding.help("say `effective 2023-06-29`, or `proposed` while no date is firm"));
            None
        }
    }
}

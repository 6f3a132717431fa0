//! `date-behind-list`: `role IS, ED since MP120`. It dates the whole rule, and reads as if it dated `ED`.

use super::written::{Written, listed, selectors};
use meterwarden::language::ast::{Bound, Dated, Part, Rule};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::source::Span;

pub(super) fn find(written: &Written<'_>) -> Vec<Diagnostic> {
    written.rules().flat_map(|rule| behind_lists(written, rule)).collect()
}

fn behind_lists(written: &Written<'_>, rule: &Rule) -> Vec<Diagnostic> {
    let pairs = rule.parts.iter().zip(rule.parts.iter().skip(1));
    let pairs = pairs.filter_map(|(list, date)| match date {
        Part::Since(bound) | Part::Until(bound) => Some((last_item(list)?, bound)),
        _ => None,
    });
    pairs
        .filter(|(item, bound)| one_line(written, *item, bound))
        .map(|(item, bound)| say(written, item, bound))
        .collect()
}

/// The item at the end of a part that is a list.
fn last_item(part: &Part) -> Option<Span> {
    match part {
        Part::Clause(clause) => listed(&clause.test).last().map(Dated::span),
        Part::Covers(covers) => selectors(covers).last().map(|item| item.span),
        _ => None,
    }
}

fn one_line(written: &Written<'_>, item: Span, bound: &Bound) -> bool {
    let between = Span { start: item.end, end: bound.span.start, ..item };
    !written.policy.text(between).contains('\n')
}

fn say(written: &Written<'_>, item: Span, bound: &Bound) -> Diagnostic {
    let (item_text, bound_text) = (written.policy.text(item), written.policy.text(bound.span));
    let message = format!("`{bound_text}` dates the whole rule, not `{item_text}`");
    Diagnostic::new(Code::DateBehindList, bound.span, message)
        .because(item, "it stands right behind this item")
        .help(format!(
            "to date the item write `{item_text} ({bound_text})`; to date the rule begin a line with it"
        ))
}

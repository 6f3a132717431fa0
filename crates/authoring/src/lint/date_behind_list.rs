//! `date-behind-list`: `role IS, ED since MP120`. The date applies to the whole rule, and reads as if it applied to
//! `ED`.

use super::syntax::{Syntax, list_of, selectors};
use meterwarden::language::ast::{Bound, Dated, Part, Rule};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::source::Span;

pub(super) fn find(syntax: &Syntax<'_>) -> Vec<Diagnostic> {
    syntax.rules().flat_map(|rule| in_rule(syntax, rule)).collect()
}

fn in_rule(syntax: &Syntax<'_>, rule: &Rule) -> Vec<Diagnostic> {
    let pairs = rule.parts.iter().zip(rule.parts.iter().skip(1));
    let date_after_list = pairs.filter_map(|(list, date)| match date {
        Part::Since(bound) | Part::Until(bound) => Some((last_item(list)?, bound)),
        _ => None,
    });
    date_after_list
        .filter(|(item, bound)| is_on_one_line(syntax, *item, bound))
        .map(|(item, bound)| finding(syntax, item, bound))
        .collect()
}

/// The last item of a part that is a list.
fn last_item(part: &Part) -> Option<Span> {
    match part {
        Part::Clause(clause) => list_of(&clause.test).last().map(Dated::span),
        Part::Covers(covers) => selectors(covers).last().map(|item| item.span),
        _ => None,
    }
}

fn is_on_one_line(syntax: &Syntax<'_>, item: Span, bound: &Bound) -> bool {
    let between = Span { start: item.end, end: bound.span.start, ..item };
    !syntax.policy.text(between).contains('\n')
}

fn finding(syntax: &Syntax<'_>, item: Span, bound: &Bound) -> Diagnostic {
    let (item_text, bound_text) = (syntax.policy.text(item), syntax.policy.text(bound.span));
    let message = format!("`{bound_text}` dates the whole rule, not `{item_text}`");
    Diagnostic::new(Code::DateBehindList, bound.span, message)
        .because(item, "it directly follows this item")
        .help(format!(
            "to date the item write `{item_text} ({bound_text})`; to date the rule begin a line with it"
        ))
}

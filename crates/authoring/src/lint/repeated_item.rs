//! `repeated-item`: an item that its list has already, by itself or in a group.

use super::removal;
use super::syntax::{Syntax, list_of};
use meterwarden::language::ast::{Clause, DatePart, Dated, Group, Selector, SelectorKind};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::Policy;
use meterwarden::policy::source::Span;

pub(super) fn find(syntax: &Syntax<'_>) -> Vec<Diagnostic> {
    let groups: Vec<&Group> = syntax.groups().collect();
    let clauses = syntax.clauses().filter(|clause| list_of(&clause.test).len() > 1);
    let in_clauses = clauses.flat_map(|clause| in_clause(syntax, &groups, clause));
    let in_groups = syntax.groups().flat_map(|group| in_list(syntax.policy, &group.items, &|_, _| false));
    let selector_lists = syntax.covers().flat_map(|covers| [&covers.items, &covers.except]);
    let in_selectors = selector_lists.flat_map(|list| in_selectors(syntax, list));
    in_clauses.chain(in_groups).chain(in_selectors).collect()
}

fn in_clause(syntax: &Syntax<'_>, groups: &[&Group], clause: &Clause) -> Vec<Diagnostic> {
    let attribute = syntax.declaring(&clause.attribute.text);
    let group_contains = |group: &str, value: &str| {
        let group = groups.iter().find(|known| known.name.text == group && known.attribute.text == attribute);
        let mut members = group.into_iter().flat_map(|group| &group.items);
        members.any(|member| member.name.text == value && member.dates.is_none())
    };
    in_list(syntax.policy, list_of(&clause.test), &group_contains)
}

fn in_list(policy: &Policy, list: &[Dated], group_contains: &dyn Fn(&str, &str) -> bool) -> Vec<Diagnostic> {
    let is_idle = |index: usize, by: usize| {
        let (Some(item), Some(other)) = (list.get(index), list.get(by)) else { return false };
        // Of two items with the same name and the same dates, only the later is idle.
        let is_same =
            item.name.text == other.name.text && (index > by || !same_dates(item.dates(), other.dates()));
        (is_same || group_contains(&other.name.text, &item.name.text)) && lasts(other.dates(), item.dates())
    };
    let name = |index: usize| list.get(index).map_or("", |item| item.name.text.as_str());
    repeated(policy, list.iter().map(Dated::span), &is_idle, &name)
}

fn in_selectors(syntax: &Syntax<'_>, list: &[Selector]) -> Vec<Diagnostic> {
    let is_idle = |index: usize, by: usize| {
        let (Some(item), Some(other)) = (list.get(index), list.get(by)) else { return false };
        // Of two selectors with the same services and the same dates, only the later is idle.
        let is_first_of_two =
            index < by && same_services(item, other) && same_dates(&item.dates, &other.dates);
        covers(other, item) && !is_first_of_two && lasts(&other.dates, &item.dates)
    };
    let name = |index: usize| list.get(index).map_or("", |item| syntax.policy.text(item.span));
    repeated(syntax.policy, list.iter().map(|item| item.span), &is_idle, &name)
}

/// Whether one selector selects every service that another selects, whatever services are declared.
fn covers(selector: &Selector, other: &Selector) -> bool {
    match (&selector.kind, &other.kind) {
        (SelectorKind::All, _) => true,
        (SelectorKind::Family(prefix), SelectorKind::Family(name) | SelectorKind::Service(name)) => {
            name.text.starts_with(prefix.text.as_str())
        }
        _ => same_services(selector, other),
    }
}

fn same_services(a: &Selector, b: &Selector) -> bool {
    match (&a.kind, &b.kind) {
        (SelectorKind::All, SelectorKind::All) => true,
        (SelectorKind::Tag(a), SelectorKind::Tag(b))
        | (SelectorKind::Family(a), SelectorKind::Family(b))
        | (SelectorKind::Service(a), SelectorKind::Service(b)) => a.text == b.text,
        _ => false,
    }
}

/// Whether the first dates are certainly in force whenever the second are: they are no dates at all, or the same words.
fn lasts(first: &[DatePart], second: &[DatePart]) -> bool {
    first.is_empty() || same_dates(first, second)
}

fn same_dates(a: &[DatePart], b: &[DatePart]) -> bool {
    fn word(date: &DatePart) -> (bool, &str) {
        match date {
            DatePart::Since(bound) => (true, &bound.name.text),
            DatePart::Until(bound) => (false, &bound.name.text),
        }
    }
    fn words(dates: &[DatePart]) -> Vec<(bool, &str)> {
        let mut words: Vec<(bool, &str)> = dates.iter().map(word).collect();
        words.sort_unstable();
        words
    }
    words(a) == words(b)
}

/// A finding for each item of a list that another item makes idle.
fn repeated<'n>(
    policy: &Policy,
    list: impl ExactSizeIterator<Item = Span>,
    is_idle: &dyn Fn(usize, usize) -> bool,
    name: &dyn Fn(usize) -> &'n str,
) -> Vec<Diagnostic> {
    let made_idle_by = |index: usize| (0..list.len()).find(|by| *by != index && is_idle(index, *by));
    let pairs: Vec<(usize, usize)> =
        (0..list.len()).filter_map(|index| Some((index, made_idle_by(index)?))).collect();
    if pairs.is_empty() {
        return Vec::new();
    }
    let spans: Vec<Span> = list.collect();
    let finding = |(index, by): (usize, usize)| {
        let message = if name(index) == name(by) {
            format!("`{}` is listed twice", name(index))
        } else {
            format!("`{}` is in `{}` already", name(index), name(by))
        };
        let finding = Diagnostic::new(Code::RepeatedItem, spans[index], message)
            .because(spans[by], "listed here")
            .help("drop it: the list is the same without it");
        match removal::item(policy, &spans, spans[index]) {
            Some(item) => finding.fix(item, ""),
            None => finding,
        }
    };
    pairs.into_iter().map(finding).collect()
}

//! `repeated-item`: an item that its list has already, itself or in a group.

use super::written::{Written, listed};
use meterwarden::language::ast::{Clause, DatePart, Dated, Group, Selector, SelectorKind};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::Policy;
use meterwarden::policy::source::Span;

pub(super) fn find(written: &Written<'_>) -> Vec<Diagnostic> {
    let groups: Vec<&Group> = written.groups().collect();
    let clauses = written.clauses().filter(|clause| listed(&clause.test).len() > 1);
    let clauses = clauses.flat_map(|clause| of_clause(written, &groups, clause));
    let groups = written.groups().flat_map(|group| of_list(written.policy, &group.items, &|_, _| false));
    let selectors = written.covers().flat_map(|covers| [&covers.items, &covers.except]);
    clauses.chain(groups).chain(selectors.flat_map(|list| of_selectors(written, list))).collect()
}

fn of_clause(written: &Written<'_>, groups: &[&Group], clause: &Clause) -> Vec<Diagnostic> {
    let attribute = written.declaring(&clause.attribute.text);
    let holds = |group: &str, value: &str| {
        let group = groups.iter().find(|one| one.name.text == group && one.attribute.text == attribute);
        let members = group.into_iter().flat_map(|group| &group.items);
        members.into_iter().any(|member| member.name.text == value && member.dates.is_none())
    };
    of_list(written.policy, listed(&clause.test), &holds)
}

/// An item of a list, what it is called, and whether another makes it idle.
fn of_list(policy: &Policy, list: &[Dated], holds: &dyn Fn(&str, &str) -> bool) -> Vec<Diagnostic> {
    let idle = |at: usize, other: usize| {
        let (Some(item), Some(by)) = (list.get(at), list.get(other)) else { return false };
        let same = item.name.text == by.name.text && (at > other || !same_dates(item.dates(), by.dates()));
        (same || holds(&by.name.text, &item.name.text)) && lasts(by.dates(), item.dates())
    };
    let name = |at: usize| list.get(at).map_or("", |item| item.name.text.as_str());
    repeated(policy, list.iter().map(Dated::span), &idle, &name)
}

fn of_selectors(written: &Written<'_>, list: &[Selector]) -> Vec<Diagnostic> {
    let idle = |at: usize, other: usize| {
        let (Some(item), Some(by)) = (list.get(at), list.get(other)) else { return false };
        let twin = same_services(item, by) && (at < other && same_dates(&item.dates, &by.dates));
        covers(by, item) && !twin && lasts(&by.dates, &item.dates)
    };
    let name = |at: usize| list.get(at).map_or("", |item| written.policy.text(item.span));
    repeated(written.policy, list.iter().map(|item| item.span), &idle, &name)
}

/// Whether one selector means what another does, whatever services there are.
fn covers(one: &Selector, other: &Selector) -> bool {
    match (&one.kind, &other.kind) {
        (SelectorKind::All, _) => true,
        (SelectorKind::Family(prefix), SelectorKind::Family(name) | SelectorKind::Service(name)) => {
            name.text.starts_with(prefix.text.as_str())
        }
        _ => same_services(one, other),
    }
}

fn same_services(one: &Selector, other: &Selector) -> bool {
    match (&one.kind, &other.kind) {
        (SelectorKind::All, SelectorKind::All) => true,
        (SelectorKind::Tag(one), SelectorKind::Tag(other))
        | (SelectorKind::Family(one), SelectorKind::Family(other))
        | (SelectorKind::Service(one), SelectorKind::Service(other)) => one.text == other.text,
        _ => false,
    }
}

/// Whether the first is in force whenever the second is, as far as the words tell.
fn lasts(first: &[DatePart], second: &[DatePart]) -> bool {
    first.is_empty() || same_dates(first, second)
}

fn same_dates(first: &[DatePart], second: &[DatePart]) -> bool {
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
    words(first) == words(second)
}

fn repeated<'n>(
    policy: &Policy,
    list: impl ExactSizeIterator<Item = Span>,
    idle: &dyn Fn(usize, usize) -> bool,
    name: &dyn Fn(usize) -> &'n str,
) -> Vec<Diagnostic> {
    let by = |at: usize| (0..list.len()).find(|other| *other != at && idle(at, *other));
    let pairs: Vec<(usize, usize)> = (0..list.len()).filter_map(|at| Some((at, by(at)?))).collect();
    if pairs.is_empty() {
        return Vec::new();
    }
    let spans: Vec<Span> = list.collect();
    let mut found = Vec::new();
    for (at, other) in pairs {
        let message = if name(at) == name(other) {
            format!("`{}` is listed twice", name(at))
        } else {
            format!("`{}` is in `{}` already", name(at), name(other))
        };
        let one = Diagnostic::new(Code::RepeatedItem, spans[at], message);
        let one = one.because(spans[other], "listed here").help("drop it: the list is the same without it");
        let gap = without(&spans, at);
        let holds_comment = policy.text(gap).contains("//");
        found.push(if holds_comment { one } else { one.fix(gap, "") });
    }
    found
}

/// An item with the comma that joins it to the others.
fn without(spans: &[Span], at: usize) -> Span {
    let here = spans.get(at).copied().unwrap_or_default();
    match (at.checked_sub(1).and_then(|before| spans.get(before)), spans.get(at + 1)) {
        (Some(before), _) => Span { start: before.end, ..here },
        (None, Some(after)) => Span { end: after.start, ..here },
        (None, None) => here,
    }
}

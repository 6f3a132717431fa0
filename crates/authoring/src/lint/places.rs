//! Where the items of a file stand: the spans of all of them, and the lines that they begin on.

use meterwarden::language::ast::{
    Attribute, Condition, DatePart, Dated, File, Item, Part, Rule, Selector, Service, ValueDecl,
};
use meterwarden::policy::source::Span;

use super::written::{listed, selectors};

/// The spans of everything in a file that has a place of its own: declarations, values, rules, lines, clauses, list items.
pub(super) fn places(file: &File) -> Vec<Span> {
    let mut places = Vec::new();
    for item in &file.items {
        match item {
            Item::Attribute(one) => of_attribute(one, &mut places),
            Item::Group(one) => {
                places.push(one.span);
                of_items(&one.items, &mut places);
            }
            Item::Tag(one) => places.push(one.span),
            Item::Condition(one) => of_condition(one, &mut places),
            Item::Modification(one) => {
                places.extend([one.span].into_iter().chain(one.source.iter().map(|one| one.span)))
            }
            Item::Service(one) => of_service(one, &mut places),
            Item::Rule(one) => of_rule(one, &mut places),
        }
    }
    places
}

fn of_attribute(one: &Attribute, places: &mut Vec<Span>) {
    places.push(one.span);
    places.extend(one.refuse.iter().map(|refuse| refuse.span));
    places.extend(one.values.iter().map(of_value));
}

fn of_value(one: &ValueDecl) -> Span {
    let refuse = one.refuse.as_ref().map(|refuse| refuse.span);
    let end = refuse.or(one.text.as_ref().map(|text| text.span));
    end.map_or(one.name.span, |end| one.name.span.to(end))
}

fn of_condition(one: &Condition, places: &mut Vec<Span>) {
    places.push(one.span);
    places.extend(one.source.iter().chain(&one.assumed).map(|text| text.span));
    for case in &one.cases {
        places.push(case.span);
        for clause in &case.clauses {
            places.push(clause.span);
            of_items(listed(&clause.test), places);
        }
    }
}

fn of_service(one: &Service, places: &mut Vec<Span>) {
    places.push(one.span);
    places.extend(one.closed.iter().map(|text| text.span));
    for line in &one.fields {
        places.push(line.span);
        of_items(&line.items, places);
    }
    one.rules.iter().for_each(|rule| of_rule(rule, places));
}

fn of_rule(one: &Rule, places: &mut Vec<Span>) {
    places.push(one.span);
    one.parts.iter().for_each(|part| of_part(part, places));
}

fn of_part(part: &Part, places: &mut Vec<Span>) {
    match part {
        Part::Covers(covers) => {
            places.push(covers.span);
            selectors(covers).for_each(|one| of_selector(one, places));
        }
        Part::Clause(clause) => {
            places.push(clause.span);
            of_items(listed(&clause.test), places);
        }
        Part::Since(bound) | Part::Until(bound) => places.push(bound.span),
        Part::Refuse(refuse) => places.push(refuse.span),
        Part::When(name) | Part::Source(name) | Part::Assumed(name) => places.push(name.span),
    }
}

fn of_selector(one: &Selector, places: &mut Vec<Span>) {
    places.push(one.span);
    of_dates(&one.dates, places);
}

fn of_items(items: &[Dated], places: &mut Vec<Span>) {
    for item in items {
        places.push(item.span());
        of_dates(item.dates(), places);
    }
}

fn of_dates(dates: &[DatePart], places: &mut Vec<Span>) {
    places.extend(dates.iter().map(|(DatePart::Since(bound) | DatePart::Until(bound))| bound.span));
}

/// A text by lines, which count from 0.
pub(super) struct Lines<'t> {
    lines: Vec<&'t str>,
    /// `starts[n]` is the first byte of line `n`.
    starts: Vec<u32>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut starts = Vec::with_capacity(lines.len());
        let mut start = 0u32;
        for line in &lines {
            starts.push(start);
            start = start.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
        }
        Self { lines, starts }
    }

    /// The line on which a byte stands.
    pub(super) fn line(&self, byte: u32) -> usize {
        self.starts.partition_point(|start| *start <= byte).saturating_sub(1)
    }

    /// Whether nothing but a comment stands on a line.
    pub(super) fn is_comment(&self, line: usize) -> bool {
        self.lines
            .get(line)
            .is_some_and(|line| line.trim_start_matches('\u{feff}').trim_start().starts_with("//"))
    }

    /// The first line below one that is no comment.
    pub(super) fn below_comments(&self, line: usize) -> Option<usize> {
        (line + 1..self.lines.len()).find(|below| !self.is_comment(*below))
    }

    /// A comment with the whole of its line where it stands alone on it, and the blanks before it where it does not.
    pub(super) fn whole(&self, line: usize, comment: Span) -> Span {
        let start = self.starts.get(line).copied().unwrap_or(comment.start);
        let text = self.lines.get(line).copied().unwrap_or_default();
        if self.is_comment(line) {
            let bom = u32::from(text.starts_with('\u{feff}')) * 3;
            let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
            return Span { start: start + bom, end: start.saturating_add(length), ..comment };
        }
        let before = text.get(..(comment.start - start) as usize).unwrap_or_default();
        let blanks = before.len() - before.trim_end().len();
        Span { start: comment.start - u32::try_from(blanks).unwrap_or(0), ..comment }
    }
}

//! The spans of everything in a file that can have an `// allow` comment above it.

use meterwarden::language::ast::{
    Attribute, Condition, DatePart, Dated, File, Item, Part, Rule, Selector, Service, ValueDecl,
};
use meterwarden::policy::source::Span;

use super::syntax::{list_of, selectors};

/// The spans of declarations, values, rules, lines, clauses and list items.
pub(super) fn item_spans(file: &File) -> Vec<Span> {
    let mut spans = Vec::new();
    for item in &file.items {
        match item {
            Item::Attribute(attribute) => of_attribute(attribute, &mut spans),
            Item::Group(group) => {
                spans.push(group.span);
                of_list(&group.items, &mut spans);
            }
            Item::Tag(tag) => spans.push(tag.span),
            Item::Clock(clock) => spans.push(clock.span),
            Item::Condition(condition) => of_condition(condition, &mut spans),
            Item::Modification(modification) => {
                spans.push(modification.span);
                spans.extend(modification.source.iter().map(|source| source.span));
            }
            Item::Service(service) => of_service(service, &mut spans),
            Item::Rule(rule) => of_rule(rule, &mut spans),
        }
    }
    spans
}

fn of_attribute(attribute: &Attribute, spans: &mut Vec<Span>) {
    spans.push(attribute.span);
    spans.extend(attribute.refuse.iter().map(|refuse| refuse.span));
    spans.extend(attribute.values.iter().map(of_value));
}

fn of_value(value: &ValueDecl) -> Span {
    let refuse = value.refuse.as_ref().map(|refuse| refuse.span);
    let end = refuse.or(value.text.as_ref().map(|text| text.span));
    end.map_or(value.name.span, |end| value.name.span.to(end))
}

fn of_condition(condition: &Condition, spans: &mut Vec<Span>) {
    spans.push(condition.span);
    spans.extend(condition.source.iter().chain(&condition.assumed).map(|text| text.span));
    for alternative in &condition.cases {
        spans.push(alternative.span);
        for clause in &alternative.clauses {
            spans.push(clause.span);
            of_list(list_of(&clause.test), spans);
        }
    }
}

fn of_service(service: &Service, spans: &mut Vec<Span>) {
    spans.push(service.span);
    spans.extend(service.closed.iter().map(|text| text.span));
    for line in &service.fields {
        spans.push(line.span);
        of_list(&line.items, spans);
    }
    service.rules.iter().for_each(|rule| of_rule(rule, spans));
}

fn of_rule(rule: &Rule, spans: &mut Vec<Span>) {
    spans.push(rule.span);
    rule.parts.iter().for_each(|part| of_part(part, spans));
}

fn of_part(part: &Part, spans: &mut Vec<Span>) {
    match part {
        Part::Covers(covers) => {
            spans.push(covers.span);
            selectors(covers).for_each(|selector| of_selector(selector, spans));
        }
        Part::Clause(clause) => {
            spans.push(clause.span);
            of_list(list_of(&clause.test), spans);
        }
        Part::Since(bound) | Part::Until(bound) => spans.push(bound.span),
        Part::Refuse(refuse) => spans.push(refuse.span),
        Part::When(name) | Part::Source(name) | Part::Assumed(name) => spans.push(name.span),
    }
}

fn of_selector(selector: &Selector, spans: &mut Vec<Span>) {
    spans.push(selector.span);
    of_dates(&selector.dates, spans);
}

fn of_list(items: &[Dated], spans: &mut Vec<Span>) {
    for item in items {
        spans.push(item.span());
        of_dates(item.dates(), spans);
    }
}

fn of_dates(dates: &[DatePart], spans: &mut Vec<Span>) {
    spans.extend(dates.iter().map(|(DatePart::Since(bound) | DatePart::Until(bound))| bound.span));
}

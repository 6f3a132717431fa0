//! Services: their tags, their fields, and whether they are closed. Their rules are resolved with all others.

use super::names::{Names, Table};
use super::vocabulary::FIELDS;
use super::{Body, Items, dates};
use crate::language::ast;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy::MOST_SET_VALUES;
use crate::policy::source::Span;
use crate::policy::{Field, Service, Tag};

pub(super) fn tags<'a>(items: &Items<'a>, names: &mut Names<'a>) -> Vec<Tag> {
    let mut table = Table::default();
    let mut made = Vec::new();
    for one in &items.tags {
        names.declare(&mut table, "tag", &one.name, made.len());
        made.push(Tag {
            name: one.name.text.to_string(),
            text: one.text.as_ref().map_or_else(String::new, |text| text.text.to_string()),
            span: one.span,
        });
    }
    names.tags = table;
    made
}

pub(super) fn resolve<'a>(items: &Items<'a>, bodies: &[Body], names: &mut Names<'a>) -> Vec<Service> {
    let mut table = Table::default();
    let mut made = Vec::new();
    for (one, rules) in items.services.iter().zip(bodies) {
        names.declare(&mut table, "service", &one.name, made.len());
        made.push(Service {
            name: one.name.text.to_string(),
            text: one.text.as_ref().map_or_else(String::new, |text| text.text.to_string()),
            doc: one.doc.clone(),
            tags: service_tags(one, names),
            fields: fields(one, names),
            closed: closed(one, rules, names),
            rules: Vec::new(),
            span: one.name.span,
        });
    }
    names.services = table;
    made
}

fn service_tags<'a>(one: &'a ast::Service, names: &mut Names<'a>) -> Vec<usize> {
    let mut tags = Vec::new();
    for (nth, tag) in one.tags.iter().enumerate() {
        if let Some(first) = one.tags[..nth].iter().find(|first| first.text == tag.text) {
            names.said_twice(&format!("the tag `{}`", tag.text), tag.span, first.span);
        } else {
            tags.extend(self::tag(tag, names));
        }
    }
    tags
}

/// The tag of that name, or a finding.
pub(super) fn tag(name: &ast::Name, names: &mut Names<'_>) -> Option<usize> {
    if let Some((id, _)) = names.tags.get(name.text.as_str()) {
        return Some(*id);
    }
    let known = Names::sorted(&names.tags);
    names.unknown(Code::UnknownTag, "tag", name, known, Some("declare it with `tag`".to_owned()));
    None
}

fn fields<'a>(one: &'a ast::Service, names: &mut Names<'a>) -> Option<Vec<Field>> {
    let line = names.once("`fields`", &one.fields, |line| line.span)?;
    if names.fields.is_none() {
        let word = ast::Name { text: FIELDS.into(), span: Span { end: line.span.start + 6, ..line.span } };
        let help = "give it its place in the vocabulary: `set attribute fields \"…\" { refuse … }`";
        names.not_known(
            Code::UnknownAttribute,
            &word,
            "unknown attribute `fields`".to_owned(),
            Some(help.to_owned()),
        );
        names.lose(FIELDS);
    }
    let mut made: Vec<Field> = Vec::new();
    for item in one.fields.iter().flat_map(|line| &line.items) {
        let window = dates::item_window(names, item.dates());
        names.not_reserved(&item.name);
        if let Some(first) = made.iter().find(|field| field.name == item.name.text) {
            let first = first.span;
            names.twice(&format!("the field `{}`", item.name.text), item.name.span, first);
            continue;
        }
        made.push(Field { name: item.name.text.to_string(), window, span: item.name.span });
    }
    if let Some(over) = made.get(MOST_SET_VALUES) {
        let message = format!("a service has at most {MOST_SET_VALUES} fields");
        names.report(Diagnostic::new(Code::TooLarge, over.span, message));
    }
    Some(made)
}

fn closed(one: &ast::Service, rules: &[ast::Rule], names: &mut Names<'_>) -> Option<String> {
    let closed = names.once("`closed`", &one.closed, |it| it.span)?;
    if let Some(rule) = rules.first() {
        let message = format!("service `{}` is closed, so it has no rules", one.name.text);
        let found = Diagnostic::new(Code::ClosedService, rule.name.span, message);
        names.report(found.because(closed.span, "closed here").help("drop `closed`, or its rules"));
    }
    Some(closed.text.to_string())
}

//! Services: their tags, their fields, and whether they are closed. Their rules are resolved with all other rules.

use super::names::{Names, Table};
use super::vocabulary::FIELDS;
use super::{Items, dates, text_of};
use crate::language::ast;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::limits::MOST_SET_VALUES;
use crate::policy::source::Span;
use crate::policy::{Field, Service, Tag};

/// The declared tags.
pub(super) fn tags<'a>(items: &Items<'a>, names: &mut Names<'a>) -> Vec<Tag> {
    let mut table = Table::default();
    let mut tags = Vec::new();
    for written in &items.tags {
        names.declare(&mut table, "tag", &written.name, tags.len());
        tags.push(Tag {
            name: written.name.text.to_string(),
            text: text_of(written.text.as_ref()),
            span: written.span,
        });
    }
    names.tags = table;
    tags
}

/// The services, without the rules that cover them.
pub(super) fn resolve<'a>(items: &Items<'a>, names: &mut Names<'a>) -> Vec<Service> {
    let mut table = Table::default();
    let mut services = Vec::new();
    for written in &items.services {
        names.declare(&mut table, "service", &written.name, services.len());
        services.push(Service {
            name: written.name.text.to_string(),
            text: text_of(written.text.as_ref()),
            doc: written.doc.clone(),
            tags: tags_of(written, names),
            fields: fields(written, names),
            closed: closed(written, names),
            rules: Vec::new(),
            span: written.name.span,
        });
    }
    names.services = table;
    services
}

fn tags_of<'a>(service: &'a ast::Service, names: &mut Names<'a>) -> Vec<usize> {
    let mut tags = Vec::new();
    for (index, tag) in service.tags.iter().enumerate() {
        if let Some(first) = service.tags[..index].iter().find(|first| first.text == tag.text) {
            names.report_said_twice(&format!("the tag `{}`", tag.text), tag.span, first.span);
        } else {
            tags.extend(self::tag(tag, names));
        }
    }
    tags
}

/// The index of the tag of that name, or a finding.
pub(super) fn tag(name: &ast::Name, names: &mut Names<'_>) -> Option<usize> {
    if let Some((tag, _)) = names.tags.get(name.text.as_str()) {
        return Some(*tag);
    }
    let known = Names::sorted(&names.tags);
    names.report_unknown(Code::UnknownTag, "tag", name, known, Some("declare it with `tag`".to_owned()));
    None
}

fn fields<'a>(service: &'a ast::Service, names: &mut Names<'a>) -> Option<Vec<Field>> {
    let line = names.once("`fields`", &service.fields, |line| line.span)?;
    if names.fields.is_none() {
        let word = ast::Name { text: FIELDS.into(), span: Span { end: line.span.start + 6, ..line.span } };
        let message = "unknown attribute `fields`".to_owned();
        let help =
            "give it its place in the vocabulary: `set attribute fields \"…\" { refuse … }`".to_owned();
        names.report_unless_lost(Code::UnknownAttribute, &word, message, Some(help));
        names.lose(FIELDS);
    }
    let mut fields: Vec<Field> = Vec::new();
    for item in service.fields.iter().flat_map(|line| &line.items) {
        let window = dates::item_window(names, item.dates());
        names.check_not_reserved(&item.name);
        if let Some(first) = fields.iter().find(|field| field.name == item.name.text) {
            let first = first.span;
            names.report_declared_twice(&format!("the field `{}`", item.name.text), item.name.span, first);
            continue;
        }
        fields.push(Field { name: item.name.text.to_string(), window, span: item.name.span });
    }
    if let Some(over) = fields.get(MOST_SET_VALUES) {
        let message = format!("a service has at most {MOST_SET_VALUES} fields");
        names.report(Diagnostic::new(Code::TooLarge, over.span, message));
    }
    Some(fields)
}

fn closed(service: &ast::Service, names: &mut Names<'_>) -> Option<String> {
    let closed = names.once("`closed`", &service.closed, |text| text.span)?;
    if let Some(rule) = service.rules.first() {
        let message = format!("service `{}` is closed, so it has no rules", service.name.text);
        let finding = Diagnostic::new(Code::ClosedService, rule.name.span, message);
        names.report(finding.because(closed.span, "closed here").help("drop `closed`, or its rules"));
    }
    Some(closed.text.to_string())
}

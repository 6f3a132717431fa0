//! Services: their tags, their fields, and whether they are closed. Their rules are resolved with all other rules.

use rustc_hash::FxHashMap;

use super::names::{DeclaredAttribute, Names, Table};
use super::vocabulary::FIELDS;
use super::{Items, dates, text_of};
use crate::base::suggest;
use crate::language::ast;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::limits::{MOST_FIELD_DEPTH, MOST_SET_VALUES};
use crate::policy::source::Span;
use crate::policy::{ElementText, Field, Service, Tag};

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
        let fields = fields(written, names);
        services.push(Service {
            name: written.name.text.to_string(),
            text: text_of(written.text.as_ref()),
            doc: written.doc.clone(),
            tags: tags_of(written, names),
            texts: texts(written, fields.as_deref(), names),
            fields,
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
    let mut fields = Vec::new();
    for line in &service.fields {
        fields_of_line(line, &mut fields, names);
    }
    name_fields(&mut fields);
    if let Some(over) = fields.get(MOST_SET_VALUES) {
        let message = format!("a service has at most {MOST_SET_VALUES} fields");
        names.report(Diagnostic::new(Code::TooLarge, over.span, message));
    }
    Some(fields)
}

/// Adds the elements of a line, each at its place. Their names are not yet known.
fn fields_of_line(line: &ast::FieldsLine, fields: &mut Vec<Field>, names: &mut Names<'_>) {
    // The elements that contain the next one, from the outermost inwards, as indices in `fields`.
    let mut around: Vec<usize> = Vec::new();
    for (item, depth) in line.items.iter().zip(&line.depths) {
        around.truncate(*depth);
        let (element, span) = (&item.name, item.name.span);
        let mut window = dates::item_window(names, item.dates());
        names.check_not_reserved(element);
        if around.len() == MOST_FIELD_DEPTH {
            let message = format!("fields are nested at most {MOST_FIELD_DEPTH} deep");
            names.report(Diagnostic::new(Code::TooLarge, span, message));
        }
        if around.len() >= MOST_FIELD_DEPTH {
            around.push(around.last().copied().unwrap_or_default());
            continue;
        }
        let container = around.last().and_then(|index| fields.get(*index));
        if let Some(container) = container {
            window = window.and(&container.window);
        }
        let place = format!("{}/{}", container.map_or("", |container| &container.place), element.text);
        let first = fields.iter().position(|field| field.place == place);
        if let Some(first) = first.and_then(|index| fields.get(index)) {
            names.report_declared_twice(&format!("the field `{}`", first.path()), span, first.span);
        }
        around.push(first.unwrap_or(fields.len()));
        if first.is_none() {
            fields.push(Field { name: String::new(), place, window, span });
        }
    }
}

/// Gives each field its name: its element if no other field has the same element, otherwise its path.
fn name_fields(fields: &mut [Field]) {
    let mut counts: FxHashMap<String, usize> = FxHashMap::default();
    for field in &*fields {
        *counts.entry(field.element().to_owned()).or_default() += 1;
    }
    for field in fields {
        let is_unique = counts.get(field.element()) == Some(&1);
        // The path of an outermost element is the element, so only its place says which is meant.
        let is_outermost = field.path() == field.element();
        field.name = match (is_unique, is_outermost) {
            (true, _) => field.element().to_owned(),
            (false, true) => field.place.clone(),
            (false, false) => field.path().to_owned(),
        };
    }
}

/// The attributes that are texts of elements.
fn texts<'a>(service: &'a ast::Service, fields: Option<&[Field]>, names: &mut Names<'a>) -> Vec<ElementText> {
    let mut texts: Vec<ElementText> = Vec::new();
    for line in &service.filled {
        let Some(attribute) = names.attribute(&line.attribute, &["fields", "closed"]) else { continue };
        let span = line.attribute.span.to(line.place.span);
        if let Some(first) = texts.iter().find(|text| text.attribute == attribute) {
            let first = first.span;
            names.report_said_twice(&format!("where `{}` is from", line.attribute.text), span, first);
            continue;
        }
        let path = line.place.text.trim_start_matches('/');
        if is_text_of_the_message(&line.attribute, attribute, names)
            && has_text(path, line, service, fields, names)
        {
            texts.push(ElementText { attribute, path: path.to_owned(), span });
        }
    }
    texts
}

/// What an attribute that is the text of an element is in a body without the element.
const NOT_APPLICABLE: &str = "NotApplicable";

/// Whether an attribute is one value that the message states; otherwise a finding.
fn is_text_of_the_message(written: &ast::Name, attribute: usize, names: &mut Names<'_>) -> bool {
    let DeclaredAttribute { set, sender, span: declared, complete, values, .. } =
        &names.attributes[attribute];
    let (declared, lacks_a_value) = (*declared, *complete && !values.contains(&NOT_APPLICABLE));
    let (message, help) = match (*set, *sender) {
        (false, true) if lacks_a_value => (
            format!("`{}` has no value for a body without the element", written.text),
            "add `NotApplicable` to its values",
        ),
        (false, true) => return true,
        (true, _) => (
            format!("`{}` is a set, and an element has one text", written.text),
            "name an attribute that has exactly one value",
        ),
        (false, false) => (
            format!(
                "`{}` is not marked `sender`, and the text of an element is stated by the message",
                written.text
            ),
            "write `sender` in the first line of the attribute",
        ),
    };
    let finding = Diagnostic::new(Code::BadFrom, written.span, message);
    names.report(finding.because(declared, "declared here").help(help));
    false
}

/// Whether the service may have a text at a path; otherwise a finding. A service without a `fields` line may have
/// elements at any place.
fn has_text(
    path: &str,
    line: &ast::Filled,
    service: &ast::Service,
    fields: Option<&[Field]>,
    names: &mut Names<'_>,
) -> bool {
    let Some(fields) = fields else { return true };
    let Some(field) = fields.iter().find(|field| field.path() == path) else {
        let element = path.rsplit('/').next().unwrap_or_default();
        let same = fields.iter().filter(|field| field.element() == element).map(Field::path);
        let same: Vec<String> = suggest::ticked(&same.collect::<Vec<_>>());
        let near = || suggest::did_you_mean(path, fields.iter().map(Field::path));
        let help = (!same.is_empty()).then(|| format!("write {}", suggest::either(&same))).or_else(near);
        let message = format!("service `{}` declares no element at `{path}`", service.name.text);
        names.report_unless_lost(Code::UnknownField, &line.place, message, help);
        return false;
    };
    let inside =
        |other: &Field| other.place.strip_prefix(&field.place).is_some_and(|rest| rest.starts_with('/'));
    if let Some(inner) = fields.iter().find(|other| inside(other)) {
        let message = format!("`{path}` has elements inside, so it has no text of its own");
        let finding = Diagnostic::new(Code::BadFrom, line.place.span, message);
        names.report(finding.because(inner.span, "inside it").help(format!("write `{}`", inner.path())));
        return false;
    }
    true
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

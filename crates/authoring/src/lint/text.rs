//! `empty-text`, `placeholder-text`, `repeated-name`: texts for people that tell them nothing.

use super::syntax::Syntax;
use meterwarden::language::ast::{
    Attribute, Condition, Item, Modification, Name, Part, Refuse, Rule, Service,
};
use meterwarden::language::diagnostic::{Code, Diagnostic};

/// Words at the beginning of a text that is not written yet.
const PLACEHOLDERS: &[&str] = &["todo", "tbd", "tbc", "fixme", "xxx", "placeholder"];

pub(super) fn find(syntax: &Syntax<'_>) -> Vec<Diagnostic> {
    let mut texts = Vec::new();
    for item in syntax.items() {
        of_item(item, &mut texts);
    }
    let empty = texts.iter().filter_map(empty_or_placeholder);
    let repeated = texts.iter().filter_map(repeated_name);
    empty.chain(repeated).collect()
}

/// A text, and the name that it describes if it describes one.
struct Text<'s> {
    text: &'s Name,
    name: Option<&'s Name>,
}

fn of_item<'s>(item: &'s Item, texts: &mut Vec<Text<'s>>) {
    match item {
        Item::Attribute(attribute) => of_attribute(attribute, texts),
        Item::Group(_) | Item::Clock(_) => {}
        Item::Tag(tag) => description(&tag.name, tag.text.as_ref(), texts),
        Item::Condition(condition) => of_condition(condition, texts),
        Item::Modification(modification) => of_modification(modification, texts),
        Item::Service(service) => of_service(service, texts),
        Item::Rule(rule) => of_rule(rule, texts),
    }
}

fn of_attribute<'s>(attribute: &'s Attribute, texts: &mut Vec<Text<'s>>) {
    description(&attribute.name, attribute.text.as_ref(), texts);
    of_refuse(attribute.refuse.as_ref(), texts);
    for value in &attribute.values {
        description(&value.name, value.text.as_ref(), texts);
        of_refuse(value.refuse.as_ref(), texts);
    }
}

fn of_condition<'s>(condition: &'s Condition, texts: &mut Vec<Text<'s>>) {
    description(&condition.name, condition.text.as_ref(), texts);
    texts.extend(condition.source.iter().chain(&condition.assumed).map(without_name));
}

fn of_modification<'s>(modification: &'s Modification, texts: &mut Vec<Text<'s>>) {
    description(&modification.name, modification.text.as_ref(), texts);
    texts.extend(modification.source.iter().map(without_name));
}

fn of_service<'s>(service: &'s Service, texts: &mut Vec<Text<'s>>) {
    description(&service.name, service.text.as_ref(), texts);
    texts.extend(service.closed.iter().map(without_name));
    service.rules.iter().for_each(|rule| of_rule(rule, texts));
}

fn of_rule<'s>(rule: &'s Rule, texts: &mut Vec<Text<'s>>) {
    description(&rule.name, rule.text.as_ref(), texts);
    for part in &rule.parts {
        match part {
            Part::Source(text) | Part::Assumed(text) => texts.push(without_name(text)),
            Part::Refuse(refuse) => of_refuse(Some(refuse), texts),
            _ => {}
        }
    }
}

fn description<'s>(name: &'s Name, text: Option<&'s Name>, texts: &mut Vec<Text<'s>>) {
    texts.extend(text.map(|text| Text { text, name: Some(name) }));
}

fn of_refuse<'s>(refuse: Option<&'s Refuse>, texts: &mut Vec<Text<'s>>) {
    texts.extend(refuse.and_then(|refuse| refuse.text.as_ref()).map(without_name));
}

fn without_name(text: &Name) -> Text<'_> {
    Text { text, name: None }
}

fn empty_or_placeholder(text: &Text<'_>) -> Option<Diagnostic> {
    let span = text.text.span;
    let text = text.text.text.trim();
    if text.is_empty() {
        let finding = Diagnostic::new(Code::EmptyText, span, "this text is empty");
        return Some(
            finding.help("write what a reader of the rules or of a refusal needs to know, or drop it"),
        );
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let begins_with_placeholder = PLACEHOLDERS.iter().any(|word| text[..end].eq_ignore_ascii_case(word));
    let is_punctuation = text.chars().all(|c| matches!(c, '?' | '.' | '…' | '-' | '_' | ' '));
    (begins_with_placeholder || is_punctuation).then(|| {
        let message = format!("\"{text}\" is a placeholder for a text that is not written yet");
        Diagnostic::new(Code::PlaceholderText, span, message).help("write the text")
    })
}

/// `critical "critical"`, `esme-variant "ESME variant"`. A number, or a name whose words are written together, may be
/// spelt out.
fn repeated_name(text: &Text<'_>) -> Option<Diagnostic> {
    let name = text.name?;
    fn letters(text: &str) -> impl Iterator<Item = char> {
        let with_blanks = text.trim().chars().map(|c| if matches!(c, '-' | '_') { ' ' } else { c });
        with_blanks.flat_map(char::to_lowercase)
    }
    letters(&name.text).eq(letters(&text.text.text)).then(|| {
        let message = format!("this text only repeats the name `{}`", name.text);
        Diagnostic::new(Code::RepeatedName, text.text.span, message)
            .help("say what the name means, or drop the text")
    })
}

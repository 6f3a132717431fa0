//! `empty-text`, `placeholder-text`, `repeated-name`, `repeated-text`: words for people that tell them nothing.

use std::collections::HashMap;

use super::written::Written;
use meterwarden::language::ast::{
    Attribute, Condition, Item, Modification, Name, Part, Refuse, Rule, Service,
};
use meterwarden::language::diagnostic::{Code, Diagnostic};

/// Words with which a text begins that is still to be written.
const PLACEHOLDERS: &[&str] = &["todo", "tbd", "tbc", "fixme", "xxx", "placeholder"];

pub(super) fn find(written: &Written<'_>) -> Vec<Diagnostic> {
    let mut texts = Vec::new();
    for item in written.items() {
        of_item(item, &mut texts);
    }
    let alone = texts.iter().filter_map(empty_or_placeholder);
    let names = texts.iter().filter_map(repeated_name);
    alone.chain(names).chain(repeated(written)).collect()
}

/// A text, and the name that it explains, where it explains one.
struct Text<'w> {
    text: &'w Name,
    name: Option<&'w Name>,
}

fn of_item<'w>(item: &'w Item, texts: &mut Vec<Text<'w>>) {
    match item {
        Item::Attribute(one) => of_attribute(one, texts),
        Item::Group(_) => {}
        Item::Tag(one) => described(&one.name, one.text.as_ref(), texts),
        Item::Condition(one) => of_condition(one, texts),
        Item::Modification(one) => of_modification(one, texts),
        Item::Service(one) => of_service(one, texts),
        Item::Rule(one) => of_rule(one, texts),
    }
}

fn of_attribute<'w>(one: &'w Attribute, texts: &mut Vec<Text<'w>>) {
    described(&one.name, one.text.as_ref(), texts);
    of_refuse(one.refuse.as_ref(), texts);
    for value in &one.values {
        described(&value.name, value.text.as_ref(), texts);
        of_refuse(value.refuse.as_ref(), texts);
    }
}

fn of_condition<'w>(one: &'w Condition, texts: &mut Vec<Text<'w>>) {
    described(&one.name, one.text.as_ref(), texts);
    texts.extend(one.source.iter().chain(&one.assumed).map(alone));
}

fn of_modification<'w>(one: &'w Modification, texts: &mut Vec<Text<'w>>) {
    described(&one.name, one.text.as_ref(), texts);
    texts.extend(one.source.iter().map(alone));
}

fn of_service<'w>(one: &'w Service, texts: &mut Vec<Text<'w>>) {
    described(&one.name, one.text.as_ref(), texts);
    texts.extend(one.closed.iter().map(alone));
    one.rules.iter().for_each(|rule| of_rule(rule, texts));
}

fn of_rule<'w>(one: &'w Rule, texts: &mut Vec<Text<'w>>) {
    described(&one.name, one.text.as_ref(), texts);
    for part in &one.parts {
        match part {
            Part::Source(text) | Part::Assumed(text) => texts.push(alone(text)),
            Part::Refuse(refuse) => of_refuse(Some(refuse), texts),
            _ => {}
        }
    }
}

fn described<'w>(name: &'w Name, text: Option<&'w Name>, texts: &mut Vec<Text<'w>>) {
    texts.extend(text.map(|text| Text { text, name: Some(name) }));
}

fn of_refuse<'w>(refuse: Option<&'w Refuse>, texts: &mut Vec<Text<'w>>) {
    texts.extend(refuse.and_then(|refuse| refuse.text.as_ref()).map(alone));
}

fn alone(text: &Name) -> Text<'_> {
    Text { text, name: None }
}

fn empty_or_placeholder(one: &Text<'_>) -> Option<Diagnostic> {
    let text = one.text.text.trim();
    if text.is_empty() {
        let found = Diagnostic::new(Code::EmptyText, one.text.span, "this text is empty");
        return Some(found.help("say what a reader of the rules or of a refusal needs to know, or drop it"));
    }
    let end = text.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(text.len());
    let is_word = PLACEHOLDERS.iter().any(|word| text[..end].eq_ignore_ascii_case(word));
    let is_mark = text.chars().all(|c| matches!(c, '?' | '.' | '…' | '-' | '_' | ' '));
    (is_word || is_mark).then(|| {
        let message = format!("\"{text}\" stands for a text that is still to be written");
        Diagnostic::new(Code::PlaceholderText, one.text.span, message).help("write it")
    })
}

/// `critical "critical"`, `esme-variant "ESME variant"`. A number or a name run together may well be spelt out.
fn repeated_name(one: &Text<'_>) -> Option<Diagnostic> {
    let name = one.name?;
    fn spelt(text: &str) -> impl Iterator<Item = char> {
        let letters = text.trim().chars().map(|c| if matches!(c, '-' | '_') { ' ' } else { c });
        letters.flat_map(char::to_lowercase)
    }
    spelt(&name.text).eq(spelt(&one.text.text)).then(|| {
        let message = format!("this text only repeats the name `{}`", name.text);
        Diagnostic::new(Code::RepeatedName, one.text.span, message)
            .help("say what the name means, or drop the text")
    })
}

/// Each text that stands for an earlier item of the same class and place already.
fn repeated(written: &Written<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for attribute in written.attributes() {
        found.extend(among(attribute.values.iter().map(|one| (&one.name, one.text.as_ref()))));
    }
    found.extend(among(written.tags().map(|one| (&one.name, one.text.as_ref()))));
    found.extend(among(written.conditions().map(|one| (&one.name, one.text.as_ref()))));
    found.extend(among(written.modifications().map(|one| (&one.name, one.text.as_ref()))));
    found.extend(among(written.services().map(|one| (&one.name, one.text.as_ref()))));
    for service in written.services() {
        found.extend(rules_alike(written, service));
    }
    found
}

fn among<'w>(all: impl Iterator<Item = (&'w Name, Option<&'w Name>)>) -> Vec<Diagnostic> {
    let mut first: HashMap<String, &Name> = HashMap::new();
    let mut found = Vec::new();
    for (name, text) in all.filter_map(|(name, text)| Some((name, text?))) {
        let key = text.text.trim().to_lowercase();
        if key.is_empty() {
            continue;
        }
        match first.get(&key) {
            Some(first) => found.push(same_text(name, text, first)),
            None => {
                first.insert(key, name);
            }
        }
    }
    found
}

/// Two rules of a service may share a text where the one takes over from the other.
fn rules_alike(written: &Written<'_>, service: &Service) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (nth, rule) in service.rules.iter().enumerate() {
        let Some(text) = &rule.text else { continue };
        let same = |other: &&Rule| other.text.as_ref().is_some_and(|other| other.text == text.text);
        let earlier = service.rules.iter().take(nth).filter(same);
        let first = earlier.into_iter().find(|first| together(written, service, first, rule));
        if let Some(first) = first.filter(|_| !text.text.trim().is_empty()) {
            found.push(same_text(&rule.name, text, &first.name));
        }
    }
    found
}

/// Whether there is a day on which both rules are in force.
fn together(written: &Written<'_>, service: &Service, one: &Rule, other: &Rule) -> bool {
    let window = |rule: &Rule| {
        let name = format!("{}/{}", service.name.text, rule.name.text);
        let covering = &written.policy.service(&service.name.text)?.rules;
        let mut rules = covering.iter().map(|covered| &written.policy.rules()[covered.rule]);
        rules.find(|made| made.name == name).map(|made| made.window)
    };
    match (window(one), window(other)) {
        (Some(one), Some(other)) => {
            let both = one.and(&other);
            both.from < both.until
        }
        _ => true,
    }
}

fn same_text(name: &Name, text: &Name, first: &Name) -> Diagnostic {
    let message = format!("`{}` is described by the same words as `{}`", name.text, first.text);
    Diagnostic::new(Code::RepeatedText, name.span.to(text.span), message)
        .because(first.span, "the other")
        .help("say what is different about it; an explanation shows these words")
}

//! `repeated-text`: a text that describes another item of the same kind already.

use std::collections::HashMap;

use super::syntax::Syntax;
use meterwarden::language::ast::{Name, Rule, Service};
use meterwarden::language::diagnostic::{Code, Diagnostic};

pub(super) fn find(syntax: &Syntax<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for attribute in syntax.attributes() {
        found.extend(repeated(attribute.values.iter().map(|value| (&value.name, value.text.as_ref()))));
    }
    found.extend(repeated(syntax.tags().map(|tag| (&tag.name, tag.text.as_ref()))));
    found.extend(repeated(syntax.conditions().map(|condition| (&condition.name, condition.text.as_ref()))));
    let modifications = syntax.modifications();
    found
        .extend(repeated(modifications.map(|modification| (&modification.name, modification.text.as_ref()))));
    found.extend(repeated(syntax.services().map(|service| (&service.name, service.text.as_ref()))));
    for service in syntax.services() {
        found.extend(in_service(syntax, service));
    }
    found
}

/// A finding for each text that describes an earlier name of the list.
fn repeated<'s>(list: impl Iterator<Item = (&'s Name, Option<&'s Name>)>) -> Vec<Diagnostic> {
    let mut first_with_text: HashMap<String, &Name> = HashMap::new();
    let mut found = Vec::new();
    for (name, text) in list.filter_map(|(name, text)| Some((name, text?))) {
        let key = text.text.trim().to_lowercase();
        if key.is_empty() {
            continue;
        }
        match first_with_text.get(&key) {
            Some(first) => found.push(finding(name, text, first)),
            None => {
                first_with_text.insert(key, name);
            }
        }
    }
    found
}

/// A finding for each rule of a service with the text of an earlier rule. Two rules may share a text if one replaces
/// the other on a date.
fn in_service(syntax: &Syntax<'_>, service: &Service) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for (index, rule) in service.rules.iter().enumerate() {
        let Some(text) = rule.text.as_ref().filter(|text| !text.text.trim().is_empty()) else { continue };
        let has_same_text = |other: &&Rule| other.text.as_ref().is_some_and(|other| other.text == text.text);
        let mut earlier = service.rules.iter().take(index).filter(has_same_text);
        if let Some(first) = earlier.find(|first| are_in_force_together(syntax, service, first, rule)) {
            found.push(finding(&rule.name, text, &first.name));
        }
    }
    found
}

/// Whether there is a day on which both rules are in force.
fn are_in_force_together(syntax: &Syntax<'_>, service: &Service, a: &Rule, b: &Rule) -> bool {
    let window = |rule: &Rule| {
        let name = format!("{}/{}", service.name.text, rule.name.text);
        let covering = &syntax.policy.service(&service.name.text)?.rules;
        let mut rules = covering.iter().map(|covered| &syntax.policy.rules()[covered.rule]);
        rules.find(|checked| checked.name == name).map(|checked| checked.window)
    };
    match (window(a), window(b)) {
        (Some(a), Some(b)) => {
            let both = a.and(&b);
            both.from < both.until
        }
        _ => true,
    }
}

fn finding(name: &Name, text: &Name, first: &Name) -> Diagnostic {
    let message = format!("`{}` has the same text as `{}`", name.text, first.text);
    Diagnostic::new(Code::RepeatedText, name.span.to(text.span), message)
        .because(first.span, "the other")
        .help("say what is different about it; an explanation shows this text")
}

//! The same policy with 100 copies of every service: `8.4` becomes `100.8.4` to `199.8.4`. A rule outside the services
//! that names a service then names all its copies.

use meterwarden::language::ast::{Item, Part, Rule, SelectorKind};
use meterwarden::{Policy, Request, Source, Span, parse};

use crate::requests::Dice;

/// The number of copies of each service
const COPIES: usize = 100;

/// A policy with [`COPIES`] copies of each service. Each copy has its own files, as the size of a file is limited.
pub(crate) fn policy(policy: &Policy) -> Policy {
    let mut sources = Vec::new();
    for (source, file) in policy.sources().iter().zip(0..) {
        let items = parse(source, file).file.items;
        let (services, others): (Vec<&Item>, Vec<&Item>) =
            items.iter().partition(|item| matches!(item, Item::Service(_)));
        let others: Vec<String> = others.iter().map(|item| outside_services(source, item)).collect();
        sources.push(Source::new(source.path.clone(), others.join("\n\n")));
        for copy in 0..COPIES {
            let services: Vec<String> = services.iter().map(|item| copied(source, item, copy)).collect();
            sources.push(Source::new(format!("{}/{}", 100 + copy, source.path), services.join("\n\n")));
        }
    }
    Policy::from_sources(sources).unwrap_or_else(|findings| panic!("{findings}"))
}

/// The requests, each for one of the copies of its service.
pub(crate) fn requests(requests: &[Request], dice: &mut Dice) -> Vec<Request> {
    let for_a_copy = |request: &Request| Request {
        service: renamed(&request.service, dice.below(COPIES)),
        ..request.clone()
    };
    requests.iter().map(for_a_copy).collect()
}

fn renamed(service: &str, copy: usize) -> String {
    format!("{}.{service}", 100 + copy)
}

/// A service under the name of a copy
fn copied(source: &Source, item: &Item, copy: usize) -> String {
    let Item::Service(service) = item else { panic!("not a service") };
    edited(source, service.span, [(service.name.span, renamed(&service.name.text, copy))])
}

/// An item outside the services. If it names a service, it then names all copies.
fn outside_services(source: &Source, item: &Item) -> String {
    match item {
        Item::Service(_) => panic!("a service"),
        Item::Rule(rule) => edited(source, rule.span, selectors(source, rule)),
        Item::Attribute(attribute) => edited(source, attribute.span, []),
        Item::Group(group) => edited(source, group.span, []),
        Item::Tag(tag) => edited(source, tag.span, []),
        Item::Condition(condition) => edited(source, condition.span, []),
        Item::Modification(modification) => edited(source, modification.span, []),
    }
}

/// The selectors of a rule that name services, each with the copies that replace it
fn selectors(source: &Source, rule: &Rule) -> Vec<(Span, String)> {
    let covers = rule
        .parts
        .iter()
        .filter_map(|part| if let Part::Covers(covers) = part { Some(covers) } else { None });
    let selectors = covers.flat_map(|covers| covers.items.iter().chain(&covers.except));
    let named = selectors.filter_map(|selector| match &selector.kind {
        SelectorKind::Service(name) => {
            // The dates in `11.2 (since MP105)` follow each copy.
            let dates = &source.text[name.span.end as usize..selector.span.end as usize];
            let copies = (0..COPIES).map(|copy| format!("{}{dates}", renamed(&name.text, copy)));
            Some((selector.span, copies.collect::<Vec<_>>().join(", ")))
        }
        SelectorKind::Family(_) => panic!("a family of services is not supported here"),
        SelectorKind::All | SelectorKind::Tag(_) => None,
    });
    named.collect()
}

/// A part of the text with some spans replaced; the edits are in the order of the text.
fn edited(source: &Source, span: Span, edits: impl IntoIterator<Item = (Span, String)>) -> String {
    let (mut text, mut copied_to) = (String::new(), span.start as usize);
    for (replaced, replacement) in edits {
        text.push_str(&source.text[copied_to..replaced.start as usize]);
        text.push_str(&replacement);
        copied_to = replaced.end as usize;
    }
    text.push_str(&source.text[copied_to..span.end as usize]);
    text
}

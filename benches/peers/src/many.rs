//! The same policy with every service a hundred times: `8.4` becomes `100.8.4` to `199.8.4`, and a rule above the services
//! names them all.

use meterwarden::ast::{Item, Part, Rule, SelectorKind};
use meterwarden::{Policy, Request, Source, Span, parse};

use crate::requests::Dice;

/// How often each service stands in the policy.
pub(crate) const TIMES: usize = 100;

/// The services of a policy, so many times; each copy in files of its own, as a file has a largest size.
pub(crate) fn policy(policy: &Policy) -> Policy {
    let mut sources = Vec::new();
    for (source, file) in policy.sources().iter().zip(0..) {
        let items = parse(source, file).file.items;
        let (services, others): (Vec<&Item>, Vec<&Item>) =
            items.iter().partition(|item| matches!(item, Item::Service(_)));
        let others: Vec<String> = others.iter().map(|item| above_services(source, item)).collect();
        sources.push(Source::new(source.path.clone(), others.join("\n\n")));
        for copy in 0..TIMES {
            let services: Vec<String> = services.iter().map(|item| copied(source, item, copy)).collect();
            sources.push(Source::new(format!("{}/{}", 100 + copy, source.path), services.join("\n\n")));
        }
    }
    Policy::from_sources(sources).unwrap_or_else(|found| panic!("{found}"))
}

/// The requests, each for one of the copies of its service.
pub(crate) fn requests(requests: &[Request], dice: &mut Dice) -> Vec<Request> {
    let renamed = |request: &Request| Request {
        service: renamed(&request.service, dice.below(TIMES)),
        ..request.clone()
    };
    requests.iter().map(renamed).collect()
}

fn renamed(service: &str, copy: usize) -> String {
    format!("{}.{service}", 100 + copy)
}

/// A service under another name.
fn copied(source: &Source, item: &Item, copy: usize) -> String {
    let Item::Service(service) = item else { panic!("not a service") };
    edited(source, service.span, [(service.name.span, renamed(&service.name.text, copy))])
}

/// What stands outside services, with the copies where it names one.
fn above_services(source: &Source, item: &Item) -> String {
    match item {
        Item::Service(_) => panic!("a service"),
        Item::Rule(rule) => edited(source, rule.span, selectors(source, rule)),
        Item::Attribute(one) => edited(source, one.span, []),
        Item::Group(one) => edited(source, one.span, []),
        Item::Tag(one) => edited(source, one.span, []),
        Item::Condition(one) => edited(source, one.span, []),
        Item::Modification(one) => edited(source, one.span, []),
    }
}

/// The selectors of a rule that name services, with their copies.
fn selectors(source: &Source, rule: &Rule) -> Vec<(Span, String)> {
    let covers = rule
        .parts
        .iter()
        .filter_map(|part| if let Part::Covers(covers) = part { Some(covers) } else { None });
    let selectors = covers.flat_map(|covers| covers.items.iter().chain(&covers.except));
    let named = selectors.filter_map(|selector| match &selector.kind {
        SelectorKind::Service(name) => {
            // `11.2 (since MP105)`: the date stands behind each copy.
            let dates = &source.text[name.span.end as usize..selector.span.end as usize];
            let copies = (0..TIMES).map(|copy| format!("{}{dates}", renamed(&name.text, copy)));
            Some((selector.span, copies.collect::<Vec<_>>().join(", ")))
        }
        SelectorKind::Family(_) => panic!("a family of services: nobody has multiplied one yet"),
        SelectorKind::All | SelectorKind::Tag(_) => None,
    });
    named.collect()
}

/// A part of the text with some places replaced, in order of place.
fn edited(source: &Source, span: Span, edits: impl IntoIterator<Item = (Span, String)>) -> String {
    let (mut text, mut from) = (String::new(), span.start as usize);
    for (place, with) in edits {
        text.push_str(&source.text[from..place.start as usize]);
        text.push_str(&with);
        from = place.end as usize;
    }
    text.push_str(&source.text[from..span.end as usize]);
    text
}

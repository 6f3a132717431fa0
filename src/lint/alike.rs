//! `services-alike`: a service that was copied and not edited.
//!
//! That two services permit the same is no finding: in a real policy dozens do, and rightly. What is found is a service
//! that has the name of another in words, or every word of its rules, texts and sources included, and permits the same.

use std::collections::HashMap;

use crate::compile::Plan;
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{Policy, Service, Window};

pub(super) fn find(plan: &Plan) -> Vec<Diagnostic> {
    let policy = plan.policy();
    let mut by_name: HashMap<String, usize> = HashMap::new();
    let mut by_rules: HashMap<String, usize> = HashMap::new();
    let mut found = Vec::new();
    for (nth, service) in policy.services.iter().enumerate().filter(|(_, one)| one.closed.is_none()) {
        let named = words(&service.text).to_lowercase();
        let named = if named.is_empty() { None } else { first(&mut by_name, named, nth) };
        let named = named.filter(|other| permits_alike(plan, &policy.services[*other], service));
        let ruled = own_rules(policy, nth, service).and_then(|rules| first(&mut by_rules, rules, nth));
        let ruled = ruled.filter(|other| covered_alike(policy, &policy.services[*other], service));
        if let Some(other) = ruled {
            found.push(finding(service, &policy.services[other], "word for word the same rules"));
        } else if let Some(other) = named {
            found.push(finding(service, &policy.services[other], "the same text, and permit the same"));
        }
    }
    found
}

/// The first service of that key, if it is another.
fn first(seen: &mut HashMap<String, usize>, key: String, nth: usize) -> Option<usize> {
    let first = *seen.entry(key).or_insert(nth);
    (first != nth).then_some(first)
}

/// What the rules of a service say, blanks and their own names apart; nothing where it has none.
fn own_rules(policy: &Policy, nth: usize, service: &Service) -> Option<String> {
    let rules = service.rules.iter().filter_map(|covered| policy.rules.get(covered.rule));
    let own = rules.filter(|rule| rule.service == Some(nth)).map(|rule| words(policy.text(rule.span)));
    let own: Vec<String> = own.collect();
    let fields = service.fields.iter().flatten().map(|field| field.name.as_str());
    (!own.is_empty())
        .then(|| format!("{:?}{}{}", service.tags, fields.collect::<Vec<_>>().join(","), own.join(" ")))
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the same rules outside of services cover both, at the same times, and both declare their fields alike.
fn covered_alike(policy: &Policy, one: &Service, other: &Service) -> bool {
    let fields = |service: &Service| -> Option<Vec<(String, Window)>> {
        Some(service.fields.as_ref()?.iter().map(|field| (field.name.clone(), field.window)).collect())
    };
    let outside = |service: &Service| -> Vec<(usize, Vec<Window>, Vec<Window>)> {
        let rules = service.rules.iter().filter(|covered| policy.rules[covered.rule].service.is_none());
        rules.map(|one| (one.rule, one.covered.clone(), one.left_out.clone())).collect()
    };
    fields(one) == fields(other) && outside(one) == outside(other)
}

/// Whether two services permit the same on every date, and something.
fn permits_alike(plan: &Plan, one: &Service, other: &Service) -> bool {
    let permitted = |service: &Service| {
        let page = plan.outcomes(&service.name)?;
        page.split_once('\n').map(|(_, boxes)| boxes.to_owned())
    };
    one.tags == other.tags && permitted(one) == permitted(other)
}

fn finding(service: &Service, other: &Service, what: &str) -> Diagnostic {
    let message = format!("services `{}` and `{}` have {what}", other.name, service.name);
    let help =
        "edit what was copied; or write what they share once, as a rule outside of them: `services A, B`";
    Diagnostic::new(Code::ServicesAlike, service.span, message)
        .because(other.span, "the other one")
        .help(help)
}

//! `services-alike`: a service that was copied and not edited.
//!
//! That two services permit the same is no finding: in a real policy dozens do, and rightly. What is found is a service
//! that has the name of another in words, or every word of its rules, texts and sources included, and permits the same.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::plan::Plan;
use meterwarden::policy::{Policy, Rule, Service, Window};

pub(super) fn find(plan: &Plan) -> Vec<Diagnostic> {
    let policy = plan.policy();
    let mut by_name: HashMap<String, usize> = HashMap::new();
    let mut by_outline: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut found = Vec::new();
    for (nth, service) in policy.services().iter().enumerate().filter(|(_, one)| one.closed.is_none()) {
        let named = words(&service.text).to_lowercase();
        let named = if named.is_empty() { None } else { first(&mut by_name, named, nth) };
        let named = named.filter(|other| permits_alike(plan, &policy.services()[*other], service));
        let ruled = outline(policy, nth, service).and_then(|outline| {
            let likes = by_outline.entry(outline).or_default();
            let same = |other: &&usize| own_rules(policy, **other) == own_rules(policy, nth);
            let first = likes.iter().find(same).copied();
            likes.extend(first.is_none().then_some(nth));
            first
        });
        let ruled = ruled.filter(|other| covered_alike(policy, &policy.services()[*other], service));
        if let Some(other) = ruled {
            found.push(finding(service, &policy.services()[other], "word for word the same rules"));
        } else if let Some(other) = named {
            found.push(finding(service, &policy.services()[other], "the same text, and permit the same"));
        }
    }
    found
}

/// The first service of that key, if it is another.
fn first(seen: &mut HashMap<String, usize>, key: String, nth: usize) -> Option<usize> {
    let first = *seen.entry(key).or_insert(nth);
    (first != nth).then_some(first)
}

/// A number that the services share whose own rules are the same; nothing where a service has none.
fn outline(policy: &Policy, nth: usize, service: &Service) -> Option<u64> {
    let mut outline = DefaultHasher::new();
    let mut own = own(policy, nth).peekable();
    own.peek()?;
    for (place, clause) in own.flat_map(|rule| rule.clauses.iter().enumerate()) {
        (place, clause.attribute).hash(&mut outline);
        clause.items.iter().for_each(|item| item.value.hash(&mut outline));
    }
    service.fields.iter().flatten().for_each(|field| field.name.hash(&mut outline));
    Some(outline.finish())
}

/// What the rules of a service say, blanks and their own names apart.
fn own_rules(policy: &Policy, nth: usize) -> String {
    let service = &policy.services()[nth];
    let fields = service.fields.iter().flatten().map(|field| field.name.as_str());
    let own = own(policy, nth).map(|rule| words(policy.text(rule.span)));
    let [fields, own] = [fields.collect::<Vec<_>>().join(","), own.collect::<Vec<_>>().join(" ")];
    format!("{:?}{fields}{own}", service.tags)
}

fn own(policy: &Policy, nth: usize) -> impl Iterator<Item = &Rule> {
    let rules = policy.services()[nth].rules.iter().map(|covered| &policy.rules()[covered.rule]);
    rules.filter(move |rule| rule.service == Some(nth))
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
        let rules = service.rules.iter().filter(|covered| policy.rules()[covered.rule].service.is_none());
        rules.map(|one| (one.rule, one.covered.clone(), one.left_out.clone())).collect()
    };
    fields(one) == fields(other) && outside(one) == outside(other)
}

/// Whether two services permit the same on every date, and something.
fn permits_alike(plan: &Plan, one: &Service, other: &Service) -> bool {
    let permitted = |service: &Service| {
        let page = meterwarden_analysis::outcomes(plan, &service.name)?;
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

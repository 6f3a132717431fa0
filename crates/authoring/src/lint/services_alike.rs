//! `services-alike`: a service that was copied and not edited.
//!
//! That two services permit the same is not reported: in a real policy dozens do, and rightly. Reported is a service
//! that permits the same as another and has the same text, or whose rules are the same word for word, including their
//! texts and sources.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::plan::Plan;
use meterwarden::policy::{Policy, Rule, Service, Window};

pub(super) fn find(plan: &Plan) -> Vec<Diagnostic> {
    let policy = plan.policy();
    let mut by_text: HashMap<String, usize> = HashMap::new();
    let mut by_hash: HashMap<u64, Vec<usize>> = HashMap::new();
    let mut found = Vec::new();
    let open = policy.services().iter().enumerate().filter(|(_, service)| service.closed.is_none());
    for (index, service) in open {
        let same_text = with_same_text(&mut by_text, service, index)
            .map(|other| &policy.services()[other])
            .filter(|other| permit_the_same(plan, other, service));
        let same_rules = with_same_rules(policy, &mut by_hash, service, index)
            .map(|other| &policy.services()[other])
            .filter(|other| are_covered_alike(policy, other, service));
        if let Some(other) = same_rules {
            found.push(finding(service, other, "word for word the same rules"));
        } else if let Some(other) = same_text {
            found.push(finding(service, other, "the same text, and permit the same"));
        }
    }
    found
}

/// The first earlier service with the same text.
fn with_same_text(seen: &mut HashMap<String, usize>, service: &Service, index: usize) -> Option<usize> {
    let text = normalized(&service.text).to_lowercase();
    if text.is_empty() {
        return None;
    }
    let first = *seen.entry(text).or_insert(index);
    (first != index).then_some(first)
}

/// The first earlier service with the same rules of its own.
fn with_same_rules(
    policy: &Policy,
    seen: &mut HashMap<u64, Vec<usize>>,
    service: &Service,
    index: usize,
) -> Option<usize> {
    // The texts are compared only if the hashes are equal, because the texts are long.
    let candidates = seen.entry(hash_of_own_rules(policy, service, index)?).or_default();
    let text = own_text(policy, index);
    let first = candidates.iter().find(|other| own_text(policy, **other) == text).copied();
    candidates.extend(first.is_none().then_some(index));
    first
}

/// A hash that is equal for services whose own rules are equal. `None` if a service has no rules of its own.
fn hash_of_own_rules(policy: &Policy, service: &Service, index: usize) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    let mut rules = own_rules(policy, index).peekable();
    rules.peek()?;
    for (position, clause) in rules.flat_map(|rule| rule.clauses.iter().enumerate()) {
        (position, clause.attribute).hash(&mut hasher);
        clause.items.iter().for_each(|item| item.value.hash(&mut hasher));
    }
    service.fields.iter().flatten().for_each(|field| field.name.hash(&mut hasher));
    Some(hasher.finish())
}

/// The tags, the fields and the rules of a service as text, without differences in white space.
fn own_text(policy: &Policy, index: usize) -> String {
    let service = &policy.services()[index];
    let fields: Vec<&str> = service.fields.iter().flatten().map(|field| field.name.as_str()).collect();
    let rules: Vec<String> =
        own_rules(policy, index).map(|rule| normalized(policy.text(rule.span))).collect();
    format!("{:?}{}{}", service.tags, fields.join(","), rules.join(" "))
}

/// The rules in a service, without the rules outside services that cover it.
fn own_rules(policy: &Policy, index: usize) -> impl Iterator<Item = &Rule> {
    let rules = policy.services()[index].rules.iter().map(|covered| &policy.rules()[covered.rule]);
    rules.filter(move |rule| rule.service == Some(index))
}

/// A text with single blanks between its words.
fn normalized(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Whether the same rules outside services cover both services, on the same dates, and both declare the same fields.
fn are_covered_alike(policy: &Policy, a: &Service, b: &Service) -> bool {
    let fields = |service: &Service| -> Option<Vec<(String, Window)>> {
        Some(service.fields.as_ref()?.iter().map(|field| (field.name.clone(), field.window)).collect())
    };
    let outside = |service: &Service| -> Vec<(usize, Vec<Window>, Vec<Window>)> {
        let covering = service.rules.iter().filter(|covered| policy.rules()[covered.rule].service.is_none());
        covering.map(|covered| (covered.rule, covered.covered.clone(), covered.left_out.clone())).collect()
    };
    fields(a) == fields(b) && outside(a) == outside(b)
}

/// Whether two services permit the same requests on every date.
fn permit_the_same(plan: &Plan, a: &Service, b: &Service) -> bool {
    let permitted = |service: &Service| {
        let snapshot = meterwarden_analysis::outcomes(plan, &service.name)?;
        // The first line of a snapshot names the service.
        snapshot.split_once('\n').map(|(_, regions)| regions.to_owned())
    };
    a.tags == b.tags && permitted(a) == permitted(b)
}

fn finding(service: &Service, other: &Service, what: &str) -> Diagnostic {
    let message = format!("services `{}` and `{}` have {what}", other.name, service.name);
    let help =
        "edit what was copied; or write what they share once, as a rule outside of them: `services A, B`";
    Diagnostic::new(Code::ServicesAlike, service.span, message)
        .because(other.span, "the other one")
        .help(help)
}

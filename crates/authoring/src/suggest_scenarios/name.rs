//! What a proposed case is called: the rule in its author's words, and what becomes of it.

use std::collections::BTreeMap;

use crate::coverage::{Part, Showing};
use crate::scenario::Case;
use meterwarden::decide::Decision;
use meterwarden::decide::request::{Fact, Request};
use meterwarden::policy::{Edge, Effect, Policy, Rule};

/// A sentence about the first thing that the case shows: `the Responsible Supplier displays a message, but not when the
/// status is Pending`.
pub(super) fn of(
    policy: &Policy,
    showings: &[&Showing],
    request: &Request,
    decision: &Decision<'_>,
) -> String {
    let telling = |permits: bool, holds: bool| {
        showings.iter().find(move |one| {
            one.holds == holds && (policy.rules()[one.rule].effect == Effect::Permit) == permits
        })
    };
    // A refusal is about the permit that one clause stops, or the forbid that takes it away.
    let order =
        if decision.is_permit() { [(true, true), (false, false)] } else { [(true, false), (false, true)] };
    let found = order.into_iter().find_map(|(permits, holds)| telling(permits, holds)).or(showings.first());
    let Some(showing) = found else { return format!("{} is answered", request.service) };
    let rule = &policy.rules()[showing.rule];
    let text = if rule.text.is_empty() { &rule.name } else { &rule.text };
    let when = when(policy, rule, showing, request);
    match (rule.effect, showing.holds) {
        (Effect::Permit, true) => format!("{}: {text}", request.service),
        (Effect::Permit, false) => format!("{}: {text}, but not {when}", request.service),
        (Effect::Forbid, true) => format!("{}: {text}", request.service),
        (Effect::Forbid, false) => format!("{}: {text}; that is no matter {when}", request.service),
    }
}

/// The clause that fails, as the request has it.
fn when(policy: &Policy, rule: &Rule, showing: &Showing, request: &Request) -> String {
    let date = |edge: Edge| if let Edge::On(date) = edge { date.to_string() } else { String::new() };
    let clause = match showing.parts.first() {
        Some(Part::Since) => return format!("before {}", date(rule.window.from)),
        Some(Part::Until) => return format!("from {} on", date(rule.window.until)),
        Some(Part::Own(nth)) => rule.clauses.get(*nth),
        Some(Part::Case { when, case, clause }) => {
            let condition = rule.when.get(*when).and_then(|nth| policy.conditions().get(*nth));
            condition.and_then(|condition| condition.cases.get(*case)?.get(*clause))
        }
        None => None,
    };
    let attribute = clause.and_then(|clause| policy.attributes().get(clause.attribute));
    let Some(attribute) = attribute else { return "otherwise".to_owned() };
    match request.facts.iter().find(|(name, _)| *name == attribute.name) {
        Some((name, fact)) => format!("when {}", fact_words(name, fact)),
        None => format!("when {} is unsaid", attribute.name),
    }
}

fn fact_words(name: &str, fact: &Fact) -> String {
    match fact {
        Fact::Value(value) => format!("{name} is {value}"),
        Fact::Set(values) if values.is_empty() => format!("{name} is none"),
        Fact::Set(values) => format!("{name} is {}", values.join(" and ")),
    }
}

/// Names that several cases share get, behind them, what the others of that name do not say.
pub(super) fn tell_apart(cases: &mut [Case]) {
    let mut same: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (nth, case) in cases.iter().enumerate() {
        same.entry(case.name.clone()).or_default().push(nth);
    }
    for places in same.into_values().filter(|places| places.len() > 1) {
        let requests: Vec<Request> = places.iter().map(|nth| cases[*nth].request.clone()).collect();
        for (nth, request) in places.iter().zip(&requests) {
            let shared = |fact: &&(String, Fact)| !requests.iter().all(|other| other.facts.contains(fact));
            let mut own: Vec<String> =
                request.facts.iter().filter(shared).map(|(name, fact)| fact_words(name, fact)).collect();
            if requests.iter().any(|other| other.at != request.at) {
                own.push(format!("on {}", request.at));
            }
            cases[*nth].name = format!("{} ({})", cases[*nth].name, own.join(", "));
        }
    }
}

//! The name of a suggested case: the rule in its author's words, and what happens to it.

use std::collections::BTreeMap;

use crate::coverage::{ClauseId, Obligation};
use crate::scenario::Case;
use meterwarden::decide::Decision;
use meterwarden::decide::request::{Fact, Request};
use meterwarden::policy::{Edge, Effect, Policy, Rule};

/// A sentence about the most important obligation that the case meets: `the Responsible Supplier displays a message,
/// but not when status is Pending`.
pub(super) fn of(
    policy: &Policy,
    obligations: &[&Obligation],
    request: &Request,
    decision: &Decision<'_>,
) -> String {
    let first = |effect: Effect, holds: bool| {
        obligations.iter().find(move |obligation| {
            obligation.holds == holds && policy.rules()[obligation.rule].effect == effect
        })
    };
    // A refusal is about the permit that one clause stops, or about the forbid that takes the permission away.
    let order = if decision.is_permit() {
        [(Effect::Permit, true), (Effect::Forbid, false)]
    } else {
        [(Effect::Permit, false), (Effect::Forbid, true)]
    };
    let chosen = order.into_iter().find_map(|(effect, holds)| first(effect, holds)).or(obligations.first());
    let Some(obligation) = chosen else { return format!("{} is answered", request.service) };
    let rule = &policy.rules()[obligation.rule];
    let text = if rule.text.is_empty() { &rule.name } else { &rule.text };
    let when = failing_clause(policy, rule, obligation, request);
    match (rule.effect, obligation.holds) {
        (_, true) => format!("{}: {text}", request.service),
        (Effect::Permit, false) => format!("{}: {text}, but not {when}", request.service),
        (Effect::Forbid, false) => format!("{}: {text}; this does not apply {when}", request.service),
    }
}

/// How the request fails the clause: `when status is Pending`.
fn failing_clause(policy: &Policy, rule: &Rule, obligation: &Obligation, request: &Request) -> String {
    let date = |edge: Edge| if let Edge::On(date) = edge { date.to_string() } else { String::new() };
    let clause = match obligation.clauses.first() {
        Some(ClauseId::Since) => return format!("before {}", date(rule.window.from)),
        Some(ClauseId::Until) => return format!("from {} on", date(rule.window.until)),
        Some(ClauseId::Own(index)) => rule.clauses.get(*index),
        Some(ClauseId::InCondition { when, alternative, clause }) => {
            let condition = rule.when.get(*when).and_then(|index| policy.conditions().get(*index));
            condition.and_then(|condition| condition.cases.get(*alternative)?.get(*clause))
        }
        None => None,
    };
    let attribute = clause.and_then(|clause| policy.attributes().get(clause.attribute));
    let Some(attribute) = attribute else { return "otherwise".to_owned() };
    match request.facts.iter().find(|(name, _)| *name == attribute.name) {
        Some((name, fact)) => format!("when {}", fact_words(name, fact)),
        None => format!("when {} is not stated", attribute.name),
    }
}

fn fact_words(name: &str, fact: &Fact) -> String {
    match fact {
        Fact::Value(value) => format!("{name} is {value}"),
        Fact::Set(values) if values.is_empty() => format!("{name} is none"),
        Fact::Set(values) => format!("{name} is {}", values.join(" and ")),
        Fact::Members { present, absent } => {
            let kinds = [("has", present), ("does not have", absent)].into_iter();
            let kinds = kinds.filter(|(_, values)| !values.is_empty());
            let words = kinds.map(|(verb, values)| format!("{name} {verb} {}", values.join(" and ")));
            words.collect::<Vec<_>>().join(" and ")
        }
    }
}

/// Makes names unique: appends to a name that several cases share what not all of these cases state.
pub(super) fn disambiguate(cases: &mut [Case]) {
    let mut by_name: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (index, case) in cases.iter().enumerate() {
        by_name.entry(case.name.clone()).or_default().push(index);
    }
    for indices in by_name.into_values().filter(|indices| indices.len() > 1) {
        let requests: Vec<Request> = indices.iter().map(|index| cases[*index].request.clone()).collect();
        for (index, request) in indices.iter().zip(&requests) {
            let is_distinct =
                |fact: &&(String, Fact)| !requests.iter().all(|other| other.facts.contains(fact));
            let distinct = request.facts.iter().filter(is_distinct);
            let mut words: Vec<String> = distinct.map(|(name, fact)| fact_words(name, fact)).collect();
            if requests.iter().any(|other| other.at != request.at) {
                words.push(format!("on {}", request.at));
            }
            cases[*index].name = format!("{} ({})", cases[*index].name, words.join(", "));
        }
    }
}

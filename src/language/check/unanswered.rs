//! `missing-refuse`: a forbid that constrains no attribute and has no `refuse`. Its refusal comes before the first
//! attribute in the check order, so no attribute has an answer for it.

use super::contradiction::times;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy::{Clause, Covered, Edge, Effect, Policy, Rule, Service, Test};
use crate::space::{clauses, combinations};

pub(super) fn check(policy: &Policy, unclear: &[bool]) -> Vec<Diagnostic> {
    let clear = policy.rules.iter().enumerate().filter(|(index, _)| !unclear[*index]);
    let silent = clear.filter(|(_, rule)| rule.effect == Effect::Forbid && rule.refuse.is_none());
    silent.filter_map(|(index, rule)| of_forbid(policy, index, rule)).collect()
}

fn of_forbid(policy: &Policy, index: usize, rule: &Rule) -> Option<Diagnostic> {
    let services = rule.service.map_or(&policy.services[..], |service| &policy.services[service..=service]);
    let mut covering = services.iter().flat_map(|service| {
        let covered = service.rules.iter().filter(move |covered| covered.rule == index);
        covered.map(move |covered| (service, covered))
    });
    let (from, until) = covering.find_map(|(service, covered)| when_all(policy, service, rule, covered))?;
    Some(finding(rule, from, until))
}

/// From when, and until when, a box of the rule first contains every request.
fn when_all(
    policy: &Policy,
    service: &Service,
    rule: &Rule,
    covered: &Covered,
) -> Option<(Edge, Option<Edge>)> {
    let times = times(policy, rule);
    let is_all = |at: &&Edge| covered.holds(**at) && is_all(policy, service, rule, **at);
    let from = times.iter().find(is_all)?;
    let until = times.iter().find(|at| *at > from && !is_all(at));
    Some((*from, until.copied()))
}

/// Whether a box of the rule contains every request.
fn is_all(policy: &Policy, service: &Service, rule: &Rule, at: Edge) -> bool {
    let leaves_out = |clause: &Clause| leaves_out(policy, service, clause, at);
    combinations(policy, rule).iter().any(|cases| !clauses(policy, rule, cases).any(leaves_out))
}

/// Whether a clause leaves out at least one value, or one subset for a set attribute.
fn leaves_out(policy: &Policy, service: &Service, clause: &Clause, at: Edge) -> bool {
    let attribute = &policy.attributes[clause.attribute];
    let values = policy.value_count(clause.attribute, service);
    let listed: Vec<u32> = clause.listed(at).collect();
    match clause.test {
        Test::Any => false,
        Test::In if attribute.set => true,
        Test::In => !(0..).take(values).all(|value| listed.contains(&value)),
        Test::Only => true,
        Test::Exactly => values > 0,
        Test::Includes | Test::Not | Test::Excludes => !listed.is_empty(),
    }
}

fn finding(rule: &Rule, from: Edge, until: Option<Edge>) -> Diagnostic {
    let when = match (from, until) {
        (Edge::Start, Some(Edge::On(until))) => format!(" before {until}"),
        (Edge::On(from), _) => format!(" from {from} on"),
        _ => String::new(),
    };
    let message =
        format!("the forbid `{}` forbids every request{when}, and does not say how it refuses", rule.name);
    Diagnostic::new(Code::MissingRefuse, rule.name_span, message)
        .help("say it, `refuse CODE \"…\"`, or narrow the forbid with a clause")
}

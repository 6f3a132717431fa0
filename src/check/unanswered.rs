//! `missing-refuse`: a forbid that constrains nothing answers before the first attribute, so no attribute has a
//! code for it.

use super::contradiction::times;
use super::names::Names;
use crate::compile::{clauses, combinations};
use crate::diagnostic::{Code, Diagnostic};
use crate::policy::{Clause, Covered, Edge, Effect, Policy, Rule, Service, Test};

pub(super) fn check(policy: &Policy, unclear: &[bool], names: &mut Names<'_>) {
    for (nth, rule) in policy.rules.iter().enumerate() {
        if rule.effect == Effect::Permit || rule.refuse.is_some() || unclear[nth] {
            continue;
        }
        let services = rule.service.map_or(&policy.services[..], |own| &policy.services[own..=own]);
        let covering = services.iter().flat_map(|service| {
            let covered = service.rules.iter().filter(move |covered| covered.rule == nth);
            covered.map(move |covered| (service, covered))
        });
        let found = covering.filter_map(|(service, covered)| when_all(policy, service, rule, covered)).next();
        names.found.extend(found.map(|(from, until)| finding(rule, from, until)));
    }
}

/// The first stretch of time in which a box of the rule leaves out nothing.
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

/// Whether a box of the rule leaves out nothing.
fn is_all(policy: &Policy, service: &Service, rule: &Rule, at: Edge) -> bool {
    let leaves_out = |clause: &Clause| leaves_out(policy, service, clause, at);
    combinations(policy, rule).iter().any(|cases| !clauses(policy, rule, cases).any(leaves_out))
}

/// Whether a clause leaves out at least one value: one subset, for a set attribute.
fn leaves_out(policy: &Policy, service: &Service, clause: &Clause, at: Edge) -> bool {
    let attribute = &policy.attributes[clause.attribute];
    let values = policy.values(clause.attribute, service).len();
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
        format!("the forbid `{}` forbids every request{when}, and does not say what it answers", rule.name);
    Diagnostic::new(Code::MissingRefuse, rule.name_span, message)
        .help("say it, `refuse CODE \"…\"`, or narrow the forbid with a clause")
}

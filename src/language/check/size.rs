//! `too-large`: a service with too many kinds of request to decide exactly while a request leaves attributes unsaid.

use crate::language::diagnostic::{Code, Diagnostic};
use crate::limits::{MOST_CELLS, MOST_TESTS};
use crate::policy::{Attribute, Edge, Policy, Service};
use crate::space::{asked, distinct_tests, rule_space, service_edges};

pub(super) fn check(policy: &Policy) -> Vec<Diagnostic> {
    let answers: Vec<u64> = policy.attributes.iter().map(answers).collect();
    let maybe_large = policy.services.iter().filter(|service| !surely_small(policy, service, &answers));
    maybe_large.filter_map(|service| of_service(policy, service)).collect()
}

fn of_service(policy: &Policy, service: &Service) -> Option<Diagnostic> {
    let mut starts = [Edge::Start].into_iter().chain(service_edges(policy, service));
    starts.find_map(|at| too_large(policy, service, at))
}

/// Whether a service is small enough even if its rules distinguish all values and all subsets on every date. Most
/// services are, and this is faster to see than the size of the compiled service.
fn surely_small(policy: &Policy, service: &Service, answers: &[u64]) -> bool {
    let rules = service.rules.iter().map(|covered| &policy.rules[covered.rule]);
    let mut asked = vec![0; policy.attributes.len()];
    for rule in rules {
        let cases = rule.when.iter().flat_map(|id| policy.conditions[*id].cases.iter().flatten());
        rule.clauses.iter().chain(cases).for_each(|clause| asked[clause.attribute] += 1);
    }
    let classes =
        asked.iter().zip(answers).enumerate().map(|(attribute, (asked, answers))| {
            most_kinds(policy, service, attribute, *asked > 0, *answers)
        });
    asked.iter().all(|clauses| *clauses <= MOST_TESTS) && classes.fold(1, u64::saturating_mul) <= MOST_CELLS
}

/// An upper bound of the number of value classes, or of classes of subsets, that the rules of a service distinguish.
fn most_kinds(policy: &Policy, service: &Service, attribute: usize, asked: bool, answers: u64) -> u64 {
    let values = policy.value_count(attribute, service);
    let subsets = |values: usize| u32::try_from(values).ok().and_then(|values| 1u64.checked_shl(values));
    match (policy.attributes[attribute].set, policy.fields == Some(attribute)) {
        (true, false) if !asked => 1,
        (true, false) => subsets(values).unwrap_or(u64::MAX),
        // A request may also have fields that the service does not declare: one more bit.
        (true, true) if !asked => 4,
        (true, true) => subsets(values + 1).unwrap_or(u64::MAX).max(4),
        // A value may have a response code of its own, though no rule tests it.
        (false, _) => answers.max(if asked { values as u64 } else { 1 }),
    }
}

/// How many different answers refusals at an attribute can give.
fn answers(attribute: &Attribute) -> u64 {
    attribute.values.iter().filter(|value| value.refuse.is_some()).count() as u64 + 1
}

fn too_large(policy: &Policy, service: &Service, at: Edge) -> Option<Diagnostic> {
    let rule_space = rule_space(policy, service, at);
    for (index, attribute) in policy.attributes.iter().enumerate() {
        let tests = distinct_tests(asked(&rule_space.boxes), index).len();
        if tests > MOST_TESTS {
            let message = format!(
                "the rules of service `{}` ask {tests} different questions about `{}`; {MOST_TESTS} are the most",
                service.name, attribute.name
            );
            return Some(Diagnostic::new(Code::TooLarge, service.span, message).help(HELP));
        }
    }
    let cells = rule_space.cells();
    (cells > MOST_CELLS).then(|| {
        let message = format!(
            "the rules of service `{}` distinguish {cells} classes of request; {MOST_CELLS} are the most",
            service.name
        );
        Diagnostic::new(Code::TooLarge, service.span, message).help(HELP)
    })
}

const HELP: &str =
    "let its rules name fewer different lists, or split the service's rules between fewer attributes";

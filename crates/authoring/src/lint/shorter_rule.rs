//! Whether a rule could be replaced by a shorter one: it matches the same requests, and all are answered alike.

use std::borrow::Cow;

use super::same_answers;
use super::service_interval::ServiceInterval;
use meterwarden::policy::{Edge, Effect, Policy, Rule, Service};
use meterwarden::space::{Cube, Remainder};
use meterwarden::space::{rule_space_as_if, service_edges};

/// Whether every request for every service, on every date, is answered alike if `shorter`, which has fewer parts, takes
/// the place of the rule with this index.
pub(super) fn is_alike(policy: &Policy, rule: usize, shorter: &Rule) -> bool {
    let is_covered = |service: &Service| service.rules.iter().any(|covered| covered.rule == rule);
    let concerns = |index: usize, service: &Service| {
        shorter.service.map_or_else(|| is_covered(service), |own| own == index)
    };
    let mut services =
        policy.services().iter().enumerate().filter(|(index, service)| concerns(*index, service));
    services.all(|(index, service)| {
        let edges = service_edges(policy, service);
        let mut moments = [Edge::Start].into_iter().chain(edges).chain([Edge::Never]);
        moments.all(|at| is_alike_at(policy, index, at, rule, shorter))
    })
}

fn is_alike_at(policy: &Policy, service: usize, at: Edge, rule: usize, shorter: &Rule) -> bool {
    // The rule space has the boxes of both: those of the rule as it is, and those of the shorter rule.
    let (rule_space, shorter_boxes) =
        rule_space_as_if(policy, &policy.services()[service], at, rule, shorter);
    let is_shorter = |index: usize| shorter_boxes.contains(&index);
    let is_current = |index: usize| {
        !is_shorter(index) && rule_space.boxes.get(index).is_some_and(|rule_box| rule_box.rule == rule)
    };
    let count = rule_space.boxes.len();
    let mut both = (0..count).filter(|index| is_shorter(*index) || is_current(*index));
    let interval = ServiceInterval::new(policy, service, Cow::Borrowed(&rule_space), None);
    // The shorter rule matches no more; and whatever either of them matches is answered alike by both.
    shorter_boxes.clone().all(|index| matches_no_more(&interval, index, &is_current, shorter.effect))
        && both.all(|within| same_answers::between(&interval, within, &is_shorter, &is_current))
}

/// Whether the current boxes match every request that another box matches. A permit is never about undeclared fields; a
/// forbid may be.
fn matches_no_more(
    interval: &ServiceInterval<'_>,
    index: usize,
    is_current: &dyn Fn(usize) -> bool,
    effect: Effect,
) -> bool {
    if effect == Effect::Permit {
        let cube = interval.cubes.get(index);
        return cube.is_some_and(|cube| interval.is_covered(cube, |other| is_current(other.index)));
    }
    let indices = 0..interval.cubes.len();
    let current: Vec<Cube> =
        indices.filter(|other| is_current(*other)).map(|other| interval.whole_box(other)).collect();
    interval.layout.remainder(&interval.whole_box(index), &current) == Remainder::Nothing
}

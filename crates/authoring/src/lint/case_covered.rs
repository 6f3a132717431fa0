//! `case-covered`: an alternative (`case`) of a condition that other alternatives cover.

use std::borrow::Cow;

use super::case_never_holds::span;
use super::rule_trial::{alternative_as_rule, moments};
use super::service_interval::ServiceInterval;
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::{Clause, Condition, Edge, Policy, Rule};
use meterwarden::space::{RuleBox, RuleSpace, as_if};

/// An alternative, and the other alternatives that cover it, by their indices.
pub(super) struct Covered {
    pub(super) alternative: usize,
    pub(super) by: Vec<usize>,
}

/// The alternatives that the others cover on every date. They are tried from the last to the first, each against those
/// that are left, so that all of them can be dropped together.
pub(super) fn covered(policy: &Policy, condition: &Condition) -> Vec<Covered> {
    if condition.cases.len() < 2 || policy.services().is_empty() {
        return Vec::new();
    }
    let rules: Vec<Rule> =
        condition.cases.iter().map(|alternative| alternative_as_rule(condition, alternative)).collect();
    let moments = moments(rules.iter().flat_map(|rule| policy.rule_windows(rule)));
    let rule_spaces: Vec<RuleSpace> = moments.into_iter().map(|at| rule_space(policy, &rules, at)).collect();
    let intervals: Vec<ServiceInterval<'_>> = rule_spaces
        .iter()
        .map(|rule_space| ServiceInterval::new(policy, 0, Cow::Borrowed(rule_space), None))
        .collect();
    let is_covered = |alternative: usize, by: &[usize]| {
        intervals.iter().all(|interval| {
            interval
                .boxes_of(alternative)
                .all(|numbered| interval.is_covered(numbered.cube, |other| by.contains(&other.rule)))
        })
    };
    let has_boxes = |rule: &usize| intervals.iter().any(|interval| interval.boxes_of(*rule).next().is_some());
    let mut left: Vec<usize> = (0..rules.len()).filter(has_boxes).collect();
    let mut found = Vec::new();
    for alternative in left.clone().into_iter().rev() {
        let mut by: Vec<usize> = left.iter().copied().filter(|other| *other != alternative).collect();
        if !is_covered(alternative, &by) {
            continue;
        }
        left.retain(|other| *other != alternative);
        for candidate in by.clone() {
            let rest: Vec<usize> = by.iter().copied().filter(|other| *other != candidate).collect();
            if is_covered(alternative, &rest) {
                by = rest;
            }
        }
        found.push(Covered { alternative, by });
    }
    found
}

/// Every alternative as a permit. The rule of a box is then the index of its alternative.
fn rule_space(policy: &Policy, rules: &[Rule], at: Edge) -> RuleSpace {
    let boxes: Vec<RuleBox> =
        rules.iter().enumerate().flat_map(|(index, rule)| as_if(policy, index, rule, at)).collect();
    RuleSpace::new(policy, &policy.services()[0], at, boxes, Vec::new())
}

pub(super) fn finding(condition: &Condition, alternative: &[Clause], by: &[usize]) -> Diagnostic {
    let message = format!("wherever this `case` of `{}` holds, another one holds too", condition.name);
    let finding = Diagnostic::new(Code::CaseCovered, span(condition, alternative), message);
    let label = if by.len() == 1 { "this one" } else { "this one, or another that is marked" };
    let others = by.iter().filter_map(|index| condition.cases.get(*index));
    others
        .fold(finding, |finding, other| finding.because(span(condition, other), label))
        .help("drop the `case`")
}

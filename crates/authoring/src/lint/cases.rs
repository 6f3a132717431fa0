//! `case-never-holds`, `case-covered`: cases of a condition that no rule is the wider for.

use std::borrow::Cow;

use super::scene::Scene;
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::source::Span;
use meterwarden::policy::{Clause, Condition, Edge, Policy, Rule};
use meterwarden::space::Remainder;
use meterwarden::space::{RuleBox, RuleSpace, as_if, combinations, impossible_attribute};

use super::clauses::{moments, standing_for, times};

pub(super) fn find(policy: &Policy) -> Vec<Diagnostic> {
    let holds = holding(policy);
    let mut found = Vec::new();
    for (condition, holds) in policy.conditions().iter().zip(&holds) {
        let used = holds.iter().any(|case| *case != Holds::Unused);
        let covered = covered(policy, condition);
        for (nth, case) in condition.cases.iter().enumerate() {
            if used && holds.get(nth) == Some(&Holds::Never) {
                found.push(never(condition, case));
            } else if let Some((_, by)) = covered.iter().find(|(one, _)| *one == nth) {
                found.push(already(condition, case, by));
            }
        }
    }
    found
}

/// Whether a case ever holds in a rule that names its condition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    Unused,
    Never,
    Somewhere,
}

/// `holding[c][k]` is about case `k` of condition `c`.
fn holding(policy: &Policy) -> Vec<Vec<Holds>> {
    let mut holding: Vec<Vec<Holds>> =
        policy.conditions().iter().map(|one| vec![Holds::Unused; one.cases.len()]).collect();
    for (nth, rule) in policy.rules().iter().enumerate() {
        let settled = |condition: &usize| holding[*condition].iter().all(|case| *case == Holds::Somewhere);
        if rule.when.iter().all(settled) {
            continue;
        }
        let times = times(policy, nth, rule);
        for cases in combinations(policy, rule) {
            let possible = times.iter().any(|at| impossible_attribute(policy, rule, &cases, *at).is_none());
            for (condition, case) in rule.when.iter().zip(cases) {
                match &mut holding[*condition][case] {
                    Holds::Somewhere => {}
                    case => *case = if possible { Holds::Somewhere } else { Holds::Never },
                }
            }
        }
    }
    holding
}

/// The cases that the others cover on every date, each with those that do. Tried from the last to the first, so that
/// all of them can be dropped at once.
fn covered(policy: &Policy, condition: &Condition) -> Vec<(usize, Vec<usize>)> {
    if condition.cases.len() < 2 || policy.services().is_empty() {
        return Vec::new();
    }
    let rules: Vec<Rule> = condition.cases.iter().map(|case| standing_for(condition, case)).collect();
    let times = moments(rules.iter().flat_map(|rule| policy.rule_windows(rule)));
    let rule_spaces: Vec<RuleSpace> = times.into_iter().map(|at| rule_space(policy, &rules, at)).collect();
    let scenes: Vec<Scene<'_>> =
        rule_spaces.iter().map(|rule_space| Scene::new(policy, 0, Cow::Borrowed(rule_space), None)).collect();
    let covers = |case: usize, by: &[usize]| {
        scenes.iter().all(|scene| {
            scene
                .boxes_of(case)
                .all(|(_, cube)| scene.left(cube, |_, other| by.contains(&other)) == Remainder::Nothing)
        })
    };
    let ever = |case: &usize| scenes.iter().any(|scene| scene.boxes_of(*case).next().is_some());
    let mut left: Vec<usize> = (0..rules.len()).filter(ever).collect();
    let mut found = Vec::new();
    for case in left.clone().into_iter().rev() {
        let mut by: Vec<usize> = left.iter().copied().filter(|other| *other != case).collect();
        if !covers(case, &by) {
            continue;
        }
        left.retain(|other| *other != case);
        for one in by.clone() {
            let without: Vec<usize> = by.iter().copied().filter(|other| *other != one).collect();
            if covers(case, &without) {
                by = without;
            }
        }
        found.push((case, by));
    }
    found
}

/// Every case as a permit; box numbers of the rules are those of the cases.
fn rule_space(policy: &Policy, rules: &[Rule], at: Edge) -> RuleSpace {
    let boxes: Vec<RuleBox> =
        rules.iter().enumerate().flat_map(|(nth, rule)| as_if(policy, nth, rule, at)).collect();
    RuleSpace::new(policy, &policy.services()[0], at, boxes, Vec::new())
}

fn never(condition: &Condition, case: &[Clause]) -> Diagnostic {
    let message =
        format!("this case of `{}` never holds: every rule that names it rules it out", condition.name);
    Diagnostic::new(Code::CaseNeverHolds, span(condition, case), message)
        .help("drop the case, or widen a rule that it is meant for")
}

fn already(condition: &Condition, case: &[Clause], by: &[usize]) -> Diagnostic {
    let message = format!("wherever this case of `{}` holds, another does", condition.name);
    let found = Diagnostic::new(Code::CaseCovered, span(condition, case), message).help("drop the case");
    by.iter().filter_map(|nth| condition.cases.get(*nth)).fold(found, |found, other| {
        found.because(
            span(condition, other),
            if by.len() == 1 { "this one" } else { "this one, or another marked" },
        )
    })
}

fn span(condition: &Condition, case: &[Clause]) -> Span {
    match (case.first(), case.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => condition.span,
    }
}

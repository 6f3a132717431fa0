//! `case-never-holds`: an alternative (`case`) of a condition that no rule with this condition can meet.

use super::rule_trial::rule_moments;
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::source::Span;
use meterwarden::policy::{Clause, Condition, Policy};
use meterwarden::space::{combinations, impossible_attribute};

/// Whether an alternative ever holds in a rule that names its condition.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Holds {
    /// No rule names the condition.
    Unused,
    Never,
    Sometimes,
}

/// `never[c][a]`: whether alternative `a` of condition `c` never holds, although rules name the condition.
pub(super) fn never_holding(policy: &Policy) -> Vec<Vec<bool>> {
    let holds = holding(policy);
    holds
        .iter()
        .map(|alternatives| alternatives.iter().map(|holds| *holds == Holds::Never).collect())
        .collect()
}

/// `holding[c][a]` is about alternative `a` of condition `c`.
fn holding(policy: &Policy) -> Vec<Vec<Holds>> {
    let conditions = policy.conditions().iter();
    let mut holding: Vec<Vec<Holds>> =
        conditions.map(|condition| vec![Holds::Unused; condition.cases.len()]).collect();
    for (index, rule) in policy.rules().iter().enumerate() {
        let is_settled =
            |condition: &usize| holding[*condition].iter().all(|holds| *holds == Holds::Sometimes);
        if rule.when.iter().all(is_settled) {
            continue;
        }
        let moments = rule_moments(policy, index, rule);
        for alternatives in combinations(policy, rule) {
            let is_possible =
                moments.iter().any(|at| impossible_attribute(policy, rule, &alternatives, *at).is_none());
            for (condition, alternative) in rule.when.iter().zip(alternatives) {
                match &mut holding[*condition][alternative] {
                    Holds::Sometimes => {}
                    holds => *holds = if is_possible { Holds::Sometimes } else { Holds::Never },
                }
            }
        }
    }
    holding
}

pub(super) fn finding(condition: &Condition, alternative: &[Clause]) -> Diagnostic {
    let message = format!(
        "this `case` of `{}` never holds: every rule with this condition rules it out",
        condition.name
    );
    Diagnostic::new(Code::CaseNeverHolds, span(condition, alternative), message)
        .help("drop the `case`, or widen a rule that it is meant for")
}

/// The span of the clauses of an alternative.
pub(super) fn span(condition: &Condition, alternative: &[Clause]) -> Span {
    match (alternative.first(), alternative.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => condition.span,
    }
}

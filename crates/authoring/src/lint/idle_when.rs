//! `idle-when`: a `when` without which a rule matches the same requests.

use super::clause_values::ClauseValues;
use super::rule_trial::{RuleTrial, about, is_possible};
use super::shorter_rule;
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::Clause;
use meterwarden::policy::RuleSpans;
use meterwarden::space::{clauses, combinations};

/// Drops every idle `when` from the rule on trial. `index` is the index of the rule in the policy.
pub(super) fn find(trial: &mut RuleTrial<'_>, index: usize) {
    for when in (0..trial.rule.when.len()).rev() {
        if narrows(trial, when) {
            continue;
        }
        let mut shorter = trial.rule.clone().into_owned();
        let condition = &trial.policy.conditions()[shorter.when.remove(when)];
        let mut spans = shorter.spans.get().clone();
        let span = spans.when.remove(when);
        shorter.spans = RuleSpans::new(spans);
        if !shorter_rule::is_alike(trial.policy, index, &shorter) {
            continue;
        }
        let message = format!(
            "`when {}` changes nothing in `{}`: the rest of it requires the same",
            condition.name, trial.rule.name
        );
        let finding = Diagnostic::new(Code::IdleWhen, span, message)
            .because(condition.span, "it holds for every request that meets the rest")
            .help("drop the line, or the clauses that repeat it");
        trial.found.push(finding);
        trial.replace_rule(shorter);
    }
}

/// Whether the clauses about one attribute alone show that a `when` excludes something. This is quick, and nearly
/// always the answer.
fn narrows(trial: &RuleTrial<'_>, when: usize) -> bool {
    let policy = trial.policy;
    let Some(at) = trial.moments.first() else { return false };
    let values = ClauseValues::of(policy, &trial.rule, *at);
    let mut rest = trial.rule.clone().into_owned();
    let condition = rest.when.remove(when);
    let alternatives = &policy.conditions()[condition].cases;
    combinations(policy, &rest).iter().any(|combination| {
        let rest_clauses: Vec<&Clause> = clauses(policy, &rest, combination).collect();
        is_possible(&values, &rest_clauses, None)
            && (0..policy.attributes().len()).any(|attribute| {
                let of_alternatives: Vec<Vec<&Clause>> =
                    alternatives.iter().map(|alternative| about(alternative.iter(), attribute)).collect();
                of_alternatives.iter().all(|clauses| !clauses.is_empty())
                    && values.escapes(
                        attribute,
                        &about(rest_clauses.iter().copied(), attribute),
                        &of_alternatives,
                    )
            })
    })
}

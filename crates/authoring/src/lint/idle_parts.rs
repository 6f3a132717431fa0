//! Parts of a rule without which it matches the same requests, and they are answered alike.
//!
//! The parts are tried one by one: first the conditions, then the clauses, then the items, then the dates, each time
//! from the last to the first, and each against what is left of the rule. So everything that is found can be dropped
//! together. A clause or an item is compared with its own rule only. That a forbid refuses a value is no reason to
//! leave the value out of a permit: authors repeat in a permit what a forbid says, so that the permit can be read
//! alone.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::ops::Range;

use super::rule_trial::{RuleTrial, alternative_as_rule, moments, rule_moments};
use super::{idle_clause, idle_dates, idle_item, idle_when};
use meterwarden::language::diagnostic::Diagnostic;
use meterwarden::policy::Policy;

/// The findings about a range of rules. Nothing is reported about `redundant` rules, which can be dropped as a whole.
pub(super) fn of_rules(policy: &Policy, range: Range<usize>, redundant: &BTreeSet<usize>) -> Vec<Diagnostic> {
    let rules = policy.rules().iter().enumerate().take(range.end).skip(range.start);
    let kept = rules.filter(|(index, _)| !redundant.contains(index));
    let found = kept.flat_map(|(index, rule)| {
        let mut trial = RuleTrial::new(policy, Cow::Borrowed(rule), rule_moments(policy, index, rule));
        idle_when::find(&mut trial, index);
        of_clauses(trial)
    });
    found.collect()
}

/// The findings about the alternatives of conditions.
pub(super) fn of_alternatives(policy: &Policy) -> Vec<Diagnostic> {
    let conditions = policy.conditions().iter();
    let alternatives = conditions.flat_map(|condition| {
        condition.cases.iter().map(move |alternative| alternative_as_rule(condition, alternative))
    });
    let found = alternatives.flat_map(|rule| {
        let moments = moments(policy.rule_windows(&rule));
        of_clauses(RuleTrial::new(policy, Cow::Owned(rule), moments))
    });
    found.collect()
}

fn of_clauses(mut trial: RuleTrial<'_>) -> Vec<Diagnostic> {
    idle_clause::find(&mut trial);
    idle_item::find(&mut trial);
    idle_dates::find(&mut trial);
    trial.found
}

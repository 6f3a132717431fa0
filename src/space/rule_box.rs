//! A rule as boxes: one for each combination of the alternatives of its conditions, except those that no request can
//! match.

use std::sync::Arc;

use super::subset::{SetTest, Subset};
use crate::base::bit_set::{RuleSet, both, has, mask};
use crate::policy::{Clause, Edge, Policy, Rule, Test};

/// One combination of alternatives of one rule, at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleBox {
    /// The rule, as a place in the policy's list.
    pub rule: usize,
    /// The alternative of each condition that the rule names.
    pub cases: Vec<usize>,
    /// Its constraints, all of which must hold; there may be several of one attribute. Shared with the box of an
    /// earlier interval, if they are the same there.
    pub constraints: Arc<[Constraint]>,
    /// The check at which it answers: 0 where it constrains nothing, otherwise one more than the place of the last
    /// attribute that it constrains.
    pub answers: usize,
}

/// The values of one attribute that pass one clause of a box.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Constraint {
    /// The attribute, as a place in checking order.
    pub attribute: usize,
    /// The values that pass.
    pub allowed: Allowed,
}

/// The values that pass.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Allowed {
    /// Of a plain attribute.
    Values(RuleSet),
    /// Of a set attribute.
    Subsets(SetTest),
}

/// The boxes of a rule at a time.
pub fn of(policy: &Policy, rule: usize, at: Edge) -> Vec<RuleBox> {
    as_if(policy, rule, &policy.rules[rule], at)
}

/// The boxes that a rule would have at a time if it were `changed`.
pub fn as_if(policy: &Policy, rule: usize, changed: &Rule, at: Edge) -> Vec<RuleBox> {
    combinations(policy, changed)
        .into_iter()
        .map(|cases| {
            let constraints = constraints(policy, changed, &cases, at);
            RuleBox { rule, constraints, cases, answers: 0 }
        })
        .filter(|rule_box| impossible(&rule_box.constraints).is_none())
        .collect()
}

/// Every choice of one alternative from each condition of a rule.
pub fn combinations(policy: &Policy, rule: &Rule) -> Vec<Vec<usize>> {
    let mut combinations: Vec<Vec<usize>> = vec![Vec::new()];
    for condition in &rule.when {
        let cases = policy.conditions[*condition].cases.len();
        let longer = |chosen: &Vec<usize>| {
            let chosen = chosen.clone();
            (0..cases).map(move |case| chosen.iter().copied().chain([case]).collect())
        };
        combinations = combinations.iter().flat_map(longer).collect();
    }
    combinations
}

/// The clauses of one combination: those of the rule, then those of the alternatives.
pub fn clauses<'p>(
    policy: &'p Policy,
    rule: &'p Rule,
    cases: &'p [usize],
) -> impl Iterator<Item = &'p Clause> {
    let chosen = rule.when.iter().zip(cases);
    let of_cases = chosen.flat_map(|(condition, case)| &policy.conditions[*condition].cases[*case]);
    rule.clauses.iter().chain(of_cases)
}

fn constraints(policy: &Policy, rule: &Rule, cases: &[usize], at: Edge) -> Arc<[Constraint]> {
    clauses(policy, rule, cases).map(|clause| constraint(policy, clause, at)).collect()
}

/// An attribute for which no value passes one combination of alternatives at a time, if there is one.
pub fn impossible_attribute(policy: &Policy, rule: &Rule, cases: &[usize], at: Edge) -> Option<usize> {
    impossible(&constraints(policy, rule, cases, at))
}

/// The constraint of a clause at a time.
pub fn constraint(policy: &Policy, clause: &Clause, at: Edge) -> Constraint {
    let attribute = &policy.attributes[clause.attribute];
    let allowed = if attribute.set {
        Allowed::Subsets(SetTest { test: clause.test, listed: Subset::of(clause.listed(at)) })
    } else {
        let mut listed = mask(attribute.values.len(), |_| false);
        for value in clause.listed(at) {
            listed[value as usize / 64] |= 1 << (value % 64);
        }
        Allowed::Values(match clause.test {
            Test::In => listed,
            _ => mask(attribute.values.len(), |value| !has(&listed, value)),
        })
    };
    Constraint { attribute: clause.attribute, allowed }
}

/// An attribute for which no value passes, if there is one.
fn impossible(constraints: &[Constraint]) -> Option<usize> {
    constraints.iter().map(|constraint| constraint.attribute).find(|attribute| {
        let about = constraints.iter().filter(|constraint| constraint.attribute == *attribute);
        !possible(about.map(|constraint| &constraint.allowed))
    })
}

/// Whether any value of an attribute passes all of these.
fn possible<'s>(constraints: impl Iterator<Item = &'s Allowed> + Clone) -> bool {
    let tests = constraints.clone().filter_map(subset_test);
    if tests.clone().next().is_none() {
        let values = constraints.filter_map(|constraint| {
            if let Allowed::Values(values) = constraint { Some(values) } else { None }
        });
        let all = values.cloned().reduce(|all, allowed| both(&all, &allowed));
        return all.is_some_and(|all| all.iter().any(|word| *word != 0));
    }
    // With `exactly`, one subset can pass. Otherwise the largest subset that passes every `only` and `excludes`: more
    // values never make the other tests fail.
    let exact = tests.clone().find(|test| test.test == Test::Exactly).map(|test| test.listed);
    let largest = exact.unwrap_or_else(|| {
        tests.clone().fold(Subset(u128::MAX), |largest, test| match test.test {
            Test::Only => Subset(largest.0 & test.listed.0),
            Test::Excludes => Subset(largest.0 & !test.listed.0),
            _ => largest,
        })
    });
    tests.into_iter().all(|test| test.holds(largest))
}

fn subset_test(constraint: &Allowed) -> Option<SetTest> {
    if let Allowed::Subsets(test) = constraint { Some(*test) } else { None }
}

/// The constraints of each of these boxes.
pub fn asked(boxes: &[RuleBox]) -> impl ExactSizeIterator<Item = &[Constraint]> + Clone {
    boxes.iter().map(|rule_box| &*rule_box.constraints)
}

/// The values of a plain attribute that pass each constraint of it.
pub(super) fn values(constraints: &[Constraint], attribute: usize) -> impl Iterator<Item = &RuleSet> {
    about(constraints, attribute).filter_map(|allowed| match allowed {
        Allowed::Values(allowed) => Some(allowed),
        Allowed::Subsets(_) => None,
    })
}

/// The tests of a set attribute.
pub(super) fn tests(constraints: &[Constraint], attribute: usize) -> impl Iterator<Item = SetTest> {
    about(constraints, attribute).filter_map(subset_test)
}

fn about(constraints: &[Constraint], attribute: usize) -> impl Iterator<Item = &Allowed> {
    constraints
        .iter()
        .filter(move |constraint| constraint.attribute == attribute)
        .map(|constraint| &constraint.allowed)
}

//! A rule as boxes: one for each combination of its conditions' cases, without those that contradict it.

use std::sync::Arc;

use super::subset::{SetTest, Subset};
use crate::base::bit_set::{RuleSet, both, has, mask};
use crate::policy::{Clause, Edge, Policy, Rule, Test};

/// One combination of cases of one rule, at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleBox {
    /// The rule, as a place in the policy's list.
    pub rule: usize,
    /// Which case of each condition that the rule names.
    pub cases: Vec<usize>,
    /// What the box asks of each attribute; several of one attribute must all hold. At most times that is the same.
    pub constraints: Arc<[Constraint]>,
    /// Where it answers: 0 where it constrains nothing, else one more than the place of the last
    /// attribute that it constrains.
    pub answers: usize,
}

/// What a box asks of one attribute, as one of its clauses says it.
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

/// The boxes that a rule would have at a time if it were this one.
pub fn as_if(policy: &Policy, rule: usize, one: &Rule, at: Edge) -> Vec<RuleBox> {
    combinations(policy, one)
        .into_iter()
        .map(|cases| {
            let constraints = constraints(policy, one, &cases, at);
            RuleBox { rule, constraints, cases, answers: 0 }
        })
        .filter(|one| impossible(&one.constraints).is_none())
        .collect()
}

/// Every choice of one case from each condition of a rule.
pub fn combinations(policy: &Policy, rule: &Rule) -> Vec<Vec<usize>> {
    let mut all: Vec<Vec<usize>> = vec![Vec::new()];
    for condition in &rule.when {
        let cases = policy.conditions[*condition].cases.len();
        let longer = |chosen: &Vec<usize>| {
            let chosen = chosen.clone();
            (0..cases).map(move |case| chosen.iter().copied().chain([case]).collect())
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// The clauses of one combination: the rule's own, then those of the cases.
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

/// An attribute of which one combination of cases lets no value pass at a time, if there is one.
pub fn impossible_attribute(policy: &Policy, rule: &Rule, cases: &[usize], at: Edge) -> Option<usize> {
    impossible(&constraints(policy, rule, cases, at))
}

/// What a clause asks at a time.
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

/// An attribute of which no value passes, if there is one.
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
        return values
            .cloned()
            .reduce(|all, one| both(&all, &one))
            .is_some_and(|all| all.iter().any(|word| *word != 0));
    }
    let exact = tests.clone().find(|test| test.test == Test::Exactly).map(|test| test.listed);
    // The largest subset that breaks no `only` and no `excludes` passes whatever can be passed.
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

/// What each of these boxes asks.
pub fn asked(boxes: &[RuleBox]) -> impl ExactSizeIterator<Item = &[Constraint]> + Clone {
    boxes.iter().map(|one| &*one.constraints)
}

/// Which values of a plain attribute pass each clause about it.
pub(super) fn values(constraints: &[Constraint], attribute: usize) -> impl Iterator<Item = &RuleSet> {
    about(constraints, attribute).filter_map(|allowed| match allowed {
        Allowed::Values(allowed) => Some(allowed),
        Allowed::Subsets(_) => None,
    })
}

/// The questions that are asked about a set attribute.
pub(super) fn tests(constraints: &[Constraint], attribute: usize) -> impl Iterator<Item = SetTest> {
    about(constraints, attribute).filter_map(subset_test)
}

fn about(constraints: &[Constraint], attribute: usize) -> impl Iterator<Item = &Allowed> {
    constraints
        .iter()
        .filter(move |constraint| constraint.attribute == attribute)
        .map(|constraint| &constraint.allowed)
}

//! The boxes of a service's rules, in the numbers of the table.

use std::sync::Arc;

use super::SetIds;
use super::table_input::TableInput;
use crate::base::bit_set::{RuleSet, all_meet, gaps};
use crate::base::order::distinct;
use crate::policy::{Clause, Edge, Effect, Policy, Service, edges};
use crate::space::{Allowed, Constraint, SetTest, Subset, clauses, combinations, constraint};

/// The boxes of the rules in force. Permits first, then forbids, each in policy order.
pub(super) struct Boxes {
    pub(super) list: Vec<NumberedBox>,
    /// The number of boxes that are permits.
    pub(super) permits: usize,
}

/// One box of a rule.
#[derive(Clone)]
pub(super) struct NumberedBox {
    /// The rule, as an index into the policy's rules.
    pub(super) rule: usize,
    /// All must hold. An attribute can have several.
    constraints: Arc<[NumberedConstraint]>,
}

/// One clause of a box.
#[derive(Clone)]
pub(super) struct NumberedConstraint {
    attribute: usize,
    /// The numbers of the values or subsets that pass.
    pub(super) passes: RuleSet,
    /// Whether a value or subset fails. A subset with an unknown field does not count: such a request is refused
    /// anyway.
    pub(super) constrains: bool,
}

impl NumberedBox {
    /// The constraints on an attribute.
    pub(super) fn about(&self, attribute: usize) -> impl Iterator<Item = &NumberedConstraint> + Clone {
        self.constraints.iter().filter(move |constraint| constraint.attribute == attribute)
    }

    /// Whether some value of each attribute passes.
    fn is_possible(&self) -> bool {
        self.constraints
            .iter()
            .all(|constraint| all_meet(self.about(constraint.attribute).map(|constraint| &constraint.passes)))
    }
}

/// The boxes of a service as they were on the date before. From one date to the next most of them stay the same.
pub(super) struct BoxCache {
    /// In the order of the service's rules.
    rules: Vec<CachedRule>,
    tests: TestCache,
}

struct CachedRule {
    /// The dates on which the rule changes.
    edges: Vec<Edge>,
    /// `None` until the rule is in force, and after a change.
    boxes: Option<Vec<NumberedBox>>,
}

/// The constraints of tests on set attributes, since rules often repeat a test.
#[derive(Default)]
struct TestCache(Vec<(SetTest, NumberedConstraint)>);

impl TestCache {
    fn constraint(&mut self, attribute: usize, test: SetTest, ids: &SetIds) -> NumberedConstraint {
        let cached =
            self.0.iter().find(|(cached, constraint)| constraint.attribute == attribute && *cached == test);
        if let Some((_, constraint)) = cached {
            return constraint.clone();
        }
        let passes = ids.passing(&test);
        let is_declared = |id| !ids.subset(id).meets(Subset::UNKNOWN);
        let constrains = gaps(&passes, ids.number()).any(is_declared);
        let constraint = NumberedConstraint { attribute, passes, constrains };
        self.0.push((test, constraint.clone()));
        constraint
    }
}

impl BoxCache {
    /// No boxes, only the dates on which rules change.
    pub(super) fn of(policy: &Policy, service: &Service) -> Self {
        let rules = service
            .rules
            .iter()
            .map(|covered| CachedRule { edges: edges(policy.covered_windows(covered)), boxes: None });
        Self { rules: rules.collect(), tests: TestCache::default() }
    }

    /// The dates on which the service can change, in order. The first is before every date.
    pub(super) fn starts(&self, service: &Service) -> Vec<Edge> {
        let mut starts = edges(service.field_windows());
        starts.extend(self.rules.iter().flat_map(|rule| &rule.edges));
        starts.push(Edge::Start);
        distinct(starts)
    }
}

impl TableInput<'_> {
    /// The boxes of the rules in force. The cache must be as the call for the start before left it.
    pub(super) fn boxes(&self, cache: &mut BoxCache) -> Boxes {
        let [mut list, mut forbids] = [Vec::new(), Vec::new()];
        for (covered, cached) in self.service.rules.iter().zip(&mut cache.rules) {
            let rule = &self.policy.rules[covered.rule];
            if cached.edges.contains(&self.at) {
                cached.boxes = None;
            }
            if covered.holds(self.at) && rule.window.contains(self.at) {
                let tests = &mut cache.tests;
                let boxes = cached.boxes.get_or_insert_with(|| self.boxes_of(covered.rule, tests));
                let same_effect = if rule.effect == Effect::Permit { &mut list } else { &mut forbids };
                same_effect.extend_from_slice(boxes);
            }
        }
        let permits = list.len();
        list.append(&mut forbids);
        Boxes { list, permits }
    }

    /// The boxes of a rule that some request can match.
    fn boxes_of(&self, index: usize, tests: &mut TestCache) -> Vec<NumberedBox> {
        let rule = &self.policy.rules[index];
        let numbered = |alternatives: Vec<usize>| {
            let mut constraints = Vec::with_capacity(rule.clauses.len());
            // Pushed rather than collected, so that the clauses of the rule and of its conditions are one loop.
            clauses(self.policy, rule, &alternatives)
                .for_each(|clause| constraints.push(self.constraint(clause, tests)));
            NumberedBox { rule: index, constraints: constraints.into() }
        };
        let boxes = combinations(self.policy, rule).into_iter().map(numbered);
        boxes.filter(NumberedBox::is_possible).collect()
    }

    fn constraint(&self, clause: &Clause, tests: &mut TestCache) -> NumberedConstraint {
        let Constraint { attribute, allowed } = constraint(self.policy, clause, self.at);
        match allowed {
            Allowed::Values(passes) => {
                let constrains = gaps(&passes, self.width(attribute)).next().is_some();
                NumberedConstraint { attribute, passes, constrains }
            }
            Allowed::Subsets(test) => tests.constraint(attribute, test, self.set_ids(attribute)),
        }
    }
}

//! The boxes of a service's rules, and what passes each, in the numbers of the table.

use std::sync::Arc;

use super::SetIds;
use super::bitmaps::TableInput;
use crate::base::bit_set::{RuleSet, gaps};
use crate::policy::{Clause, Edge, Effect, Policy, Rule, Service};
use crate::space::{Allowed, Constraint, SetTest, Subset, clauses, combinations, constraint, edges};

/// Boxes of rules in force, permits first, then forbids, each in policy order.
pub(super) struct Boxes {
    pub(super) all: Vec<NumberedBox>,
    /// How many are permits.
    pub(super) permits: usize,
}

/// One box of a rule.
#[derive(Clone)]
pub(super) struct NumberedBox {
    /// The rule, as a place in the policy's list.
    pub(super) rule: usize,
    /// What it asks; several of one attribute must all hold.
    pub(super) constraints: Arc<[NumberedConstraint]>,
}

/// What one clause of a box asks of its attribute.
#[derive(Clone)]
pub(super) struct NumberedConstraint {
    pub(super) attribute: usize,
    /// The numbers of the values, or of the subsets, that pass.
    pub(super) passes: RuleSet,
    /// Whether any other is of more than what no line of fields names: that is no value.
    pub(super) constrains: bool,
}

impl NumberedConstraint {
    /// Takes the box of this place out of the words of what fails it.
    pub(super) fn strike(&self, one: usize, words: &mut [u64]) {
        for (passes, words) in self.passes.iter().zip(words.chunks_mut(64)) {
            let mut fails = !passes;
            // Where no bit is left, the place is behind the last word.
            while let Some(word) = words.get_mut(fails.trailing_zeros() as usize) {
                *word &= !(1 << one);
                fails &= fails - 1;
            }
        }
    }
}

impl NumberedBox {
    /// What the box asks of an attribute.
    pub(super) fn about(&self, attribute: usize) -> impl Iterator<Item = &NumberedConstraint> {
        self.constraints.iter().filter(move |constraint| constraint.attribute == attribute)
    }

    /// Whether of every attribute something passes.
    fn is_possible(&self) -> bool {
        self.constraints.iter().all(|constraint| {
            let passing = |word: usize| {
                self.about(constraint.attribute)
                    .fold(u64::MAX, |passing, constraint| passing & constraint.passes[word])
            };
            (0..constraint.passes.len()).any(|word| passing(word) != 0)
        })
    }
}

/// What is already known of a service on one of its dates: from one to the next most of it is the same.
pub(super) struct RuleCache {
    rules: Vec<KnownRule>,
    passing: Passing,
}

struct KnownRule {
    /// The dates on which anything about it changes.
    edges: Vec<Edge>,
    /// As they were when they were last asked for.
    boxes: Option<Vec<NumberedBox>>,
}

/// What was asked so far of set attributes. Rules ask the same again and again.
#[derive(Default)]
struct Passing(Vec<(SetTest, NumberedConstraint)>);

impl Passing {
    fn of(&mut self, attribute: usize, test: SetTest, numbers: &SetIds) -> NumberedConstraint {
        let known =
            self.0.iter().find(|(known, constraint)| constraint.attribute == attribute && *known == test);
        if let Some((_, constraint)) = known {
            return constraint.clone();
        }
        let passes = numbers.passing(&test);
        let is_value = |number| !numbers.subset(number).meets(Subset::UNKNOWN);
        let constrains = gaps(&passes, numbers.number()).any(is_value);
        let constraint = NumberedConstraint { attribute, passes, constrains };
        self.0.push((test, constraint.clone()));
        constraint
    }
}

impl RuleCache {
    /// Nothing yet, but when anything changes.
    pub(super) fn of(policy: &Policy, service: &Service) -> Self {
        let rules = service.rules.iter();
        let rules = rules.map(|one| KnownRule { edges: edges(policy.covered_windows(one)), boxes: None });
        Self { rules: rules.collect(), passing: Passing::default() }
    }

    /// The dates on which anything about the service may change, in order; the first is before every date.
    pub(super) fn starts(&self, service: &Service) -> Vec<Edge> {
        let mut starts = edges(service.field_windows());
        starts.extend(self.rules.iter().flat_map(|rule| &rule.edges));
        starts.push(Edge::Start);
        starts.sort_unstable();
        starts.dedup();
        starts
    }
}

impl TableInput<'_> {
    /// The boxes of those rules in force that are wanted. What is known has to be of the date before, of those on which
    /// anything about the service changes.
    pub(super) fn boxes(&self, known: &mut RuleCache, wanted: impl Fn(&Rule) -> bool) -> Boxes {
        let [mut all, mut forbids] = [Vec::new(), Vec::new()];
        for (covered, known_rule) in self.service.rules.iter().zip(&mut known.rules) {
            let rule = &self.policy.rules[covered.rule];
            if known_rule.edges.contains(&self.at) {
                known_rule.boxes = None;
            }
            if covered.holds(self.at) && rule.window.contains(self.at) && wanted(rule) {
                let passing = &mut known.passing;
                let boxes = known_rule.boxes.get_or_insert_with(|| self.boxes_of(covered.rule, passing));
                let alike = if rule.effect == Effect::Permit { &mut all } else { &mut forbids };
                alike.extend_from_slice(boxes);
            }
        }
        let permits = all.len();
        all.append(&mut forbids);
        Boxes { all, permits }
    }

    fn boxes_of(&self, rule: usize, passing: &mut Passing) -> Vec<NumberedBox> {
        let one = &self.policy.rules[rule];
        let numbered = |cases: Vec<usize>| {
            let mut constraints = Vec::with_capacity(one.clauses.len());
            // Pushed rather than collected: so the clauses of the rule, and those of each case, are one loop.
            clauses(self.policy, one, &cases)
                .for_each(|clause| constraints.push(self.numbered(clause, passing)));
            NumberedBox { rule, constraints: constraints.into() }
        };
        let boxes = combinations(self.policy, one).into_iter().map(numbered);
        boxes.filter(NumberedBox::is_possible).collect()
    }

    fn numbered(&self, clause: &Clause, passing: &mut Passing) -> NumberedConstraint {
        let Constraint { attribute, allowed } = constraint(self.policy, clause, self.at);
        match allowed {
            Allowed::Values(passes) => {
                let constrains = gaps(&passes, self.width(attribute)).next().is_some();
                NumberedConstraint { attribute, passes, constrains }
            }
            Allowed::Subsets(test) => passing.of(attribute, test, self.numbers(attribute)),
        }
    }
}

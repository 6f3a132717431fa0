//! Whether a table that was read can be used with its policy. Nothing in it is trusted.

use rustc_hash::FxHashSet;

use super::outcomes::{Outcomes, TableRefusal};
use super::set_ids::SetIds;
use super::{Day, DecisionTable, Interval, NodeRef, TableOutcome};
use crate::limits::{MOST_SUBSET_NUMBERS, MOST_TESTS, MOST_VALUES_AS_BITS};
use crate::policy::Policy;

impl DecisionTable {
    /// Whether every place is in the table, every walk ends, and no outcome names a rule or a value that the policy
    /// does not have.
    pub(super) fn is_valid(&self, policy: &Policy) -> bool {
        let are_valid = |ids: &[SetIds], count: usize| ids.len() == count && ids.iter().all(SetIds::is_valid);
        are_valid(&self.set_ids, policy.attributes.len())
            && are_valid(&self.field_ids, policy.services.len())
            && self.outcomes.is_valid(policy)
            && self.intervals_are_valid(policy)
            && self.forks_are_valid(policy)
            && self.field_forks_are_valid(policy)
    }

    /// Whether each service has intervals, the first of them before every date, and each root is a node.
    fn intervals_are_valid(&self, policy: &Policy) -> bool {
        let is_divided = self.first_interval.first() == Some(&0)
            && self.first_interval.last().is_some_and(|last| *last as usize == self.intervals.len())
            && self.first_interval.len() == policy.services.len() + 1
            && self.first_interval.is_sorted();
        is_divided
            && self.intervals_by_service().all(|intervals| {
                intervals.first().is_some_and(|first| first.from == Day::START)
                    && intervals.is_sorted_by_key(|interval| interval.from)
                    && intervals.iter().all(|interval| self.is_node(interval.root))
            })
    }

    fn intervals_by_service(&self) -> impl Iterator<Item = &[Interval]> {
        self.first_interval
            .windows(2)
            .map(|service| self.intervals.get(service[0] as usize..service[1] as usize).unwrap_or_default())
    }

    /// Whether a node is a fork that begins in the table, or an outcome that exists.
    fn is_node(&self, node: NodeRef) -> bool {
        match TableOutcome::of(node) {
            Some(outcome) => outcome == TableOutcome::NOT_IN_TABLE || self.outcomes.has(outcome),
            None => self.words.get(node.offset()) == Some(&TableOutcome::UNDETERMINED.0),
        }
    }

    /// Whether each fork has a branch for each value of its attribute, and leads only to forks on later attributes that
    /// are before it in the table. So every walk ends.
    ///
    /// A fork begins with the word `UNDETERMINED`, which no branch is: this divides the table into forks. The attribute
    /// of a fork is in the words that lead to it, which must agree. Those words are in roots or after the fork, so from
    /// the end of the table to its beginning, each fork is reached after all words that lead to it.
    fn forks_are_valid(&self, policy: &Policy) -> bool {
        let mut attributes = ForkAttributes { by_offset: vec![None; self.words.len()], policy };
        let roots = self.intervals.iter().map(|interval| interval.root);
        if !roots.filter(|root| root.is_fork()).all(|root| attributes.agree(root)) {
            return false;
        }
        let mut end = self.words.len();
        let is_start = |offset: &usize| self.words[*offset] == TableOutcome::UNDETERMINED.0;
        for start in (0..self.words.len()).rev().filter(is_start) {
            let branches = &self.words[start + 1..end];
            end = start;
            // No walk reaches a fork that nothing leads to.
            let Some(attribute) = attributes.by_offset[start] else { continue };
            let has_all_branches =
                policy.fields == Some(attribute) || self.width(policy, attribute) == branches.len();
            let is_valid = |branch: &NodeRef| {
                let is_earlier = || branch.offset() < start && branch.attribute() > attribute;
                self.is_node(*branch) && (!branch.is_fork() || (is_earlier() && attributes.agree(*branch)))
            };
            if !has_all_branches || !branches.iter().all(is_valid) {
                return false;
            }
        }
        end == 0
    }

    /// How many values or subsets an attribute has that is not the fields.
    fn width(&self, policy: &Policy, attribute: usize) -> usize {
        if policy.attributes[attribute].set {
            self.set_ids[attribute].number()
        } else {
            policy.attributes[attribute].values.len()
        }
    }

    /// Whether the forks on fields that a service reaches have a branch for each subset of its own fields. Services
    /// have different fields, so the forks are checked from each service's roots.
    fn field_forks_are_valid(&self, policy: &Policy) -> bool {
        let Some(fields) = policy.fields else { return true };
        let mut visited = FxHashSet::default();
        self.intervals_by_service().zip(&self.field_ids).all(|(intervals, ids)| {
            visited.clear();
            let mut nodes: Vec<NodeRef> = intervals.iter().map(|interval| interval.root).collect();
            while let Some(node) = nodes.pop() {
                if !node.is_fork() || node.attribute() > fields || !visited.insert(node) {
                    continue;
                }
                let branches = self.branches(node);
                if node.attribute() < fields {
                    nodes.extend(branches);
                } else if branches.len() != ids.number() {
                    return false;
                }
            }
            true
        })
    }

    /// The branches of a fork for stated values.
    fn branches(&self, fork: NodeRef) -> &[NodeRef] {
        let rest = self.words.get(fork.offset() + 1..).unwrap_or_default();
        let end = rest.iter().position(|word| *word == TableOutcome::UNDETERMINED.0).unwrap_or(rest.len());
        &rest[..end]
    }
}

/// The attributes of forks, from the words that lead to them.
struct ForkAttributes<'p> {
    by_offset: Vec<Option<usize>>,
    policy: &'p Policy,
}

impl ForkAttributes<'_> {
    /// Notes the attribute that a word gives to a fork. False if the policy does not have it or another word gives
    /// another.
    fn agree(&mut self, fork: NodeRef) -> bool {
        let Some(attribute) = self.by_offset.get_mut(fork.offset()) else { return false };
        fork.attribute() < self.policy.attributes.len()
            && *attribute.get_or_insert(fork.attribute()) == fork.attribute()
    }
}

impl SetIds {
    fn is_valid(&self) -> bool {
        match self {
            Self::Unseen | Self::TooMany => true,
            Self::Bits { values, .. } => usize::from(*values) <= MOST_VALUES_AS_BITS,
            Self::Kinds(kinds) => {
                kinds.tests.len() <= MOST_TESTS
                    && kinds.subsets.len() == kinds.results.len()
                    && kinds.subsets.len() <= MOST_SUBSET_NUMBERS
            }
        }
    }
}

impl Outcomes {
    fn is_valid(&self, policy: &Policy) -> bool {
        let has_rule = |rule: u32| (rule as usize) < policy.rules.len();
        let is_valid = |refusal: &TableRefusal| {
            let attribute = policy.attributes.get(usize::from(refusal.check).saturating_sub(1));
            attribute.is_some_and(|attribute| {
                refusal.forbid.is_none_or(has_rule)
                    && refusal.value.is_none_or(|value| (value as usize) < attribute.values.len())
            })
        };
        self.permits.is_sorted()
            && self.permits.last().is_none_or(|last| *last as usize == self.rules.len())
            && self.rules.iter().all(|rule| has_rule(*rule))
            && self.refusals.iter().all(is_valid)
    }

    /// Whether there is such an outcome. What is permitted has a permit.
    fn has(&self, outcome: TableOutcome) -> bool {
        if outcome.is_permit() { !self.permits(outcome).is_empty() } else { self.refusal(outcome).is_some() }
    }
}

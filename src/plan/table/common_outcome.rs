//! The answer that all completions of a request have in common, where it states sets in part.

use std::cmp::Ordering;
use std::ops::ControlFlow;

use super::{DecisionTable, NodeRef, TableOutcome, ValueIds};
use crate::limits::{MOST_ATTRIBUTES, MOST_BRANCHES_FOLLOWED};

impl DecisionTable {
    /// The answer that all completions of a request have in common, from a node on. `UNDETERMINED` if they have none, or
    /// too many branches lead to it: then the rules decide.
    pub(super) fn common_outcome(&self, node: NodeRef, values: &ValueIds) -> TableOutcome {
        let left = MOST_BRANCHES_FOLLOWED;
        let mut common = CommonOutcome { table: self, values, outcome: None, left };
        match common.follow(node) {
            ControlFlow::Continue(()) => common.outcome.unwrap_or(TableOutcome::UNDETERMINED),
            ControlFlow::Break(()) => TableOutcome::UNDETERMINED,
        }
    }

    /// The answer to a request of which one completion gets `left` and another gets `right`, as the rules decide it;
    /// `None` if only the rules can join the two.
    fn both(&self, left: TableOutcome, right: TableOutcome) -> Option<TableOutcome> {
        if left == right {
            return Some(left);
        }
        if left.is_permit() && right.is_permit() {
            // Every permit that matches a completion is named.
            let [left_rules, right_rules] = [left, right].map(|outcome| self.outcomes.permits(outcome));
            let has_all = |all: &[u32], some: &[u32]| some.iter().all(|rule| all.contains(rule));
            return match () {
                () if has_all(left_rules, right_rules) => Some(left),
                () if has_all(right_rules, left_rules) => Some(right),
                () => None,
            };
        }
        // The latest check refuses. Two refusals at one check may have to be joined.
        let [left_check, right_check] = [self.refusal(left)?.check, self.refusal(right)?.check];
        match left_check.cmp(&right_check) {
            Ordering::Less => Some(right),
            Ordering::Equal => None,
            Ordering::Greater => Some(left),
        }
    }
}

/// The answer that the completions have in common so far.
struct CommonOutcome<'t> {
    table: &'t DecisionTable,
    values: &'t ValueIds,
    outcome: Option<TableOutcome>,
    /// How many more branches may be followed.
    left: usize,
}

impl CommonOutcome<'_> {
    /// Follows every completion to its outcome. Forks lead only to later attributes, so the recursion has at most one
    /// level for each attribute.
    fn follow(&mut self, mut node: NodeRef) -> ControlFlow<()> {
        while node.is_fork() {
            let attribute = node.attribute() % MOST_ATTRIBUTES;
            let Some(partly) = self.values.partly.iter().find(|partly| partly.is_of(attribute)) else {
                node = self.table.branch(node, self.values.numbers[attribute]);
                continue;
            };
            for stated in partly.numbers() {
                self.left = self.left.checked_sub(1).map_or(ControlFlow::Break(()), ControlFlow::Continue)?;
                self.follow(self.table.branch(node, stated))?;
            }
            return ControlFlow::Continue(());
        }
        let outcome = TableOutcome(node);
        let common = self.outcome.map_or(Some(outcome), |common| self.table.both(common, outcome));
        self.outcome = common.filter(|common| common.is_decided());
        if self.outcome.is_some() { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
    }
}

//! A set of which a request states single members, as one number.

use std::ops::ControlFlow;

use super::{DecisionTable, NodeRef, TableOutcome, ValueIds};
use crate::limits::{MOST_ATTRIBUTES, MOST_BRANCHES_FOLLOWED, MOST_VALUES_AS_BITS};

/// The subsets of an attribute whose numbers are bits, if some bits are set, some are not, and some are open.
///
/// ```text
/// bit 15   bits 14 to 10   bits 9 to 5   bits 4 to 0
///   1      attribute       set           open
/// ```
///
/// As the number of a value, it is without the attribute. A number without bit 15 is that of one value or one subset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PartlyStated(u16);

/// The numbers of values and of subsets are below this number.
pub(crate) const PARTLY_STATED: u16 = 1 << 15;

/// The sets that one request can state in part.
pub(super) const MOST_PARTLY_STATED: usize = 4;

/// Values, and one bit for values that are not declared.
const BITS: u16 = MOST_VALUES_AS_BITS as u16 + 1;
const MASK: u16 = (1 << BITS) - 1;

impl PartlyStated {
    /// No set.
    pub(super) const NONE: Self = Self(0);

    /// The number of the subsets with these bits.
    pub(super) fn number(set: u16, open: u16) -> u16 {
        PARTLY_STATED | set << BITS | open
    }

    /// Whether a number is that of a set that is stated in part.
    #[inline]
    pub(super) fn is_number(number: u16) -> bool {
        number >= PARTLY_STATED
    }

    /// The subsets of an attribute that have this number.
    pub(super) fn new(attribute: usize, number: u16) -> Self {
        Self(number | (attribute as u16) << (2 * BITS))
    }

    /// Whether they are of this attribute.
    pub(super) fn is_of(self, attribute: usize) -> bool {
        self != Self::NONE && usize::from((self.0 & !PARTLY_STATED) >> (2 * BITS)) == attribute
    }

    /// The number of each of the subsets, as a request states them.
    fn numbers(self) -> impl Iterator<Item = u16> {
        let (set, open) = (self.0 >> BITS & MASK, self.0 & MASK);
        let ids = (0..=open).filter(move |bits| bits & !open == 0);
        ids.map(move |bits| (set | bits) + 1)
    }
}

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

    /// What a request gets of which one completion gets the one answer, and another completion the other; as the rules
    /// decide it.
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
            std::cmp::Ordering::Less => Some(right),
            std::cmp::Ordering::Equal => None,
            std::cmp::Ordering::Greater => Some(left),
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
    /// Follows every completion to its outcome. The attributes of forks increase, so it is at most one level for each.
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

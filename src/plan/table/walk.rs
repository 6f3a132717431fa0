//! From a request in numbers to its outcome.

use super::{Day, DecisionTable, Interval, NodeRef, TableOutcome, ValueIds};
use crate::limits::MOST_ATTRIBUTES;

impl DecisionTable {
    /// The answer to a request for a service.
    #[inline]
    pub(crate) fn outcome(&self, service: u32, day: Day, values: &ValueIds) -> TableOutcome {
        let Some(interval) = self.interval(service, day) else { return TableOutcome::UNKNOWN_SERVICE };
        let mut node = interval.root;
        while node.is_fork() {
            // `MOST_ATTRIBUTES` is a power of two, so the remainder is one instruction and spares a bounds check.
            node = self.branch(node, values.numbers[node.attribute() % MOST_ATTRIBUTES]);
        }
        match TableOutcome(node) {
            TableOutcome::UNDETERMINED if values.has_partly_stated() => {
                self.common_outcome(interval.root, values)
            }
            outcome => outcome,
        }
    }

    /// The interval of a service that a day is in. `None` if there is no such service.
    #[inline]
    pub(super) fn interval(&self, service: u32, day: Day) -> Option<&Interval> {
        let service = service as usize;
        let first = *self.first_interval.get(service)?;
        let end = *self.first_interval.get(service.checked_add(1)?)?;
        let intervals = self.intervals.get(first as usize..end as usize)?;
        intervals.iter().rfind(|interval| interval.from <= day)
    }

    /// The branch of a fork for a value.
    #[inline]
    pub(super) fn branch(&self, fork: NodeRef, value: u16) -> NodeRef {
        self.words.get(fork.offset() + usize::from(value)).copied().unwrap_or(TableOutcome::UNDETERMINED.0)
    }
}

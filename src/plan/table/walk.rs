//! From a request in numbers to its outcome.

use super::partly_stated::has_partly_stated;
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
            node = self.branch(node, values[node.attribute() % MOST_ATTRIBUTES]);
        }
        match TableOutcome(node) {
            TableOutcome::UNDETERMINED if has_partly_stated(values) => {
                self.common_outcome(interval.root, |attribute| values[attribute % MOST_ATTRIBUTES])
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

    /// The branch of a fork for a value. `UNDETERMINED` for a set that is stated in part: its sign is extended, so that
    /// its place is outside of the table, and no other check is needed.
    #[inline]
    pub(super) fn branch(&self, fork: NodeRef, value: u16) -> NodeRef {
        let value = i32::from(value.cast_signed()).cast_unsigned();
        let place = usize::try_from(fork.offset() as u64 + u64::from(value)).unwrap_or(usize::MAX);
        self.words.get(place).copied().unwrap_or(TableOutcome::UNDETERMINED.0)
    }
}

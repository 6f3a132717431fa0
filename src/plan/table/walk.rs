//! From a request in numbers to its end.

use super::{Day, DecisionTable, Interval, NodeRef, Own, TableOutcome, ValueIds, ValueSource};

impl DecisionTable {
    /// What a request for a service comes to that says this.
    #[inline]
    pub(crate) fn end(&self, service: u32, at: Day, said: &ValueIds) -> TableOutcome {
        let Some(interval) = self.interval(service, at) else { return TableOutcome::UNKNOWN };
        let own = match interval.own {
            Own::Grid(grid) => self.grids.end(grid, said),
            Own::Diagram(place) => TableOutcome::NodeRef(self.walk(place, said)),
        };
        if interval.above == NodeRef::NONE { own } else { self.first(own, self.walk(interval.above, said)) }
    }

    /// A service on a date.
    #[inline]
    pub(super) fn interval(&self, service: u32, at: Day) -> Option<&Interval> {
        let service = service as usize;
        let (first, last) = (*self.services.get(service)?, *self.services.get(service.checked_add(1)?)?);
        let intervals = self.intervals.get(first as usize..last as usize)?;
        intervals.iter().rfind(|interval| interval.from <= at)
    }

    #[inline]
    fn walk(&self, mut place: NodeRef, said: &ValueIds) -> NodeRef {
        while !place.is_end() {
            place = self.step(place, said);
        }
        place
    }

    /// Where a fork leads.
    #[inline]
    pub(super) fn step(&self, fork: NodeRef, said: &impl ValueSource) -> NodeRef {
        let branch = fork.offset() + usize::from(said.says(fork.attribute()));
        self.table.get(branch).copied().unwrap_or(NodeRef::OPEN)
    }

    /// Of what the rules of a service and the forbids above it come to, what is answered: a refusal at the earlier check;
    /// at the same, a forbid's, and of two the first in policy order.
    #[inline]
    pub(super) fn first(&self, own: TableOutcome, above: NodeRef) -> TableOutcome {
        if above == NodeRef::NONE || !own.is_decided() {
            return own;
        }
        let above = TableOutcome::NodeRef(above);
        if !above.is_decided() || own.is_permit() {
            return above;
        }
        let order = |end| self.refusal(end).map(|one| (one.check, one.forbid.unwrap_or(u32::MAX)));
        if order(own) <= order(above) { own } else { above }
    }
}

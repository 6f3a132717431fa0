//! From a request in numbers to its end.

use super::{Day, End, Index, Own, Place, Said, Says, Stretch};

impl Index {
    /// What a request for a service comes to that says this.
    #[inline]
    pub(crate) fn end(&self, service: u32, at: Day, said: &Said) -> End {
        let Some(stretch) = self.stretch(service, at) else { return End::UNKNOWN };
        let own = match stretch.own {
            Own::Grid(grid) => self.grids.end(grid, said),
            Own::Diagram(place) => End::Place(self.walk(place, said)),
        };
        if stretch.above == Place::NONE { own } else { self.first(own, self.walk(stretch.above, said)) }
    }

    /// A service on a date.
    #[inline]
    pub(super) fn stretch(&self, service: u32, at: Day) -> Option<&Stretch> {
        let service = service as usize;
        let (first, last) = (*self.services.get(service)?, *self.services.get(service.checked_add(1)?)?);
        let stretches = self.stretches.get(first as usize..last as usize)?;
        stretches.iter().rfind(|stretch| stretch.from <= at)
    }

    #[inline]
    fn walk(&self, mut place: Place, said: &Said) -> Place {
        while !place.is_end() {
            place = self.step(place, said);
        }
        place
    }

    /// Where a fork leads.
    #[inline]
    pub(super) fn step(&self, fork: Place, said: &impl Says) -> Place {
        let branch = fork.offset() + usize::from(said.says(fork.attribute()));
        self.table.get(branch).copied().unwrap_or(Place::OPEN)
    }

    /// Of what the rules of a service and the forbids above it come to, what is answered: a refusal at the earlier check;
    /// at the same, a forbid's, and of two the first in policy order.
    #[inline]
    pub(super) fn first(&self, own: End, above: Place) -> End {
        if above == Place::NONE || !own.is_decided() {
            return own;
        }
        let above = End::Place(above);
        if !above.is_decided() || own.is_permit() {
            return above;
        }
        let order = |end| self.refusal(end).map(|one| (one.check, one.forbid.unwrap_or(u32::MAX)));
        if order(own) <= order(above) { own } else { above }
    }
}

//! From a request in numbers to its end.

use super::{Day, Index, Place, Said, Stretch};

impl Index {
    /// What a request for a service comes to.
    #[inline]
    pub(crate) fn end(&self, service: u32, at: Day, said: &Said) -> Place {
        let (own, above) = self.start(service, at);
        let own = self.walk(own, said);
        if above == Place::NONE { own } else { self.first(own, self.walk(above, said)) }
    }

    /// Where the diagrams of a service on a date begin: its own, and that of the forbids above it.
    #[inline]
    pub(super) fn start(&self, service: u32, at: Day) -> (Place, Place) {
        let found = self.stretch(service, at);
        found.map_or((Place::UNKNOWN, Place::NONE), |stretch| (stretch.own, stretch.above))
    }

    /// A service on a date.
    #[inline]
    fn stretch(&self, service: u32, at: Day) -> Option<&Stretch> {
        let service = service as usize;
        let (first, last) = (*self.services.get(service)?, *self.services.get(service.checked_add(1)?)?);
        let stretches = self.stretches.get(first as usize..last as usize)?;
        stretches.iter().rfind(|stretch| stretch.from <= at)
    }

    #[inline]
    fn walk(&self, mut place: Place, said: &Said) -> Place {
        while !place.is_end() {
            place = self.step(place, said[place.attribute()]);
        }
        place
    }

    #[inline]
    pub(super) fn step(&self, fork: Place, said: u16) -> Place {
        self.table.get(fork.offset() + usize::from(said)).copied().unwrap_or(Place::OPEN)
    }

    /// Of what the rules of a service and the forbids above it come to, what is answered: a refusal at the earlier check;
    /// at the same, a forbid's, and of two the first in policy order.
    #[inline]
    pub(super) fn first(&self, own: Place, above: Place) -> Place {
        if above == Place::NONE || !own.is_decided() {
            return own;
        }
        if !above.is_decided() || own.is_permit() {
            return above;
        }
        let order = |end| self.ends.refusal(end).map(|one| (one.check, one.forbid.unwrap_or(u32::MAX)));
        if order(own) <= order(above) { own } else { above }
    }
}

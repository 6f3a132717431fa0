//! What a request comes to.

use super::Place;
use super::grid::Stopped;

/// Where the rules of a service leave a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// The end of a diagram, or what is no service's.
    Place(Place),
    /// These boxes permit it; the rule of box `b` is `rules + b` in the list of the grids.
    Permits { rules: u32, boxes: u64 },
    /// It fails at a column of a grid.
    Stopped(Stopped),
}

impl End {
    /// Something that decides is left unsaid.
    pub(crate) const OPEN: Self = Self::Place(Place::OPEN);
    /// The policy does not know the service.
    pub(crate) const UNKNOWN: Self = Self::Place(Place::UNKNOWN);
    /// The request is in the numbers of another policy.
    pub(crate) const FOREIGN: Self = Self::Place(Place::FOREIGN);

    /// Whether it answers the request, rather than leaving that to the rules or to what is still to be said.
    #[inline]
    pub(crate) fn is_decided(self) -> bool {
        !matches!(self, Self::Place(Place::OPEN | Place::RULES))
    }

    /// The number of the refusal that it is.
    #[inline]
    pub(crate) fn refusal(self) -> Option<usize> {
        match self {
            Self::Place(place) if !place.is_permit() => Some(place.number()),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn is_permit(self) -> bool {
        match self {
            Self::Place(place) => place.is_permit(),
            Self::Permits { .. } => true,
            Self::Stopped(_) => false,
        }
    }
}

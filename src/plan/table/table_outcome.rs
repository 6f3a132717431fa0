//! What a request comes to.

use super::NodeRef;
use super::grid::RefusedAt;

/// Where the rules of a service leave a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TableOutcome {
    /// The end of a diagram, or what is no service's.
    NodeRef(NodeRef),
    /// These boxes permit it; the rule of box `b` is `rules + b` in the list of the grids.
    Permits { rules: u32, boxes: u64 },
    /// It fails at a column of a grid.
    RefusedAt(RefusedAt),
}

impl TableOutcome {
    /// Something that decides is left unsaid.
    pub(crate) const OPEN: Self = Self::NodeRef(NodeRef::OPEN);
    /// The policy does not know the service.
    pub(crate) const UNKNOWN: Self = Self::NodeRef(NodeRef::UNKNOWN);
    /// The request is in the numbers of another policy.
    pub(crate) const FOREIGN: Self = Self::NodeRef(NodeRef::FOREIGN);

    /// Whether it answers the request, rather than leaving that to the rules or to what is still to be said.
    #[inline]
    pub(crate) fn is_decided(self) -> bool {
        !matches!(self, Self::NodeRef(NodeRef::OPEN | NodeRef::RULES))
    }

    /// The number of the refusal that it is.
    #[inline]
    pub(crate) fn refusal(self) -> Option<usize> {
        match self {
            Self::NodeRef(place) if !place.is_permit() => Some(place.number()),
            _ => None,
        }
    }

    #[inline]
    pub(crate) fn is_permit(self) -> bool {
        match self {
            Self::NodeRef(place) => place.is_permit(),
            Self::Permits { .. } => true,
            Self::RefusedAt(_) => false,
        }
    }
}

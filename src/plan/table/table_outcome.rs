//! What the table answers to a request.

use super::NodeRef;

/// The permits that match, a refusal, or one of the constants.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TableOutcome(pub(super) NodeRef);

impl TableOutcome {
    /// An attribute that decides is not stated.
    pub(crate) const UNDETERMINED: Self = Self(NodeRef::constant(0));
    /// The table has no diagram for the service: its rules decide.
    pub(crate) const NOT_IN_TABLE: Self = Self(NodeRef::constant(1));
    /// The policy does not have the service.
    pub(crate) const UNKNOWN_SERVICE: Self = Self(NodeRef::constant(2));
    /// The numbers of the request are those of another policy.
    pub(crate) const FOREIGN: Self = Self(NodeRef::constant(3));

    /// The outcome that a node is. `None` for a fork.
    pub(super) fn of(node: NodeRef) -> Option<Self> {
        (!node.is_fork()).then_some(Self(node))
    }

    /// Whether it answers the request. Otherwise the rules must answer, or the request must state more.
    #[inline]
    pub(crate) fn is_decided(self) -> bool {
        self != Self::UNDETERMINED && self != Self::NOT_IN_TABLE
    }

    #[inline]
    pub(crate) fn is_permit(self) -> bool {
        self.0.is_permit()
    }

    /// The number of the list of permits. `None` for what is not permitted.
    #[inline]
    pub(super) fn permits(self) -> Option<usize> {
        self.is_permit().then(|| self.0.number())
    }

    /// The number of the refusal, which for the constants is the number of none. `None` for what is permitted.
    #[inline]
    pub(crate) fn refusal(self) -> Option<usize> {
        (!self.is_permit()).then(|| self.0.number())
    }
}

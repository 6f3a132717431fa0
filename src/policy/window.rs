//! When something is in force: from one date until another.

use jiff::civil::Date;

use crate::base::order::distinct;

/// The edge of a window: before all dates, on a date, or never (a modification that is only proposed).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Edge {
    /// Before every date.
    Start,
    /// On this date.
    On(Date),
    /// After every date.
    Never,
}

/// When something is in force: `[from, until)`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// The first date in force.
    pub from: Edge,
    /// The first date no longer in force.
    pub until: Edge,
    /// The modifications that `from` and `until` are the dates of, as indices in the policy's list.
    pub named: [Option<u32>; 2],
}

impl Window {
    /// In force on every date.
    pub const ALWAYS: Self = Self::new(Edge::Start, Edge::Never);

    /// In force from one edge until another, without modifications.
    pub const fn new(from: Edge, until: Edge) -> Self {
        Self { from, until, named: [None; 2] }
    }

    /// Whether it is in force at a time. `Never`, as a time, is after every date and after every proposed modification
    /// has taken effect.
    pub fn contains(&self, at: Edge) -> bool {
        let endless = self.until == Edge::Never && self.named[1].is_none();
        self.from <= at && (at < self.until || (at == Edge::Never && endless))
    }

    /// The window in which both are in force. It is empty if its `from` is not before its `until`.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let later = if other.from > self.from { other } else { self };
        // A window that ends with a proposed modification ends before a window that never ends.
        let ends = |window: &Self| (window.until, window.named[1].is_none());
        let earlier = if ends(other) < ends(self) { other } else { self };
        Self { from: later.from, until: earlier.until, named: [later.named[0], earlier.named[1]] }
    }

    /// The modifications that `from` and `until` are the dates of, as indices in the policy's list.
    pub fn modifications(&self) -> [Option<usize>; 2] {
        self.named.map(|named| named.map(|modification| modification as usize))
    }

    /// Its first date, and the first date after it.
    pub fn edges(&self) -> [Edge; 2] {
        [self.from, self.until]
    }
}

/// The dates on which windows open or close, in order.
pub fn edges<'p>(windows: impl Iterator<Item = &'p Window>) -> Vec<Edge> {
    let dated = windows.flat_map(Window::edges).filter(|edge| matches!(edge, Edge::On(_)));
    let mut edges = Vec::new();
    // `for_each` runs each of the chained lists of windows as a loop of its own, which `collect` does not. Nearly all
    // windows have no dates.
    dated.for_each(|edge| edges.push(edge));
    distinct(edges)
}

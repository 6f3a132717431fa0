//! When something is in force: from a date to another.

use jiff::civil::Date;

/// A date of a window: before all dates, on one, or never (a modification that is only proposed).
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
    /// The modifications whose dates these are, as places in the policy's list.
    pub named: [Option<u32>; 2],
}

impl Window {
    /// In force on every date.
    pub const ALWAYS: Self = Self::new(Edge::Start, Edge::Never);

    /// In force between two dates.
    pub const fn new(from: Edge, until: Edge) -> Self {
        Self { from, until, named: [None; 2] }
    }

    /// Whether it is in force on a date. `Never`, as a date, lies after every firm one and after
    /// everything proposed has come true.
    pub fn contains(&self, at: Edge) -> bool {
        let endless = self.until == Edge::Never && self.named[1].is_none();
        self.from <= at && (at < self.until || (at == Edge::Never && endless))
    }

    /// The time in which both are in force; empty where `from` is not before `until`.
    #[must_use]
    pub fn and(&self, other: &Self) -> Self {
        let later = if other.from > self.from { other } else { self };
        // What ends with something proposed ends before what never does.
        let ends = |window: &Self| (window.until, window.named[1].is_none());
        let earlier = if ends(other) < ends(self) { other } else { self };
        Self { from: later.from, until: earlier.until, named: [later.named[0], earlier.named[1]] }
    }

    /// The modifications whose dates its two sides are, as places in the policy's list.
    pub fn modifications(&self) -> [Option<usize>; 2] {
        self.named.map(|named| named.map(|nth| nth as usize))
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
    edges.sort_unstable();
    edges.dedup();
    edges
}

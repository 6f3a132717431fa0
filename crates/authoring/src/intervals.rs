//! Intervals: the stretches of time between two dates on which something changes.

use meterwarden::policy::{Edge, Window};

/// The intervals between these dates, in order: the first begins at the start of time, the last never ends.
pub(crate) fn intervals(dates: impl IntoIterator<Item = Edge>) -> Vec<Window> {
    let mut starts: Vec<Edge> = [Edge::Start].into_iter().chain(dates).collect();
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).copied().chain([Edge::Never]);
    starts.iter().zip(ends).map(|(from, until)| Window::new(*from, until)).collect()
}

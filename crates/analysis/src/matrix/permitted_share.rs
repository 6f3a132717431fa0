//! The share of a cell's requests for which something holds, calculated from the diagram of its service.

use std::hash::Hash;

use meterwarden::space::{Diagram, Node};

/// The share of the requests for which something holds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Share {
    /// From 0 to 1.
    pub(super) share: f64,
    /// Whether it holds for at least one request. Unlike `share > 0.0`, this is exact.
    pub(super) some: bool,
    /// Whether it holds for every request.
    pub(super) all: bool,
}

impl Share {
    /// The share of a cell without requests.
    pub(super) const NONE: Self = Self { share: 0.0, some: false, all: false };
}

/// The share of the requests for which `holds` is true at their end of the diagram. `weights[d][c]` is the share of
/// choice `c` of dimension `d`; the weights of a dimension add up to 1.
pub(super) fn share<E: Clone + Eq + Hash>(
    diagram: &Diagram<E>,
    weights: &[Vec<f64>],
    holds: impl Fn(&E) -> bool,
) -> Share {
    let end = |end: &E| {
        let holds = holds(end);
        Share { share: if holds { 1.0 } else { 0.0 }, some: holds, all: holds }
    };
    // A dimension that a path skips has the total weight 1, so it does not change the share.
    let fork = |dimension: usize, next: &[usize], shares: &[Share]| {
        let mut share = Share { share: 0.0, some: false, all: true };
        for (next, weight) in weighted_branches(next, &weights[dimension]) {
            share.share += weight * shares[next].share;
            share.some |= shares[next].some;
            share.all &= shares[next].all;
        }
        share
    };
    diagram.fold(end, fork)[diagram.root]
}

/// The ends that the root reaches through choices with a weight above 0.
pub(super) fn reached_ends<'d, E>(diagram: &'d Diagram<E>, weights: &[Vec<f64>]) -> Vec<&'d E> {
    let mut reached = vec![false; diagram.nodes.len()];
    reached[diagram.root] = true;
    let mut ends = Vec::new();
    // Each node comes after the nodes that it leads to, so that in reverse order it comes before them.
    for (index, node) in diagram.nodes.iter().enumerate().rev() {
        match node {
            _ if !reached[index] => {}
            Node::End(end) => ends.push(end),
            Node::Fork { dimension, next } => {
                weighted_branches(next, &weights[*dimension]).for_each(|(next, _)| reached[next] = true);
            }
        }
    }
    ends
}

/// The branches with a weight above 0.
fn weighted_branches<'d>(next: &'d [usize], weights: &'d [f64]) -> impl Iterator<Item = (usize, f64)> + 'd {
    next.iter().copied().zip(weights.iter().copied()).filter(|(_, weight)| *weight > 0.0)
}

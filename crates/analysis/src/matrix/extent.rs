//! How much of a cell something holds for, read off the diagram of its service.

use std::hash::Hash;

use meterwarden::space::{Diagram, Node};

/// How much of what is left of the space something holds for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    pub(super) share: f64,
    /// For some of it.
    pub(super) some: bool,
    /// For all of it.
    pub(super) all: bool,
}

/// How much of the space something holds for, where each choice weighs so much; the weights of an attribute add up to
/// one.
pub(super) fn extent<E: Clone + Eq + Hash>(
    diagram: &Diagram<E>,
    weights: &[Vec<f64>],
    holds: impl Fn(&E) -> bool,
) -> Extent {
    let end = |end: &E| {
        let holds = holds(end);
        Extent { share: if holds { 1.0 } else { 0.0 }, some: holds, all: holds }
    };
    let fork = |attribute: usize, next: &[usize], extents: &[Extent]| {
        let mut extent = Extent { share: 0.0, some: false, all: true };
        for (next, weight) in taken(next, &weights[attribute]) {
            extent.share += weight * extents[next].share;
            extent.some |= extents[next].some;
            extent.all &= extents[next].all;
        }
        extent
    };
    diagram.fold(end, fork)[diagram.root]
}

/// The ends that are reached through choices that weigh something.
pub(super) fn reached<'d, E>(diagram: &'d Diagram<E>, weights: &[Vec<f64>]) -> Vec<&'d E> {
    let mut reached = vec![false; diagram.nodes.len()];
    reached[diagram.root] = true;
    let mut ends = Vec::new();
    for (nth, node) in diagram.nodes.iter().enumerate().rev() {
        match node {
            _ if !reached[nth] => {}
            Node::End(end) => ends.push(end),
            Node::Fork { dimension, next } => {
                taken(next, &weights[*dimension]).for_each(|(next, _)| reached[next] = true);
            }
        }
    }
    ends
}

/// Where the choices lead that weigh something.
fn taken<'d>(next: &'d [usize], weights: &'d [f64]) -> impl Iterator<Item = (usize, f64)> + 'd {
    next.iter().copied().zip(weights.iter().copied()).filter(|(_, weight)| *weight > 0.0)
}

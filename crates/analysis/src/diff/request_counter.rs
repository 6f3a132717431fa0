//! Counts the requests that change. A request that changes in several intervals is counted once.

use std::hash::Hash;

use num_bigint::BigUint;
use smallvec::SmallVec;

use super::change_diagram::Change;
use super::count::Count;
use super::joint_space::JointSpace;
use crate::count;
use meterwarden::space::{Diagram, Node, Region};

/// The changes of one service, without the time.
pub(super) struct RequestCounter<'s> {
    weights: &'s [Vec<u128>],
    changes: TimelessChanges<'s>,
}

enum TimelessChanges<'s> {
    /// Every interval with a change has the same changes: those from this node of the diagram on.
    Once(&'s Diagram<Change>, usize),
    /// For each request the sorted list of its changes in any interval.
    Several(Diagram<ChangeList>),
}

type ChangeList = SmallVec<[Change; 4]>;

impl<'s> RequestCounter<'s> {
    pub(super) fn new(space: &'s JointSpace<'_>, changes: &'s Diagram<Change>) -> Self {
        let nodes = interval_nodes(changes);
        let changes = match nodes.as_slice() {
            [first, second, others @ ..] => {
                TimelessChanges::Several(joined(changes, [*first, *second], others))
            }
            node => TimelessChanges::Once(changes, node.first().copied().unwrap_or(changes.root)),
        };
        Self { weights: &space.weights, changes }
    }

    /// The number of requests with a change.
    pub(super) fn with_change(&self, change: Change) -> Count {
        Count(match &self.changes {
            TimelessChanges::Once(changes, node) => self.count(changes, *node, |end| *end == change),
            TimelessChanges::Several(changes) => {
                self.count(changes, changes.root, |list| list.contains(&change))
            }
        })
    }

    /// The number of requests that are in a region in any interval.
    pub(super) fn in_region(&self, region: &Region) -> Count {
        let region = region.exists(0);
        Count(self.count(&region, region.root, |inside| *inside))
    }

    /// Counts from dimension 1 on: dimension 0 is the time.
    fn count<E: Clone + Eq + Hash>(
        &self,
        diagram: &Diagram<E>,
        node: usize,
        holds: impl Fn(&E) -> bool,
    ) -> BigUint {
        count::count(diagram, node, 1, self.weights, holds)
    }
}

/// The node to which each interval leads, without those in which nothing changes.
fn interval_nodes(changes: &Diagram<Change>) -> Vec<usize> {
    let Node::Fork { dimension: 0, next } = &changes.nodes[changes.root] else { return vec![changes.root] };
    let mut nodes = next.to_vec();
    nodes.sort_unstable();
    nodes.dedup();
    nodes.retain(|node| changes.nodes[*node] != Node::End(Change::Same));
    nodes
}

/// The changes from several nodes on as one diagram.
fn joined(changes: &Diagram<Change>, [first, second]: [usize; 2], others: &[usize]) -> Diagram<ChangeList> {
    let with = |list: &ChangeList, change: &Change| {
        let mut list = list.clone();
        if let Err(place) = list.binary_search(change) {
            list.insert(place, *change);
        }
        list
    };
    let both = changes
        .join_at(first, changes, second, |first, second| with(&SmallVec::from_elem(*first, 1), second));
    others.iter().fold(both, |lists, node| lists.join_at(lists.root, changes, *node, with))
}

//! How many requests change, each counted once, whenever it changes.

use std::hash::Hash;

use num_bigint::BigUint;
use smallvec::SmallVec;

use super::count::Count;
use super::space::Space;
use super::walk::Change;
use crate::count;
use meterwarden::space::{Diagram, Node, Region};

/// The changes of one service, to be counted.
pub(super) struct Tally<'s> {
    weights: &'s [Vec<u128>],
    changes: Changes<'s>,
}

enum Changes<'s> {
    /// There is one law before and one after, at most, where anything changes: what changes from this place on.
    At(&'s Diagram<Change>, usize),
    /// All that happens to a request at some time, in order.
    AtSomeTime(Diagram<SmallVec<[Change; 4]>>),
}

impl<'s> Tally<'s> {
    pub(super) fn new(space: &'s Space<'_>, changes: &'s Diagram<Change>) -> Self {
        let places = at_each_time(changes);
        let changes = match places.as_slice() {
            [one, other, more @ ..] => Changes::AtSomeTime(at_some_time(changes, [*one, *other], more)),
            one => Changes::At(changes, one.first().copied().unwrap_or(changes.root)),
        };
        Self { weights: &space.weights, changes }
    }

    /// How many requests there are of a change.
    pub(super) fn of(&self, change: Change) -> Count {
        Count(match &self.changes {
            Changes::At(changes, place) => self.count(changes, *place, |end| *end == change),
            Changes::AtSomeTime(changes) => self.count(changes, changes.root, |ends| ends.contains(&change)),
        })
    }

    /// How many requests are in a region at some time.
    pub(super) fn of_region(&self, region: &Region) -> Count {
        let region = region.exists(0);
        Count(self.count(&region, region.root, |inside| *inside))
    }

    /// The first dimension is the time, which does not count.
    fn count<E: Clone + Eq + Hash>(
        &self,
        diagram: &Diagram<E>,
        place: usize,
        holds: impl Fn(&E) -> bool,
    ) -> BigUint {
        count::count(diagram, place, 1, self.weights, holds)
    }
}

/// Where each stretch of time leads, without those in which nothing changes.
fn at_each_time(changes: &Diagram<Change>) -> Vec<usize> {
    let Node::Fork { dimension: 0, next } = &changes.nodes[changes.root] else { return vec![changes.root] };
    let mut places = next.to_vec();
    places.sort_unstable();
    places.dedup();
    places.retain(|place| changes.nodes[*place] != Node::End(Change::Same));
    places
}

fn at_some_time(
    changes: &Diagram<Change>,
    [one, other]: [usize; 2],
    more: &[usize],
) -> Diagram<SmallVec<[Change; 4]>> {
    let with = |all: &SmallVec<[Change; 4]>, one: &Change| {
        let mut all = all.clone();
        if let Err(place) = all.binary_search(one) {
            all.insert(place, *one);
        }
        all
    };
    let both = changes.join_at(one, changes, other, |one, other| with(&SmallVec::from_elem(*one, 1), other));
    more.iter().fold(both, |all, place| all.join_at(all.root, changes, *place, with))
}

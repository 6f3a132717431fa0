//! The forks of the table while it is built, each of them once.

use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{NodeRef, TableOutcome};

/// The words of the table so far, and the forks in them by their hash.
#[derive(Default)]
pub(super) struct Forks {
    pub(super) words: Vec<NodeRef>,
    by_hash: FxHashMap<u64, NodeRef>,
}

impl Forks {
    /// The fork on an attribute with these branches, one for each value. `None` if the table is full.
    ///
    /// A fork that is already there is used again, whichever service and date it was made for. Branches are made before
    /// the fork, so two diagrams that answer alike meet in the same words from the bottom up.
    pub(super) fn fork(
        &mut self,
        attribute: usize,
        branches: impl Iterator<Item = NodeRef>,
    ) -> Option<NodeRef> {
        let offset = self.words.len();
        // The branch for a request that does not state the attribute.
        self.words.push(TableOutcome::UNDETERMINED.0);
        self.words.extend(branches);
        let hash = FxBuildHasher.hash_one((attribute, &self.words[offset..]));
        if let Some(fork) = self.by_hash.get(&hash)
            && fork.attribute() == attribute
            && self.words.get(fork.offset()..fork.offset() + self.words.len() - offset)
                == self.words.get(offset..)
        {
            self.words.truncate(offset);
            return Some(*fork);
        }
        // A fork with the hash of another replaces it in the map: that costs sharing, and is still right.
        let fork = NodeRef::fork(attribute, offset)?;
        self.by_hash.insert(hash, fork);
        Some(fork)
    }
}

//! A list in which what is alike stands once.

use std::hash::{BuildHasher, Hash};

use rustc_hash::{FxBuildHasher, FxHashMap};

/// Things in the order in which they were first put in, found again by what they are.
pub struct Interner<T> {
    list: Vec<T>,
    /// By its hash, or the next number that nothing else has taken, where a thing stands. So each is kept once, and a
    /// thing that is known is never copied.
    known: FxHashMap<u64, usize>,
}

/// So many things most lists have at least: the nodes of a diagram, the boxes of a service.
const SOME: usize = 14;

impl<T> Default for Interner<T> {
    fn default() -> Self {
        let known = FxHashMap::with_capacity_and_hasher(SOME, FxBuildHasher);
        Self { list: Vec::with_capacity(SOME), known }
    }
}

impl<T: Eq + Hash> Interner<T> {
    /// Where a thing stands; at the end, if it is new.
    pub fn place(&mut self, one: T) -> usize {
        let mut key = FxBuildHasher.hash_one(&one);
        while let Some(known) = self.known.get(&key) {
            if self.list[*known] == one {
                return *known;
            }
            key = key.wrapping_add(1);
        }
        self.known.insert(key, self.list.len());
        self.list.push(one);
        self.list.len() - 1
    }
}

impl<T> Interner<T> {
    /// The things, in the order in which they were first put in.
    pub fn list(&self) -> &[T] {
        &self.list
    }

    /// The same as a list of its own.
    pub fn into_list(self) -> Vec<T> {
        self.list
    }
}

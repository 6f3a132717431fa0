//! A list that stores equal items once.

use std::hash::{BuildHasher, Hash};

use rustc_hash::{FxBuildHasher, FxHashMap};

/// Items in the order in which they were first added, each of them once.
pub struct Interner<T> {
    list: Vec<T>,
    /// The index of an item, by its hash. If another item has the key, the next free number is the key. So each item is
    /// stored in the list alone, and adding an item that is already there copies nothing.
    indices: FxHashMap<u64, usize>,
}

/// Most lists grow at least this long: the nodes of a diagram, the boxes of a service.
const CAPACITY: usize = 14;

impl<T> Default for Interner<T> {
    fn default() -> Self {
        let indices = FxHashMap::with_capacity_and_hasher(CAPACITY, FxBuildHasher);
        Self { list: Vec::with_capacity(CAPACITY), indices }
    }
}

impl<T: Eq + Hash> Interner<T> {
    /// The index of an item. A new item is added at the end.
    pub fn place(&mut self, item: T) -> usize {
        let mut key = FxBuildHasher.hash_one(&item);
        while let Some(index) = self.indices.get(&key) {
            if self.list[*index] == item {
                return *index;
            }
            key = key.wrapping_add(1);
        }
        self.indices.insert(key, self.list.len());
        self.list.push(item);
        self.list.len() - 1
    }
}

impl<T> Interner<T> {
    /// The items, in the order in which they were first added.
    pub fn list(&self) -> &[T] {
        &self.list
    }

    /// The items as a list of their own.
    pub fn into_list(self) -> Vec<T> {
        self.list
    }
}

//! Sorting that is compiled once.
//!
//! The sort of the standard library is compiled anew for every type of item, some 4 kB each time, which is a good part of
//! what the engine adds to a small program. Lists that are sorted rarely are sorted here: only positions move.

use std::cmp::Ordering;

/// The items in order, each once.
pub(crate) fn distinct<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut items = sorted(items);
    items.dedup();
    items
}

/// The items in order. Equal items stay in the order in which they came.
pub(crate) fn sorted<T: Ord>(items: impl IntoIterator<Item = T>) -> Vec<T> {
    sorted_by(items, T::cmp)
}

/// The items in the order that `compare` gives them. Equal items stay in the order in which they came.
pub(crate) fn sorted_by<T>(
    items: impl IntoIterator<Item = T>,
    compare: impl Fn(&T, &T) -> Ordering,
) -> Vec<T> {
    let items: Vec<T> = items.into_iter().collect();
    let mut positions: Vec<usize> = (0..items.len()).collect();
    sort_positions(&mut positions, &|&left, &right| {
        compare(&items[left], &items[right]).then(left.cmp(&right))
    });
    let mut items: Vec<Option<T>> = items.into_iter().map(Some).collect();
    positions.into_iter().filter_map(|position| items[position].take()).collect()
}

fn sort_positions(positions: &mut [usize], compare: &dyn Fn(&usize, &usize) -> Ordering) {
    positions.sort_unstable_by(compare);
}

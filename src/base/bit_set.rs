//! Sets of boxes or of values as masks: item `i` is in the set where bit `i` is set.

use std::hash::Hash;

use smallvec::SmallVec;

/// A set of boxes or of values, 64 to a word. Nearly every service has at most 64 boxes and nearly every attribute at
/// most 64 values, so nearly every set is one word, which needs no memory of its own.
pub type RuleSet = SmallVec<[u64; 1]>;

/// The boxes that still match during a walk: one word where the walk has at most 64 boxes, otherwise a [`RuleSet`].
pub trait BitSet: Clone + Eq + Hash {
    /// The set with the bits of a mask.
    fn of(mask: &RuleSet) -> Self;
    /// The items that are also in a mask.
    fn both(&self, mask: &RuleSet) -> Self;
    /// Whether any item is in a mask.
    fn meets(&self, mask: &RuleSet) -> bool;
    /// The items, in ascending order.
    fn bits(&self) -> impl Iterator<Item = usize>;
}

/// At most 64 items.
impl BitSet for u64 {
    #[inline]
    fn of(mask: &RuleSet) -> Self {
        mask.first().copied().unwrap_or_default()
    }

    #[inline]
    fn both(&self, mask: &RuleSet) -> Self {
        self & Self::of(mask)
    }

    #[inline]
    fn meets(&self, mask: &RuleSet) -> bool {
        self & Self::of(mask) != 0
    }

    fn bits(&self) -> impl Iterator<Item = usize> {
        set_bits(std::iter::once(*self))
    }
}

impl BitSet for RuleSet {
    fn of(mask: &RuleSet) -> Self {
        mask.clone()
    }

    fn both(&self, mask: &RuleSet) -> Self {
        both(self, mask)
    }

    fn meets(&self, mask: &RuleSet) -> bool {
        meet(self, mask)
    }

    fn bits(&self) -> impl Iterator<Item = usize> {
        bits(self)
    }
}

/// The set of the items below `count` for which a condition holds.
pub fn mask(count: usize, holds: impl Fn(usize) -> bool) -> RuleSet {
    let mut mask: RuleSet = SmallVec::from_elem(0, count.div_ceil(64).max(1));
    for index in (0..count).filter(|index| holds(*index)) {
        mask[index / 64] |= 1 << (index % 64);
    }
    mask
}

/// The items of a set, in ascending order.
pub fn bits(mask: &[u64]) -> impl Iterator<Item = usize> + '_ {
    set_bits(mask.iter().copied())
}

/// The items below `count` that are not in a set, in ascending order.
pub fn gaps(mask: &[u64], count: usize) -> impl Iterator<Item = usize> + '_ {
    set_bits(mask.iter().map(|word| !word)).take_while(move |index| *index < count)
}

/// The positions of the bits that are set. `bits & (bits - 1)` clears the lowest of them.
fn set_bits(words: impl Iterator<Item = u64>) -> impl Iterator<Item = usize> {
    words.enumerate().flat_map(|(word, bits)| {
        let clear_lowest = |bits: &u64| Some(bits & (bits - 1)).filter(|bits| *bits != 0);
        let rest = std::iter::successors(Some(bits).filter(|bits| *bits != 0), clear_lowest);
        rest.map(move |bits| word * 64 + bits.trailing_zeros() as usize)
    })
}

/// Whether an item is in a set.
#[inline]
pub fn has(mask: &[u64], index: usize) -> bool {
    mask.get(index / 64).is_some_and(|word| word >> (index % 64) & 1 == 1)
}

/// Takes an item out of a set.
#[inline]
pub fn remove(mask: &mut [u64], index: usize) {
    if let Some(word) = mask.get_mut(index / 64) {
        *word &= !(1 << (index % 64));
    }
}

/// The items that are in both of two sets of the same length.
#[inline]
pub fn both(left: &RuleSet, right: &RuleSet) -> RuleSet {
    if let ([left], [right]) = (left.as_slice(), right.as_slice()) {
        return RuleSet::from_buf([left & right]);
    }
    left.iter().zip(right).map(|(left, right)| left & right).collect()
}

/// Whether two sets have an item in common.
#[inline]
pub fn meet(left: &[u64], right: &[u64]) -> bool {
    left.iter().zip(right).any(|(left, right)| left & right != 0)
}

/// The lowest item that two sets have in common.
#[inline]
pub fn first_common(left: &[u64], right: &[u64]) -> Option<usize> {
    let mut common = left.iter().zip(right).map(|(left, right)| left & right).enumerate();
    let (word, bits) = common.find(|(_, bits)| *bits != 0)?;
    Some(word * 64 + bits.trailing_zeros() as usize)
}

/// Whether every item of a set is in another of the same length.
#[inline]
pub fn is_subset(mask: &[u64], of: &[u64]) -> bool {
    mask.iter().zip(of).all(|(mask, of)| mask & !of == 0)
}

/// Whether some item is in all of several sets of the same length. There must be at least one set.
pub fn all_meet<'m>(masks: impl Iterator<Item = &'m RuleSet> + Clone) -> bool {
    let words = masks.clone().next().map_or(0, SmallVec::len);
    let common = |word: usize| masks.clone().fold(u64::MAX, |common, mask| common & mask[word]);
    (0..words).any(|word| common(word) != 0)
}

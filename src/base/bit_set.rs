//! Sets of boxes, or of values, a bit each.

use std::hash::Hash;

use smallvec::SmallVec;

/// A set of boxes or values. Nearly every service has so few boxes, and every attribute so few values, that they are one
/// word.
pub type RuleSet = SmallVec<[u64; 1]>;

/// The boxes that a walk still has, as little as it needs for as many as there are.
pub trait BitSet: Clone + Eq + Hash {
    /// The set of the bits of a mask.
    fn of(mask: &RuleSet) -> Self;
    /// Those that are in a mask, too.
    fn both(&self, mask: &RuleSet) -> Self;
    /// Whether any is in a mask.
    fn meets(&self, mask: &RuleSet) -> bool;
    /// Their places.
    fn bits(&self) -> impl Iterator<Item = usize>;
}

/// Up to 64.
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
        places(std::iter::once(*self))
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

/// The mask of those of so many for which something holds.
pub fn mask(count: usize, holds: impl Fn(usize) -> bool) -> RuleSet {
    let mut mask: RuleSet = SmallVec::from_elem(0, count.div_ceil(64).max(1));
    for nth in (0..count).filter(|nth| holds(*nth)) {
        mask[nth / 64] |= 1 << (nth % 64);
    }
    mask
}

/// The places that are in a mask.
pub fn bits(mask: &[u64]) -> impl Iterator<Item = usize> + '_ {
    places(mask.iter().copied())
}

/// The places of so many that are not in a mask.
pub fn gaps(mask: &[u64], count: usize) -> impl Iterator<Item = usize> + '_ {
    places(mask.iter().map(|word| !word)).take_while(move |nth| *nth < count)
}

/// The places of the bits that are set.
fn places(words: impl Iterator<Item = u64>) -> impl Iterator<Item = usize> {
    words.enumerate().flat_map(|(word, bits)| {
        let lowest_gone = |bits: &u64| Some(bits & (bits - 1)).filter(|bits| *bits != 0);
        let left = std::iter::successors(Some(bits).filter(|bits| *bits != 0), lowest_gone);
        left.map(move |bits| word * 64 + bits.trailing_zeros() as usize)
    })
}

/// Whether a place is in a mask.
#[inline]
pub fn has(mask: &[u64], nth: usize) -> bool {
    mask.get(nth / 64).is_some_and(|word| word >> (nth % 64) & 1 == 1)
}

/// What is in both of two masks over the same.
#[inline]
pub fn both(one: &RuleSet, other: &RuleSet) -> RuleSet {
    if let ([one], [other]) = (one.as_slice(), other.as_slice()) {
        return RuleSet::from_buf([one & other]);
    }
    one.iter().zip(other).map(|(one, other)| one & other).collect()
}

/// Whether two masks share anything.
#[inline]
pub fn meet(one: &RuleSet, other: &RuleSet) -> bool {
    one.iter().zip(other).any(|(one, other)| one & other != 0)
}

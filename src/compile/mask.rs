//! Sets of boxes, a bit each.

use smallvec::SmallVec;

/// A set of boxes. Nearly every service has so few that they are one word.
pub(crate) type Mask = SmallVec<[u64; 1]>;

/// The mask of those of so many boxes for which something holds.
pub(crate) fn mask(boxes: usize, holds: impl Fn(usize) -> bool) -> Mask {
    let mut mask: Mask = SmallVec::from_elem(0, boxes.div_ceil(64).max(1));
    for nth in (0..boxes).filter(|nth| holds(*nth)) {
        mask[nth / 64] |= 1 << (nth % 64);
    }
    mask
}

/// The places of the bits of a mask.
pub(crate) fn bits(mask: &[u64]) -> impl Iterator<Item = usize> + '_ {
    mask.iter().enumerate().flat_map(|(word, bits)| {
        let lowest_gone = |bits: &u64| Some(bits & (bits - 1)).filter(|bits| *bits != 0);
        let left = std::iter::successors(Some(*bits).filter(|bits| *bits != 0), lowest_gone);
        left.map(move |bits| word * 64 + bits.trailing_zeros() as usize)
    })
}

/// What is in both of two masks of the same boxes.
#[inline]
pub(crate) fn both(one: &Mask, other: &Mask) -> Mask {
    if let ([one], [other]) = (one.as_slice(), other.as_slice()) {
        return Mask::from_buf([one & other]);
    }
    one.iter().zip(other).map(|(one, other)| one & other).collect()
}

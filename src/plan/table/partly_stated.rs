//! A set of which a request states single members, as one number.

use crate::limits::MOST_VALUES_AS_BITS;

/// The subsets of an attribute whose numbers are bits, if some bits are set, some are not, and some are open.
///
/// ```text
/// bit 15   bits 14 to 10   bits 9 to 5   bits 4 to 0
///   1      attribute       set           open
/// ```
///
/// As the number of a value, it is without the attribute. A number without bit 15 is that of one value or one subset.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct PartlyStated(u16);

/// The numbers of values and of subsets are below this number.
pub(crate) const PARTLY_STATED: u16 = 1 << 15;

/// The sets that one request can state in part.
pub(super) const MOST_PARTLY_STATED: usize = 4;

/// Values, and one bit for values that are not declared.
const BITS: u16 = MOST_VALUES_AS_BITS as u16 + 1;
const MASK: u16 = (1 << BITS) - 1;

impl PartlyStated {
    /// No set.
    pub(super) const NONE: Self = Self(0);

    /// The number of the subsets with these bits.
    pub(super) fn number(set: u16, open: u16) -> u16 {
        PARTLY_STATED | set << BITS | open
    }

    /// Whether a number is that of a set that is stated in part.
    #[inline]
    pub(super) fn is_number(number: u16) -> bool {
        number >= PARTLY_STATED
    }

    /// The subsets of an attribute that have this number.
    pub(super) fn new(attribute: usize, number: u16) -> Self {
        Self(number | (attribute as u16) << (2 * BITS))
    }

    /// Whether they are of this attribute.
    pub(super) fn is_of(self, attribute: usize) -> bool {
        self != Self::NONE && usize::from((self.0 & !PARTLY_STATED) >> (2 * BITS)) == attribute
    }

    /// The number of each of the subsets, as a request states them.
    pub(super) fn numbers(self) -> impl Iterator<Item = u16> {
        let (set, open) = (self.0 >> BITS & MASK, self.0 & MASK);
        let ids = (0..=open).filter(move |bits| bits & !open == 0);
        ids.map(move |bits| (set | bits) + 1)
    }
}

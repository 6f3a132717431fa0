//! What a request states, in numbers.

use super::partly_stated::{MOST_PARTLY_STATED, PartlyStated};
use crate::limits::MOST_ATTRIBUTES;

/// What a request states of each attribute.
///
/// A set that is stated in part has 0 like an attribute that is not stated, so that a walk needs no check for it: where
/// such a set matters, the walk has no answer, and only then the members are looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub(crate) struct ValueIds {
    /// For each attribute 0 if it is not stated, otherwise one more than the number of the value or of the subset.
    pub(super) numbers: [u16; MOST_ATTRIBUTES],
    /// The sets that are stated in part, in order. A set for which there is no room is not stated: then the rules decide.
    pub(super) partly: [PartlyStated; MOST_PARTLY_STATED],
}

impl ValueIds {
    /// States an attribute, instead of what was stated of it: by a number, or by that of a [`PartlyStated`]. False if
    /// there is no such attribute.
    #[inline]
    pub(crate) fn state(&mut self, attribute: usize, number: u16) -> bool {
        let Some(stated) = self.numbers.get_mut(attribute) else { return false };
        *stated = number;
        if PartlyStated::is_number(number) || self.has_partly_stated() {
            self.state_in_part(attribute, number);
        }
        true
    }

    #[cold]
    fn state_in_part(&mut self, attribute: usize, number: u16) {
        self.partly
            .iter_mut()
            .filter(|partly| partly.is_of(attribute))
            .for_each(|partly| *partly = PartlyStated::NONE);
        if PartlyStated::is_number(number) {
            self.numbers[attribute] = 0;
            if let Some(free) = self.partly.iter_mut().find(|partly| **partly == PartlyStated::NONE) {
                *free = PartlyStated::new(attribute, number);
            }
        }
        // Equal requests have equal numbers. The list is short, and a sort of the standard library is not.
        for last in (1..self.partly.len()).rev() {
            for index in 0..last {
                if self.partly[index] > self.partly[index + 1] {
                    self.partly.swap(index, index + 1);
                }
            }
        }
    }

    /// Whether a set is stated in part.
    #[inline]
    pub(super) fn has_partly_stated(&self) -> bool {
        self.partly != [PartlyStated::NONE; MOST_PARTLY_STATED]
    }
}

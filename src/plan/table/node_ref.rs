//! One word of the decision table: a fork or an outcome.

use crate::base::wire::{Reader, Wire};

/// A fork: the attribute that it branches on, and where its branches begin in the table. Or the outcome of a request:
/// the number of the permits that match, or of the refusal.
///
/// ```text
/// bit 31   bits 30 to 26   bits 25 to 0
///   0      attribute       place of the fork in the table
///
/// bit 31   bit 30          bits 29 to 0
///   1      0, permitted    number of the list of permits
///   1      1, otherwise    number of the refusal, or a constant of `TableOutcome`
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeRef(u32);

const OUTCOME: u32 = 1 << 31;
const NOT_PERMITTED: u32 = OUTCOME | 1 << 30;
const NUMBER: u32 = (1 << 30) - 1;
/// The highest numbers of refusals are constants.
const CONSTANTS: u32 = 8;
const ATTRIBUTES: u32 = 1 << 5;
const OFFSET_BITS: u32 = 26;
const OFFSET: u32 = (1 << OFFSET_BITS) - 1;

impl Wire for NodeRef {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.0.to_le_bytes());
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        input.bytes().map(|bytes| Self(u32::from_le_bytes(*bytes)))
    }
}

impl NodeRef {
    /// A fork on an attribute. `None` if the table is too long for the bits of its place.
    pub(super) fn fork(attribute: usize, offset: usize) -> Option<Self> {
        let (attribute, offset) = (u32::try_from(attribute).ok()?, u32::try_from(offset).ok()?);
        (attribute < ATTRIBUTES && offset <= OFFSET).then_some(Self(attribute << OFFSET_BITS | offset))
    }

    /// The permits with a number match.
    pub(super) fn permit(number: usize) -> Option<Self> {
        Self::numbered(OUTCOME, number)
    }

    /// The refusal with a number.
    pub(super) fn refusal(number: usize) -> Option<Self> {
        Self::numbered(NOT_PERMITTED, number)
    }

    fn numbered(kind: u32, number: usize) -> Option<Self> {
        let number = u32::try_from(number).ok()?;
        (number <= NUMBER - CONSTANTS).then_some(Self(kind | number))
    }

    /// The constant with an index below [`CONSTANTS`].
    pub(super) const fn constant(index: u32) -> Self {
        Self(NOT_PERMITTED | (NUMBER - index))
    }

    pub(super) fn is_fork(self) -> bool {
        self.0 & OUTCOME == 0
    }

    /// Of outcomes: whether the request is permitted.
    pub(super) fn is_permit(self) -> bool {
        self.0 & NOT_PERMITTED == OUTCOME
    }

    /// The attribute that a fork branches on.
    pub(super) fn attribute(self) -> usize {
        ((self.0 >> OFFSET_BITS) & (ATTRIBUTES - 1)) as usize
    }

    /// The place of a fork in the table.
    pub(super) fn offset(self) -> usize {
        (self.0 & OFFSET) as usize
    }

    /// The number of an outcome.
    pub(super) fn number(self) -> usize {
        (self.0 & NUMBER) as usize
    }
}

//! A place of the diagrams: a fork, or an end.

use crate::base::wire::{Reader, Wire};

/// A fork: the attribute that it asks of, and where its branches begin in the table. An end: what is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NodeRef(u32);

const END: u32 = 1 << 31;
const REFUSE: u32 = END | 1 << 30;
const NUMBER: u32 = (1 << 30) - 1;
/// An attribute takes five bits, the place in the table the others.
const OFFSET: u32 = (1 << OFFSET_BITS) - 1;
const OFFSET_BITS: u32 = 26;

impl Wire for NodeRef {
    fn write(&self, out: &mut Vec<u8>) {
        out.extend(self.0.to_le_bytes());
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        input.bytes().map(|bytes| Self(u32::from_le_bytes(*bytes)))
    }
}

impl NodeRef {
    /// Something that decides is left unsaid.
    pub(crate) const OPEN: Self = Self(REFUSE | NUMBER);
    /// No forbid answers.
    pub(crate) const NONE: Self = Self(REFUSE | (NUMBER - 1));
    /// The table has no room for the service: its rules answer.
    pub(crate) const RULES: Self = Self(REFUSE | (NUMBER - 2));
    /// The policy does not know the service.
    pub(crate) const UNKNOWN: Self = Self(REFUSE | (NUMBER - 3));
    /// The request is in the numbers of another policy.
    pub(crate) const FOREIGN: Self = Self(REFUSE | (NUMBER - 4));

    /// A fork on an attribute, if the table is not too long for it.
    pub(super) fn fork(attribute: usize, offset: usize) -> Option<Self> {
        let (attribute, offset) = (u32::try_from(attribute).ok()?, u32::try_from(offset).ok()?);
        (attribute < 32 && offset <= OFFSET).then_some(Self(attribute << OFFSET_BITS | offset))
    }

    /// The permits of a number match.
    pub(super) fn permit(number: usize) -> Option<Self> {
        Self::numbered(END, number)
    }

    /// The refusal of a number.
    pub(super) fn refuse(number: usize) -> Option<Self> {
        Self::numbered(REFUSE, number)
    }

    fn numbered(class: u32, number: usize) -> Option<Self> {
        let number = u32::try_from(number).ok()?;
        (number < NUMBER - 8).then_some(Self(class | number))
    }

    pub(super) fn is_end(self) -> bool {
        self.0 & END != 0
    }

    pub(crate) fn is_permit(self) -> bool {
        self.0 & REFUSE == END
    }

    /// The attribute that a fork asks of.
    pub(super) fn attribute(self) -> u8 {
        (self.0 >> OFFSET_BITS) as u8 & 31
    }

    /// Where the branches of a fork begin.
    pub(super) fn offset(self) -> usize {
        (self.0 & OFFSET) as usize
    }

    /// The number of an end.
    pub(super) fn number(self) -> usize {
        (self.0 & NUMBER) as usize
    }
}

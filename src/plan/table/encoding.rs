//! A [`DecisionTable`] as bytes. Its names are those of the policy and are not stored.

use super::outcomes::{Outcomes, TableRefusal};
use super::set_ids::{SetIds, SetKinds};
use super::{Day, DecisionTable, Interval, Vocabulary};
use crate::base::wire::{Reader, Wire, wire};
use crate::policy::Policy;
use crate::space::{SetTest, Subset};

impl DecisionTable {
    pub(crate) fn write(&self, out: &mut Vec<u8>) {
        self.words.write(out);
        self.first_interval.write(out);
        self.intervals.write(out);
        self.outcomes.write(out);
        self.set_ids.write(out);
        self.field_ids.write(out);
    }

    /// The table of a policy that was read before it. `None` if the bytes are not a valid table for the policy.
    pub(crate) fn read(input: &mut Reader<'_>, policy: &Policy) -> Option<Self> {
        let table = Self {
            words: Wire::read(input)?,
            first_interval: Wire::read(input)?,
            intervals: Wire::read(input)?,
            outcomes: Wire::read(input)?,
            set_ids: Wire::read(input)?,
            field_ids: Wire::read(input)?,
            vocabulary: Vocabulary::of(policy),
        };
        table.is_valid(policy).then_some(table)
    }
}

wire!(Interval { from, root });
wire!(Outcomes { permits, rules, refusals });
wire!(TableRefusal { check, forbid, value });
wire!(SetKinds { tests, results, subsets });
wire!(SetTest { test, listed });

impl Wire for Subset {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        u128::read(input).map(Self)
    }
}

impl Wire for Day {
    fn write(&self, out: &mut Vec<u8>) {
        self.0.write(out);
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        Wire::read(input).map(Self)
    }
}

impl Wire for SetIds {
    fn write(&self, out: &mut Vec<u8>) {
        match self {
            Self::Unseen => 0u8.write(out),
            Self::TooMany => 3u8.write(out),
            Self::Bits { values, unknown } => {
                1u8.write(out);
                values.write(out);
                unknown.write(out);
            }
            Self::Kinds(kinds) => {
                2u8.write(out);
                kinds.write(out);
            }
        }
    }

    fn read(input: &mut Reader<'_>) -> Option<Self> {
        match u8::read(input)? {
            0 => Some(Self::Unseen),
            1 => Some(Self::Bits { values: Wire::read(input)?, unknown: Wire::read(input)? }),
            2 => Wire::read(input).map(Self::Kinds),
            3 => Some(Self::TooMany),
            _ => None,
        }
    }
}

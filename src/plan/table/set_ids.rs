//! The subsets of a set attribute's values as small numbers. Subsets that no rule distinguishes on any date share one.

use super::partly_stated::PartlyStated;
use crate::base::bit_set::{RuleSet, mask};
use crate::base::order::{distinct, sorted};
use crate::limits::{MOST_SUBSET_NUMBERS, MOST_TESTS, MOST_VALUES_AS_BITS};
use crate::policy::Test;
use crate::space::{Members, SetTest, Subset, witnesses};

/// How the subsets of a set attribute are numbered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SetIds {
    /// For few values: the number of a subset is its bits. With `unknown`, the next bit stands for values that are not
    /// declared.
    Bits { values: u16, unknown: bool },
    /// By the results of the tests that rules make.
    Kinds(SetKinds),
    /// No rule tests the attribute: all subsets have number 0.
    Unseen,
    /// The rules distinguish more subsets than can be numbered. The services with such rules are decided by their
    /// rules.
    TooMany,
}

/// Subsets by the results of tests.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SetKinds {
    pub(super) tests: Vec<SetTest>,
    /// In order. The number of a subset is the index of its results.
    pub(super) results: Vec<u128>,
    /// One subset for each number.
    pub(super) subsets: Vec<Subset>,
}

impl SetIds {
    /// The numbers for the subsets of this number of values. `tests` are those that rules make on some date.
    /// `undeclared` are the values that are not declared on each date: whether a subset contains one of them makes a
    /// difference, too.
    pub(super) fn of(values: usize, tests: impl Iterator<Item = SetTest>, undeclared: &[Subset]) -> Self {
        let mut tests = tests.peekable();
        if tests.peek().is_none() && undeclared.is_empty() {
            return Self::Unseen;
        }
        if let Ok(values) = u16::try_from(values)
            && usize::from(values) <= MOST_VALUES_AS_BITS
        {
            return Self::Bits { values, unknown: !undeclared.is_empty() };
        }
        SetKinds::of(values, tests.collect(), undeclared).map_or(Self::TooMany, Self::Kinds)
    }

    /// The number of a subset. `None` if it has none.
    pub(crate) fn id(&self, subset: Subset) -> Option<u16> {
        match self {
            Self::Bits { values, .. } => {
                let unknown = u128::from(subset.meets(Subset::UNKNOWN)) << values;
                u16::try_from(subset.0 & ((1 << values) - 1) | unknown).ok()
            }
            Self::Kinds(kinds) => {
                let id = kinds.results.binary_search(&results(&kinds.tests, subset));
                u16::try_from(id.ok()?).ok()
            }
            Self::Unseen => Some(0),
            Self::TooMany => None,
        }
    }

    /// What a request states of the attribute if it states a subset. 0 if the subset has no number.
    pub(crate) fn stated(&self, subset: Subset) -> u16 {
        self.id(subset).map_or(0, |id| id + 1)
    }

    /// What a request states of the attribute if it states these members and leaves others open. 0 if it has no number.
    pub(crate) fn stated_members(&self, members: Members) -> u16 {
        match self {
            Self::Bits { values, unknown } => {
                let all = (1 << (values + u16::from(*unknown))) - 1;
                let set = self.id(members.present).unwrap_or(0);
                // No member states that a value which is not declared is absent.
                let absent = members.absent.0 as u16;
                PartlyStated::number(set, all & !set & !absent)
            }
            Self::Unseen => 1,
            Self::Kinds(_) | Self::TooMany => 0,
        }
    }

    /// A subset that has a number.
    pub(super) fn subset(&self, id: usize) -> Subset {
        match self {
            Self::Bits { values, .. } => {
                let unknown = if id >> values & 1 == 1 { Subset::UNKNOWN } else { Subset::default() };
                Subset((id & ((1 << values) - 1)) as u128).with(unknown)
            }
            Self::Kinds(kinds) => kinds.subsets.get(id).copied().unwrap_or_default(),
            Self::Unseen | Self::TooMany => Subset::default(),
        }
    }

    /// How many numbers there are.
    pub(super) fn number(&self) -> usize {
        match self {
            Self::Bits { values, unknown } => 1 << (values + u16::from(*unknown)),
            Self::Kinds(kinds) => kinds.subsets.len(),
            Self::Unseen => 1,
            Self::TooMany => 0,
        }
    }

    /// The numbers of the subsets that pass one of the tests that rules make.
    pub(super) fn passing(&self, test: &SetTest) -> RuleSet {
        mask(self.number(), |id| test.holds(self.subset(id)))
    }
}

impl SetKinds {
    /// `None` if there are too many tests or kinds.
    fn of(values: usize, mut tests: Vec<SetTest>, undeclared: &[Subset]) -> Option<Self> {
        tests.extend(undeclared.iter().map(|listed| SetTest { test: Test::In, listed: *listed }));
        let tests = distinct(tests);
        if tests.len() > MOST_TESTS {
            return None;
        }
        let declared = Subset::of((0..).take(values));
        let all_undeclared = undeclared.iter().fold(Subset::default(), |all, subset| all.with(*subset));
        let witnesses = witnesses(declared, all_undeclared, &tests);
        if witnesses.len() > MOST_SUBSET_NUMBERS {
            return None;
        }
        let mut kinds: Vec<(u128, Subset)> =
            sorted(witnesses.into_iter().map(|subset| (results(&tests, subset), subset)));
        kinds.dedup_by_key(|(results, _)| *results);
        let (results, subsets) = kinds.into_iter().unzip();
        Some(Self { tests, results, subsets })
    }
}

/// The result of each test as a bit. Bit [`MOST_TESTS`] is set if the subset contains an unknown value.
fn results(tests: &[SetTest], subset: Subset) -> u128 {
    let bits = tests
        .iter()
        .enumerate()
        .fold(0, |bits, (index, test)| bits | u128::from(test.holds(subset)) << index);
    bits | u128::from(subset.meets(Subset::UNKNOWN)) << MOST_TESTS
}

//! Subsets of a set attribute's values as small numbers: subsets that no rule tells apart on any date are one.

use crate::base::bit_set::{RuleSet, mask};
use crate::policy::Test;
use crate::space::{MOST_TESTS, SetTest, Subset, witnesses};

/// How subsets are numbered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SetIds {
    /// So few values that a subset's bits are its number; with `more`, the highest is for what is not declared.
    Bits { values: u16, more: bool },
    /// By how the questions that rules ask come out.
    Kinds(SetKinds),
    /// No rule looks at it.
    Unseen,
    /// Rules ask more than can be numbered. A service whose rules look at it is decided by its rules.
    TooMany,
}

/// Subsets by how questions about them come out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SetKinds {
    pub(super) tests: Vec<SetTest>,
    /// In order; a subset's number is the place of its outcome.
    pub(super) outcomes: Vec<u128>,
    /// One subset of each number.
    pub(super) subsets: Vec<Subset>,
}

/// Of so many values every subset gets a number of its own.
const FEW: usize = 4;

/// So many subsets can be told apart in the bits that a request has for one, nothing said being one more.
pub(super) const MOST: usize = u16::MAX as usize - 1;

impl SetIds {
    /// Numbers for the subsets of so many values, of which rules ask this on some date. What is `undeclared` at some time
    /// is told apart from what is not.
    pub(super) fn of(values: usize, tests: impl Iterator<Item = SetTest>, undeclared: &[Subset]) -> Self {
        let mut tests = tests.peekable();
        if tests.peek().is_none() && undeclared.is_empty() {
            return Self::Unseen;
        }
        if let Ok(values) = u16::try_from(values)
            && usize::from(values) <= FEW
        {
            return Self::Bits { values, more: !undeclared.is_empty() };
        }
        SetKinds::of(values, tests.collect(), undeclared).map_or(Self::TooMany, Self::Kinds)
    }

    /// The number of a subset; nothing where it has none.
    pub(crate) fn id(&self, subset: Subset) -> Option<u16> {
        match self {
            Self::Bits { values, .. } => {
                let unknown = u128::from(subset.meets(Subset::UNKNOWN)) << values;
                u16::try_from(subset.0 & ((1 << values) - 1) | unknown).ok()
            }
            Self::Kinds(classes) => {
                let place = classes.outcomes.binary_search(&outcome(&classes.tests, subset));
                u16::try_from(place.ok()?).ok()
            }
            Self::Unseen => Some(0),
            Self::TooMany => None,
        }
    }

    /// A subset of a number.
    pub(super) fn subset(&self, id: usize) -> Subset {
        match self {
            Self::Bits { values, .. } => {
                let unknown = if id >> values & 1 == 1 { Subset::UNKNOWN } else { Subset::default() };
                Subset((id & ((1 << values) - 1)) as u128).with(unknown)
            }
            Self::Kinds(classes) => classes.subsets.get(id).copied().unwrap_or_default(),
            Self::Unseen | Self::TooMany => Subset::default(),
        }
    }

    /// How many numbers there are.
    pub(super) fn number(&self) -> usize {
        match self {
            Self::Bits { values, more } => 1 << (values + u16::from(*more)),
            Self::Kinds(classes) => classes.subsets.len(),
            Self::Unseen => 1,
            Self::TooMany => 0,
        }
    }

    /// The numbers of the subsets that pass a test, of those that rules ask.
    pub(super) fn passing(&self, test: &SetTest) -> RuleSet {
        mask(self.number(), |id| test.holds(self.subset(id)))
    }
}

impl SetKinds {
    fn of(values: usize, mut tests: Vec<SetTest>, undeclared: &[Subset]) -> Option<Self> {
        tests.extend(undeclared.iter().map(|listed| SetTest { test: Test::In, listed: *listed }));
        tests.sort_unstable();
        tests.dedup();
        if tests.len() > MOST_TESTS {
            return None;
        }
        let declared = Subset::of((0..).take(values));
        let all = undeclared.iter().fold(Subset::default(), |all, one| all.with(*one));
        let witnesses = witnesses(declared, all, &tests);
        if witnesses.len() > MOST {
            return None;
        }
        let mut classes: Vec<(u128, Subset)> =
            witnesses.into_iter().map(|subset| (outcome(&tests, subset), subset)).collect();
        classes.sort_unstable();
        classes.dedup_by_key(|(outcome, _)| *outcome);
        let (outcomes, subsets) = classes.into_iter().unzip();
        Some(Self { tests, outcomes, subsets })
    }
}

/// How questions come out, a bit each; the last is whether there is anything unknown.
fn outcome(tests: &[SetTest], subset: Subset) -> u128 {
    let bits =
        tests.iter().enumerate().fold(0, |bits, (nth, test)| bits | u128::from(test.holds(subset)) << nth);
    bits | u128::from(subset.meets(Subset::UNKNOWN)) << MOST_TESTS
}

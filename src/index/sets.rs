//! Subsets of a set attribute's values as small numbers: subsets that no rule tells apart on any date are one.

use rustc_hash::FxHashMap;

use crate::compile::{MOST_TESTS, SetTest, Subset, witnesses};

/// How subsets are numbered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SetIds {
    /// So few values that a subset's bits are its number; with `more`, the highest is for what is not declared.
    Bits { values: u16, more: bool },
    /// By how the questions that rules ask come out.
    Kinds(SetKinds),
    /// No rule looks at it, or rules ask more questions than are kept.
    Unseen,
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

impl SetIds {
    /// Numbers for the subsets of so many values, of which rules ask this on some date. What is `undeclared` at some time
    /// is told apart from what is not. Nothing, where rules ask too much.
    pub(super) fn of(values: usize, tests: Vec<SetTest>, undeclared: &[Subset]) -> Option<Self> {
        if tests.is_empty() && undeclared.is_empty() {
            return Some(Self::Unseen);
        }
        if values <= FEW {
            return Some(Self::Bits { values: u16::try_from(values).ok()?, more: !undeclared.is_empty() });
        }
        let mut tests = tests;
        let apart = undeclared.iter().filter(|set| set.0 != 0);
        tests.extend(apart.map(|listed| SetTest { test: crate::policy::Test::In, listed: *listed }));
        tests.sort_unstable();
        tests.dedup();
        if tests.len() > MOST_TESTS || values > 127 {
            return None;
        }
        let declared = Subset::of((0..).take(values));
        let all = undeclared.iter().fold(Subset::default(), |all, one| all.with(*one));
        let mut known: FxHashMap<u128, Subset> = FxHashMap::default();
        for subset in witnesses(declared, all, &tests) {
            known.entry(outcome(&tests, subset)).or_insert(subset);
        }
        let mut kinds: Vec<(u128, Subset)> = known.into_iter().collect();
        kinds.sort_unstable();
        if kinds.len() >= usize::from(u16::MAX) {
            return None;
        }
        let (outcomes, subsets) = kinds.into_iter().unzip();
        Some(Self::Kinds(SetKinds { tests, outcomes, subsets }))
    }

    /// The number of a subset.
    pub(crate) fn id(&self, subset: Subset) -> u16 {
        match self {
            Self::Bits { values, .. } => {
                let unknown = u128::from(subset.meets(Subset::UNKNOWN)) << values;
                u16::try_from(subset.0 & ((1 << values) - 1) | unknown).unwrap_or(0)
            }
            Self::Kinds(kinds) => {
                let place = kinds.outcomes.binary_search(&outcome(&kinds.tests, subset));
                place.ok().and_then(|place| u16::try_from(place).ok()).unwrap_or(0)
            }
            Self::Unseen => 0,
        }
    }

    /// A subset of a number.
    pub(crate) fn subset(&self, id: u16) -> Subset {
        match self {
            Self::Bits { values, .. } => {
                let unknown = if id >> values & 1 == 1 { Subset::UNKNOWN } else { Subset::default() };
                Subset(u128::from(id & ((1 << values) - 1))).with(unknown)
            }
            Self::Kinds(kinds) => kinds.subsets.get(usize::from(id)).copied().unwrap_or_default(),
            Self::Unseen => Subset::default(),
        }
    }

    /// One subset of each number, in order.
    pub(super) fn subsets(&self) -> impl Iterator<Item = Subset> {
        let numbers = match self {
            Self::Bits { values, more } => 1 << (values + u16::from(*more)),
            Self::Kinds(kinds) => kinds.subsets.len(),
            Self::Unseen => 1,
        };
        (0u16..).take(numbers).map(|id| self.subset(id))
    }
}

/// How questions come out, a bit each; the last is whether there is anything unknown.
fn outcome(tests: &[SetTest], subset: Subset) -> u128 {
    let bits =
        tests.iter().enumerate().fold(0, |bits, (nth, test)| bits | u128::from(test.holds(subset)) << nth);
    bits | u128::from(subset.meets(Subset::UNKNOWN)) << MOST_TESTS
}

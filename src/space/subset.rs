//! Subsets of a set attribute's values, and what rules test of them.

use std::collections::hash_map::Entry;
use std::hash::Hash;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::base::order::sorted_by;
use crate::limits::MOST_WITNESSES;
use crate::policy::Test;

/// A subset of a set attribute's values: bit `v` is value `v`. The last bit is for all that the service does not
/// declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Subset(pub u128);

impl Subset {
    /// Something that the service does not declare, and nothing else.
    pub const UNKNOWN: Self = Self(1 << 127);

    const EMPTY: Self = Self(0);

    /// The subset of these values.
    pub fn of(values: impl IntoIterator<Item = u32>) -> Self {
        Self(values.into_iter().fold(0, |bits, value| bits | 1 << value))
    }

    /// Whether any value is in both.
    pub fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    /// Whether a value is in it.
    pub fn contains(self, value: u32) -> bool {
        self.0 >> value & 1 == 1
    }

    /// The union of two subsets.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// The values that are not in the other subset.
    #[must_use]
    pub fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }
}

/// What is known of a subset: the values that are in it, and the values that are not. No value is in both.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Members {
    /// The values that are in the subset.
    pub present: Subset,
    /// The values that are not in the subset.
    pub absent: Subset,
}

/// A test of a subset. Rules with the same test share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetTest {
    /// What is tested.
    pub test: Test,
    /// The values that the clause lists.
    pub listed: Subset,
}

impl SetTest {
    /// Whether a subset passes.
    pub fn holds(&self, subset: Subset) -> bool {
        let (have, listed) = (subset.0, self.listed.0);
        match self.test {
            Test::Any => true,
            Test::In => have & listed != 0,
            Test::Only => have != 0 && have & !listed == 0,
            Test::Includes => have & listed == listed,
            Test::Excludes | Test::Not => have & listed == 0,
            Test::Exactly => have == listed,
        }
    }
}

impl SetTest {
    /// The test of what is open, for subsets of which these members are known. `open` are the values that are neither
    /// present nor absent. None if all of these subsets have the same result.
    pub fn among(self, open: Subset, members: Members) -> Option<Self> {
        let (test, listed) = (self.test, self.listed);
        let [inside, outside] = [Subset(listed.0 & open.0), open.without(listed)];
        let has_other = members.present.without(listed) != Subset::EMPTY;
        let is_constant = match test {
            Test::Any => true,
            Test::In | Test::Excludes | Test::Not => listed.meets(members.present),
            Test::Includes => listed.meets(members.absent),
            Test::Only => has_other,
            Test::Exactly => has_other || listed.meets(members.absent),
        };
        let (test, listed) = match test {
            Test::Only if members.present != Subset::EMPTY => (Test::Excludes, outside),
            Test::Exactly if inside == Subset::EMPTY => (Test::Excludes, outside),
            Test::Exactly if outside == Subset::EMPTY => (Test::Includes, inside),
            Test::Exactly => (test, listed),
            _ => (test, inside),
        };
        (!is_constant && listed != Subset::EMPTY).then_some(Self { test, listed })
    }
}

/// At least one subset for each possible outcome of the tests together, small subsets first. `undeclared` are the
/// values that the service does not declare, at least not at this time; whether a subset has any of them is part of the
/// outcome.
pub fn witnesses(values: Subset, undeclared: Subset, tests: &[SetTest]) -> Vec<Subset> {
    witnesses_among(values, undeclared, tests, Members::default())
}

/// The same for the subsets with these members.
pub(crate) fn witnesses_among(
    values: Subset,
    undeclared: Subset,
    tests: &[SetTest],
    members: Members,
) -> Vec<Subset> {
    weighted_among(values, undeclared, tests, members).into_iter().map(|(subset, _)| subset).collect()
}

/// The same, each with the number of subsets that it stands for: together they are all subsets.
///
/// Trying every subset would take too long. But a test does not distinguish values that are in the same lists. Such
/// values are a block, and of a block it is enough to try none of its values, one of them, and all of them. And of
/// subsets with the same progress in all tests, later blocks cannot make any difference, so one of them is kept.
pub fn weighted(values: Subset, undeclared: Subset, tests: &[SetTest]) -> Vec<(Subset, u128)> {
    weighted_among(values, undeclared, tests, Members::default())
}

/// The same for the subsets with these members: of a block that is present it is enough to try all of its values, and of
/// a block that is absent none.
fn weighted_among(
    values: Subset,
    undeclared: Subset,
    tests: &[SetTest],
    members: Members,
) -> Vec<(Subset, u128)> {
    let any_of = |listed| SetTest { test: Test::In, listed };
    let tests = [tests, &[undeclared, Subset::UNKNOWN].map(any_of)].concat();
    let lists = tests.iter().map(|test| test.listed).chain([members.present, members.absent]);
    let blocks = blocks(values.with(undeclared), lists);
    // Nearly always the progress of all tests fits into one word, which is quicker to look up than a list.
    if tests.len() <= TESTS_A_WORD {
        return distinguish(
            &blocks,
            members,
            |block, part| block.progress(part, &tests),
            |before, added| combine(*before, *added),
        );
    }
    let progress = |block: &Block, part| -> Vec<u64> {
        tests.chunks(TESTS_A_WORD).map(|tests| block.progress(part, tests)).collect()
    };
    distinguish(&blocks, members, progress, |before, added| {
        before.iter().zip(added).map(|(before, added)| combine(*before, *added)).collect()
    })
}

/// Goes through the blocks, and keeps one subset of the blocks so far for each progress `P`, with the number of subsets
/// that have this progress.
///
/// `progress` is that of a part of a block alone, and `combine` that of two parts of different blocks together.
fn distinguish<P: Clone + Eq + Hash>(
    blocks: &[Block],
    members: Members,
    progress: impl Fn(&Block, Subset) -> P,
    combine: impl Fn(&P, &P) -> P,
) -> Vec<(Subset, u128)> {
    let start = progress(&Block { values: Subset::EMPTY }, Subset::EMPTY);
    let index = FxHashMap::with_capacity_and_hasher(USUAL_OUTCOMES, FxBuildHasher);
    let mut kept = Kept { list: Vec::with_capacity(USUAL_OUTCOMES), index };
    kept.add(Subset::EMPTY, 1, start.clone());
    let mut before = Vec::with_capacity(USUAL_OUTCOMES);
    for block in blocks {
        before.clone_from(&kept.list);
        let add = |kept: &mut Kept<P>, part, count, added: &P| {
            for (subset, number, progress) in &before {
                kept.add(subset.with(part), number.saturating_mul(count), combine(progress, added));
            }
        };
        if block.values.meets(members.present) {
            kept.clear();
            add(&mut kept, block.values, 1, &progress(block, block.values));
            continue;
        }
        // Having none of the values mostly changes nothing, and then what is kept stays as it is.
        let none = progress(block, Subset::EMPTY);
        if none != start {
            kept.clear();
            add(&mut kept, Subset::EMPTY, 1, &none);
        }
        if block.values.meets(members.absent) {
            continue;
        }
        for (part, count) in block.parts() {
            add(&mut kept, part, count, &progress(block, part));
        }
        if kept.list.len() > MOST_WITNESSES {
            break;
        }
    }
    kept.list.into_iter().map(|(subset, number, _)| (subset, number)).collect()
}

/// The tests of most attributes have about this number of outcomes.
const USUAL_OUTCOMES: usize = 14;

/// One subset for each progress of the tests, with the number of subsets that have it.
struct Kept<P> {
    list: Vec<(Subset, u128, P)>,
    /// The place of each progress in the list.
    index: FxHashMap<P, usize>,
}

impl<P: Clone + Eq + Hash> Kept<P> {
    fn clear(&mut self) {
        self.list.clear();
        self.index.clear();
    }

    fn add(&mut self, subset: Subset, number: u128, progress: P) {
        match self.index.entry(progress) {
            Entry::Occupied(place) => {
                let sum = &mut self.list[*place.get()].1;
                *sum = sum.saturating_add(number);
            }
            Entry::Vacant(place) => {
                self.list.push((subset, number, place.key().clone()));
                place.insert(self.list.len() - 1);
            }
        }
    }
}

/// Values that are in the lists of the same tests. The blocks are disjoint, and together they are all values.
struct Block {
    values: Subset,
}

impl Block {
    /// The parts of the block that are not empty and that tests can distinguish: some of the values, or all. Each with
    /// the number of subsets of the block that are so.
    fn parts(&self) -> impl Iterator<Item = (Subset, u128)> {
        // The lowest bit.
        let first = Subset(self.values.0 & self.values.0.wrapping_neg());
        // All subsets of the block, except the empty one and the whole block.
        let between = 1u128.checked_shl(self.values.0.count_ones()).unwrap_or(u128::MAX) - 2;
        let some = (first != self.values).then_some((first, between));
        some.into_iter().chain([(self.values, 1)])
    }
}

/// The blocks of these values that the lists distinguish, in the order of their first values.
fn blocks(values: Subset, lists: impl Iterator<Item = Subset>) -> Vec<Block> {
    let mut blocks = vec![values.0];
    for list in lists {
        for index in 0..blocks.len() {
            let [inside, outside] = [blocks[index] & list.0, blocks[index] & !list.0];
            if inside != 0 && outside != 0 {
                blocks[index] = inside;
                blocks.push(outside);
            }
        }
    }
    blocks.retain(|values| *values != 0);
    let blocks = sorted_by(blocks, |left, right| left.trailing_zeros().cmp(&right.trailing_zeros()));
    blocks.into_iter().map(|values| Block { values: Subset(values) }).collect()
}

/// The progress of a test takes two bits.
const TESTS_A_WORD: usize = 32;

/// The lower bit of each test: every second bit of a word.
const LOWER_BITS: u64 = u64::MAX / 3;

impl Block {
    /// The progress that a part of the block makes in tests that fit into a word, two bits each.
    fn progress(&self, part: Subset, tests: &[SetTest]) -> u64 {
        let bits =
            tests.iter().zip((0..).step_by(2)).map(|(test, bit)| test.progress(part, self.values) << bit);
        bits.fold(0, |word, bits| word | bits)
    }
}

/// The progress of two parts of different blocks together.
///
/// A bit of a progress says that a part does something, so the union of the parts does it if either does. A test whose
/// upper bit is set fails, whatever is added: its lower bit makes no difference any more and is cleared, so that equal
/// outcomes have equal bits.
fn combine(before: u64, added: u64) -> u64 {
    let both = before | added;
    let failed = both >> 1 & LOWER_BITS;
    both & !failed
}

impl SetTest {
    /// What a part of a block does to the test, in two bits. All values of the block are listed, or none is.
    ///
    /// The lower bit of the parts together is the outcome, or its opposite:
    ///
    /// - `in`: a listed value is there, so the test holds;
    /// - `excludes`, `not`: a listed value is there, so it fails;
    /// - `includes`: a listed value is missing, so it fails;
    /// - `exactly`: a listed value is missing, or another value is there, so it fails;
    /// - `only`: a listed value is there, so it holds, unless the upper bit is set: another value is there.
    fn progress(&self, part: Subset, block: Subset) -> u64 {
        let (has_any, is_listed) = (part != Subset::EMPTY, block.meets(self.listed));
        let listed = has_any && is_listed;
        let other = has_any && !is_listed;
        let missing = is_listed && part != block;
        match self.test {
            Test::Any => 0,
            Test::In | Test::Excludes | Test::Not => u64::from(listed),
            Test::Includes => u64::from(missing),
            Test::Only => u64::from(listed) | u64::from(other) << 1,
            Test::Exactly => u64::from(other || missing),
        }
    }
}

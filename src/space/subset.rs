//! Subsets of a set attribute's values, and what rules ask of them.

use std::collections::hash_map::Entry;
use std::hash::Hash;

use rustc_hash::{FxBuildHasher, FxHashMap};

use crate::policy::Test;

/// A subset of a set attribute's values: bit `v` is value `v`. The last bit says that something stands
/// there which the service does not declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Subset(pub u128);

impl Subset {
    /// Something that no line of fields names, and nothing else.
    pub const UNKNOWN: Self = Self(1 << 127);

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

    #[must_use]
    /// What is in either.
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// One question about a subset. Rules that ask the same share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SetTest {
    /// What is asked.
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

/// More classes of subset than this are never of use; the check on size refuses such a service.
const MOST_KINDS: usize = 1 << 20;

/// One subset for each way in which the tests can come out, the smallest first found. Values that no test
/// tells apart are tried together: none of them, one of them, all of them. `undeclared` are those that the
/// service does not declare, at least not at this time.
pub fn witnesses(values: Subset, undeclared: Subset, tests: &[SetTest]) -> Vec<Subset> {
    weighted(values, undeclared, tests).into_iter().map(|(subset, _)| subset).collect()
}

/// The same, each with the number of all subsets that come out like it.
pub fn weighted(values: Subset, undeclared: Subset, tests: &[SetTest]) -> Vec<(Subset, u128)> {
    let any_of = |listed| SetTest { test: Test::In, listed };
    let tests = [tests, &[undeclared, Subset::UNKNOWN].map(any_of)].concat();
    let classes = classes(values.with(undeclared), &tests);
    // Nearly always one word has room for all, and one word is soon looked up.
    if tests.len() <= TESTS_A_WORD {
        return told_apart(
            &classes,
            |class, part| class.step(part, &tests),
            |before, step| after(*before, *step),
        );
    }
    let step = |class: &Class, part| -> Vec<u64> {
        tests.chunks(TESTS_A_WORD).map(|tests| class.step(part, tests)).collect()
    };
    told_apart(&classes, step, |before, step| {
        before.iter().zip(step).map(|(before, step)| after(*before, *step)).collect()
    })
}

/// One subset for each way in which tests come out, with the number of those that come out like it. `P` is all that
/// later values can build on: `step` is what a part of a class adds to nothing, `after` what it makes of what there was.
fn told_apart<P: Clone + Eq + Hash>(
    classes: &[Class],
    step: impl Fn(&Class, Subset) -> P,
    after: impl Fn(&P, &P) -> P,
) -> Vec<(Subset, u128)> {
    let nothing = step(&Class { all: NONE }, NONE);
    let places = FxHashMap::with_capacity_and_hasher(SOME, FxBuildHasher);
    let mut found = Found { all: Vec::with_capacity(SOME), places };
    found.add(NONE, 1, nothing.clone());
    let mut before = Vec::with_capacity(SOME);
    for class in classes {
        before.clone_from(&found.all);
        let add = |found: &mut Found<P>, part, count, step: &P| {
            for (subset, number, progress) in &before {
                found.add(subset.with(part), number.saturating_mul(count), after(progress, step));
            }
        };
        let none = step(class, NONE);
        // That none of the values is in mostly changes nothing.
        if none != nothing {
            found.clear();
            add(&mut found, NONE, 1, &none);
        }
        for (part, count) in class.parts() {
            add(&mut found, part, count, &step(class, part));
        }
        if found.all.len() > MOST_KINDS {
            break;
        }
    }
    found.all.into_iter().map(|(subset, number, _)| (subset, number)).collect()
}

const NONE: Subset = Subset(0);

/// In so many ways the questions about most attributes come out.
const SOME: usize = 14;

/// A subset of the values so far for each progress of the tests, with the number of those alike.
struct Found<P> {
    all: Vec<(Subset, u128, P)>,
    places: FxHashMap<P, usize>,
}

impl<P: Clone + Eq + Hash> Found<P> {
    fn clear(&mut self) {
        self.all.clear();
        self.places.clear();
    }

    fn add(&mut self, subset: Subset, number: u128, progress: P) {
        match self.places.entry(progress) {
            Entry::Occupied(place) => {
                let sum = &mut self.all[*place.get()].1;
                *sum = sum.saturating_add(number);
            }
            Entry::Vacant(place) => {
                self.all.push((subset, number, place.key().clone()));
                place.insert(self.all.len() - 1);
            }
        }
    }
}

/// Values that are in the lists of the same tests.
struct Class {
    all: Subset,
}

impl Class {
    /// Some of the values, or all; each with the number of the subsets that are so.
    fn parts(&self) -> impl Iterator<Item = (Subset, u128)> {
        let first = Subset(self.all.0 & self.all.0.wrapping_neg());
        let between = 1u128.checked_shl(self.all.0.count_ones()).unwrap_or(u128::MAX) - 2;
        let some = (first != self.all).then_some((first, between));
        some.into_iter().chain([(self.all, 1)])
    }
}

/// The classes by their first values.
fn classes(values: Subset, tests: &[SetTest]) -> Vec<Class> {
    let mut classes = vec![values.0];
    for list in tests.iter().map(|test| test.listed) {
        for nth in 0..classes.len() {
            let [inside, outside] = [classes[nth] & list.0, classes[nth] & !list.0];
            if inside != 0 && outside != 0 {
                classes[nth] = inside;
                classes.push(outside);
            }
        }
    }
    classes.retain(|all| *all != 0);
    classes.sort_unstable_by_key(|all| all.trailing_zeros());
    classes.into_iter().map(|all| Class { all: Subset(all) }).collect()
}

/// The progress of a test takes two bits.
const TESTS_A_WORD: usize = 32;

/// The lower bit of each test.
const LOWER: u64 = u64::MAX / 3;

impl Class {
    /// What a part of the values adds to the progress of so many tests as a word has room for.
    fn step(&self, part: Subset, tests: &[SetTest]) -> u64 {
        let steps = tests.iter().zip((0..).step_by(2)).map(|(test, bit)| test.step(part, self.all) << bit);
        steps.fold(0, |word, step| word | step)
    }
}

/// A test whose upper bit is set cannot pass any more; its lower then is all the same.
fn after(before: u64, step: u64) -> u64 {
    let both = before | step;
    both & !(both >> 1 & LOWER)
}

impl SetTest {
    /// What a part of values that are all in the list, or all outside, comes to.
    fn step(&self, part: Subset, class: Subset) -> u64 {
        let (some, inside) = (part != NONE, class.meets(self.listed));
        let (hit, other, missing) = (some && inside, some && !inside, inside && part != class);
        match self.test {
            Test::Any => 0,
            Test::In | Test::Excludes | Test::Not => u64::from(hit),
            Test::Includes => u64::from(missing),
            Test::Only => u64::from(hit) | u64::from(other) << 1,
            Test::Exactly => u64::from(other || missing),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{SetTest, Subset, weighted};
    use crate::policy::Test;

    const VALUES: u128 = 5;

    fn outcome(tests: &[SetTest], subset: Subset) -> Vec<bool> {
        tests.iter().map(|test| test.holds(subset)).collect()
    }

    /// How tests come out for every single subset, and for how many.
    fn each(tests: &[SetTest]) -> BTreeMap<Vec<bool>, u128> {
        let mut counts = BTreeMap::new();
        for bits in 0..1 << VALUES {
            *counts.entry(outcome(tests, Subset(bits))).or_default() += 1;
        }
        counts
    }

    /// The same by those that stand for all that come out alike.
    fn alike(tests: &[SetTest]) -> BTreeMap<Vec<bool>, u128> {
        let mut counts = BTreeMap::new();
        for (subset, count) in weighted(Subset((1 << VALUES) - 1), Subset::default(), tests) {
            *counts.entry(outcome(tests, subset)).or_default() += count;
        }
        counts
    }

    #[test]
    fn all_ways_in_which_tests_come_out_are_found() {
        let asks = [Test::In, Test::Only, Test::Includes, Test::Excludes, Test::Exactly];
        let lists = (1..1 << VALUES).map(Subset);
        let tests: Vec<SetTest> =
            lists.flat_map(|listed| asks.map(|test| SetTest { test, listed })).collect();
        // Few tests, and more than one word has room for.
        for (few, step) in [(1, 1), (3, 7), (20, 7), (31, 5), (70, 2), (155, 1)] {
            let tests: Vec<SetTest> = tests.iter().step_by(step).take(few).copied().collect();
            assert_eq!(alike(&tests), each(&tests), "{tests:?}");
        }
    }
}

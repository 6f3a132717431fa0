//! Subsets of a set attribute's values, and what rules ask of them.

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use crate::policy::Test;

/// A subset of a set attribute's values: bit `v` is value `v`. The last bit says that something stands
/// there which the service does not declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(crate) struct Subset(pub(crate) u128);

impl Subset {
    /// Something that no line of fields names, and nothing else.
    pub(crate) const UNKNOWN: Self = Self(1 << 127);

    pub(crate) fn of(values: impl IntoIterator<Item = u32>) -> Self {
        Self(values.into_iter().fold(0, |bits, value| bits | 1 << value))
    }

    /// Whether any value is in both.
    pub(crate) fn meets(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(crate) fn contains(self, value: u32) -> bool {
        self.0 >> value & 1 == 1
    }

    #[must_use]
    pub(crate) fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// One question about a subset. Rules that ask the same share one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SetTest {
    pub(crate) test: Test,
    pub(crate) listed: Subset,
}

impl SetTest {
    /// Whether a subset passes.
    pub(crate) fn holds(&self, subset: Subset) -> bool {
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

/// More kinds of subset than this are never of use; the check on size refuses such a service.
const MOST_KINDS: usize = 1 << 20;

/// One subset for each way in which the tests can come out, the smallest first found. Values that no test
/// tells apart are tried together: none of them, one of them, all of them. `undeclared` are those that the
/// service does not declare, at least not at this time.
pub(crate) fn witnesses(values: Subset, undeclared: Subset, tests: &[SetTest]) -> Vec<Subset> {
    weighted(values, undeclared, tests).into_iter().map(|(subset, _)| subset).collect()
}

/// The same, each with the number of all subsets that come out like it.
pub(crate) fn weighted(values: Subset, undeclared: Subset, tests: &[SetTest]) -> Vec<(Subset, u128)> {
    let mut found = vec![(Subset::default(), 1u128)];
    let mut seen = Subset::default();
    let mut known: FxHashMap<Progress, usize> = FxHashMap::default();
    for class in classes(values, undeclared, tests) {
        seen = seen.with(class.all);
        known.clear();
        let mut next: Vec<(Subset, u128)> = Vec::with_capacity(found.len());
        for (part, count) in class.parts() {
            for (subset, number) in &found {
                let subset = subset.with(part);
                let number = number.saturating_mul(count);
                let place = *known.entry(progress(tests, subset, seen, undeclared)).or_insert(next.len());
                match next.get_mut(place) {
                    Some((_, sum)) => *sum = sum.saturating_add(number),
                    None => next.push((subset, number)),
                }
            }
        }
        found = next;
        if found.len() > MOST_KINDS {
            break;
        }
    }
    found
}

/// Values that are in the lists of the same tests.
struct Class {
    all: Subset,
}

impl Class {
    /// None of the values, some, or all; each with the number of the subsets that are so.
    fn parts(&self) -> impl Iterator<Item = (Subset, u128)> {
        let first = Subset(self.all.0 & self.all.0.wrapping_neg());
        let between = 1u128.checked_shl(self.all.0.count_ones()).unwrap_or(u128::MAX) - 2;
        let some = (first != self.all).then_some((first, between));
        [Some((Subset::default(), 1)), some, Some((self.all, 1))].into_iter().flatten()
    }
}

/// The classes by their first values.
fn classes(values: Subset, undeclared: Subset, tests: &[SetTest]) -> Vec<Class> {
    let mut classes = vec![values.with(undeclared).0];
    for list in tests.iter().map(|test| test.listed).chain([undeclared, Subset::UNKNOWN]) {
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

/// All that later values can build on, two bits for each test: whether something listed is in, something else is in, and
/// something listed among the values seen so far is missing; and, in the first two bits, whether anything undeclared is in.
type Progress = SmallVec<[u64; 2]>;

fn progress(tests: &[SetTest], subset: Subset, seen: Subset, undeclared: Subset) -> Progress {
    let mut progress = Progress::from_elem(0, (tests.len() + 1).div_ceil(32));
    progress[0] = u64::from(subset.meets(undeclared)) | u64::from(subset.meets(Subset::UNKNOWN)) << 1;
    for (test, nth) in tests.iter().zip(1..) {
        progress[nth / 32] |= test.progress(subset, seen) << (nth % 32 * 2);
    }
    progress
}

impl SetTest {
    /// What no later value can change is all the same.
    fn progress(&self, subset: Subset, seen: Subset) -> u64 {
        let hit = subset.0 & self.listed.0 != 0;
        let other = subset.0 & !self.listed.0 != 0;
        let missing = self.listed.0 & seen.0 & !subset.0 != 0;
        match self.test {
            Test::Any => 0,
            Test::In | Test::Excludes | Test::Not => u64::from(hit),
            Test::Includes => u64::from(missing),
            Test::Only if other => 2,
            Test::Only => u64::from(hit),
            Test::Exactly => u64::from(other || missing),
        }
    }
}

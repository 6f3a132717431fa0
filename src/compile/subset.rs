//! Subsets of a set attribute's values, and what rules ask of them.

use std::collections::HashMap;

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
    for class in classes(values, undeclared, tests) {
        seen = seen.with(class.all);
        let mut known: HashMap<Vec<u8>, usize> = HashMap::new();
        let mut next: Vec<(Subset, u128)> = Vec::new();
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
    first: Subset,
    all: Subset,
}

impl Class {
    /// None of the values, some, or all; each with the number of the subsets that are so.
    fn parts(&self) -> impl Iterator<Item = (Subset, u128)> {
        let between = 1u128.checked_shl(self.all.0.count_ones()).unwrap_or(u128::MAX) - 2;
        let some = (self.first != self.all).then_some((self.first, between));
        [Some((Subset::default(), 1)), some, Some((self.all, 1))].into_iter().flatten()
    }
}

fn classes(values: Subset, undeclared: Subset, tests: &[SetTest]) -> Vec<Class> {
    let mut classes: Vec<(Vec<bool>, Class)> = Vec::new();
    for value in (0..128).filter(|value| values.with(undeclared).contains(*value)) {
        let one = Subset::of([value]);
        let lists = tests.iter().map(|test| test.listed).chain([undeclared, Subset::UNKNOWN]);
        let lists: Vec<bool> = lists.map(|list| list.contains(value)).collect();
        match classes.iter_mut().find(|(known, _)| *known == lists) {
            Some((_, class)) => class.all = class.all.with(one),
            None => classes.push((lists, Class { first: one, all: one })),
        }
    }
    classes.into_iter().map(|(_, class)| class).collect()
}

/// All that later values can build on: for each test, whether something listed is in, something else is
/// in, and something listed among the values seen so far is missing; and whether anything undeclared is in.
fn progress(tests: &[SetTest], subset: Subset, seen: Subset, undeclared: Subset) -> Vec<u8> {
    let one = |test: &SetTest| {
        let hit = u8::from(subset.0 & test.listed.0 != 0);
        let other = u8::from(subset.0 & !test.listed.0 != 0);
        let missing = u8::from(test.listed.0 & seen.0 & !subset.0 != 0);
        // What no later value can change is all the same.
        match test.test {
            Test::In => hit,
            Test::Includes => missing << 2,
            Test::Excludes | Test::Not => hit,
            Test::Only if other == 1 => 2,
            Test::Only => hit,
            Test::Exactly if other == 1 || missing == 1 => 2,
            Test::Exactly => 0,
            Test::Any => 0,
        }
    };
    let mut progress: Vec<u8> = tests.iter().map(one).collect();
    progress.push(u8::from(subset.meets(undeclared)));
    progress.push(u8::from(subset.meets(Subset::UNKNOWN)));
    progress
}

//! The witnesses of set tests: for each outcome of the tests one subset, with the number of subsets that it stands for.

use std::collections::BTreeMap;

use meterwarden::policy::Test;
use meterwarden::space::{SetTest, Subset, weighted};

const VALUES: u128 = 5;

fn outcome(tests: &[SetTest], subset: Subset) -> Vec<bool> {
    tests.iter().map(|test| test.holds(subset)).collect()
}

/// The outcomes of the tests over every subset, with the number of subsets.
fn of_every_subset(tests: &[SetTest]) -> BTreeMap<Vec<bool>, u128> {
    let mut counts = BTreeMap::new();
    for bits in 0..1 << VALUES {
        *counts.entry(outcome(tests, Subset(bits))).or_default() += 1;
    }
    counts
}

/// The same by the witnesses.
fn of_witnesses(tests: &[SetTest]) -> BTreeMap<Vec<bool>, u128> {
    let mut counts = BTreeMap::new();
    for (subset, count) in weighted(Subset((1 << VALUES) - 1), Subset::default(), tests) {
        *counts.entry(outcome(tests, subset)).or_default() += count;
    }
    counts
}

#[test]
fn every_outcome_has_witnesses() {
    let kinds = [Test::In, Test::Only, Test::Includes, Test::Excludes, Test::Exactly];
    let lists = (1..1 << VALUES).map(Subset);
    let tests: Vec<SetTest> = lists.flat_map(|listed| kinds.map(|test| SetTest { test, listed })).collect();
    // From one test to more than a word has room for.
    for (count, step) in [(1, 1), (3, 7), (20, 7), (31, 5), (70, 2), (155, 1)] {
        let tests: Vec<SetTest> = tests.iter().step_by(step).take(count).copied().collect();
        assert_eq!(of_witnesses(&tests), of_every_subset(&tests), "{tests:?}");
    }
}

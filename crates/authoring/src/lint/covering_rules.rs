//! Which rules together cover what a rule matches, on every date and in every service.

use std::collections::BTreeSet;

use super::service_interval::ServiceIntervals;

/// Whether the selected rules cover every box of a rule. `false` if that would take too long to find out.
pub(super) fn is_covered(
    intervals: &ServiceIntervals<'_>,
    rule: usize,
    selected: &dyn Fn(usize) -> bool,
) -> bool {
    intervals.of_rule(rule).all(|interval| {
        interval
            .boxes_of(rule)
            .all(|numbered| interval.is_covered(numbered.cube, |other| selected(other.rule)))
    })
}

/// The other rules that match some request that a rule matches.
pub(super) fn overlapping(intervals: &ServiceIntervals<'_>, rule: usize) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for interval in intervals.of_rule(rule) {
        for numbered in interval.boxes_of(rule) {
            let others = interval.boxes().filter(|other| other.rule != rule);
            let overlapping = others.filter(|other| interval.layout.and(numbered.cube, other.cube).is_some());
            found.extend(overlapping.map(|other| other.rule));
        }
    }
    found
}

/// Few of these rules that cover a rule: one alone if there is such a rule, otherwise a list from which none can be
/// left out. Rules at the beginning are kept if there is a choice.
pub(super) fn fewest(intervals: &ServiceIntervals<'_>, rule: usize, candidates: Vec<usize>) -> Vec<usize> {
    let covers_alone = |candidate: &&usize| is_covered(intervals, rule, &|other| other == **candidate);
    if let Some(alone) = candidates.iter().find(covers_alone) {
        return vec![*alone];
    }
    minimal(candidates, &|selected| is_covered(intervals, rule, &|other| selected.contains(&other)))
}

/// These rules without those that can be left out, from the last to the first, while what is left is still enough.
pub(super) fn minimal(mut rules: Vec<usize>, is_enough: &dyn Fn(&[usize]) -> bool) -> Vec<usize> {
    for index in (0..rules.len()).rev() {
        let mut rest = rules.clone();
        rest.remove(index);
        if is_enough(&rest) {
            rules = rest;
        }
    }
    rules
}

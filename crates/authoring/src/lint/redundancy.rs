//! Which rules of one effect are redundant: all of them can be dropped together.
//!
//! Rules are tried from the last to the first, each against those that are left, so that of two equal rules the later
//! is found. A rule in a service meets only the rules of that service and the rules outside services. Therefore
//! services that follow one another, without a rule outside services between them, are tried in parallel.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use crate::limits::MIN_SERVICES_FOR_THREADS;
use meterwarden::base::parallel;
use meterwarden::policy::{Effect, Policy, Rule};

/// Whether the rule with this index can be dropped. The function that it is given says which rules are dropped already.
pub(super) type CanDrop<'c> = dyn Fn(usize, &dyn Fn(usize) -> bool) -> bool + Sync + 'c;

/// A rule with its index in the policy.
type IndexedRule<'p> = (usize, &'p Rule);

/// The indices of the redundant rules of an effect.
pub(super) fn redundant(
    policy: &Policy,
    effect: Effect,
    threads: NonZeroUsize,
    can_drop: &CanDrop<'_>,
) -> BTreeSet<usize> {
    let rules = policy.rules().iter().enumerate().filter(|(_, rule)| rule.effect == effect);
    let rules: Vec<IndexedRule<'_>> = rules.collect();
    // The rules of a service follow one another.
    let groups: Vec<&[IndexedRule<'_>]> =
        rules.chunk_by(|(_, rule), (_, next)| rule.service == next.service).collect();
    let mut dropped = BTreeSet::new();
    for groups in groups.chunk_by(|group, next| is_in_service(group) && is_in_service(next)).rev() {
        let threads = if groups.len() < MIN_SERVICES_FOR_THREADS { NonZeroUsize::MIN } else { threads };
        let found = parallel::map(groups, threads, |group| of_group(group, &dropped, can_drop));
        dropped.extend(found.into_iter().flatten());
    }
    dropped
}

fn is_in_service(group: &[IndexedRule<'_>]) -> bool {
    group.iter().all(|(_, rule)| rule.service.is_some())
}

/// The redundant rules of a group, with those that are dropped after the group.
fn of_group(
    group: &[IndexedRule<'_>],
    dropped_after: &BTreeSet<usize>,
    can_drop: &CanDrop<'_>,
) -> BTreeSet<usize> {
    let mut dropped = BTreeSet::new();
    for (index, _) in group.iter().rev() {
        if can_drop(*index, &|other| dropped.contains(&other) || dropped_after.contains(&other)) {
            dropped.insert(*index);
        }
    }
    dropped
}

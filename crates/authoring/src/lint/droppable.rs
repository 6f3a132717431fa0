//! Which rules of one effect can be dropped, all at once.
//!
//! They are tried from the last to the first, each against those that are left: of two that say the same the later is
//! found. A rule in a service meets only the rules of that service and those outside of services, so services with none of
//! the latter between them are tried constraint by constraint.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use meterwarden::base::parallel;
use meterwarden::policy::{Effect, Policy, Rule};

/// Fewer services are tried in the time that a thread needs to begin.
const WORTH_A_THREAD: usize = 64;

/// Whether a rule can be dropped where others are dropped already.
pub(super) type CanGo<'c> = dyn Fn(usize, &dyn Fn(usize) -> bool) -> bool + Sync + 'c;

/// A rule, with its place in the policy's list.
type Numbered<'p> = (usize, &'p Rule);

/// The rules that can be dropped, as places in the policy's list.
pub(super) fn droppable(
    policy: &Policy,
    effect: Effect,
    threads: NonZeroUsize,
    can_go: &CanGo<'_>,
) -> BTreeSet<usize> {
    let rules = policy.rules().iter().enumerate().filter(|(_, rule)| rule.effect == effect);
    let rules: Vec<Numbered<'_>> = rules.collect();
    // The rules of a service stand together.
    let groups: Vec<&[Numbered<'_>]> =
        rules.chunk_by(|(_, one), (_, next)| one.service == next.service).collect();
    let mut dropped = BTreeSet::new();
    for groups in groups.chunk_by(|one, next| in_service(one) && in_service(next)).rev() {
        let threads = if groups.len() < WORTH_A_THREAD { NonZeroUsize::MIN } else { threads };
        let found = parallel::map(groups, threads, |group| of_group(group, &dropped, can_go));
        dropped.extend(found.into_iter().flatten());
    }
    dropped
}

fn in_service(group: &[Numbered<'_>]) -> bool {
    group.iter().all(|(_, rule)| rule.service.is_some())
}

/// What can be dropped of a group of rules, with what is dropped of the rules behind it.
fn of_group(group: &[Numbered<'_>], behind: &BTreeSet<usize>, can_go: &CanGo<'_>) -> BTreeSet<usize> {
    let mut dropped = BTreeSet::new();
    for (nth, _) in group.iter().rev() {
        if can_go(*nth, &|other| dropped.contains(&other) || behind.contains(&other)) {
            dropped.insert(*nth);
        }
    }
    dropped
}

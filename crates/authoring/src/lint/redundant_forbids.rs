//! `never-forbids`, `already-forbidden`: forbids without which every request is answered alike.
//!
//! A forbid that only changes the answer of what is refused anyway has an effect, and is not reported. As with permits,
//! everything that is found can be dropped together.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use super::service_interval::{ServiceInterval, ServiceIntervals};
use super::{covering_rules, name_list, redundancy, same_answers};
use meterwarden::decide::request::Request;
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::Effect;
use meterwarden::space::Cube;

/// The indices of the redundant forbids.
pub(super) fn redundant(intervals: &ServiceIntervals<'_>, threads: NonZeroUsize) -> BTreeSet<usize> {
    redundancy::redundant(intervals.policy, Effect::Forbid, threads, &|forbid, is_dropped| {
        let is_dropped = |other: usize| other == forbid || is_dropped(other);
        intervals.of_rule(forbid).all(|interval| is_redundant(interval, forbid, &is_dropped))
    })
}

/// Whether every request for a service in an interval is answered alike without a forbid. `is_dropped` selects the
/// forbid itself and the other rules that are dropped together with it.
pub(super) fn is_redundant(
    interval: &ServiceInterval<'_>,
    forbid: usize,
    is_dropped: &dyn Fn(usize) -> bool,
) -> bool {
    // Whether something in the cube is permitted once the forbids are dropped. This is quicker than comparing answers.
    let becomes_permitted = |cube: &Cube| {
        let mut permitted =
            interval.permit_boxes().filter_map(|permit| interval.layout.and(permit.cube, cube));
        permitted.any(|cube| {
            !interval.is_covered(&cube, |other| !interval.is_permit(other.index) && !is_dropped(other.rule))
        })
    };
    let is_dropped_box =
        |index: usize| interval.rule_space.boxes.get(index).is_some_and(|rule_box| is_dropped(rule_box.rule));
    interval.boxes_of(forbid).all(|numbered| {
        !becomes_permitted(numbered.cube) && same_answers::without(interval, numbered.index, &is_dropped_box)
    })
}

pub(super) fn find(intervals: &ServiceIntervals<'_>, redundant: &BTreeSet<usize>) -> Vec<Diagnostic> {
    redundant.iter().map(|index| finding(intervals, redundant, *index)).collect()
}

fn finding(intervals: &ServiceIntervals<'_>, redundant: &BTreeSet<usize>, index: usize) -> Diagnostic {
    let rules = intervals.policy.rules();
    let rule = &rules[index];
    let is_permit = |other: usize| rules[other].effect == Effect::Permit;
    let overlapping = covering_rules::overlapping(intervals, index);
    if !overlapping.iter().any(|other| is_permit(*other)) {
        let message =
            format!("the forbid `{}` forbids nothing that is permitted anywhere, on any date", rule.name);
        let help = "drop it, or widen it: every request is answered alike without it";
        return Diagnostic::new(Code::NeverForbids, rule.name_span, message).help(help);
    }
    let candidates: Vec<usize> =
        overlapping.into_iter().filter(|other| !is_permit(*other) && !redundant.contains(other)).collect();
    let by = covering_rules::minimal(candidates, &|selected| forbid_the_same(intervals, index, selected));
    let message = format!("everything that `{}` forbids is forbidden without it", rule.name);
    let verb = if by.len() == 1 { "forbids" } else { "together forbid" };
    let finding = Diagnostic::new(Code::AlreadyForbidden, rule.name_span, message)
        .label(format!("{} {verb} all of it", name_list::rules(intervals.policy, &by)))
        .help("drop it: every request is answered alike without it");
    let finding =
        by.iter().fold(finding, |finding, by| finding.because(rules[*by].name_span, "forbids it too"));
    Diagnostic { witness: witness(intervals, index), ..finding }
}

/// Whether these forbids forbid every request that a forbid takes from a permit.
fn forbid_the_same(intervals: &ServiceIntervals<'_>, forbid: usize, selected: &[usize]) -> bool {
    intervals.of_rule(forbid).all(|interval| {
        taken_from_permits(interval, forbid)
            .all(|cube| interval.is_covered(&cube, |other| selected.contains(&other.rule)))
    })
}

/// What a forbid takes from each permit.
fn taken_from_permits<'i>(
    interval: &'i ServiceInterval<'_>,
    forbid: usize,
) -> impl Iterator<Item = Cube> + 'i {
    interval.boxes_of(forbid).flat_map(move |numbered| {
        interval.permit_boxes().filter_map(move |permit| interval.layout.and(permit.cube, numbered.cube))
    })
}

/// A request that is forbidden twice, on the last possible date.
fn witness(intervals: &ServiceIntervals<'_>, forbid: usize) -> Option<Request> {
    intervals
        .of_rule(forbid)
        .filter_map(|interval| interval.request(&taken_from_permits(interval, forbid).next()?))
        .last()
}

//! `never-permits`, `already-permitted`: permits without which the same requests are permitted.
//!
//! Everything that is found can be dropped together. Of two permits that permit the same, the later is found.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use super::covering_rules;
use super::name_list;
use super::redundancy;
use super::service_interval::ServiceIntervals;
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::{Effect, Rule};
use meterwarden::space::Remainder;

/// The indices of the redundant permits.
pub(super) fn redundant(intervals: &ServiceIntervals<'_>, threads: NonZeroUsize) -> BTreeSet<usize> {
    redundancy::redundant(intervals.policy, Effect::Permit, threads, &|rule, is_dropped| {
        covering_rules::is_covered(intervals, rule, &|other| other != rule && !is_dropped(other))
    })
}

pub(super) fn find(intervals: &ServiceIntervals<'_>, redundant: &BTreeSet<usize>) -> Vec<Diagnostic> {
    redundant.iter().map(|index| finding(intervals, redundant, *index)).collect()
}

fn finding(intervals: &ServiceIntervals<'_>, redundant: &BTreeSet<usize>, index: usize) -> Diagnostic {
    let rules = intervals.policy.rules();
    let is_forbid = |other: usize| rules[other].effect == Effect::Forbid;
    let is_forbidden = covering_rules::is_covered(intervals, index, &is_forbid);
    let candidates: Vec<usize> = covering_rules::overlapping(intervals, index)
        .into_iter()
        .filter(|other| if is_forbidden { is_forbid(*other) } else { !redundant.contains(other) })
        .collect();
    let by = covering_rules::fewest(intervals, index, candidates);
    let rule = &rules[index];
    let finding = if is_forbidden { never_permits(rule, by.is_empty()) } else { already_permitted(rule) };
    let finding = by.iter().map(|by| &rules[*by]).fold(finding, |finding, by| {
        let why = match by.effect {
            Effect::Permit => "permits it too",
            Effect::Forbid => "refuses it",
        };
        finding.because(by.name_span, why)
    });
    let names = name_list::rules(intervals.policy, &by);
    let finding = match by.len() {
        0 => finding,
        1 => finding.label(format!("{names} covers all of it")),
        _ => finding.label(format!("{names} together cover all of it")),
    };
    Diagnostic { witness: witness(intervals, index), ..finding }
}

fn never_permits(rule: &Rule, matches_nothing: bool) -> Diagnostic {
    let message = if matches_nothing {
        format!("the permit `{}` matches no request, on any date", rule.name)
    } else {
        format!(
            "the permit `{}` never permits anything: every request that it matches is forbidden",
            rule.name
        )
    };
    let help = "drop it, or take what it permits out of what forbids it";
    Diagnostic::new(Code::NeverPermits, rule.name_span, message).help(help)
}

fn already_permitted(rule: &Rule) -> Diagnostic {
    let message = format!("everything that `{}` permits is permitted without it", rule.name);
    let help = "drop it, or narrow the others: the same is permitted without it";
    Diagnostic::new(Code::AlreadyPermitted, rule.name_span, message).help(help)
}

/// A request that the permit matches, on the last possible date.
fn witness(intervals: &ServiceIntervals<'_>, index: usize) -> Option<meterwarden::Request> {
    let boxes = intervals
        .of_rule(index)
        .flat_map(|interval| interval.boxes_of(index).map(move |numbered| (interval, numbered)));
    // A cube may be empty: `outside` no boxes at all finds a part of it that is not.
    let requests =
        boxes.filter_map(|(interval, numbered)| match interval.outside(numbered.cube, |_| false) {
            Remainder::Part(part) => interval.request(&part),
            Remainder::Nothing | Remainder::Unknown => None,
        });
    requests.last()
}

//! `never-permits`, `already-permitted`: permits without which the same is permitted.
//!
//! What is found can be dropped all at once, and of two that say the same the later is found.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use super::covering;
use super::droppable::droppable;
use super::names;
use super::scene::Scenes;
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::{Effect, Rule};
use meterwarden::space::Remainder;

/// The permits that can be dropped, as places in the policy's list.
pub(super) fn idle(scenes: &Scenes<'_>, threads: NonZeroUsize) -> BTreeSet<usize> {
    droppable(scenes.policy, Effect::Permit, threads, &|nth, dropped| {
        covering::is_covered(scenes, nth, &|other| other != nth && !dropped(other))
    })
}

pub(super) fn find(scenes: &Scenes<'_>, idle: &BTreeSet<usize>) -> Vec<Diagnostic> {
    idle.iter()
        .filter_map(|nth| Some(finding(scenes, idle, *nth, scenes.policy.rules().get(*nth)?)))
        .collect()
}

fn finding(scenes: &Scenes<'_>, idle: &BTreeSet<usize>, nth: usize, rule: &Rule) -> Diagnostic {
    let is_forbid =
        |other: usize| scenes.policy.rules().get(other).is_some_and(|other| other.effect == Effect::Forbid);
    let refused = covering::is_covered(scenes, nth, &is_forbid);
    let among: Vec<usize> = covering::meeting(scenes, nth)
        .into_iter()
        .filter(|other| if refused { is_forbid(*other) } else { !idle.contains(other) })
        .collect();
    let by = covering::fewest(scenes, nth, among);
    let found = if refused { never(rule, by.is_empty()) } else { already(rule) };
    let found = by.iter().filter_map(|by| scenes.policy.rules().get(*by)).fold(found, |found, by| {
        let why = match by.effect {
            Effect::Permit => "permits it too",
            Effect::Forbid => "refuses it",
        };
        found.because(by.name_span, why)
    });
    let said = names::rules(scenes.policy, &by);
    let found = match by.len() {
        0 => found,
        1 => found.label(format!("all of it falls to {said}")),
        _ => found.label(format!("all of it falls to {said} together")),
    };
    Diagnostic { witness: witness(scenes, nth), ..found }
}

fn never(rule: &Rule, nothing: bool) -> Diagnostic {
    let message = if nothing {
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

fn already(rule: &Rule) -> Diagnostic {
    let message = format!("everything that `{}` permits is permitted without it", rule.name);
    let help = "drop it, or narrow the others: the same is permitted without it";
    Diagnostic::new(Code::AlreadyPermitted, rule.name_span, message).help(help)
}

/// A request that the permit matches.
fn witness(scenes: &Scenes<'_>, nth: usize) -> Option<meterwarden::Request> {
    let boxes = scenes.of_rule(nth).flat_map(|(_, scene)| scene.boxes_of(nth).map(move |one| (scene, one)));
    let found = boxes.filter_map(|(scene, (_, cube))| match scene.left(cube, |_, _| false) {
        Remainder::Part(part) => scene.request(&part),
        Remainder::Nothing | Remainder::Unknown => None,
    });
    found.last()
}

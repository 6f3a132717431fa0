//! `never-forbids`, `already-forbidden`: forbids without which every request is answered alike.
//!
//! A forbid that only changes the answer of what is refused anyway does something, and is left in peace. As with permits,
//! what is found can be dropped all at once.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use super::droppable::droppable;
use super::scene::{Scene, Scenes};
use super::{answers, covering, names};
use meterwarden::decide::request::Request;
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::{Effect, Rule};
use meterwarden::space::{Cube, Remainder};

/// The forbids that can be dropped, as places in the policy's list.
pub(super) fn idle(scenes: &Scenes<'_>, threads: NonZeroUsize) -> BTreeSet<usize> {
    droppable(scenes.policy, Effect::Forbid, threads, &|nth, dropped| {
        let dropped = |other: usize| other == nth || dropped(other);
        scenes.of_rule(nth).all(|(_, scene)| is_idle(scene, nth, &dropped))
    })
}

/// Whether every request to a service at a time is answered alike without a forbid; `dropped` are those that are left
/// out with it, of which the others make no difference.
pub(super) fn is_idle(scene: &Scene<'_>, forbid: usize, dropped: &dyn Fn(usize) -> bool) -> bool {
    let lifts = |cube| {
        let shared = scene.boxes().filter(|(nth, _, _)| scene.is_permit(*nth));
        let mut shared = shared.filter_map(|(_, _, permit)| scene.layout.and(permit, cube));
        let others = |nth: usize, rule: usize| !scene.is_permit(nth) && !dropped(rule);
        shared.any(|shared| scene.left(&shared, others) != Remainder::Nothing)
    };
    let dropped_box = |nth: usize| scene.rule_space.boxes.get(nth).is_some_and(|one| dropped(one.rule));
    scene.boxes_of(forbid).all(|(nth, cube)| !lifts(cube) && answers::alike(scene, nth, &dropped_box))
}

pub(super) fn find(scenes: &Scenes<'_>, idle: &BTreeSet<usize>) -> Vec<Diagnostic> {
    idle.iter()
        .filter_map(|nth| Some(finding(scenes, idle, *nth, scenes.policy.rules().get(*nth)?)))
        .collect()
}

fn finding(scenes: &Scenes<'_>, idle: &BTreeSet<usize>, nth: usize, rule: &Rule) -> Diagnostic {
    let is_permit =
        |other: usize| scenes.policy.rules().get(other).is_some_and(|other| other.effect == Effect::Permit);
    let met = covering::meeting(scenes, nth);
    if !met.iter().any(|other| is_permit(*other)) {
        let message =
            format!("the forbid `{}` forbids nothing that is permitted anywhere, on any date", rule.name);
        let help = "drop it, or widen it: every request is answered alike without it";
        return Diagnostic::new(Code::NeverForbids, rule.name_span, message).help(help);
    }
    let among: Vec<usize> =
        met.into_iter().filter(|other| !is_permit(*other) && !idle.contains(other)).collect();
    let by = fewest(scenes, nth, among);
    let message = format!("everything that `{}` forbids is forbidden without it", rule.name);
    let found = Diagnostic::new(Code::AlreadyForbidden, rule.name_span, message)
        .label(format!("all of it falls to {}", names::rules(scenes.policy, &by)))
        .help("drop it: every request is answered alike without it");
    let found = by
        .iter()
        .filter_map(|by| scenes.policy.rules().get(*by))
        .fold(found, |found, by| found.because(by.name_span, "forbids it too"));
    Diagnostic { witness: witness(scenes, nth), ..found }
}

/// As few of these forbids as forbid everything permitted that a forbid matches.
fn fewest(scenes: &Scenes<'_>, forbid: usize, mut among: Vec<usize>) -> Vec<usize> {
    for one in among.clone().into_iter().rev() {
        let without: Vec<usize> = among.iter().copied().filter(|other| *other != one).collect();
        let enough = scenes.of_rule(forbid).all(|(_, scene)| {
            shared(scene, forbid)
                .all(|cube| scene.left(&cube, |_, rule| without.contains(&rule)) == Remainder::Nothing)
        });
        if enough {
            among = without;
        }
    }
    among
}

/// What a forbid takes from each permit.
fn shared<'s>(scene: &'s Scene<'_>, forbid: usize) -> impl Iterator<Item = Cube> + 's {
    scene.boxes_of(forbid).flat_map(move |(_, cube)| {
        let permits = scene.boxes().filter(|(nth, _, _)| scene.is_permit(*nth));
        permits.filter_map(move |(_, _, permit)| scene.layout.and(permit, cube))
    })
}

/// A request that is forbidden twice.
fn witness(scenes: &Scenes<'_>, forbid: usize) -> Option<Request> {
    scenes.of_rule(forbid).filter_map(|(_, scene)| scene.request(&shared(scene, forbid).next()?)).last()
}

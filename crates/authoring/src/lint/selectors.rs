//! `idle-service`, `idle-except`: items of `services` and `except` without which the rule covers the same services, or
//! does the same in the service that it names.

use std::collections::{BTreeSet, HashSet};

use super::clauses::moments;
use super::scene::{Scene, Scenes};
use super::{fix, forbids};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::source::Span;
use meterwarden::policy::{Edge, Effect, Policy, Rule, Selector};
use meterwarden::space::Remainder;

/// Rules that can be dropped in a service, or everywhere.
struct Dropped<'d> {
    everywhere: &'d BTreeSet<usize>,
    /// The rule and the service.
    here: HashSet<(usize, usize)>,
}

impl Dropped<'_> {
    fn contains(&self, rule: usize, service: usize) -> bool {
        self.everywhere.contains(&rule) || self.here.contains(&(rule, service))
    }
}

pub(super) fn find(scenes: &Scenes<'_>, idle: &BTreeSet<usize>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let mut dropped = Dropped { everywhere: idle, here: HashSet::new() };
    for (nth, rule) in scenes.policy.rules().iter().enumerate().rev() {
        if rule.selectors.is_empty() || idle.contains(&nth) {
            continue;
        }
        let mut left: Vec<&Selector> = rule.selectors.iter().collect();
        found.extend(covering_nothing(scenes.policy, rule, &mut left));
        let named = left.clone().into_iter().rev().filter(|selector| selector.named && !selector.except);
        for selector in named {
            let Some(service) = selector.services.first().copied() else { continue };
            dropped.here.insert((nth, service));
            if scenes.of_service(service).all(|(_, scene)| does_nothing(scene, nth, rule.effect, &dropped)) {
                found.push(doing_nothing(scenes.policy, rule, selector, service));
                left.retain(|one| one.span != selector.span);
            } else {
                dropped.here.remove(&(nth, service));
            }
        }
        // Of `8.2, 8.4 except 8.4` the exception can go when the item does nothing and has gone.
        found.extend(covering_nothing(scenes.policy, rule, &mut left));
    }
    found
}

/// Items that can be dropped because the rule covers the same services without them, which are taken out of `left`.
fn covering_nothing<'r>(policy: &Policy, rule: &'r Rule, left: &mut Vec<&'r Selector>) -> Vec<Diagnostic> {
    let mut times = moments([&rule.window].into_iter().chain(rule.selectors.iter().map(|one| &one.window)));
    times.retain(|at| rule.window.contains(*at));
    let mut found = Vec::new();
    // Of `8.2 except 8.2` the second can go when the first has gone.
    while let Some((idle, rest)) = next_idle(left, &times) {
        found.push(covering_alike(policy, rule, idle));
        *left = rest;
    }
    found
}

/// An item that can be dropped, and the others: the last first, and single services before others, so that of `8.2, all`
/// the first is found.
fn next_idle<'r>(left: &[&'r Selector], times: &[Edge]) -> Option<(&'r Selector, Vec<&'r Selector>)> {
    let mut tried: Vec<&'r Selector> = left.iter().rev().copied().collect();
    tried.sort_by_key(|selector| !selector.named);
    tried.into_iter().find_map(|selector| {
        let rest: Vec<&Selector> = left.iter().copied().filter(|one| one.span != selector.span).collect();
        let same = |service: &usize| {
            times.iter().all(|at| covers(left, *service, *at) == covers(&rest, *service, *at))
        };
        selector.services.iter().all(same).then_some((selector, rest))
    })
}

fn covers(selectors: &[&Selector], service: usize, at: Edge) -> bool {
    let any = |except: bool| {
        let meant = |one: &&&Selector| one.except == except && one.services.contains(&service);
        selectors.iter().filter(meant).any(|one| one.window.contains(at))
    };
    any(false) && !any(true)
}

fn covering_alike(policy: &Policy, rule: &Rule, selector: &Selector) -> Diagnostic {
    let written = policy.text(selector.span);
    let (code, message) = if selector.except {
        (Code::IdleExcept, format!("`except {written}` leaves out nothing that `{}` covers", rule.name))
    } else {
        (Code::IdleService, format!("`{}` covers the same services without `{written}`", rule.name))
    };
    let alike: Vec<Span> =
        rule.selectors.iter().filter(|one| one.except == selector.except).map(|one| one.span).collect();
    let help = if alike.len() == 1 { "drop it, and `except` with it" } else { "drop the item" };
    let found = Diagnostic::new(code, selector.span, message).help(help);
    match fix::item(policy, &alike, selector.span) {
        Some(item) => found.fix(item, ""),
        None => found,
    }
}

/// Whether dropping a rule from a service changes nothing there.
fn does_nothing(scene: &Scene<'_>, rule: usize, effect: Effect, dropped: &Dropped<'_>) -> bool {
    match effect {
        // That permits can be dropped is another matter: without them a refusal may be answered elsewhere.
        Effect::Forbid => forbids::is_idle(scene, rule, &|other| {
            let is_forbid =
                scene.policy.rules().get(other).is_some_and(|other| other.effect == Effect::Forbid);
            is_forbid && dropped.contains(other, scene.service)
        }),
        Effect::Permit => scene.boxes_of(rule).all(|(_, cube)| {
            scene.left(cube, |_, other| !dropped.contains(other, scene.service)) == Remainder::Nothing
        }),
    }
}

fn doing_nothing(policy: &Policy, rule: &Rule, selector: &Selector, service: usize) -> Diagnostic {
    let service = &policy.services()[service];
    let (message, why) = match rule.effect {
        Effect::Forbid => (
            format!(
                "`{}` does nothing for `{}`: what it forbids is refused there without it",
                rule.name, service.name
            ),
            "every request for it is answered alike without the rule",
        ),
        Effect::Permit => (
            format!(
                "`{}` does nothing for `{}`: the same is permitted there without it",
                rule.name, service.name
            ),
            "what it permits here is forbidden, or permitted already",
        ),
    };
    Diagnostic::new(Code::IdleService, selector.span, message)
        .because(service.span, why)
        .help("drop the item, or mend the rule if it should matter there")
}

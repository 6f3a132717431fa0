//! `idle-service`, `idle-except`: items of `services` and `except` without which the rule covers the same services, or
//! without which nothing changes for the service that the item names.

use std::collections::{BTreeSet, HashSet};

use super::rule_trial::moments;
use super::service_interval::{ServiceInterval, ServiceIntervals};
use super::{redundant_forbids, removal};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::source::Span;
use meterwarden::policy::{Edge, Effect, Policy, Rule, Selector, Service};

/// Rules that can be dropped from every service, or from one.
struct Dropped<'d> {
    from_all: &'d BTreeSet<usize>,
    /// Pairs of rule and service.
    from_one: HashSet<(usize, usize)>,
}

impl Dropped<'_> {
    fn contains(&self, rule: usize, service: usize) -> bool {
        self.from_all.contains(&rule) || self.from_one.contains(&(rule, service))
    }
}

pub(super) fn find(intervals: &ServiceIntervals<'_>, redundant: &BTreeSet<usize>) -> Vec<Diagnostic> {
    let policy = intervals.policy;
    let mut found = Vec::new();
    let mut dropped = Dropped { from_all: redundant, from_one: HashSet::new() };
    for (index, rule) in policy.rules().iter().enumerate().rev() {
        if rule.selectors.is_empty() || redundant.contains(&index) {
            continue;
        }
        let mut left: Vec<&Selector> = rule.selectors.iter().collect();
        found.extend(without_coverage(policy, rule, &mut left));
        let named = left.clone().into_iter().rev().filter(|selector| selector.named && !selector.except);
        for selector in named {
            let Some(service) = selector.services.first().copied() else { continue };
            dropped.from_one.insert((index, service));
            let mut intervals = intervals.of_service(service);
            if intervals.all(|interval| has_no_effect(interval, index, rule.effect, &dropped)) {
                found.push(no_effect_finding(rule, selector, &policy.services()[service]));
                left.retain(|other| other.span != selector.span);
            } else {
                dropped.from_one.remove(&(index, service));
            }
        }
        // In `8.2, 8.4 except 8.4` the exception can go if the item has no effect and is gone.
        found.extend(without_coverage(policy, rule, &mut left));
    }
    found
}

/// Findings about items without which the rule covers the same services. These items are taken out of `left`.
fn without_coverage<'r>(policy: &Policy, rule: &'r Rule, left: &mut Vec<&'r Selector>) -> Vec<Diagnostic> {
    let windows = rule.selectors.iter().map(|selector| &selector.window);
    let mut moments = moments([&rule.window].into_iter().chain(windows));
    moments.retain(|at| rule.window.contains(*at));
    let mut found = Vec::new();
    // In `8.2 except 8.2` the second item can go once the first is gone.
    while let Some((idle, rest)) = next_idle(left, &moments) {
        found.push(same_coverage_finding(policy, rule, idle));
        *left = rest;
    }
    found
}

/// An item that can be dropped, and the others. The last item is tried first, and single services before other items,
/// so that in `8.2, all` the first item is found.
fn next_idle<'r>(left: &[&'r Selector], moments: &[Edge]) -> Option<(&'r Selector, Vec<&'r Selector>)> {
    let mut candidates: Vec<&'r Selector> = left.iter().rev().copied().collect();
    candidates.sort_by_key(|selector| !selector.named);
    candidates.into_iter().find_map(|selector| {
        let rest: Vec<&Selector> = left.iter().copied().filter(|other| other.span != selector.span).collect();
        let is_covered_alike = |service: &usize| {
            moments.iter().all(|at| covers(left, *service, *at) == covers(&rest, *service, *at))
        };
        selector.services.iter().all(is_covered_alike).then_some((selector, rest))
    })
}

fn covers(selectors: &[&Selector], service: usize, at: Edge) -> bool {
    let is_named = |except: bool| {
        let naming =
            |selector: &&&Selector| selector.except == except && selector.services.contains(&service);
        selectors.iter().filter(naming).any(|selector| selector.window.contains(at))
    };
    is_named(false) && !is_named(true)
}

fn same_coverage_finding(policy: &Policy, rule: &Rule, selector: &Selector) -> Diagnostic {
    let written = policy.text(selector.span);
    let (code, message) = if selector.except {
        (Code::IdleExcept, format!("`except {written}` leaves out nothing that `{}` covers", rule.name))
    } else {
        (Code::IdleService, format!("`{}` covers the same services without `{written}`", rule.name))
    };
    let list = rule.selectors.iter().filter(|other| other.except == selector.except);
    let list: Vec<Span> = list.map(|other| other.span).collect();
    let help = if list.len() == 1 { "drop it, and `except` with it" } else { "drop the item" };
    let finding = Diagnostic::new(code, selector.span, message).help(help);
    match removal::item(policy, &list, selector.span) {
        Some(item) => finding.fix(item, ""),
        None => finding,
    }
}

/// Whether dropping a rule from a service changes nothing for the service.
fn has_no_effect(interval: &ServiceInterval<'_>, rule: usize, effect: Effect, dropped: &Dropped<'_>) -> bool {
    match effect {
        // Dropped permits are not counted here: without them a request may be refused at another attribute.
        Effect::Forbid => redundant_forbids::is_redundant(interval, rule, &|other| {
            let is_forbid = interval.policy.rules()[other].effect == Effect::Forbid;
            is_forbid && dropped.contains(other, interval.service)
        }),
        Effect::Permit => interval.boxes_of(rule).all(|numbered| {
            interval.is_covered(numbered.cube, |other| !dropped.contains(other.rule, interval.service))
        }),
    }
}

fn no_effect_finding(rule: &Rule, selector: &Selector, service: &Service) -> Diagnostic {
    let (reason, why) = match rule.effect {
        Effect::Forbid => (
            "what it forbids is refused there without it",
            "every request for it is answered alike without the rule",
        ),
        Effect::Permit => (
            "the same is permitted there without it",
            "what it permits here is forbidden, or permitted already",
        ),
    };
    let message = format!("`{}` does nothing for `{}`: {reason}", rule.name, service.name);
    Diagnostic::new(Code::IdleService, selector.span, message)
        .because(service.span, why)
        .help("drop the item, or correct the rule if it should matter there")
}

//! Which rules and modifications make a difference.

use serde::Serialize;

use super::space::Space;
use super::vocabulary::Joint;
use crate::explain::note::titled;
use meterwarden::policy::{Edge, Effect, Policy, Window};
use meterwarden::space::Cube;

/// A rule, or a line of fields, to which a difference is due.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Cause {
    /// What it does now, or no longer does.
    pub does: Contribution,
    /// `8.4/esme-variant-correction`; of a line of fields the service.
    pub rule: String,
    /// What it says, for people.
    pub text: String,
    /// Where it stands: `path:line:column`, in the policy that has it.
    pub place: String,
    /// The modifications of the rule that are in force in one of the two and not in the other, or with which the
    /// difference begins or ends: `MP125 Correcting Device …`.
    pub modifications: Vec<String>,
}

/// What a rule has to do with a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contribution {
    /// A permit that did not permit this before.
    Permits,
    /// A forbid that did not forbid it before.
    Forbids,
    /// A line of fields that no longer, or does not yet, declare them.
    LeavesOut,
    /// A permit that permitted this and no longer does.
    NoLongerPermits,
    /// A forbid that forbade it and no longer does.
    NoLongerForbids,
    /// A line of fields that declares them now.
    Declares,
}

/// What a region is due to. `wider` if it is permitted and was not.
pub(super) fn causes(
    joint: &Joint<'_>,
    space: &Space<'_>,
    dates: Option<[Edge; 2]>,
    region: &Cube,
    wider: bool,
) -> Vec<Cause> {
    let news = of(joint, space, dates, region, wider, false);
    // Where no rule is new, it is a word: what the rules say reaches what the other policy has no word for.
    if news.is_empty() { of(joint, space, dates, region, wider, true) } else { news }
}

fn of(
    joint: &Joint<'_>,
    space: &Space<'_>,
    dates: Option<[Edge; 2]>,
    region: &Cube,
    wider: bool,
    every: bool,
) -> Vec<Cause> {
    let edges = edges(space, dates, region);
    let mut found: Vec<Cause> = Vec::new();
    for (nth, stretch) in space.stretches.iter().enumerate() {
        if !space.layout.has(region, 0, nth) {
            continue;
        }
        let times = Times { at: dates.unwrap_or([stretch.time.from; 2]), edges };
        for law in [0, 1] {
            let (Some(own), other) = (&stretch.laws[law], &stretch.laws[1 - law]) else { continue };
            // Of the law under which it is permitted the permits matter, of the other one the forbids.
            let permitting = (law == 1) == wider;
            let matters = |nth: &usize| {
                let is_new = every || other.as_ref().is_none_or(|other| !other.has(*nth));
                is_new
                    && permitting == (space.boxes[*nth].effect == Effect::Permit)
                    && meets(space, region, *nth)
            };
            for nth in own.bits().filter(matters) {
                let one = &space.boxes[nth];
                let does = match (law, one.effect, one.undeclared) {
                    (1, Effect::Permit, _) => Contribution::Permits,
                    (1, Effect::Forbid, false) => Contribution::Forbids,
                    (1, Effect::Forbid, true) => Contribution::LeavesOut,
                    (_, Effect::Permit, _) => Contribution::NoLongerPermits,
                    (_, Effect::Forbid, false) => Contribution::NoLongerForbids,
                    (_, Effect::Forbid, true) => Contribution::Declares,
                };
                let cause = match own.rule(nth) {
                    Some(rule) => of_rule(joint, law, rule, &space.service.name, does, times),
                    None => of_fields(joint.own[law].policy, &space.service.name, does),
                };
                add(&mut found, cause);
            }
        }
    }
    found.sort();
    found
}

/// When a region holds: the dates that choose the two laws, and where it begins and ends.
#[derive(Clone, Copy)]
struct Times {
    at: [Edge; 2],
    edges: [Edge; 2],
}

/// Where a region begins and ends; of two dates that are compared nothing of the class is known.
fn edges(space: &Space<'_>, dates: Option<[Edge; 2]>, region: &Cube) -> [Edge; 2] {
    let times =
        || space.layout.taken(region, 0).map(|nth| space.stretches[nth].time).filter(|_| dates.is_none());
    [
        times().next().map_or(Edge::Start, |time| time.from),
        times().last().map_or(Edge::Never, |time| time.until),
    ]
}

/// Whether a modification has a date, and it is one of these: what is so on every date, or on none, begins and ends nothing.
fn is_on(effective: Edge, edges: [Edge; 2]) -> bool {
    matches!(effective, Edge::On(_)) && edges.contains(&effective)
}

/// A rule that matters at several times is one cause, due to the modifications without which it would matter at none.
fn add(found: &mut Vec<Cause>, cause: Cause) {
    let same =
        |one: &&mut Cause| (one.does, &one.rule, &one.place) == (cause.does, &cause.rule, &cause.place);
    match found.iter_mut().find(same) {
        Some(known) => known.modifications.retain(|one| cause.modifications.contains(one)),
        None => found.push(cause),
    }
}

/// Whether some request of a region matches a box.
fn meets(space: &Space<'_>, region: &Cube, nth: usize) -> bool {
    space.dimensions.iter().enumerate().all(|(attribute, dimension)| {
        space.layout.taken(region, attribute + 1).any(|class| dimension.classes[class].passes(nth))
    })
}

fn of_rule(
    joint: &Joint<'_>,
    law: usize,
    rule: usize,
    service: &str,
    does: Contribution,
    times: Times,
) -> Cause {
    let policy = joint.own[law].policy;
    let one = &policy.rules()[rule];
    let covers = policy.service(service).into_iter().flat_map(|service| &service.rules);
    let covers = covers.filter(|covered| covered.rule == rule);
    let covers = covers.flat_map(|covered| covered.covered.iter().chain(&covered.left_out));
    let windows = policy.rule_windows(one).chain(covers);
    let mut named: Vec<usize> = windows.flat_map(Window::modifications).flatten().collect();
    named.sort_unstable();
    named.dedup();
    let policies = [0, 1].map(|nth: usize| joint.own[nth].policy);
    named.retain(|nth| {
        let one = &policy.modifications()[*nth];
        is_between(&one.name, policies, times.at) || is_on(one.effective, times.edges)
    });
    Cause {
        does,
        rule: one.name.clone(),
        text: one.text.clone(),
        place: policy.place(one.name_span),
        modifications: named.into_iter().map(|nth| titled(policy, nth)).collect(),
    }
}

/// Whether a modification is in force under one of two laws and not under the other.
fn is_between(name: &str, policies: [&Policy; 2], at: [Edge; 2]) -> bool {
    let in_force = |nth: usize| {
        let known = policies[nth].modifications().iter().find(|one| one.name == name);
        known.is_some_and(|one| one.effective <= at[nth] && one.effective != Edge::Never)
    };
    in_force(0) != in_force(1)
}

fn of_fields(policy: &Policy, service: &str, does: Contribution) -> Cause {
    let known = policy.service(service);
    let fields = known.and_then(|one| one.fields.as_ref()?.first());
    Cause {
        does,
        rule: service.to_owned(),
        text: "the line of fields".to_owned(),
        place: fields.map_or_else(String::new, |field| policy.place(field.span)),
        modifications: Vec::new(),
    }
}

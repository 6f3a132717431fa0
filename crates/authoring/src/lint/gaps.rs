//! `date-gap`: what one permit permits until a date, and another only from a later one. Between the two it is refused for
//! want of a permit. A pause that is meant is a forbid between two dates, and a permit that lasts.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::civil::Date;

use super::scene::{Scene, Scenes};
use meterwarden::decide::request::Request;
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::plan::Plan;
use meterwarden::policy::source::Span;
use meterwarden::policy::{Edge, Effect, Policy, Rule, Service};
use meterwarden::space::{Cube, Remainder};
use meterwarden::space::{RuleBox, RuleSpace};

/// A stretch in which something is not permitted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Gap {
    /// The permits before and after it.
    rules: [usize; 2],
    from: Date,
    until: Date,
}

pub(super) fn find(plan: &Plan, scenes: &Scenes<'_>) -> Vec<Diagnostic> {
    let policy = scenes.policy;
    let mut told: BTreeSet<Gap> = BTreeSet::new();
    let mut found = Vec::new();
    for (nth, service) in policy.services().iter().enumerate() {
        for (gap, witness) in gaps(plan, nth, service) {
            if told.insert(gap) {
                found.push(Diagnostic { witness: Some(witness), ..finding(policy, gap) });
            }
        }
    }
    found
}

fn day(edge: Edge) -> Option<Date> {
    if let Edge::On(date) = edge { Some(date) } else { None }
}

/// The gaps of one service, each with a request that falls into it.
fn gaps(plan: &Plan, nth: usize, service: &Service) -> Vec<(Gap, Request)> {
    let policy = plan.policy();
    let rule_spaces = &plan.service_plan(nth).rule_spaces;
    let permits: Vec<&[RuleBox]> = rule_spaces.iter().map(|rule_space| permits(policy, rule_space)).collect();
    let mut found = Vec::new();
    for last in 2..rule_spaces.len() {
        // What is permitted by a box that stays is not interrupted.
        let ended = |first: usize| is_without(permits[first], permits[first - 1]);
        if !is_without(permits[last - 1], permits[last]) || !(1..last).any(ended) {
            continue;
        }
        let together = Together::of(policy, service, rule_spaces, rule_spaces[last].from);
        for first in (1..last).filter(|first| ended(*first)) {
            let (Some(from), Some(until)) = (day(rule_spaces[first].from), day(rule_spaces[last].from))
            else {
                continue;
            };
            let scene = Scene::new(policy, nth, Cow::Borrowed(&together.rule_space), Some(from));
            for (rules, part) in together.gaps(&scene, first, last) {
                let witness = scene.request(&part).filter(|request| is_gap(plan, request, from, until));
                found.extend(witness.map(|witness| (Gap { rules, from, until }, witness)));
            }
        }
    }
    found
}

/// The boxes of the permits, which stand first.
fn permits<'e>(policy: &Policy, rule_space: &'e RuleSpace) -> &'e [RuleBox] {
    let permits = rule_space.boxes.partition_point(|one| policy.rules()[one.rule].effect == Effect::Permit);
    &rule_space.boxes[..permits]
}

/// Whether some of these boxes are not among the others, whatever rules they are of.
fn is_without(known: &[RuleBox], boxes: &[RuleBox]) -> bool {
    // Nearly always a box stands behind the one that it stood behind.
    let mut next = 0;
    boxes.iter().any(|one| {
        let (before, behind) = known.split_at(next);
        let same = |other: &RuleBox| other.constraints == one.constraints;
        let found = behind.iter().position(same).map(|at| next + at).or_else(|| before.iter().position(same));
        next = found.map_or(next, |at| at + 1);
        found.is_none()
    })
}

/// The boxes of a service at all times constraint by constraint, so that one time can be held against another.
struct Together {
    rule_space: RuleSpace,
    /// `times[b]` is the time, as a place in the list of rule_spaces, that box `b` is of.
    times: Vec<usize>,
    permits: usize,
}

impl Together {
    /// Fields are undeclared as at one of the times; the decision that proves a gap knows them at each.
    fn of(policy: &Policy, service: &Service, rule_spaces: &[RuleSpace], declared: Edge) -> Self {
        let mut boxes: [Vec<(usize, RuleBox)>; 2] = Default::default();
        for (nth, rule_space) in rule_spaces.iter().enumerate() {
            for one in &rule_space.boxes {
                let forbid = policy.rules()[one.rule].effect == Effect::Forbid;
                boxes[usize::from(forbid)].push((nth, one.clone()));
            }
        }
        let [permits, forbids] = boxes;
        let times = permits.iter().chain(&forbids).map(|(nth, _)| *nth).collect();
        let count = permits.len();
        let plain = |boxes: Vec<(usize, RuleBox)>| boxes.into_iter().map(|(_, one)| one).collect();
        Self {
            rule_space: RuleSpace::new(policy, service, declared, plain(permits), plain(forbids)),
            times,
            permits: count,
        }
    }

    /// What is permitted before the time `first` and again from `last`, and by nothing in between: with the permits
    /// before and after.
    fn gaps(&self, scene: &Scene<'_>, first: usize, last: usize) -> Vec<([usize; 2], Cube)> {
        let at = |time: usize| (0..self.permits).filter(move |nth| self.times[*nth] == time);
        let against = |nth: usize| {
            let time = self.times[nth];
            let permit = nth < self.permits;
            let within = permit && (first..last).contains(&time);
            within || (!permit && (time + 1 == first || time == last))
        };
        let mut found = Vec::new();
        for before in at(first - 1) {
            for after in at(last) {
                let rules = [self.rule_space.boxes[before].rule, self.rule_space.boxes[after].rule];
                if found.iter().any(|(known, _)| *known == rules) {
                    continue;
                }
                let Some(both) = scene.layout.and(&scene.cubes[before], &scene.cubes[after]) else {
                    continue;
                };
                if let Remainder::Part(part) = scene.left(&both, |nth, _| against(nth)) {
                    found.push((rules, part));
                }
            }
        }
        found
    }
}

/// Whether a request is permitted until one date, not on it, and again from the other.
fn is_gap(plan: &Plan, request: &Request, from: Date, until: Date) -> bool {
    let permitted = |at: Date| {
        let asked = Request { at, ..request.clone() };
        plan.decide(&asked).is_ok_and(|decision| decision.is_permit())
    };
    from.yesterday().is_ok_and(permitted) && !permitted(from) && permitted(until)
}

fn finding(policy: &Policy, gap: Gap) -> Diagnostic {
    let [before, after] = gap.rules.map(|nth| &policy.rules()[nth]);
    let (from, until) = (gap.from, gap.until);
    let message = if before.name == after.name {
        format!(
            "`{}` leaves a gap: what it permits until {from} it permits again only from {until}",
            after.name
        )
    } else {
        format!(
            "what `{}` permits until {from} is permitted again only from {until}, by `{}`",
            before.name, after.name
        )
    };
    let days = from.yesterday().and(until.yesterday()).map_or_else(
        |_| String::new(),
        |last| if last == from { format!(" ({from})") } else { format!(" ({from} to {last})") },
    );
    Diagnostic::new(Code::DateGap, place(policy, after, until, true), message)
        .label("begins again here")
        .because(place(policy, before, from, false), "ends here")
        .help(format!(
            "let one begin on the day on which the other ends; to refuse it in between{days}, write a forbid for those days"
        ))
}

/// Where a rule says that something begins or ends on a date.
fn place(policy: &Policy, rule: &Rule, date: Date, begins: bool) -> Span {
    let edge = |window: &meterwarden::policy::Window| window.edges()[usize::from(!begins)];
    if edge(&rule.window) == Edge::On(date) {
        return rule.name_span;
    }
    let cases = rule.when.iter().flat_map(|id| policy.conditions()[*id].cases.iter().flatten());
    let items = rule.clauses.iter().chain(cases).flat_map(|clause| &clause.items);
    let items = items.map(|item| (edge(item.window()), item.span()));
    let selectors = rule.selectors.iter().map(|one| (edge(&one.window), one.span));
    let mut dated = items.chain(selectors).filter(|(at, _)| *at == Edge::On(date));
    dated.next().map_or(rule.name_span, |(_, span)| span)
}

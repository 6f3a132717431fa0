//! `date-gap`: what one permit permits until a date is permitted again by another only from a later date. Between the
//! two dates it is refused for want of a permit. An intended pause is a forbid between two dates, and a permit without
//! them.

use std::borrow::Cow;
use std::collections::BTreeSet;

use jiff::civil::Date;

use super::service_interval::{ServiceInterval, ServiceIntervals};
use meterwarden::decide::request::Request;
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::plan::Plan;
use meterwarden::policy::source::Span;
use meterwarden::policy::{Edge, Effect, Policy, Rule, Service, Window};
use meterwarden::space::{Cube, Remainder};
use meterwarden::space::{RuleBox, RuleSpace};

/// An interval in which something is not permitted, although it is before and after.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Gap {
    /// The permits before and after it.
    rules: [usize; 2],
    from: Date,
    until: Date,
}

pub(super) fn find(plan: &Plan, intervals: &ServiceIntervals<'_>) -> Vec<Diagnostic> {
    let policy = intervals.policy;
    let mut reported: BTreeSet<Gap> = BTreeSet::new();
    let mut found = Vec::new();
    for (index, service) in policy.services().iter().enumerate() {
        for (gap, witness) in gaps(plan, index, service) {
            if reported.insert(gap) {
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
fn gaps(plan: &Plan, index: usize, service: &Service) -> Vec<(Gap, Request)> {
    let policy = plan.policy();
    let rule_spaces = &plan.service_plan(index).rule_spaces;
    let permits: Vec<&[RuleBox]> = rule_spaces.iter().map(|rule_space| permits(policy, rule_space)).collect();
    let mut found = Vec::new();
    for last in 2..rule_spaces.len() {
        // Only an interval in which a permit box ends can begin a gap, and only one in which a box begins can end it.
        let ends_permits = |first: usize| lacks(permits[first], permits[first - 1]);
        if !lacks(permits[last - 1], permits[last]) || !(1..last).any(ends_permits) {
            continue;
        }
        let combined = CombinedIntervals::of(policy, service, rule_spaces, rule_spaces[last].from);
        for first in (1..last).filter(|first| ends_permits(*first)) {
            let (Some(from), Some(until)) = (day(rule_spaces[first].from), day(rule_spaces[last].from))
            else {
                continue;
            };
            let interval =
                ServiceInterval::new(policy, index, Cow::Borrowed(&combined.rule_space), Some(from));
            for (rules, part) in combined.gaps(&interval, first, last) {
                let witness = interval.request(&part).filter(|request| is_gap(plan, request, from, until));
                found.extend(witness.map(|witness| (Gap { rules, from, until }, witness)));
            }
        }
    }
    found
}

/// The boxes of the permits, which come first.
fn permits<'e>(policy: &Policy, rule_space: &'e RuleSpace) -> &'e [RuleBox] {
    let is_permit = |rule_box: &RuleBox| policy.rules()[rule_box.rule].effect == Effect::Permit;
    &rule_space.boxes[..rule_space.boxes.partition_point(is_permit)]
}

/// Whether `list` lacks some of these boxes. Boxes with equal constraints are equal, even if they are of different
/// rules.
fn lacks(list: &[RuleBox], boxes: &[RuleBox]) -> bool {
    // Both lists are nearly always in the same order, so that the search begins after the last box that was found.
    let mut next = 0;
    boxes.iter().any(|rule_box| {
        let (before, after) = list.split_at(next);
        let is_equal = |other: &RuleBox| other.constraints == rule_box.constraints;
        let found = after
            .iter()
            .position(is_equal)
            .map(|index| next + index)
            .or_else(|| before.iter().position(is_equal));
        next = found.map_or(next, |index| index + 1);
        found.is_none()
    })
}

/// The boxes of all intervals of a service in one rule space, so that one interval can be compared with another.
struct CombinedIntervals {
    rule_space: RuleSpace,
    /// `interval_of[b]` is the index of the interval that box `b` is from.
    interval_of: Vec<usize>,
    /// The number of boxes of permits, which come first.
    permits: usize,
}

impl CombinedIntervals {
    /// Fields are declared as on the date `declared`. A gap is proved later by deciding its witness on each date, with
    /// the fields that are declared then.
    fn of(policy: &Policy, service: &Service, rule_spaces: &[RuleSpace], declared: Edge) -> Self {
        let boxes = rule_spaces.iter().enumerate().flat_map(|(interval, rule_space)| {
            rule_space.boxes.iter().map(move |rule_box| (interval, rule_box.clone()))
        });
        let is_permit =
            |(_, rule_box): &(usize, RuleBox)| policy.rules()[rule_box.rule].effect == Effect::Permit;
        let (permits, forbids): (Vec<_>, Vec<_>) = boxes.partition(is_permit);
        let interval_of = permits.iter().chain(&forbids).map(|(interval, _)| *interval).collect();
        let permits_end = permits.len();
        let boxes_only =
            |boxes: Vec<(usize, RuleBox)>| boxes.into_iter().map(|(_, rule_box)| rule_box).collect();
        let rule_space = RuleSpace::new(policy, service, declared, boxes_only(permits), boxes_only(forbids));
        Self { rule_space, interval_of, permits: permits_end }
    }

    /// What is permitted before the interval `first` and again from the interval `last`, and not in between; with the
    /// permits before and after.
    fn gaps(&self, interval: &ServiceInterval<'_>, first: usize, last: usize) -> Vec<([usize; 2], Cube)> {
        let permits_in =
            |wanted: usize| (0..self.permits).filter(move |index| self.interval_of[*index] == wanted);
        // Permits in between close the gap. Forbids before and after it mean that nothing was permitted there.
        let closes_gap = |index: usize| {
            let of = self.interval_of[index];
            if index < self.permits { (first..last).contains(&of) } else { of + 1 == first || of == last }
        };
        let mut found = Vec::new();
        for before in permits_in(first - 1) {
            for after in permits_in(last) {
                let rules = [self.rule_space.boxes[before].rule, self.rule_space.boxes[after].rule];
                if found.iter().any(|(pair, _)| *pair == rules) {
                    continue;
                }
                let Some(both) = interval.layout.and(&interval.cubes[before], &interval.cubes[after]) else {
                    continue;
                };
                if let Remainder::Part(part) = interval.outside(&both, |other| closes_gap(other.index)) {
                    found.push((rules, part));
                }
            }
        }
        found
    }
}

/// Whether a request is permitted on the day before one date, not on that date, and again on the other.
fn is_gap(plan: &Plan, request: &Request, from: Date, until: Date) -> bool {
    let is_permitted = |at: Date| {
        let request = Request { at, ..request.clone() };
        plan.decide(&request).is_ok_and(|decision| decision.is_permit())
    };
    from.yesterday().is_ok_and(is_permitted) && !is_permitted(from) && is_permitted(until)
}

fn finding(policy: &Policy, gap: Gap) -> Diagnostic {
    let [before, after] = gap.rules.map(|rule| &policy.rules()[rule]);
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

/// The place in a rule where something begins or ends on a date; the name of the rule if there is none.
fn place(policy: &Policy, rule: &Rule, date: Date, begins: bool) -> Span {
    let edge = |window: &Window| window.edges()[usize::from(!begins)];
    if edge(&rule.window) == Edge::On(date) {
        return rule.name_span;
    }
    let conditions = rule.when.iter().map(|index| &policy.conditions()[*index]);
    let in_conditions = conditions.flat_map(|condition| condition.cases.iter().flatten());
    let items = rule.clauses.iter().chain(in_conditions).flat_map(|clause| &clause.items);
    let items = items.map(|item| (edge(item.window()), item.span()));
    let selectors = rule.selectors.iter().map(|selector| (edge(&selector.window), selector.span));
    let mut on_date = items.chain(selectors).filter(|(edge, _)| *edge == Edge::On(date));
    on_date.next().map_or(rule.name_span, |(_, span)| span)
}

//! When one of two laws changes: the stretches of time in which both stay as they are.

use std::collections::BTreeSet;

use super::vocabulary::Joint;
use meterwarden::policy::{Edge, Field, Service, Window};
use meterwarden::space::{RuleBox, RuleSpace, ServicePlan};

/// A service as one policy has it.
pub(super) type Known<'p> = Option<(&'p Service, &'p ServicePlan)>;

/// A stretch of time in which neither law changes, and what each comes to.
#[derive(Clone, Copy)]
pub(super) struct Times<'p> {
    pub(super) time: Window,
    pub(super) rule_spaces: [Option<&'p RuleSpace>; 2],
    /// The dates that choose the law of each.
    pub(super) dates: [Edge; 2],
}

/// The stretches of time to compare: one where both dates are fixed, else all of either law.
pub(super) fn times<'p>(known: [Known<'p>; 2], at: [Option<Edge>; 2]) -> Vec<Times<'p>> {
    let rule_space = |nth: usize, date: Edge| {
        let (_, plan) = known[nth]?;
        plan.rule_spaces.iter().rev().find(|rule_space| rule_space.from <= date)
    };
    if let [Some(before), Some(after)] = at {
        let (rule_spaces, dates) = ([rule_space(0, before), rule_space(1, after)], [before, after]);
        return vec![Times { time: Window::ALWAYS, rule_spaces, dates }];
    }
    let plans = known.iter().flatten().flat_map(|(_, plan)| &plan.rule_spaces);
    let mut starts: Vec<Edge> = plans.map(|rule_space| rule_space.from).collect();
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).copied().chain([Edge::Never]);
    let time = |(from, until): (&Edge, Edge)| Times {
        time: Window::new(*from, until),
        rule_spaces: [rule_space(0, *from), rule_space(1, *from)],
        dates: [*from; 2],
    };
    starts.iter().zip(ends).map(time).collect()
}

impl Times<'_> {
    /// Whether both laws say the same, word for word, to a vocabulary that is the same.
    pub(super) fn is_unchanged(&self, joint: &Joint<'_>, known: [Known<'_>; 2]) -> bool {
        let ([Some(one), Some(other)], [Some((before, _)), Some((after, _))]) = (self.rule_spaces, known)
        else {
            return false;
        };
        let refuse = |law: usize, rule: usize| joint.own[law].policy.rules()[rule].refuse.as_ref();
        let alike = |(one, other): (&RuleBox, &RuleBox)| {
            one.constraints == other.constraints && refuse(0, one.rule) == refuse(1, other.rule)
        };
        (std::ptr::eq(one, other)
            || one.permits == other.permits
                && one.boxes.len() == other.boxes.len()
                && one.boxes.iter().zip(&other.boxes).all(alike))
            && (before.fields.is_none() && after.fields.is_none()
                || self.dates[0] == self.dates[1] && same_fields(before, after))
    }
}

/// Whether two services declare the same fields at the same times.
fn same_fields(one: &Service, other: &Service) -> bool {
    let fields = |service: &Service| service.fields.iter().flatten().count();
    let pairs = one.fields.iter().flatten().zip(other.fields.iter().flatten());
    let same =
        |(one, other): (&Field, &Field)| one.name == other.name && one.window.edges() == other.window.edges();
    one.fields.is_some() == other.fields.is_some()
        && fields(one) == fields(other)
        && pairs.into_iter().all(same)
}

/// The attributes of which the rules, or the lines of fields, leave anything out at some of these times.
pub(super) fn looked_at(joint: &Joint<'_>, known: [Known<'_>; 2], same: &[&Times<'_>]) -> BTreeSet<usize> {
    let mut found = BTreeSet::new();
    for (rule_space, at) in same.iter().filter_map(|one| Some((one.rule_spaces[1]?, one.dates[1]))) {
        let dimensions = rule_space.dimensions.iter().enumerate();
        found.extend(
            dimensions
                .filter(|(_, dimension)| dimension.constrains(rule_space.boxes.len()))
                .map(|(nth, _)| nth),
        );
        let fields = known[1].and_then(|(service, _)| service.fields.as_ref());
        if fields.is_some_and(|fields| fields.iter().any(|field| !field.window.contains(at))) {
            found.extend(joint.policy.fields_attribute());
        }
    }
    found
}

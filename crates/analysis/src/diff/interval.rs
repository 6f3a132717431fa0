//! The intervals in which the rules of neither version change.

use std::collections::BTreeSet;

use super::vocabulary::JointVocabulary;
use meterwarden::policy::{Edge, Field, Service, Window};
use meterwarden::space::{RuleBox, RuleSpace, ServicePlan};

/// A service in one version; `None` if the version does not have it.
pub(super) type VersionService<'p> = Option<(&'p Service, &'p ServicePlan)>;

/// An interval, and the rules of each version in it.
#[derive(Clone, Copy)]
pub(super) struct IntervalRules<'p> {
    pub(super) time: Window,
    pub(super) rule_spaces: [Option<&'p RuleSpace>; 2],
    /// For each version, a date on which these rules apply.
    pub(super) dates: [Edge; 2],
}

/// The intervals to compare: one if both dates are fixed, else every interval of either version.
pub(super) fn intervals<'p>(
    services: [VersionService<'p>; 2],
    at: [Option<Edge>; 2],
) -> Vec<IntervalRules<'p>> {
    let rule_space = |version: usize, date: Edge| {
        let (_, plan) = services[version]?;
        plan.rule_spaces.iter().rev().find(|rule_space| rule_space.from <= date)
    };
    if let [Some(before), Some(after)] = at {
        let (rule_spaces, dates) = ([rule_space(0, before), rule_space(1, after)], [before, after]);
        return vec![IntervalRules { time: Window::ALWAYS, rule_spaces, dates }];
    }
    let plans = services.iter().flatten().flat_map(|(_, plan)| &plan.rule_spaces);
    let mut starts: Vec<Edge> = plans.map(|rule_space| rule_space.from).collect();
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).copied().chain([Edge::Never]);
    let interval = |(from, until): (&Edge, Edge)| IntervalRules {
        time: Window::new(*from, until),
        rule_spaces: [rule_space(0, *from), rule_space(1, *from)],
        dates: [*from; 2],
    };
    starts.iter().zip(ends).map(interval).collect()
}

impl IntervalRules<'_> {
    /// Whether the rules of both versions are the same, box by box. This is enough only if both vocabularies are
    /// identical.
    pub(super) fn is_unchanged(
        &self,
        joint: &JointVocabulary<'_>,
        services: [VersionService<'_>; 2],
    ) -> bool {
        let ([Some(old), Some(new)], [Some((before, _)), Some((after, _))]) = (self.rule_spaces, services)
        else {
            return false;
        };
        let refuse =
            |version: usize, rule: usize| joint.versions[version].policy.rules()[rule].refuse.as_ref();
        let same_box = |(old, new): (&RuleBox, &RuleBox)| {
            old.constraints == new.constraints && refuse(0, old.rule) == refuse(1, new.rule)
        };
        let same_rules = std::ptr::eq(old, new)
            || old.permits == new.permits
                && old.boxes.len() == new.boxes.len()
                && old.boxes.iter().zip(&new.boxes).all(same_box);
        let no_fields = before.fields.is_none() && after.fields.is_none();
        same_rules && (no_fields || self.dates[0] == self.dates[1] && same_fields(before, after))
    }
}

/// Whether two services declare the same fields at the same times.
fn same_fields(before: &Service, after: &Service) -> bool {
    let fields = |service: &Service| service.fields.iter().flatten().count();
    let pairs = before.fields.iter().flatten().zip(after.fields.iter().flatten());
    let same = |(before, after): (&Field, &Field)| {
        before.name == after.name && before.window.edges() == after.window.edges()
    };
    before.fields.is_some() == after.fields.is_some()
        && fields(before) == fields(after)
        && pairs.into_iter().all(same)
}

/// The attributes of which the rules, or the declared fields, exclude anything in any of these intervals.
pub(super) fn constrained_attributes(
    joint: &JointVocabulary<'_>,
    services: [VersionService<'_>; 2],
    intervals: &[&IntervalRules<'_>],
) -> BTreeSet<usize> {
    let mut attributes = BTreeSet::new();
    let after = intervals.iter().filter_map(|interval| Some((interval.rule_spaces[1]?, interval.dates[1])));
    for (rule_space, at) in after {
        let dimensions = rule_space.dimensions.iter().enumerate();
        let constrained = dimensions.filter(|(_, dimension)| dimension.constrains(rule_space.boxes.len()));
        attributes.extend(constrained.map(|(attribute, _)| attribute));
        let fields = services[1].and_then(|(service, _)| service.fields.as_ref());
        if fields.is_some_and(|fields| fields.iter().any(|field| !field.window.contains(at))) {
            attributes.extend(joint.policy.fields_attribute());
        }
    }
    attributes
}

//! The rules of one service, interval by interval: every rule as boxes, and every attribute as the few classes of value
//! that the rules distinguish.

use std::sync::Arc;

use jiff::civil::Date;

use super::dimension::{self, Dimension, Lookup};
use super::rule_box::{self, RuleBox, as_if};
use crate::base::bit_set::{RuleSet, mask};
use crate::policy::{Edge, Effect, Policy, Rule, Service, edges};

/// The rules of one service, interval by interval.
#[derive(Clone, Debug)]
pub struct ServicePlan {
    /// In order of their first dates; the first interval begins before every date.
    pub rule_spaces: Vec<RuleSpace>,
}

/// The rules of one service between two dates on which they change.
#[derive(Clone, Debug)]
pub struct RuleSpace {
    /// Its first date.
    pub from: Edge,
    /// The boxes of permits, then those of forbids, each in policy order. A bit of a [`RuleSet`] is a place in this
    /// list.
    pub boxes: Vec<RuleBox>,
    /// The boxes of permits.
    pub permits: RuleSet,
    /// The boxes of forbids.
    pub forbids: RuleSet,
    /// `dimensions[a]` is attribute `a` as these boxes see it.
    pub dimensions: Vec<Dimension>,
}

/// The plan of one service.
pub fn service_plan(policy: &Policy, service: &Service) -> ServicePlan {
    let mut starts = service_edges(policy, service);
    starts.insert(0, Edge::Start);
    starts.dedup();
    let mut rule_spaces: Vec<RuleSpace> = Vec::new();
    for from in starts {
        let mut next = rule_space(policy, service, from);
        match rule_spaces.last() {
            Some(last) if last.same_as(&next) => continue,
            Some(last) => next.share(last),
            None => {}
        }
        rule_spaces.push(next);
    }
    ServicePlan { rule_spaces }
}

/// The dates on which anything about a service may change, in order.
pub fn service_edges(policy: &Policy, service: &Service) -> Vec<Edge> {
    edges(policy.service_windows(service))
}

/// A service at a time, as it would be if one of its rules were `changed`. The boxes of that rule are there twice: as
/// they are, and after them as they would be. The places of the latter are returned.
pub fn rule_space_as_if(
    policy: &Policy,
    service: &Service,
    at: Edge,
    rule: usize,
    changed: &Rule,
) -> (RuleSpace, std::ops::Range<usize>) {
    let [mut permits, mut forbids] = [Vec::new(), Vec::new()];
    let mut added = 0..0;
    for (place, in_force) in rules_in_force(policy, service, at) {
        let boxes = if in_force.effect == Effect::Forbid { &mut forbids } else { &mut permits };
        boxes.extend(rule_box::of(policy, place, at));
        if place == rule {
            let start = boxes.len();
            boxes.extend(as_if(policy, rule, changed, at));
            added = start..boxes.len();
        }
    }
    if changed.effect == Effect::Forbid {
        added = added.start + permits.len()..added.end + permits.len();
    }
    (RuleSpace::new(policy, service, at, permits, forbids), added)
}

/// The rules of a service that are in force at a time, in policy order.
fn rules_in_force<'p>(
    policy: &'p Policy,
    service: &'p Service,
    at: Edge,
) -> impl Iterator<Item = (usize, &'p Rule)> {
    let covering = service.rules.iter().filter(move |covered| covered.holds(at));
    let rules = covering.map(|covered| (covered.rule, &policy.rules[covered.rule]));
    rules.filter(move |(_, rule)| rule.window.contains(at))
}

/// The interval of a service that begins at a time.
pub fn rule_space(policy: &Policy, service: &Service, from: Edge) -> RuleSpace {
    let boxes = |effect| {
        let rules = rules_in_force(policy, service, from).filter(move |(_, rule)| rule.effect == effect);
        rules.flat_map(|(place, _)| rule_box::of(policy, place, from)).collect()
    };
    RuleSpace::new(policy, service, from, boxes(Effect::Permit), boxes(Effect::Forbid))
}

impl RuleSpace {
    /// These boxes at a time, with the value classes that they distinguish.
    pub fn new(
        policy: &Policy,
        service: &Service,
        from: Edge,
        permits: Vec<RuleBox>,
        forbids: Vec<RuleBox>,
    ) -> Self {
        let first_forbid = permits.len();
        let mut boxes = permits;
        boxes.extend(forbids);
        let dimensions: Vec<Dimension> = (0..policy.attributes.len())
            .map(|attribute| dimension::of(policy, service, attribute, &boxes, from))
            .collect();
        set_checks(&mut boxes, &dimensions);
        Self {
            from,
            permits: mask(boxes.len(), |rule_box| rule_box < first_forbid),
            forbids: mask(boxes.len(), |rule_box| rule_box >= first_forbid),
            boxes,
            dimensions,
        }
    }
}

/// Fills in the check at which each box answers: the dimensions know what it constrains.
fn set_checks(boxes: &mut [RuleBox], dimensions: &[Dimension]) {
    for (place, rule_box) in boxes.iter_mut().enumerate() {
        let last = dimensions.iter().rposition(|dimension| dimension.constrained_by(place));
        rule_box.answers = last.map_or(0, |attribute| attribute + 1);
    }
}

impl RuleSpace {
    fn same_as(&self, other: &Self) -> bool {
        self.boxes == other.boxes && self.dimensions == other.dimensions && self.permits == other.permits
    }

    /// Shares with the interval before it the constraints and the classes of subsets that are the same, to save memory.
    fn share(&mut self, earlier: &Self) {
        // Both lists are in the same order, so the search for a box goes on where the last one was found.
        let mut candidates = earlier.boxes.as_slice();
        for rule_box in &mut self.boxes {
            let is_same =
                |candidate: &RuleBox| candidate.rule == rule_box.rule && candidate.cases == rule_box.cases;
            let Some(place) = candidates.iter().position(is_same) else { continue };
            if candidates[place].constraints == rule_box.constraints {
                rule_box.constraints = Arc::clone(&candidates[place].constraints);
            }
            candidates = &candidates[place + 1..];
        }
        for (dimension, earlier) in self.dimensions.iter_mut().zip(&earlier.dimensions) {
            if matches!(dimension.lookup, Lookup::Set(_)) && dimension.lookup == earlier.lookup {
                dimension.lookup = earlier.lookup.clone();
            }
        }
    }

    /// The number of cells of the space: the product of the numbers of value classes of all attributes.
    pub fn cells(&self) -> u64 {
        self.dimensions
            .iter()
            .fold(1, |product, dimension| product.saturating_mul(dimension.classes.len() as u64))
    }
}

impl ServicePlan {
    /// The interval that a date is in.
    pub fn at(&self, date: Date) -> &RuleSpace {
        let after = self.rule_spaces.partition_point(|rule_space| rule_space.from <= Edge::On(date));
        &self.rule_spaces[after.saturating_sub(1)]
    }
}

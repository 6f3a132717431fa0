//! The rules of one service, interval by interval: every rule as boxes, and every attribute as the few classes of value
//! that the rules distinguish.

use std::sync::Arc;

use jiff::civil::Date;

use super::dimension::{self, Dimension, Lookup};
use super::rule_box::{self, RuleBox, as_if};
use crate::base::bit_set::{RuleSet, mask};
use crate::policy::{Edge, Effect, Policy, Rule, Service, Window};

/// What one service's rules come to, from each date on which they change.
#[derive(Clone, Debug)]
pub struct ServicePlan {
    /// In order of date; the first begins before every date.
    pub rule_spaces: Vec<RuleSpace>,
}

/// The rules of one service between two dates on which they change.
#[derive(Clone, Debug)]
pub struct RuleSpace {
    /// Its first date.
    pub from: Edge,
    /// Permits first, then forbids, each in policy order; a bit of a mask is a place in this list.
    pub boxes: Vec<RuleBox>,
    /// Which boxes are permits.
    pub permits: RuleSet,
    /// Which boxes are forbids.
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

/// The dates on which windows open or close, in order.
pub fn edges<'p>(windows: impl Iterator<Item = &'p Window>) -> Vec<Edge> {
    let dated = windows.flat_map(Window::edges).filter(|edge| matches!(edge, Edge::On(_)));
    let mut edges = Vec::new();
    // Pushed rather than collected: so the windows of each list, nearly all of them always, are one loop.
    dated.for_each(|edge| edges.push(edge));
    edges.sort_unstable();
    edges.dedup();
    edges
}

/// A service at a time as it would be if one of its rules were another: that rule's boxes stand twice, first as they
/// are, then as they would be, and the second are `also`.
pub fn rule_space_as_if(
    policy: &Policy,
    service: &Service,
    at: Edge,
    rule: usize,
    one: &Rule,
) -> (RuleSpace, std::ops::Range<usize>) {
    let mut made = [Vec::new(), Vec::new()];
    let mut also = 0..0;
    for (id, known) in rules_in_force(policy, service, at) {
        let boxes = &mut made[usize::from(known.effect == Effect::Forbid)];
        boxes.extend(rule_box::of(policy, id, at));
        if id == rule {
            let start = boxes.len();
            boxes.extend(as_if(policy, rule, one, at));
            also = start..boxes.len();
        }
    }
    let [permits, forbids] = made;
    if one.effect == Effect::Forbid {
        also = also.start + permits.len()..also.end + permits.len();
    }
    (RuleSpace::new(policy, service, at, permits, forbids), also)
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

/// One stretch of time of one service.
pub fn rule_space(policy: &Policy, service: &Service, from: Edge) -> RuleSpace {
    let of = |effect| {
        let rules = rules_in_force(policy, service, from).filter(move |(_, rule)| rule.effect == effect);
        rules.flat_map(|(id, _)| rule_box::of(policy, id, from))
    };
    RuleSpace::new(policy, service, from, of(Effect::Permit).collect(), of(Effect::Forbid).collect())
}

impl RuleSpace {
    /// These boxes at a time, with the classes of value that they tell apart.
    pub fn new(
        policy: &Policy,
        service: &Service,
        from: Edge,
        mut boxes: Vec<RuleBox>,
        forbids: Vec<RuleBox>,
    ) -> Self {
        let permits = boxes.len();
        boxes.extend(forbids);
        let dimensions: Vec<Dimension> = (0..policy.attributes.len())
            .map(|attribute| dimension::of(policy, service, attribute, &boxes, from))
            .collect();
        answer_places(&mut boxes, &dimensions);
        Self {
            from,
            permits: mask(boxes.len(), |nth| nth < permits),
            forbids: mask(boxes.len(), |nth| nth >= permits),
            boxes,
            dimensions,
        }
    }
}

/// Fills in where each box answers, now that the dimensions say what each constrains.
fn answer_places(boxes: &mut [RuleBox], dimensions: &[Dimension]) {
    for (nth, one) in boxes.iter_mut().enumerate() {
        let last = dimensions.iter().rposition(|dimension| dimension.constrained_by(nth));
        one.answers = last.map_or(0, |attribute| attribute + 1);
    }
}

impl RuleSpace {
    fn same_as(&self, other: &Self) -> bool {
        self.boxes == other.boxes && self.dimensions == other.dimensions && self.permits == other.permits
    }

    /// What boxes ask as they asked it earlier is held once, and so is how subsets are told apart.
    fn share(&mut self, earlier: &Self) {
        let known = &earlier.boxes;
        let mut from = 0;
        for one in &mut self.boxes {
            // Both lists are in the same order.
            let same = |other: &RuleBox| other.rule == one.rule && other.cases == one.cases;
            let Some(nth) = known[from..].iter().position(same) else { continue };
            from += nth + 1;
            if known[from - 1].constraints == one.constraints {
                one.constraints = Arc::clone(&known[from - 1].constraints);
            }
        }
        for (one, earlier) in self.dimensions.iter_mut().zip(&earlier.dimensions) {
            if matches!(one.lookup, Lookup::Set(_)) && one.lookup == earlier.lookup {
                one.lookup = earlier.lookup.clone();
            }
        }
    }

    /// How many cells the service's space has: the product of the classes of all attributes.
    pub fn cells(&self) -> u64 {
        self.dimensions
            .iter()
            .fold(1, |product, dimension| product.saturating_mul(dimension.classes.len() as u64))
    }
}

impl ServicePlan {
    /// The rules in force on a date, in their compiled form.
    pub fn at(&self, date: Date) -> &RuleSpace {
        let after = self.rule_spaces.partition_point(|rule_space| rule_space.from <= Edge::On(date));
        &self.rule_spaces[after.saturating_sub(1)]
    }
}

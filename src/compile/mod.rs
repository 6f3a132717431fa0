//! [`Policy`] to [`Plan`]: for each service and each stretch of time, every rule as boxes, and every
//! attribute as the few *kinds* of value that the rules tell apart.

mod axis;
mod boxes;
mod mask;
mod subset;

use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

pub(crate) use axis::{
    Axis, Kind, Lookup, MOST_TESTS, SetLookup, asks, distinct_tests, kinds_of_subset, of as axis, passes,
};
pub(crate) use boxes::{
    RuleBox, Side, Wants, as_if, asked, clauses, combinations, impossible_side, of as rule_boxes, side,
};
pub(crate) use mask::{Alive, Mask, bits, both, gaps, has, mask};
pub(crate) use subset::{SetTest, Subset, weighted, witnesses};

use crate::codes::Codes;
use crate::index::{Index, index};
use crate::policy::{Edge, Effect, Policy, Rule, Service, Window};
use crate::resolved::Stamp;

/// A policy ready to decide, for every date at once. Immutable, cheap to share behind an `Arc`.
#[derive(Clone, Debug)]
pub struct Plan {
    policy: Arc<Policy>,
    /// Whose numbers its requests are in.
    stamp: Stamp,
    /// What decides.
    index: Index,
    /// What its refusals answer.
    codes: Codes,
    /// `services[s]` is what the rules of `policy.services[s]` come to, for what is said of them as a whole. It is worked
    /// out when it is first asked for: deciding takes none of it.
    services: Vec<OnceLock<ServicePlan>>,
}

/// What one service's rules come to, from each date on which they change.
#[derive(Clone, Debug)]
pub(crate) struct ServicePlan {
    /// In order of date; the first begins before every date.
    pub(crate) epochs: Vec<Epoch>,
}

/// The rules of one service between two dates on which they change.
#[derive(Clone, Debug)]
pub(crate) struct Epoch {
    /// Its first date.
    pub(crate) from: Edge,
    /// Permits first, then forbids, each in policy order; a bit of a mask is a place in this list.
    pub(crate) boxes: Vec<RuleBox>,
    /// Which boxes are permits.
    pub(crate) permits: Mask,
    /// Which boxes are forbids.
    pub(crate) forbids: Mask,
    /// `axes[a]` is attribute `a` as these boxes see it.
    pub(crate) axes: Vec<Axis>,
}

/// Turns a checked policy into a plan. Nothing can go wrong any more.
pub fn compile(policy: Arc<Policy>) -> Plan {
    let index = index(&policy);
    Plan::new(policy, index)
}

/// The plan of one service.
pub(crate) fn service_plan(policy: &Policy, service: &Service) -> ServicePlan {
    let mut starts = service_edges(policy, service);
    starts.insert(0, Edge::Start);
    starts.dedup();
    let mut epochs: Vec<Epoch> = Vec::new();
    for from in starts {
        let mut next = epoch(policy, service, from);
        match epochs.last() {
            Some(last) if last.same_as(&next) => continue,
            Some(last) => next.share(last),
            None => {}
        }
        epochs.push(next);
    }
    ServicePlan { epochs }
}

/// The dates on which anything about a service may change, in order.
pub(crate) fn service_edges(policy: &Policy, service: &Service) -> Vec<Edge> {
    edges(policy.service_windows(service))
}

/// The dates on which windows open or close, in order.
pub(crate) fn edges<'p>(windows: impl Iterator<Item = &'p Window>) -> Vec<Edge> {
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
pub(crate) fn epoch_as_if(
    policy: &Policy,
    service: &Service,
    at: Edge,
    rule: usize,
    one: &Rule,
) -> (Epoch, std::ops::Range<usize>) {
    let mut made = [Vec::new(), Vec::new()];
    let mut also = 0..0;
    for (id, known) in rules_in_force(policy, service, at) {
        let boxes = &mut made[usize::from(known.effect == Effect::Forbid)];
        boxes.extend(boxes::of(policy, id, at));
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
    (Epoch::new(policy, service, at, permits, forbids), also)
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
pub(crate) fn epoch(policy: &Policy, service: &Service, from: Edge) -> Epoch {
    let of = |effect| {
        let rules = rules_in_force(policy, service, from).filter(move |(_, rule)| rule.effect == effect);
        rules.flat_map(|(id, _)| boxes::of(policy, id, from))
    };
    Epoch::new(policy, service, from, of(Effect::Permit).collect(), of(Effect::Forbid).collect())
}

impl Epoch {
    /// These boxes at a time, with the kinds of value that they tell apart.
    pub(crate) fn new(
        policy: &Policy,
        service: &Service,
        from: Edge,
        mut boxes: Vec<RuleBox>,
        forbids: Vec<RuleBox>,
    ) -> Self {
        let permits = boxes.len();
        boxes.extend(forbids);
        let axes: Vec<Axis> = (0..policy.attributes.len())
            .map(|attribute| axis::of(policy, service, attribute, &boxes, from))
            .collect();
        answer_places(&mut boxes, &axes);
        Self {
            from,
            permits: mask(boxes.len(), |nth| nth < permits),
            forbids: mask(boxes.len(), |nth| nth >= permits),
            boxes,
            axes,
        }
    }
}

/// Fills in where each box answers, now that the axes say what each constrains.
fn answer_places(boxes: &mut [RuleBox], axes: &[Axis]) {
    for (nth, one) in boxes.iter_mut().enumerate() {
        let last = axes.iter().rposition(|axis| axis.constrained_by(nth));
        one.answers = last.map_or(0, |attribute| attribute + 1);
    }
}

impl Epoch {
    fn same_as(&self, other: &Self) -> bool {
        self.boxes == other.boxes && self.axes == other.axes && self.permits == other.permits
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
            if known[from - 1].sides == one.sides {
                one.sides = Arc::clone(&known[from - 1].sides);
            }
        }
        for (one, earlier) in self.axes.iter_mut().zip(&earlier.axes) {
            if matches!(one.lookup, Lookup::Set(_)) && one.lookup == earlier.lookup {
                one.lookup = earlier.lookup.clone();
            }
        }
    }

    /// How many cells the service's space has: the product of the kinds of all attributes.
    pub(crate) fn cells(&self) -> u64 {
        self.axes.iter().fold(1, |product, axis| product.saturating_mul(axis.kinds.len() as u64))
    }
}

impl ServicePlan {
    /// The rules in force on a date, in their compiled form.
    pub(crate) fn at(&self, date: Date) -> &Epoch {
        let after = self.epochs.partition_point(|epoch| epoch.from <= Edge::On(date));
        &self.epochs[after.saturating_sub(1)]
    }
}

impl Plan {
    pub(crate) fn new(policy: Arc<Policy>, index: Index) -> Self {
        let services = policy.services.iter().map(|_| OnceLock::new()).collect();
        let codes = Codes::of(&policy, &index);
        Self { stamp: Stamp::of(&policy), policy, index, codes, services }
    }

    /// The policy that this is the plan of.
    pub fn policy(&self) -> &Policy {
        &self.policy
    }

    #[inline]
    pub(crate) fn stamp(&self) -> Stamp {
        self.stamp
    }

    #[inline]
    pub(crate) fn index(&self) -> &Index {
        &self.index
    }

    #[inline]
    pub(crate) fn codes(&self) -> &Codes {
        &self.codes
    }

    /// Works out for every service what is otherwise worked out when it is first asked for: what findings, differences,
    /// questions and explanations look at.
    pub fn unfold(&self) {
        self.services().for_each(drop);
    }

    /// The plans of the policy's services, in the same order.
    pub(crate) fn services(&self) -> impl Iterator<Item = &ServicePlan> {
        (0..self.services.len()).map(|nth| self.nth(nth))
    }

    /// The plan of a service, by its place in the policy's list.
    pub(crate) fn nth(&self, service: usize) -> &ServicePlan {
        self.services[service].get_or_init(|| service_plan(&self.policy, &self.policy.services[service]))
    }

    /// The service of that name and its plan.
    pub(crate) fn service(&self, name: &str) -> Option<(&Service, &ServicePlan)> {
        let nth = *self.policy.service_index.get(name)?;
        Some((&self.policy.services[nth], self.nth(nth)))
    }
}

//! The requests for one service over one stretch of time, told apart as finely as its rules' single clauses do.
//!
//! A plan tells apart what whole boxes tell apart. To say that one clause alone made the difference, more has to be:
//! every clause is a union of kinds here, and so is every box with any of its clauses left out.

use crate::compile::{Axis, Epoch, RuleBox, Side, axis, rule_boxes};
use crate::decide::{Facts, InputError, facts};
use crate::policy::{Edge, Effect, Policy, Service, Window};
use crate::region::Cube;
use crate::request::Request;

/// One stretch of time of one service.
#[derive(Debug)]
pub(crate) struct Sharp<'p> {
    pub(crate) policy: &'p Policy,
    /// From this date until the next stretch.
    pub(crate) time: Window,
    /// The boxes of every rule that covers the service, whether its own dates have come or not.
    pub(crate) boxes: Vec<SharpBox>,
    /// The clauses as boxes of their own, and the kinds of value that they tell apart.
    epoch: Epoch,
}

/// One combination of cases of one rule.
#[derive(Debug)]
pub(crate) struct SharpBox {
    /// The rule, as a place in the policy's list.
    pub(crate) rule: usize,
    /// Which case of each condition that the rule names.
    pub(crate) cases: Vec<usize>,
    /// Whether the dates of the rule have come and not gone.
    pub(crate) in_force: bool,
    /// Its clauses in order, each as the kinds that pass it: the rule's own, then those of the cases.
    pub(crate) sides: Vec<(usize, Vec<bool>)>,
    /// What passes them all.
    pub(crate) cube: Cube,
}

impl<'p> Sharp<'p> {
    /// Every stretch of time of a service, in order.
    pub(crate) fn all(policy: &'p Policy, service: &'p Service) -> Vec<Self> {
        let starts: Vec<Edge> =
            [Edge::Start].into_iter().chain(crate::compile::service_edges(policy, service)).collect();
        let ends = starts.iter().skip(1).copied().chain([Edge::Never]);
        let times = starts.iter().zip(ends).map(|(from, until)| Window::new(*from, until));
        times.map(|time| Self::of(policy, service, time)).collect()
    }

    fn of(policy: &'p Policy, service: &'p Service, time: Window) -> Self {
        let at = time.from;
        let covering = service.rules.iter().filter(|covered| covered.holds(at));
        let boxes: Vec<RuleBox> = covering.flat_map(|covered| rule_boxes(policy, covered.rule, at)).collect();
        let mut clauses: Vec<Side> = Vec::new();
        for side in boxes.iter().flat_map(|one| &one.sides) {
            if !clauses.contains(side) {
                clauses.push(side.clone());
            }
        }
        let alone =
            |side: &Side| RuleBox { rule: 0, cases: Vec::new(), sides: vec![side.clone()], answers: 0 };
        let single: Vec<RuleBox> = clauses.iter().map(alone).collect();
        let axes: Vec<Axis> =
            (0..policy.attributes.len()).map(|nth| axis(policy, service, nth, &single, at)).collect();
        let boxes = boxes.iter().map(|one| SharpBox::of(policy, one, &clauses, &axes, at)).collect();
        let epoch = Epoch { from: at, boxes: single, permits: Vec::new(), forbids: Vec::new(), axes };
        Self { policy, time, boxes, epoch }
    }

    /// The attributes, with the kinds of value told apart.
    pub(crate) fn axes(&self) -> &[Axis] {
        &self.epoch.axes
    }

    /// The boxes in force of one effect.
    pub(crate) fn in_force(&self, effect: Effect) -> impl Iterator<Item = &Cube> {
        let of = move |one: &&SharpBox| one.in_force && self.policy.rules[one.rule].effect == effect;
        self.boxes.iter().filter(of).map(|one| &one.cube)
    }

    /// The requests that carry a field which the service does not declare.
    pub(crate) fn undeclared(&self) -> Option<Cube> {
        let fields = self.policy.fields?;
        let mut cube = self.everything();
        cube.sides[fields] = self.axes()[fields].kinds.iter().map(|kind| kind.undeclared).collect();
        (!cube.is_empty()).then_some(cube)
    }

    /// Every request.
    pub(crate) fn everything(&self) -> Cube {
        Cube { sides: self.axes().iter().map(|axis| vec![true; axis.kinds.len()]).collect() }
    }

    /// A request with all its completions.
    pub(crate) fn cube(&self, request: &Request) -> Result<Cube, InputError> {
        let facts: Facts = facts(self.policy, &self.epoch, request)?;
        let side = |(nth, axis): (usize, &Axis)| -> Vec<bool> {
            let stated = facts.kind(nth);
            (0..axis.kinds.len()).map(|kind| stated.is_none_or(|stated| stated as usize == kind)).collect()
        };
        Ok(Cube { sides: self.axes().iter().enumerate().map(side).collect() })
    }
}

impl SharpBox {
    fn of(policy: &Policy, one: &RuleBox, clauses: &[Side], axes: &[Axis], at: Edge) -> Self {
        let kinds = |side: &Side| {
            let nth = clauses.iter().position(|clause| clause == side).unwrap_or(clauses.len());
            let passes = |mask: &[u64]| mask.get(nth / 64).is_some_and(|word| word >> (nth % 64) & 1 == 1);
            (side.attribute, axes[side.attribute].kinds.iter().map(|kind| passes(&kind.passes)).collect())
        };
        let sides: Vec<(usize, Vec<bool>)> = one.sides.iter().map(kinds).collect();
        let widths: Vec<usize> = axes.iter().map(|axis| axis.kinds.len()).collect();
        Self {
            rule: one.rule,
            cases: one.cases.clone(),
            in_force: policy.rules[one.rule].window.contains(at),
            cube: meet(&widths, &sides, None),
            sides,
        }
    }

    /// The requests that fail one of the clauses and pass all others.
    pub(crate) fn all_but(&self, clause: usize) -> Cube {
        let widths: Vec<usize> = self.cube.sides.iter().map(Vec::len).collect();
        let mut cube = meet(&widths, &self.sides, Some(clause));
        if let Some((attribute, passes)) = self.sides.get(clause) {
            for (inside, passes) in cube.sides[*attribute].iter_mut().zip(passes) {
                *inside &= !passes;
            }
        }
        cube
    }
}

/// What passes all clauses, but for the one that is left out.
fn meet(widths: &[usize], clauses: &[(usize, Vec<bool>)], left_out: Option<usize>) -> Cube {
    let mut cube = Cube { sides: widths.iter().map(|width| vec![true; *width]).collect() };
    for (nth, (attribute, passes)) in clauses.iter().enumerate() {
        if Some(nth) != left_out {
            for (inside, passes) in cube.sides[*attribute].iter_mut().zip(passes) {
                *inside &= passes;
            }
        }
    }
    cube
}

/// A part of a box that lies outside of all others, if there is one: as large as the search finds it.
pub(crate) fn outside<'c>(
    cube: &Cube,
    others: impl IntoIterator<Item = &'c Cube, IntoIter: Clone>,
) -> Option<Cube> {
    let others = others.into_iter();
    if cube.is_empty() {
        return None;
    }
    search(cube, others)
}

fn search<'c>(cube: &Cube, mut others: impl Iterator<Item = &'c Cube> + Clone) -> Option<Cube> {
    let Some(other) = others.find(|other| !cube.and(other).is_empty()) else { return Some(cube.clone()) };
    // The pieces are kept apart, so that nothing is searched twice.
    let mut rest = cube.clone();
    for (attribute, theirs) in other.sides.iter().enumerate() {
        let mut piece = rest.clone();
        for (mine, theirs) in piece.sides[attribute].iter_mut().zip(theirs) {
            *mine &= !theirs;
        }
        if !piece.sides[attribute].contains(&true) {
            continue;
        }
        let found = search(&piece, others.clone());
        if found.is_some() {
            return found;
        }
        for (mine, theirs) in rest.sides[attribute].iter_mut().zip(theirs) {
            *mine &= theirs;
        }
    }
    None
}

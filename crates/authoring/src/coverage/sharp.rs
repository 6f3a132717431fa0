//! The requests for one service over one stretch of time, told apart as finely as its rules' single clauses do.
//!
//! A plan tells apart what whole boxes tell apart. To say that one clause alone made the difference, more has to be:
//! every clause is a union of classes here, and so is every box with any of its clauses left out.

use meterwarden::base::bit_set::RuleSet;
use meterwarden::decide::request::Request;
use meterwarden::decide::{Facts, InputError, facts};
use meterwarden::policy::{Edge, Effect, Policy, Service, Window};
use meterwarden::space::{Constraint, Dimension, RuleBox, RuleSpace, dimension, rule_boxes};
use meterwarden::space::{Cube, Layout, layout};

/// One stretch of time of one service.
#[derive(Debug)]
pub(crate) struct Sharp<'p> {
    pub(crate) policy: &'p Policy,
    /// From this date until the next stretch.
    pub(crate) time: Window,
    /// The boxes of every rule that covers the service, whether its own dates have come or not.
    pub(crate) boxes: Vec<SharpBox>,
    /// The clauses as boxes of their own, and the classes of value that they tell apart.
    rule_space: RuleSpace,
    pub(crate) layout: Layout,
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
    /// Its clauses in order, each as the classes that pass it: the rule's own, then those of the cases.
    pub(crate) constraints: Vec<(usize, Vec<bool>)>,
    /// What passes them all.
    pub(crate) cube: Cube,
}

impl<'p> Sharp<'p> {
    /// Every stretch of time of a service, in order.
    pub(crate) fn all(policy: &'p Policy, service: &'p Service) -> Vec<Self> {
        let starts: Vec<Edge> =
            [Edge::Start].into_iter().chain(meterwarden::space::service_edges(policy, service)).collect();
        let ends = starts.iter().skip(1).copied().chain([Edge::Never]);
        let times = starts.iter().zip(ends).map(|(from, until)| Window::new(*from, until));
        times.map(|time| Self::of(policy, service, time)).collect()
    }

    fn of(policy: &'p Policy, service: &'p Service, time: Window) -> Self {
        let at = time.from;
        let covering = service.rules.iter().filter(|covered| covered.holds(at));
        let boxes: Vec<RuleBox> = covering.flat_map(|covered| rule_boxes(policy, covered.rule, at)).collect();
        let mut clauses: Vec<Constraint> = Vec::new();
        for constraint in boxes.iter().flat_map(|one| &*one.constraints) {
            if !clauses.contains(constraint) {
                clauses.push(constraint.clone());
            }
        }
        let alone = |constraint: &Constraint| RuleBox {
            rule: 0,
            cases: Vec::new(),
            constraints: [constraint.clone()].into(),
            answers: 0,
        };
        let single: Vec<RuleBox> = clauses.iter().map(alone).collect();
        let dimensions: Vec<Dimension> =
            (0..policy.attributes().len()).map(|nth| dimension(policy, service, nth, &single, at)).collect();
        let layout = layout(&dimensions);
        let in_force = |one: &RuleBox| policy.rules()[one.rule].window.contains(at);
        let boxes = boxes
            .iter()
            .map(|one| SharpBox::of(one, in_force(one), &clauses, &dimensions, &layout))
            .collect();
        let rule_space = RuleSpace {
            from: at,
            boxes: single,
            permits: RuleSet::new(),
            forbids: RuleSet::new(),
            dimensions,
        };
        Self { policy, time, boxes, rule_space, layout }
    }

    /// The attributes, with the classes of value told apart.
    pub(crate) fn dimensions(&self) -> &[Dimension] {
        &self.rule_space.dimensions
    }

    /// The boxes in force of one effect.
    pub(crate) fn in_force(&self, effect: Effect) -> impl Iterator<Item = &Cube> {
        let of = move |one: &&SharpBox| one.in_force && self.policy.rules()[one.rule].effect == effect;
        self.boxes.iter().filter(of).map(|one| &one.cube)
    }

    /// The requests that carry a field which the service does not declare.
    pub(crate) fn undeclared(&self) -> Option<Cube> {
        let fields = self.policy.fields_attribute()?;
        let mut cube = self.layout.all();
        self.layout.keep(&mut cube, fields, |class| self.dimensions()[fields].classes[class].undeclared);
        (!self.layout.is_empty(&cube)).then_some(cube)
    }

    /// A request with all its completions.
    pub(crate) fn cube(&self, request: &Request) -> Result<Cube, InputError> {
        let facts: Facts = facts(self.policy, &self.rule_space, request)?;
        let stated = |attribute: usize| facts.class(attribute).map(|class| class as usize);
        Ok(self.layout.cube(|attribute, class| stated(attribute).is_none_or(|stated| stated == class)))
    }
}

impl SharpBox {
    fn of(
        one: &RuleBox,
        in_force: bool,
        clauses: &[Constraint],
        dimensions: &[Dimension],
        layout: &Layout,
    ) -> Self {
        let classes = |constraint: &Constraint| {
            let nth = clauses.iter().position(|clause| clause == constraint).unwrap_or(clauses.len());
            (
                constraint.attribute,
                dimensions[constraint.attribute].classes.iter().map(|class| class.passes(nth)).collect(),
            )
        };
        let constraints: Vec<(usize, Vec<bool>)> = one.constraints.iter().map(classes).collect();
        let cube = meet(layout, constraints.iter());
        Self { rule: one.rule, cases: one.cases.clone(), in_force, constraints, cube }
    }

    /// The requests that fail one of the clauses and pass all others.
    pub(crate) fn all_but(&self, layout: &Layout, clause: usize) -> Cube {
        let others = self.constraints.iter().enumerate().filter(|(nth, _)| *nth != clause);
        let mut cube = meet(layout, others.map(|(_, constraint)| constraint));
        if let Some((attribute, passes)) = self.constraints.get(clause) {
            layout.keep(&mut cube, *attribute, |class| !passes[class]);
        }
        cube
    }
}

/// What passes all of these clauses.
fn meet<'c>(layout: &Layout, clauses: impl Iterator<Item = &'c (usize, Vec<bool>)>) -> Cube {
    let mut cube = layout.all();
    for (attribute, passes) in clauses {
        layout.keep(&mut cube, *attribute, |class| passes[class]);
    }
    cube
}

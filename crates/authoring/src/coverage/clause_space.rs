//! The requests for one service in one interval, in value classes that every single clause distinguishes.
//!
//! A plan distinguishes only what whole boxes distinguish. To show that one clause alone made the difference, the
//! classes must be finer: here every clause is a union of classes, and so is every box with any of its clauses left
//! out.

use crate::intervals::intervals;
use crate::single_constraint;
use meterwarden::base::bit_set::RuleSet;
use meterwarden::decide::request::Request;
use meterwarden::decide::{Facts, InputError, facts};
use meterwarden::policy::{Edge, Effect, Policy, Service, Window};
use meterwarden::space::{Constraint, Dimension, RuleBox, RuleSpace, dimension, rule_boxes, service_edges};
use meterwarden::space::{Cube, Layout, layout};

/// One interval of one service.
#[derive(Debug)]
pub(crate) struct ClauseSpace<'p> {
    pub(crate) policy: &'p Policy,
    pub(crate) interval: Window,
    /// The boxes of every rule that covers the service, including rules whose own dates put them out of force.
    pub(crate) boxes: Vec<ClauseBox>,
    /// Every clause as a box of its own, and the value classes that they distinguish.
    rule_space: RuleSpace,
    pub(crate) layout: Layout,
}

/// One rule with one alternative of each of its conditions.
#[derive(Debug)]
pub(crate) struct ClauseBox {
    /// The index of the rule in the policy.
    pub(crate) rule: usize,
    /// The index of the alternative of each condition that the rule names.
    pub(crate) alternatives: Vec<usize>,
    /// Whether the rule's own dates put it in force.
    pub(crate) in_force: bool,
    /// Its clauses in order, first the rule's own, then those of the alternatives: the attribute, and for each of its
    /// value classes whether the class passes the clause.
    pub(crate) clauses: Vec<(usize, Vec<bool>)>,
    /// The requests that pass all clauses.
    pub(crate) cube: Cube,
}

impl<'p> ClauseSpace<'p> {
    /// Every interval of a service, in order.
    pub(crate) fn all(policy: &'p Policy, service: &'p Service) -> Vec<Self> {
        let intervals = intervals(service_edges(policy, service));
        intervals.into_iter().map(|interval| Self::of(policy, service, interval)).collect()
    }

    fn of(policy: &'p Policy, service: &'p Service, interval: Window) -> Self {
        let at = interval.from;
        let covering = service.rules.iter().filter(|covered| covered.holds(at));
        let boxes: Vec<RuleBox> = covering.flat_map(|covered| rule_boxes(policy, covered.rule, at)).collect();
        let mut clauses: Vec<Constraint> = Vec::new();
        for constraint in boxes.iter().flat_map(|rule_box| &*rule_box.constraints) {
            if !clauses.contains(constraint) {
                clauses.push(constraint.clone());
            }
        }
        let single: Vec<RuleBox> =
            clauses.iter().map(|clause| single_constraint::box_of(0, clause.clone())).collect();
        let dimensions: Vec<Dimension> = (0..policy.attributes().len())
            .map(|attribute| dimension(policy, service, attribute, &single, at))
            .collect();
        let layout = layout(&dimensions);
        let boxes = boxes
            .iter()
            .map(|rule_box| ClauseBox::of(policy, at, rule_box, &clauses, &dimensions, &layout))
            .collect();
        let rule_space = RuleSpace {
            from: at,
            boxes: single,
            permits: RuleSet::new(),
            forbids: RuleSet::new(),
            dimensions,
        };
        Self { policy, interval, boxes, rule_space, layout }
    }

    /// The attributes, with the value classes that the clauses distinguish.
    pub(crate) fn dimensions(&self) -> &[Dimension] {
        &self.rule_space.dimensions
    }

    /// The boxes in force of one effect.
    pub(crate) fn in_force(&self, effect: Effect) -> impl Iterator<Item = &Cube> {
        let wanted = move |clause_box: &&ClauseBox| {
            clause_box.in_force && self.policy.rules()[clause_box.rule].effect == effect
        };
        self.boxes.iter().filter(wanted).map(|clause_box| &clause_box.cube)
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
        Ok(self.layout.cube(|attribute, class| facts.may_be(attribute, class)))
    }
}

impl ClauseBox {
    fn of(
        policy: &Policy,
        at: Edge,
        rule_box: &RuleBox,
        clauses: &[Constraint],
        dimensions: &[Dimension],
        layout: &Layout,
    ) -> Self {
        let passing_classes = |constraint: &Constraint| {
            let clause = clauses.iter().position(|clause| clause == constraint).unwrap_or(clauses.len());
            let classes = &dimensions[constraint.attribute].classes;
            (constraint.attribute, classes.iter().map(|class| class.passes(clause)).collect())
        };
        let clauses: Vec<(usize, Vec<bool>)> = rule_box.constraints.iter().map(passing_classes).collect();
        let cube = intersection(layout, clauses.iter());
        Self {
            rule: rule_box.rule,
            alternatives: rule_box.cases.clone(),
            in_force: policy.rules()[rule_box.rule].window.contains(at),
            clauses,
            cube,
        }
    }

    /// The requests that fail one clause and pass all others.
    pub(crate) fn fails_only(&self, layout: &Layout, clause: usize) -> Cube {
        let others = self.clauses.iter().enumerate().filter(|(index, _)| *index != clause);
        let mut cube = intersection(layout, others.map(|(_, clause)| clause));
        if let Some((attribute, passes)) = self.clauses.get(clause) {
            layout.keep(&mut cube, *attribute, |class| !passes[class]);
        }
        cube
    }
}

/// The requests that pass all of these clauses.
fn intersection<'c>(layout: &Layout, clauses: impl Iterator<Item = &'c (usize, Vec<bool>)>) -> Cube {
    let mut cube = layout.all();
    for (attribute, passes) in clauses {
        layout.keep(&mut cube, *attribute, |class| passes[class]);
    }
    cube
}

//! The decision diagram of one service in one interval, and of two intervals together.
//!
//! A matrix reads every cell of a service from one diagram, which is made once. The diagram branches on the attributes
//! in check order; its ends list the rules that match. A second diagram holds for each request whether it is permitted
//! in either of two intervals: from it a cell reads whether the change adds requests, takes requests away, or does
//! both.

use std::hash::Hash;

use jiff::civil::Date;
use serde::Serialize;

use super::attribute_choices::{AttributeChoices, BoxSets, Selection, ServiceRules};
use super::permitted_share::{Share, reached_ends, share};
use meterwarden::base::bit_set::{RuleSet, bits, both, meet};
use meterwarden::plan::Plan;
use meterwarden::space::{Diagram, RuleSpace, Walk};

/// The rules that match a request, as places in the policy's list. If no permit matches, the forbids are left out.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub(super) struct MatchedRules {
    pub(super) permits: Vec<usize>,
    pub(super) forbids: Vec<usize>,
}

impl MatchedRules {
    pub(super) fn permitted(&self) -> bool {
        !self.permits.is_empty() && self.forbids.is_empty()
    }
}

/// One service in one interval.
pub(super) struct ServiceDiagram<'p> {
    pub(super) rule_space: &'p RuleSpace,
    pub(super) attributes: Vec<AttributeChoices>,
    pub(super) diagram: Diagram<MatchedRules>,
}

/// Whether a request is permitted in the earlier and in the later of two intervals.
pub(super) type PermittedInBoth = (bool, bool);

/// One service in two intervals with different rules.
pub(super) struct ComparedDiagrams<'p> {
    pub(super) earlier: ServiceDiagram<'p>,
    pub(super) rule_spaces: [&'p RuleSpace; 2],
    pub(super) attributes: Vec<AttributeChoices>,
    pub(super) diagram: Diagram<PermittedInBoth>,
}

/// What a cell reads from the diagram of a service.
pub(super) struct CellReading {
    pub(super) share: Share,
    /// The permits that match some permitted request of the cell.
    pub(super) permits: Vec<usize>,
    /// The forbids that match some request of the cell which a permit matches, too.
    pub(super) forbids: Vec<usize>,
}

pub(super) fn service_rules<'p>(
    plan: &'p Plan,
    service: usize,
    rule_spaces: &'p [&'p RuleSpace],
) -> ServiceRules<'p> {
    let policy = plan.policy();
    ServiceRules { policy, service: &policy.services()[service], rule_spaces }
}

/// One service on one date.
pub(super) fn on_date(plan: &Plan, service: usize, at: Date) -> ServiceDiagram<'_> {
    in_interval(plan, service, plan.service_plan(service).at(at))
}

/// One service in one interval.
pub(super) fn in_interval<'p>(
    plan: &'p Plan,
    service: usize,
    rule_space: &'p RuleSpace,
) -> ServiceDiagram<'p> {
    let attributes = service_rules(plan, service, &[rule_space]).all_choices();
    let end = |alive: &[RuleSet]| MatchedRules {
        permits: matching_rules(rule_space, alive, &rule_space.permits),
        forbids: matching_rules(rule_space, alive, &rule_space.forbids),
    };
    let diagram = MatchWalk { attributes: &attributes, rule_spaces: &[rule_space], end }.diagram();
    ServiceDiagram { rule_space, attributes, diagram }
}

/// One service on two dates; `None` if its rules are the same on both.
pub(super) fn between_dates(
    plan: &Plan,
    service: usize,
    earlier: Date,
    later: Date,
) -> Option<ComparedDiagrams<'_>> {
    let rule_spaces = [earlier, later].map(|date| plan.service_plan(service).at(date));
    (!std::ptr::eq(rule_spaces[0], rule_spaces[1])).then(|| between_intervals(plan, service, rule_spaces))
}

/// One service in two intervals, the earlier one first.
pub(super) fn between_intervals<'p>(
    plan: &'p Plan,
    service: usize,
    rule_spaces: [&'p RuleSpace; 2],
) -> ComparedDiagrams<'p> {
    let attributes = service_rules(plan, service, &rule_spaces).all_choices();
    let end =
        |alive: &[RuleSet]| (permitted(rule_spaces[0], &alive[0]), permitted(rule_spaces[1], &alive[1]));
    let diagram = MatchWalk { attributes: &attributes, rule_spaces: &rule_spaces, end }.diagram();
    ComparedDiagrams { earlier: in_interval(plan, service, rule_spaces[0]), rule_spaces, attributes, diagram }
}

/// Reads a cell from the diagram of its service. The cell is limited to a selection of each attribute.
pub(super) fn read(
    rules: ServiceRules<'_>,
    service: &ServiceDiagram<'_>,
    selections: &[Selection],
) -> CellReading {
    let Some(weights) = weights(rules, &service.attributes, selections) else {
        return CellReading { share: Share::NONE, permits: Vec::new(), forbids: Vec::new() };
    };
    let ends = reached_ends(&service.diagram, &weights);
    CellReading {
        share: share(&service.diagram, &weights, MatchedRules::permitted),
        permits: ends.iter().filter(|end| end.permitted()).flat_map(|end| &end.permits).copied().collect(),
        forbids: ends.iter().flat_map(|end| &end.forbids).copied().collect(),
    }
}

impl ComparedDiagrams<'_> {
    /// The combinations of outcomes that occur among the requests of a cell.
    pub(super) fn outcomes(&self, rules: ServiceRules<'_>, selections: &[Selection]) -> Vec<PermittedInBoth> {
        let weights = weights(rules, &self.attributes, selections);
        weights.map_or_else(Vec::new, |weights| {
            reached_ends(&self.diagram, &weights).into_iter().copied().collect()
        })
    }
}

/// The weight of each choice of each attribute; `None` if a selection leaves nothing.
fn weights(
    rules: ServiceRules<'_>,
    attributes: &[AttributeChoices],
    selections: &[Selection],
) -> Option<Vec<Vec<f64>>> {
    let selected = attributes.iter().zip(selections).enumerate();
    selected.map(|(index, (choices, selection))| rules.weights(choices, index, selection)).collect()
}

/// Walks through the attributes with the boxes that may still match, those of all rule spaces in parallel. `end`
/// evaluates the boxes that match.
struct MatchWalk<'l, F> {
    attributes: &'l [AttributeChoices],
    rule_spaces: &'l [&'l RuleSpace],
    end: F,
}

impl<E: Clone + Eq + Hash, F: Fn(&[RuleSet]) -> E> MatchWalk<'_, F> {
    fn diagram(&self) -> Diagram<E> {
        let every_box = |rule_space: &&RuleSpace| -> RuleSet {
            let words = rule_space.permits.iter().zip(&rule_space.forbids);
            words.map(|(permits, forbids)| permits | forbids).collect()
        };
        let choices: Vec<usize> = self.attributes.iter().map(|attribute| attribute.choices.len()).collect();
        let start = self.reduced(self.rule_spaces.iter().map(every_box).collect());
        Diagram::whole(self, &choices, start)
    }

    /// Removes the forbids of a rule space of which no permit may still match: they no longer change the outcome. So
    /// states with the same outcomes become equal, and are walked once.
    fn reduced(&self, mut alive: BoxSets) -> BoxSets {
        for (alive, rule_space) in alive.iter_mut().zip(self.rule_spaces) {
            if !meet(alive, &rule_space.permits) {
                alive.fill(0);
            }
        }
        alive
    }
}

impl<E: Clone + Eq + Hash, F: Fn(&[RuleSet]) -> E> Walk for MatchWalk<'_, F> {
    type State = BoxSets;
    type End = E;

    fn step(&self, alive: &BoxSets, attribute: usize, choice: usize) -> BoxSets {
        let passes = &self.attributes[attribute].choices[choice];
        self.reduced(passes.iter().zip(alive).map(|(passes, alive)| both(passes, alive)).collect())
    }

    fn end(&self, alive: &BoxSets, attribute: usize) -> Option<E> {
        let is_decided = attribute == self.attributes.len() || alive.iter().flatten().all(|word| *word == 0);
        is_decided.then(|| (self.end)(alive))
    }
}

/// Whether the boxes that match permit the request.
fn permitted(rule_space: &RuleSpace, alive: &RuleSet) -> bool {
    meet(alive, &rule_space.permits) && !meet(alive, &rule_space.forbids)
}

/// The rules of the matching boxes that are also in `of_effect`, in policy order.
fn matching_rules(rule_space: &RuleSpace, alive: &[RuleSet], of_effect: &RuleSet) -> Vec<usize> {
    let matching = alive.first().map(|alive| both(alive, of_effect)).unwrap_or_default();
    let mut rules: Vec<usize> = bits(&matching).map(|index| rule_space.boxes[index].rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

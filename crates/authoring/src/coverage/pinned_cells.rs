//! How much of the space of requests the cases pin.

use std::collections::BTreeMap;

use super::Share;
use meterwarden::decide::request::Request;
use meterwarden::decide::{Facts, Outcome, facts};
use meterwarden::plan::Plan;
use meterwarden::policy::Service;
use meterwarden::space::RuleSpace;

/// The number of a service's cells that some case pins, out of all its cells.
///
/// A cell is one combination of value classes in one interval: all requests of a cell get the same answer from the
/// rules that are in force then. A case pins the cell of its request. A request that leaves attributes unsaid pins the
/// cells of all its completions if it is permitted or refused, and none if it is undetermined.
pub(super) fn pinned_cells(plan: &Plan, service: &Service, requests: &[&Request]) -> Share {
    let Some((_, service_plan)) = plan.service(&service.name) else { return Share::default() };
    let whole = service_plan.rule_spaces.iter().map(RuleSpace::cells).sum();
    let mut pinned: BTreeMap<_, Vec<bool>> = BTreeMap::new();
    for request in requests {
        let rule_space = service_plan.at(request.at);
        let Ok(facts) = facts(plan.policy(), rule_space, request) else { continue };
        let decided = plan
            .decide(request)
            .is_ok_and(|decision| !matches!(decision.outcome, Outcome::Undetermined { .. }));
        if decided {
            let count = usize::try_from(rule_space.cells()).unwrap_or(usize::MAX);
            let pinned = pinned.entry(rule_space.from).or_insert_with(|| vec![false; count]);
            completions(rule_space, &facts).into_iter().for_each(|cell| pinned[cell] = true);
        }
    }
    let count = |cells: &Vec<bool>| cells.iter().filter(|pinned| **pinned).count() as u64;
    Share { part: pinned.values().map(count).sum(), whole }
}

/// The cells of a request's completions. The index of a cell is a number in mixed radix: one digit for each attribute,
/// which is the index of the value class.
fn completions(rule_space: &RuleSpace, facts: &Facts) -> Vec<usize> {
    let mut cells = vec![0];
    for (attribute, dimension) in rule_space.dimensions.iter().enumerate() {
        let count = dimension.classes.len();
        let classes: Vec<usize> = (0..count).filter(|class| facts.may_be(attribute, *class)).collect();
        cells = cells.iter().flat_map(|cell| classes.iter().map(move |class| cell * count + class)).collect();
    }
    cells
}

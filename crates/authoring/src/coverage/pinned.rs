//! How much of the space of requests the cases pin down.

use std::collections::BTreeMap;

use meterwarden::decide::request::Request;
use meterwarden::decide::{Facts, Outcome, facts};
use meterwarden::plan::Plan;
use meterwarden::policy::Service;
use meterwarden::space::RuleSpace;

/// How many of a service's cells some case pins, of how many.
///
/// A cell is one class of request in one stretch of time: requests of one cell get the same answer, whatever the rules
/// that are in force then go by. A case pins its own cell; one that leaves facts unsaid pins every completion, where it
/// is permitted or refused, and none where it is undetermined.
pub(super) fn cells(plan: &Plan, service: &Service, requests: &[&Request]) -> (u64, u64) {
    let Some((_, compiled)) = plan.service(&service.name) else { return (0, 0) };
    let all = compiled.rule_spaces.iter().map(RuleSpace::cells).sum();
    let mut pinned: BTreeMap<_, Vec<bool>> = BTreeMap::new();
    for request in requests {
        let rule_space = compiled.at(request.at);
        let Ok(facts) = facts(plan.policy(), rule_space, request) else { continue };
        let decided =
            plan.decide(request).is_ok_and(|it| !matches!(it.outcome, Outcome::Undetermined { .. }));
        if decided {
            let cells = usize::try_from(rule_space.cells()).unwrap_or(usize::MAX);
            let pinned = pinned.entry(rule_space.from).or_insert_with(|| vec![false; cells]);
            completions(rule_space, &facts).into_iter().for_each(|cell| pinned[cell] = true);
        }
    }
    let count = |cells: &Vec<bool>| cells.iter().filter(|pinned| **pinned).count() as u64;
    (pinned.values().map(count).sum(), all)
}

/// The cells of a request's completions, counted as in a number whose digits are the classes.
fn completions(rule_space: &RuleSpace, facts: &Facts) -> Vec<usize> {
    let mut cells = vec![0];
    for (nth, dimension) in rule_space.dimensions.iter().enumerate() {
        let width = dimension.classes.len();
        let classes = facts.class(nth).map_or(0..width, |class| class as usize..class as usize + 1);
        cells =
            cells.iter().flat_map(|cell| classes.clone().map(move |class| cell * width + class)).collect();
    }
    cells
}

//! How much of the space of requests the cases pin down.

use std::collections::BTreeMap;

use meterwarden::decide::request::Request;
use meterwarden::decide::{Facts, Outcome, facts};
use meterwarden::plan::Plan;
use meterwarden::policy::Service;
use meterwarden::space::Epoch;

/// How many of a service's cells some case pins, of how many.
///
/// A cell is one kind of request in one stretch of time: requests of one cell get the same answer, whatever the rules
/// that are in force then go by. A case pins its own cell; one that leaves facts unsaid pins every completion, where it
/// is permitted or refused, and none where it is undetermined.
pub(super) fn cells(plan: &Plan, service: &Service, requests: &[&Request]) -> (u64, u64) {
    let Some((_, compiled)) = plan.service(&service.name) else { return (0, 0) };
    let all = compiled.epochs.iter().map(Epoch::cells).sum();
    let mut pinned: BTreeMap<_, Vec<bool>> = BTreeMap::new();
    for request in requests {
        let epoch = compiled.at(request.at);
        let Ok(facts) = facts(plan.policy(), epoch, request) else { continue };
        let decided =
            plan.decide(request).is_ok_and(|it| !matches!(it.outcome, Outcome::Undetermined { .. }));
        if decided {
            let cells = usize::try_from(epoch.cells()).unwrap_or(usize::MAX);
            let pinned = pinned.entry(epoch.from).or_insert_with(|| vec![false; cells]);
            completions(epoch, &facts).into_iter().for_each(|cell| pinned[cell] = true);
        }
    }
    let count = |cells: &Vec<bool>| cells.iter().filter(|pinned| **pinned).count() as u64;
    (pinned.values().map(count).sum(), all)
}

/// The cells of a request's completions, counted as in a number whose digits are the kinds.
fn completions(epoch: &Epoch, facts: &Facts) -> Vec<usize> {
    let mut cells = vec![0];
    for (nth, axis) in epoch.axes.iter().enumerate() {
        let width = axis.kinds.len();
        let kinds = facts.kind(nth).map_or(0..width, |kind| kind as usize..kind as usize + 1);
        cells = cells.iter().flat_map(|cell| kinds.clone().map(move |kind| cell * width + kind)).collect();
    }
    cells
}

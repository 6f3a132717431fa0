//! Whether a rule would match the same requests, and all would be answered alike, if it said less.

use std::borrow::Cow;

use super::answers;
use super::block::Left;
use super::scene::Scene;
use crate::compile::{epoch_as_if, service_edges};
use crate::policy::{Edge, Policy, Rule};

/// Whether a rule could as well be `one`, which says less: for every service, on every date, whatever is asked.
pub(super) fn alike(policy: &Policy, nth: usize, one: &Rule) -> bool {
    let covered = |service: &&crate::policy::Service| service.rules.iter().any(|covered| covered.rule == nth);
    policy.services.iter().enumerate().filter(|(_, service)| covered(service)).all(|(place, service)| {
        let times = [Edge::Start].into_iter().chain(service_edges(policy, service)).chain([Edge::Never]);
        times.into_iter().all(|at| alike_at(policy, place, at, nth, one))
    })
}

fn alike_at(policy: &Policy, service: usize, at: Edge, nth: usize, one: &Rule) -> bool {
    let (epoch, also) = epoch_as_if(policy, &policy.services[service], at, nth, one);
    let would = |place: usize| also.contains(&place);
    let is = |place: usize| !would(place) && epoch.boxes.get(place).is_some_and(|known| known.rule == nth);
    let both: Vec<usize> = (0..epoch.boxes.len()).filter(|place| would(*place) || is(*place)).collect();
    let scene = Scene::new(policy, service, Cow::Borrowed(&epoch), None);
    // It matches no more; and where the two answer, they answer alike.
    let mut wider = scene.boxes().filter(|(place, _, _)| would(*place));
    wider.all(|(_, _, block)| scene.left(block, |place, _| is(place)) == Left::Nothing)
        && both.into_iter().all(|within| answers::between(&scene, within, &would, &is))
}

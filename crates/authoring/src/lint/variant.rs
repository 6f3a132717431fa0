//! Whether a rule would match the same requests, and all would be answered alike, if it said less.

use std::borrow::Cow;

use super::answers;
use super::scene::Scene;
use meterwarden::policy::{Edge, Effect, Policy, Rule, Service};
use meterwarden::space::{Cube, Remainder};
use meterwarden::space::{rule_space_as_if, service_edges};

/// Whether a rule could as well be `one`, which says less: for every service, on every date, whatever is asked.
pub(super) fn alike(policy: &Policy, nth: usize, one: &Rule) -> bool {
    let covers = |service: &Service| service.rules.iter().any(|covered| covered.rule == nth);
    let meant =
        |place: usize, service: &Service| one.service.map_or_else(|| covers(service), |own| own == place);
    let services = policy.services().iter().enumerate().filter(|(place, service)| meant(*place, service));
    services.into_iter().all(|(place, service)| {
        let times = [Edge::Start].into_iter().chain(service_edges(policy, service)).chain([Edge::Never]);
        times.into_iter().all(|at| alike_at(policy, place, at, nth, one))
    })
}

fn alike_at(policy: &Policy, service: usize, at: Edge, nth: usize, one: &Rule) -> bool {
    let (rule_space, also) = rule_space_as_if(policy, &policy.services()[service], at, nth, one);
    let would = |place: usize| also.contains(&place);
    let is =
        |place: usize| !would(place) && rule_space.boxes.get(place).is_some_and(|known| known.rule == nth);
    let both: Vec<usize> = (0..rule_space.boxes.len()).filter(|place| would(*place) || is(*place)).collect();
    let scene = Scene::new(policy, service, Cow::Borrowed(&rule_space), None);
    // It matches no more; and where the two answer, they answer alike.
    also.clone().all(|place| matches_no_more(&scene, place, &is, one.effect))
        && both.into_iter().all(|within| answers::between(&scene, within, &would, &is))
}

/// Whether some boxes match all that another does. A permit is never about undeclared fields; a forbid may be.
fn matches_no_more(scene: &Scene<'_>, place: usize, known: &dyn Fn(usize) -> bool, effect: Effect) -> bool {
    if effect == Effect::Permit {
        let cube = scene.cubes.get(place);
        return cube.is_some_and(|cube| scene.left(cube, |other, _| known(other)) == Remainder::Nothing);
    }
    let known: Vec<Cube> =
        (0..scene.cubes.len()).filter(|other| known(*other)).map(|other| scene.whole(other)).collect();
    scene.layout.remainder(&scene.whole(place), &known) == Remainder::Nothing
}

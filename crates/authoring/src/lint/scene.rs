//! One service between two dates on which its rules change: its boxes as cubes, and which rule each is of.

use std::borrow::Cow;
use std::num::NonZeroUsize;

use jiff::civil::Date;

use meterwarden::base::parallel;
use meterwarden::decide::request::Request;
use meterwarden::plan::Plan;
use meterwarden::policy::{Edge, Policy, Service};
use meterwarden::space::{Cube, Layout, Remainder, cubes, declared, layout};
use meterwarden::space::{RuleSpace, rule_space};
use meterwarden_analysis::witness;

/// One service in one stretch of time.
pub(super) struct Scene<'p> {
    pub(super) policy: &'p Policy,
    /// The service, as a place in the policy's list.
    pub(super) service: usize,
    pub(super) rule_space: Cow<'p, RuleSpace>,
    /// A day of it; nothing where it is only proposed.
    pub(super) day: Option<Date>,
    pub(super) layout: Layout,
    /// Everything that carries nothing undeclared.
    pub(super) room: Cube,
    /// `cubes[b]` is box `b` of the rule_space, without what nobody may carry; perhaps nothing.
    pub(super) cubes: Vec<Cube>,
    /// How many of them are permits; the rest are forbids.
    pub(super) permits: usize,
}

/// Every service, with the stretches of time of each in order; the last of a service may be when everything
/// proposed has come true.
pub(super) struct Scenes<'p> {
    pub(super) policy: &'p Policy,
    pub(super) all: Vec<Scene<'p>>,
    /// `of_rule[r]`: the scenes in which rule `r` has boxes.
    pub(super) of_rule: Vec<Vec<usize>>,
    /// `of_service[s]`: where the scenes of service `s` begin and end.
    of_service: Vec<(usize, usize)>,
}

impl<'p> Scenes<'p> {
    pub(super) fn of(plan: &'p Plan, threads: NonZeroUsize) -> Self {
        let policy = plan.policy();
        let quiet = quiet_day(policy);
        let services: Vec<(usize, &Service)> = policy.services().iter().enumerate().collect();
        let made = parallel::map(&services, threads, |(nth, service)| scenes(plan, *nth, service, quiet));
        let mut all: Vec<Scene<'p>> = Vec::new();
        let mut of_service = Vec::new();
        for scenes in made {
            let start = all.len();
            all.extend(scenes);
            of_service.push((start, all.len()));
        }
        let mut of_rule = vec![Vec::new(); policy.rules().len()];
        for (nth, scene) in all.iter().enumerate() {
            for one in &scene.rule_space.boxes {
                let scenes: &mut Vec<usize> = &mut of_rule[one.rule];
                if scenes.last() != Some(&nth) {
                    scenes.push(nth);
                }
            }
        }
        Self { policy, all, of_rule, of_service }
    }

    /// The scenes of a service, with their numbers.
    pub(super) fn of_service(&self, service: usize) -> impl Iterator<Item = (usize, &Scene<'p>)> {
        let (start, end) = self.of_service.get(service).copied().unwrap_or_default();
        self.all.iter().enumerate().take(end).skip(start)
    }

    /// The scenes in which a rule has boxes, with their numbers.
    pub(super) fn of_rule(&self, rule: usize) -> impl Iterator<Item = (usize, &Scene<'p>)> {
        let scenes = self.of_rule.get(rule).into_iter().flatten();
        scenes.filter_map(|nth| Some((*nth, self.all.get(*nth)?)))
    }
}

/// The scenes of one service.
fn scenes<'p>(plan: &'p Plan, nth: usize, service: &Service, quiet: Date) -> Vec<Scene<'p>> {
    let policy = plan.policy();
    let rule_spaces = &plan.service_plan(nth).rule_spaces;
    let nexts = rule_spaces.iter().skip(1).map(|next| Some(next.from)).chain([None]);
    let mut scenes: Vec<Scene<'p>> = rule_spaces
        .iter()
        .zip(nexts)
        .map(|(rule_space, next)| {
            Scene::new(policy, nth, Cow::Borrowed(rule_space), day(rule_space.from, next, quiet))
        })
        .collect();
    let any_proposed = policy.modifications().iter().any(|one| one.effective == Edge::Never);
    if any_proposed && policy.has_proposals(service) {
        let proposed = rule_space(policy, service, Edge::Never);
        scenes.push(Scene::new(policy, nth, Cow::Owned(proposed), None));
    }
    scenes
}

/// A day on which every firm modification is in force, for what is the same on every date.
fn quiet_day(policy: &Policy) -> Date {
    let dates = policy.modifications().iter().filter_map(|one| match one.effective {
        Edge::On(date) => Some(date),
        Edge::Start | Edge::Never => None,
    });
    dates.max().unwrap_or(Date::constant(2000, 1, 1))
}

fn day(from: Edge, next: Option<Edge>, quiet: Date) -> Option<Date> {
    match (from, next) {
        (Edge::On(date), _) => Some(date),
        (_, Some(Edge::On(next))) => next.yesterday().ok(),
        _ => Some(quiet),
    }
}

impl<'p> Scene<'p> {
    pub(super) fn new(
        policy: &'p Policy,
        service: usize,
        rule_space: Cow<'p, RuleSpace>,
        day: Option<Date>,
    ) -> Self {
        let layout = layout(&rule_space.dimensions);
        let room = declared(&layout, policy, &rule_space.dimensions);
        let mut cubes = cubes(&layout, &rule_space);
        cubes.iter_mut().for_each(|cube| cube.limit(&room));
        let permits = rule_space.permits.iter().map(|word| word.count_ones() as usize).sum();
        Self { policy, service, day, layout, room, cubes, permits, rule_space }
    }

    /// The boxes of a rule, with their numbers.
    pub(super) fn boxes_of(&self, rule: usize) -> impl Iterator<Item = (usize, &Cube)> {
        self.boxes().filter(move |(_, of, _)| *of == rule).map(|(nth, _, cube)| (nth, cube))
    }

    /// Every box: its number, its rule and its cube.
    pub(super) fn boxes(&self) -> impl Iterator<Item = (usize, usize, &Cube)> {
        let boxes = self.rule_space.boxes.iter().zip(&self.cubes).enumerate();
        boxes.map(|(nth, (one, cube))| (nth, one.rule, cube))
    }

    /// A box with whatever undeclared it lets through.
    pub(super) fn whole(&self, nth: usize) -> Cube {
        self.layout.cube(|attribute, class| self.rule_space.dimensions[attribute].classes[class].passes(nth))
    }

    pub(super) fn is_permit(&self, nth: usize) -> bool {
        nth < self.permits
    }

    /// What is left of a cube without the boxes that are meant.
    pub(super) fn left(&self, of: &Cube, meant: impl Fn(usize, usize) -> bool) -> Remainder {
        let without = self.boxes().filter(|(nth, rule, _)| meant(*nth, *rule)).map(|(_, _, cube)| cube);
        self.layout.remainder(of, without)
    }

    /// A request that lies in a cube, saying no more than it must.
    pub(super) fn request(&self, cube: &Cube) -> Option<Request> {
        self.request_of(&self.layout.first(cube)?)
    }

    /// A request of one class of each attribute.
    pub(super) fn request_of(&self, cell: &[usize]) -> Option<Request> {
        let service = self.policy.services().get(self.service)?;
        let mut request = Request::new(&service.name, self.day?);
        for (nth, (attribute, dimension)) in
            self.policy.attributes().iter().zip(&self.rule_space.dimensions).enumerate()
        {
            if dimension.classes.len() == 1 {
                continue; // whatever it is makes no difference
            }
            let fact = witness::fact(self.policy, service, dimension, nth, *cell.get(nth)?);
            request.facts.extend(fact.map(|fact| (attribute.name.clone(), fact)));
        }
        Some(request)
    }
}

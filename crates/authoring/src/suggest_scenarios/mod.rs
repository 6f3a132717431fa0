//! Scenarios that show what none shows yet: few requests, each of which shows as much as it can.

mod name;
mod yaml;

use std::cmp::Reverse;

use crate::coverage::{Showing, Shown, Stretch, Usual, by_service};
use crate::scenario::{Case, Expected, ScenarioFile};
use meterwarden::decide::request::Request;
use meterwarden::plan::Plan;
use meterwarden::policy::Policy;
use meterwarden::space::{Cube, Layout};
use meterwarden_analysis::UnknownService;

/// What to propose scenarios for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wish {
    /// Only for these services and rules, by their names; for all where there is none.
    pub only: Vec<String>,
    /// For everything that can be shown, as if no scenario showed any of it.
    pub all: bool,
}

/// Proposes cases that, together with those there are, hit every rule and show every clause that can be shown.
///
/// They are few, because each case is made to show whatever it can beside what it is made for; that the set is the
/// smallest is not promised. Each case expects what the rules answer today, which is for a person to confirm.
pub fn propose(plan: &Plan, files: &[ScenarioFile], wish: &Wish) -> Vec<Case> {
    let policy = plan.policy();
    let stretches = Stretch::all(policy);
    let existing = by_service(plan, files);
    let mut shown = Shown::of(policy, &stretches);
    if !wish.all {
        for (stretches, requests) in stretches.iter().zip(&existing) {
            requests.iter().for_each(|request| shown.add(stretches, request));
        }
    }
    let everywhere = Usual::of(existing.iter().flatten().copied());
    let mut proposed = Vec::new();
    for ((service, stretches), requests) in policy.services().iter().zip(&stretches).zip(&existing) {
        let usual = Usual::of(requests.iter().copied()).or(&everywhere);
        // The law of today first: what shows a clause there is closest to what people see.
        for stretch in stretches.iter().rev() {
            let wanted = |showing: &Showing| wish.allowed(policy, &service.name, showing);
            while let Some(found) = next(stretch, &shown, &wanted) {
                let dimensions = stretch.sharp.dimensions();
                let request = usual.request(policy, service, dimensions, &found.cube, stretch.sharp.time);
                found.showings.iter().for_each(|showing| shown.note(showing));
                shown.add(stretches, &request);
                proposed.extend(case(plan, &found, request));
            }
        }
    }
    name::tell_apart(&mut proposed);
    proposed
}

/// Cases as a scenario file, to be reviewed and put where they belong.
pub fn to_yaml(cases: &[Case]) -> String {
    yaml::file(cases)
}

impl Wish {
    /// For what is named alone: rules by their names, services as [`Policy::selected`] understands them.
    pub fn only(policy: &Policy, said: &[String]) -> Result<Self, UnknownService> {
        let rules = || policy.rules().iter().map(|rule| rule.name.as_str());
        let (mut only, services): (Vec<String>, Vec<String>) =
            said.iter().cloned().partition(|name| rules().any(|rule| rule == name));
        if !services.is_empty() {
            let meant = meterwarden_analysis::selected(policy, &services)
                .map_err(|unknown| unknown.or_among(rules()))?;
            only.extend(meant.into_iter().map(|service| service.name.clone()));
        }
        Ok(Self { only, all: false })
    }

    fn allowed(&self, policy: &Policy, service: &str, showing: &Showing) -> bool {
        let rule = &policy.rules()[showing.rule].name;
        self.only.is_empty() || self.only.iter().any(|only| only == service || only == rule)
    }
}

/// Requests, and all that they show.
struct Found<'s> {
    showings: Vec<&'s Showing>,
    cube: Cube,
}

/// More beginnings than this are not tried: the answer would not get better, only later.
const MOST_BEGINNINGS: usize = 50;

/// Requests of a stretch of time that show as much as can be found that is new.
fn next<'s>(stretch: &'s Stretch<'_>, shown: &Shown, wanted: &dyn Fn(&Showing) -> bool) -> Option<Found<'s>> {
    let open = stretch.showings.iter().filter(|one| shown.lacks(one) && wanted(one));
    // What fails alone leaves the least choice, so that it goes first.
    let (whole, alone): (Vec<&Showing>, Vec<&Showing>) = open.partition(|one| one.holds);
    let open = [alone, whole].concat();
    let found = open.iter().filter_map(|first| grown(stretch, first, &open)).take(MOST_BEGINNINGS);
    // Of equally good ones the first.
    found.reduce(|best, other| if other.showings.len() > best.showings.len() { other } else { best })
}

/// Requests that show one thing, and of the others as much as goes together with it.
fn grown<'s>(stretch: &Stretch<'_>, first: &'s Showing, open: &[&'s Showing]) -> Option<Found<'s>> {
    let mut found = Found { showings: vec![first], cube: stretch.example(first)? };
    let mut inside = first.inside.clone();
    let mut without = first.without;
    for other in open.iter().filter(|other| !std::ptr::eq(**other, first)) {
        let both = meet(&stretch.sharp.layout, &inside, &other.inside);
        let neither = without.max(other.without);
        if let Some(cube) = stretch.outside(&both, neither) {
            found.showings.push(other);
            (found.cube, inside, without) = (cube, both, neither);
        }
    }
    Some(found)
}

/// What lies in a box of either list.
fn meet(layout: &Layout, one: &[Cube], other: &[Cube]) -> Vec<Cube> {
    let pairs = one.iter().flat_map(|one| other.iter().filter_map(move |other| layout.and(one, other)));
    let mut both: Vec<Cube> = pairs.collect();
    both.sort_by_cached_key(|cube| Reverse(cube.order()));
    both.dedup();
    both
}

/// The case that asks the request, and expects what it gets today.
fn case(plan: &Plan, found: &Found<'_>, request: Request) -> Option<Case> {
    let decision = plan.decide(&request).ok()?;
    let expected = Expected::of(&decision);
    let name = name::of(plan.policy(), &found.showings, &request, &decision);
    Some(Case { name, line: 0, request, expected })
}

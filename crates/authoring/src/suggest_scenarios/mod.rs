//! Suggests scenarios for what no scenario covers: few requests, each of which covers as much as it can.

mod name;
mod yaml;

use std::cmp::Reverse;

use crate::coverage::{CoverageState, Obligation, ObligationInterval, TypicalFacts, requests_by_service};
use crate::limits::MAX_SUGGESTION_SEEDS;
use crate::scenario::{Case, Expected, ScenarioFile};
use meterwarden::decide::request::Request;
use meterwarden::plan::Plan;
use meterwarden::policy::Policy;
use meterwarden::space::{Cube, Layout};
use meterwarden_analysis::UnknownService;

/// What to suggest scenarios for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// The names of services and rules. Empty for all of them.
    pub only: Vec<String>,
    /// Whether to ignore the existing scenarios, and suggest for everything that can be covered.
    pub all: bool,
}

/// Proposes cases that, together with the existing cases, hit every rule and cover every clause that can be covered.
///
/// There are few, because each case also covers what else it can; that the set is the smallest is not promised. Each
/// case expects what the rules answer today, which a person must confirm.
pub fn propose(plan: &Plan, files: &[ScenarioFile], scope: &Scope) -> Vec<Case> {
    let policy = plan.policy();
    let intervals = ObligationInterval::all(policy);
    let existing = requests_by_service(plan, files);
    let mut state = CoverageState::of(policy, &intervals);
    if !scope.all {
        for (intervals, requests) in intervals.iter().zip(&existing) {
            requests.iter().for_each(|request| state.add(intervals, request));
        }
    }
    let typical_of_all = TypicalFacts::of(existing.iter().flatten().copied());
    let mut proposed = Vec::new();
    for ((service, intervals), requests) in policy.services().iter().zip(&intervals).zip(&existing) {
        let typical = TypicalFacts::of(requests.iter().copied()).or(&typical_of_all);
        // The last interval first: a clause that is covered there is closest to what people see today.
        for interval in intervals.iter().rev() {
            let wanted = |obligation: &Obligation| scope.includes(policy, &service.name, obligation);
            while let Some(candidate) = best_candidate(interval, &state, &wanted) {
                let space = &interval.space;
                let request =
                    typical.request(policy, service, space.dimensions(), &candidate.cube, space.interval);
                candidate.obligations.iter().for_each(|obligation| state.mark(obligation));
                state.add(intervals, &request);
                proposed.extend(case(plan, &candidate, request));
            }
        }
    }
    name::disambiguate(&mut proposed);
    proposed
}

/// Cases as the text of a scenario file, for a person to review and move to the right place.
pub fn to_yaml(cases: &[Case]) -> String {
    yaml::file(cases)
}

impl Scope {
    /// Only these rules, by their names, and these services, as `meterwarden_analysis::selected` understands them.
    ///
    /// # Errors
    ///
    /// A name is neither a rule nor a service.
    pub fn only(policy: &Policy, names: &[String]) -> Result<Self, UnknownService> {
        let rules = || policy.rules().iter().map(|rule| rule.name.as_str());
        let (mut only, services): (Vec<String>, Vec<String>) =
            names.iter().cloned().partition(|name| rules().any(|rule| rule == name));
        if !services.is_empty() {
            let selected = meterwarden_analysis::selected(policy, &services)
                .map_err(|unknown| unknown.or_among(rules()))?;
            only.extend(selected.into_iter().map(|service| service.name.clone()));
        }
        Ok(Self { only, all: false })
    }

    fn includes(&self, policy: &Policy, service: &str, obligation: &Obligation) -> bool {
        let rule = &policy.rules()[obligation.rule].name;
        self.only.is_empty() || self.only.iter().any(|name| name == service || name == rule)
    }
}

/// Requests that meet several obligations at once.
struct Candidate<'o> {
    obligations: Vec<&'o Obligation>,
    cube: Cube,
}

/// The requests of an interval that meet the most obligations that are open and wanted.
fn best_candidate<'o>(
    interval: &'o ObligationInterval<'_>,
    state: &CoverageState,
    wanted: &dyn Fn(&Obligation) -> bool,
) -> Option<Candidate<'o>> {
    let open =
        interval.obligations.iter().filter(|obligation| state.is_open(obligation) && wanted(obligation));
    // A clause that must fail alone leaves the least choice, so that it goes first.
    let (holding, failing): (Vec<&Obligation>, Vec<&Obligation>) =
        open.partition(|obligation| obligation.holds);
    let open = [failing, holding].concat();
    let candidates = open.iter().filter_map(|seed| grow(interval, seed, &open)).take(MAX_SUGGESTION_SEEDS);
    // Among equally good candidates, the first.
    candidates.reduce(|best, next| if next.obligations.len() > best.obligations.len() { next } else { best })
}

/// Requests that meet one obligation, and as many of the others as they can meet together with it.
fn grow<'o>(
    interval: &ObligationInterval<'_>,
    seed: &'o Obligation,
    open: &[&'o Obligation],
) -> Option<Candidate<'o>> {
    let mut candidate = Candidate { obligations: vec![seed], cube: interval.example(seed)? };
    let mut inside = seed.inside.clone();
    let mut exclusion = seed.exclusion;
    for obligation in open.iter().filter(|obligation| !std::ptr::eq(**obligation, seed)) {
        let both = intersection(&interval.space.layout, &inside, &obligation.inside);
        // The larger exclusion includes the smaller.
        let larger = exclusion.max(obligation.exclusion);
        if let Some(cube) = interval.outside(&both, larger) {
            candidate.obligations.push(obligation);
            (candidate.cube, inside, exclusion) = (cube, both, larger);
        }
    }
    Some(candidate)
}

/// The requests that are in a box of both lists.
fn intersection(layout: &Layout, first: &[Cube], second: &[Cube]) -> Vec<Cube> {
    let pairs = first.iter().flat_map(|a| second.iter().filter_map(move |b| layout.and(a, b)));
    let mut both: Vec<Cube> = pairs.collect();
    both.sort_by_cached_key(|cube| Reverse(cube.order()));
    both.dedup();
    both
}

/// The case with this request, which expects what the request gets today.
fn case(plan: &Plan, candidate: &Candidate<'_>, request: Request) -> Option<Case> {
    let decision = plan.decide(&request).ok()?;
    let expected = Expected::of(&decision);
    let name = name::of(plan.policy(), &candidate.obligations, &request, &decision);
    Some(Case { name, line: 0, request, expected })
}

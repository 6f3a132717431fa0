//! What has to be shown of a rule, and which requests show it: each clause once true where the rule decides, and once
//! false on its own.

use super::sharp::{Sharp, SharpBox};
use meterwarden::policy::{Edge, Effect, Policy, Rule, Test, Window};
use meterwarden::space::Cube;

/// A clause of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Part {
    /// `since MP125`
    Since,
    /// `until MP125`
    Until,
    /// `status Pending`: a clause of its own, by its place.
    Own(usize),
    /// A clause of a case of a condition that the rule names, each by its place.
    Case { when: usize, case: usize, clause: usize },
}

/// Requests that show something of a rule: those of a few boxes that lie in no box of some others.
#[derive(Debug)]
pub(crate) struct Showing {
    pub(crate) rule: usize,
    /// The clauses of which it is shown.
    pub(crate) parts: Vec<Part>,
    /// Whether it shows that the clauses hold, or that the one clause fails alone.
    pub(crate) holds: bool,
    /// The boxes: a request has to lie in one.
    pub(crate) inside: Vec<Cube>,
    /// The others.
    pub(crate) without: Without,
}

/// What a request must not lie in. Each holds all before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Without {
    /// Requests with undeclared fields.
    Undeclared,
    /// And what a forbid matches.
    Forbidden,
    /// And what a permit matches.
    Ruled,
}

/// A stretch of time of a service, and what can be shown in it.
#[derive(Debug)]
pub(crate) struct Stretch<'p> {
    pub(crate) sharp: Sharp<'p>,
    /// Undeclared requests first, then the forbids, then the permits in force.
    ruled: Vec<Cube>,
    undeclared: usize,
    forbidden: usize,
    pub(crate) showings: Vec<Showing>,
}

impl<'p> Stretch<'p> {
    /// Every stretch of time of every service: `all[s]` are those of `policy.services()[s]`.
    pub(crate) fn all(policy: &'p Policy) -> Vec<Vec<Self>> {
        let of = |service| Sharp::all(policy, service).into_iter().map(Self::of).collect();
        policy.services().iter().map(of).collect()
    }

    fn of(sharp: Sharp<'p>) -> Self {
        let mut ruled: Vec<Cube> = sharp.undeclared().into_iter().collect();
        let undeclared = ruled.len();
        ruled.extend(sharp.in_force(Effect::Forbid).cloned());
        let forbidden = ruled.len();
        ruled.extend(sharp.in_force(Effect::Permit).cloned());
        let showings = sharp.boxes.iter().flat_map(|one| showings(&sharp, one)).collect();
        Self { sharp, ruled, undeclared, forbidden, showings }
    }

    /// The boxes in which a request must not lie.
    pub(crate) fn without(&self, without: Without) -> &[Cube] {
        let end = match without {
            Without::Undeclared => self.undeclared,
            Without::Forbidden => self.forbidden,
            Without::Ruled => self.ruled.len(),
        };
        self.ruled.get(..end).unwrap_or_default()
    }

    /// Whether a request shows it, whatever its completion.
    pub(crate) fn is_shown(&self, showing: &Showing, request: &Cube) -> bool {
        let layout = &self.sharp.layout;
        let inside = showing.inside.iter().any(|one| one.covers(request));
        (inside || layout.outside(request, &showing.inside).is_none())
            && !self.without(showing.without).iter().any(|other| layout.meet(other, request))
    }

    /// A part of one of some boxes in which a request need not lie in any that it must not, if there is one.
    pub(crate) fn outside(&self, inside: &[Cube], without: Without) -> Option<Cube> {
        inside.iter().find_map(|one| self.sharp.layout.outside(one, self.without(without)))
    }

    /// Requests that show it, if there are any.
    pub(crate) fn example(&self, showing: &Showing) -> Option<Cube> {
        self.outside(&showing.inside, showing.without)
    }
}

/// What can be shown of one box in one stretch of time.
fn showings(sharp: &Sharp<'_>, one: &SharpBox) -> Vec<Showing> {
    let rule = &sharp.policy.rules()[one.rule];
    if !one.in_force {
        let bound = bound_that_fails(rule.window, sharp.time.from);
        return bound
            .map(|part| showing(sharp, one, vec![part], Some(one.cube.clone())))
            .into_iter()
            .collect();
    }
    let clauses = parts(sharp.policy, rule, &one.cases);
    let whole = clauses.iter().flatten().copied().chain(bounds(rule)).collect();
    let mut all = vec![showing(sharp, one, whole, None)];
    for (nth, part) in clauses.into_iter().enumerate() {
        all.extend(part.map(|part| showing(sharp, one, vec![part], Some(one.all_but(&sharp.layout, nth)))));
    }
    all
}

/// The box that decides, or the requests that fail one clause alone, where that clause makes the difference: what it
/// stands between is a permission and a refusal.
fn showing(sharp: &Sharp<'_>, one: &SharpBox, parts: Vec<Part>, fails: Option<Cube>) -> Showing {
    let effect = sharp.policy.rules()[one.rule].effect;
    let holds = fails.is_none();
    let cube = fails.unwrap_or_else(|| one.cube.clone());
    let (inside, without) = match (effect, holds) {
        (Effect::Permit, true) => (vec![cube], Without::Forbidden),
        (Effect::Permit, false) => (vec![cube], Without::Ruled),
        (Effect::Forbid, _) => {
            let permits = sharp.in_force(Effect::Permit);
            let without = if holds { Without::Undeclared } else { Without::Forbidden };
            (permits.filter_map(|permit| sharp.layout.and(permit, &cube)).collect(), without)
        }
    };
    Showing { rule: one.rule, parts, holds, inside, without }
}

/// The bound of a rule's dates that alone keeps it out of force.
fn bound_that_fails(window: Window, at: Edge) -> Option<Part> {
    match (window.from <= at, at < window.until || window.until == Edge::Never) {
        (false, true) => Some(Part::Since),
        (true, false) => Some(Part::Until),
        _ => None,
    }
}

/// The bounds that a rule says.
pub(crate) fn bounds(rule: &Rule) -> impl Iterator<Item = Part> {
    let since = (rule.window.from != Edge::Start).then_some(Part::Since);
    let until = (rule.window.until != Edge::Never || rule.window.named[1].is_some()).then_some(Part::Until);
    since.into_iter().chain(until)
}

/// The clauses of one combination of cases, in the order of a box's constraints; nothing for one that says `any`.
pub(crate) fn parts(policy: &Policy, rule: &Rule, cases: &[usize]) -> Vec<Option<Part>> {
    let own = rule.clauses.iter().enumerate();
    let own = own.map(|(nth, clause)| (clause.test != Test::Any).then_some(Part::Own(nth)));
    let chosen = rule.when.iter().zip(cases).enumerate();
    let of_cases = chosen.flat_map(|(when, (condition, &case))| {
        let clauses = policy.conditions()[*condition].cases[case].iter().enumerate();
        clauses.map(move |(nth, clause)| {
            (clause.test != Test::Any).then_some(Part::Case { when, case, clause: nth })
        })
    });
    own.chain(of_cases).collect()
}

//! The test obligations of rules, in the manner of MC/DC (modified condition/decision coverage): every clause is once
//! true where the rule decides, and once false while everything else holds, so that this clause alone makes the
//! difference.

use super::clause_space::{ClauseBox, ClauseSpace};
use meterwarden::policy::{Edge, Effect, Policy, Rule, Test, Window};
use meterwarden::space::Cube;

/// A clause of a rule.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum ClauseId {
    /// `since MP125`
    Since,
    /// `until MP125`
    Until,
    /// `status Pending`: the rule's own clause with this index.
    Own(usize),
    /// A clause in an alternative of a condition, each by its index. `when` is the index in the rule's list of
    /// conditions.
    InCondition { when: usize, alternative: usize, clause: usize },
}

/// A test obligation: a case meets it with a request that is in one of some boxes and in no box of an exclusion.
#[derive(Debug)]
pub(crate) struct Obligation {
    /// The index of the rule in the policy.
    pub(crate) rule: usize,
    /// The clauses that are covered by a request that meets it.
    pub(crate) clauses: Vec<ClauseId>,
    /// Whether all clauses hold and the rule decides. Otherwise the one clause is false alone.
    pub(crate) holds: bool,
    /// The request must be in one of these boxes.
    pub(crate) inside: Vec<Cube>,
    /// The request must be in no box of this exclusion.
    pub(crate) exclusion: Exclusion,
}

/// The boxes that a request must not be in. Each variant includes those before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exclusion {
    /// Requests with undeclared fields.
    Undeclared,
    /// Also what a forbid matches.
    Forbidden,
    /// Also what a permit matches.
    Permitted,
}

/// An interval of a service, with the obligations in it.
#[derive(Debug)]
pub(crate) struct ObligationInterval<'p> {
    pub(crate) space: ClauseSpace<'p>,
    /// First the requests with undeclared fields, then the forbids in force, then the permits in force.
    excluded: Vec<Cube>,
    /// The end of the requests with undeclared fields in `excluded`.
    undeclared_end: usize,
    /// The end of the forbids in `excluded`.
    forbids_end: usize,
    pub(crate) obligations: Vec<Obligation>,
}

impl<'p> ObligationInterval<'p> {
    /// Every interval of every service: `all[s]` are those of `policy.services()[s]`.
    pub(crate) fn all(policy: &'p Policy) -> Vec<Vec<Self>> {
        let of = |service| ClauseSpace::all(policy, service).into_iter().map(Self::of).collect();
        policy.services().iter().map(of).collect()
    }

    fn of(space: ClauseSpace<'p>) -> Self {
        let mut excluded: Vec<Cube> = space.undeclared().into_iter().collect();
        let undeclared_end = excluded.len();
        excluded.extend(space.in_force(Effect::Forbid).cloned());
        let forbids_end = excluded.len();
        excluded.extend(space.in_force(Effect::Permit).cloned());
        let obligations = space.boxes.iter().flat_map(|clause_box| obligations(&space, clause_box)).collect();
        Self { space, excluded, undeclared_end, forbids_end, obligations }
    }

    /// The boxes of an exclusion.
    fn excluded(&self, exclusion: Exclusion) -> &[Cube] {
        let end = match exclusion {
            Exclusion::Undeclared => self.undeclared_end,
            Exclusion::Forbidden => self.forbids_end,
            Exclusion::Permitted => self.excluded.len(),
        };
        self.excluded.get(..end).unwrap_or_default()
    }

    /// Whether every completion of a request meets an obligation.
    pub(crate) fn is_met(&self, obligation: &Obligation, request: &Cube) -> bool {
        let layout = &self.space.layout;
        let in_one_box = obligation.inside.iter().any(|cube| cube.covers(request));
        (in_one_box || layout.outside(request, &obligation.inside).is_none())
            && !self.excluded(obligation.exclusion).iter().any(|cube| layout.meet(cube, request))
    }

    /// A part of one of these boxes that is in no box of an exclusion, if there is one.
    pub(crate) fn outside(&self, inside: &[Cube], exclusion: Exclusion) -> Option<Cube> {
        inside.iter().find_map(|cube| self.space.layout.outside(cube, self.excluded(exclusion)))
    }

    /// Requests that meet an obligation, if there are any.
    pub(crate) fn example(&self, obligation: &Obligation) -> Option<Cube> {
        self.outside(&obligation.inside, obligation.exclusion)
    }
}

/// The obligations of one box in one interval.
fn obligations(space: &ClauseSpace<'_>, clause_box: &ClauseBox) -> Vec<Obligation> {
    let rule = &space.policy.rules()[clause_box.rule];
    if !clause_box.in_force {
        let date = date_that_fails(rule.window, space.interval.from);
        return date
            .map(|date| obligation(space, clause_box, vec![date], Some(clause_box.cube.clone())))
            .into_iter()
            .collect();
    }
    let clauses = clauses(space.policy, rule, &clause_box.alternatives);
    let all_clauses = clauses.iter().flatten().copied().chain(dates(rule)).collect();
    let mut obligations = vec![obligation(space, clause_box, all_clauses, None)];
    for (index, clause) in clauses.into_iter().enumerate() {
        let Some(clause) = clause else { continue };
        let fails = clause_box.fails_only(&space.layout, index);
        obligations.push(obligation(space, clause_box, vec![clause], Some(fails)));
    }
    obligations
}

/// The obligation that a box decides or, with `fails`, that a clause fails alone and thereby makes the difference
/// between a permission and a refusal. `fails` are the requests that fail this clause alone.
fn obligation(
    space: &ClauseSpace<'_>,
    clause_box: &ClauseBox,
    clauses: Vec<ClauseId>,
    fails: Option<Cube>,
) -> Obligation {
    let effect = space.policy.rules()[clause_box.rule].effect;
    let holds = fails.is_none();
    let cube = fails.unwrap_or_else(|| clause_box.cube.clone());
    let (inside, exclusion) = match (effect, holds) {
        (Effect::Permit, true) => (vec![cube], Exclusion::Forbidden),
        (Effect::Permit, false) => (vec![cube], Exclusion::Permitted),
        // A forbid makes a difference only for what a permit matches.
        (Effect::Forbid, _) => {
            let permits = space.in_force(Effect::Permit);
            let exclusion = if holds { Exclusion::Undeclared } else { Exclusion::Forbidden };
            (permits.filter_map(|permit| space.layout.and(permit, &cube)).collect(), exclusion)
        }
    };
    Obligation { rule: clause_box.rule, clauses, holds, inside, exclusion }
}

/// The date of a rule that alone puts it out of force.
fn date_that_fails(window: Window, at: Edge) -> Option<ClauseId> {
    match (window.from <= at, at < window.until || window.until == Edge::Never) {
        (false, true) => Some(ClauseId::Since),
        (true, false) => Some(ClauseId::Until),
        _ => None,
    }
}

/// The dates that a rule has.
pub(crate) fn dates(rule: &Rule) -> impl Iterator<Item = ClauseId> {
    let since = (rule.window.from != Edge::Start).then_some(ClauseId::Since);
    let has_until = rule.window.until != Edge::Never || rule.window.named[1].is_some();
    since.into_iter().chain(has_until.then_some(ClauseId::Until))
}

/// The clauses of a rule with one alternative of each of its conditions, in the order of [`ClauseBox::clauses`]. A
/// clause with `any` is `None`, because it cannot fail.
pub(crate) fn clauses(policy: &Policy, rule: &Rule, alternatives: &[usize]) -> Vec<Option<ClauseId>> {
    let own = rule.clauses.iter().enumerate();
    let own = own.map(|(index, clause)| (clause.test != Test::Any).then_some(ClauseId::Own(index)));
    let chosen = rule.when.iter().zip(alternatives).enumerate();
    let in_conditions = chosen.flat_map(|(when, (condition, &alternative))| {
        let clauses = policy.conditions()[*condition].cases[alternative].iter().enumerate();
        clauses.map(move |(index, clause)| {
            let id = ClauseId::InCondition { when, alternative, clause: index };
            (clause.test != Test::Any).then_some(id)
        })
    });
    own.chain(in_conditions).collect()
}

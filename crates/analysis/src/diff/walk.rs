//! The walk of one request through both laws at once, check by check, no further than where they can differ.

use std::marker::PhantomData;

use super::codes::{self, Codes};
use super::law::{JointBox, Stretch};
use super::space::Space;
use super::vocabulary::Joint;
use meterwarden::base::bit_set::{BitSet, RuleSet, mask};
use meterwarden::policy::Effect;
use meterwarden::space::Dimension;
use meterwarden::space::{Diagram, MOST_STATES, TooLarge, Walk};

/// How a request's answer differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Change {
    /// It does not: the same decision, and if it is a refusal, the same code.
    Same,
    /// It is permitted and was not.
    Wider,
    /// It was permitted and is not.
    Narrower,
    /// It is refused with another code: places in the list of codes.
    Code(u16, u16),
}

/// The changes of one service.
pub(super) fn changes(space: &Space<'_>, joint: &Joint<'_>) -> Result<Diagram<Change>, TooLarge> {
    if space.boxes.len() <= 64 { walked::<u64>(space, joint) } else { walked::<RuleSet>(space, joint) }
}

fn walked<A: BitSet>(space: &Space<'_>, joint: &Joint<'_>) -> Result<Diagram<Change>, TooLarge> {
    let choices: Vec<usize> = space.weights.iter().map(Vec::len).collect();
    let walk =
        Pair { space, joint, answers: Answers::new(space, joint), choices: &choices, alive: PhantomData };
    let none = || Law::Open(A::of(&mask(space.boxes.len(), |_| false)));
    Diagram::of(&walk, &choices, [none(), none()], MOST_STATES)
}

struct Pair<'s, 'p, A> {
    space: &'s Space<'p>,
    joint: &'s Joint<'p>,
    answers: Answers,
    choices: &'s [usize],
    alive: PhantomData<A>,
}

/// How far one law has come with a request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Law<A> {
    /// The boxes that may still match.
    Open(A),
    /// It is refused with this code.
    Refused(u16),
}

/// What decides which code a law answers with, and where; boxes as masks.
struct Answers {
    permits: RuleSet,
    forbids: RuleSet,
    /// `at[check]`: the forbids that answer there.
    at: Vec<RuleSet>,
    /// Of each box, the code that it answers with if it says so.
    boxes: Vec<Option<u16>>,
    /// `own[law][attribute][class]`: what a refusal there answers.
    own: [Vec<Vec<u16>>; 2],
    /// What a refusal at the first attribute answers: also of a forbid that turns out to leave nothing out.
    first: [u16; 2],
    /// `ranks[law][b]`: the rule of a box, which gives its place in policy order.
    ranks: [Vec<usize>; 2],
    /// `known[d]`: whether both policies have all words from dimension `d` on.
    known: Vec<bool>,
    /// `alike[d]`: whether from dimension `d` on the laws answer alike.
    alike: Vec<bool>,
}

impl<A: BitSet> Walk for Pair<'_, '_, A> {
    type State = [Law<A>; 2];
    type End = Change;

    fn step(&self, state: &[Law<A>; 2], dimension: usize, choice: usize) -> [Law<A>; 2] {
        match dimension.checked_sub(1) {
            None => [0, 1].map(|law| self.begin(law, choice)),
            Some(attribute) => [0, 1].map(|law| self.check(law, &state[law], attribute, choice)),
        }
    }

    fn end(&self, state: &[Law<A>; 2], dimension: usize) -> Option<Change> {
        let last = dimension == self.choices.len();
        let permits = |law: &Law<A>| match law {
            Law::Open(alive) => !alive.meets(&self.answers.forbids),
            Law::Refused(_) => false,
        };
        match state {
            // What a policy has no word for is no request to it: that shows at the latest attribute.
            [Law::Refused(before), Law::Refused(after)]
                if before == after || last || self.answers.known[dimension] =>
            {
                Some(self.codes(*before, *after))
            }
            [one, other] if one == other && dimension > 0 && self.answers.alike[dimension] => {
                Some(Change::Same)
            }
            [one, other] if last => Some(match (permits(one), permits(other)) {
                (true, false) => Change::Narrower,
                (false, true) => Change::Wider,
                _ => Change::Same,
            }),
            _ => None,
        }
    }
}

impl<A: BitSet> Pair<'_, '_, A> {
    fn codes(&self, before: u16, after: u16) -> Change {
        let told = self.joint.same_order && before != Codes::UNKNOWN && after != Codes::UNKNOWN;
        if told && before != after { Change::Code(before, after) } else { Change::Same }
    }

    fn begin(&self, law: usize, stretch: usize) -> Law<A> {
        let Some(one) = &self.space.stretches[stretch].laws[law] else { return Law::Refused(Codes::UNKNOWN) };
        let mut alive = one.boxes.clone();
        alive.resize(self.space.boxes.len().div_ceil(64).max(1), 0);
        let alive = A::of(&alive);
        match self.answering(law, &alive, 0) {
            Some(Codes::OWN) => Law::Refused(self.answers.first[law]),
            Some(code) => Law::Refused(code),
            None => Law::Open(alive),
        }
    }

    /// Goes through one check of one law.
    fn check(&self, law: usize, state: &Law<A>, attribute: usize, class: usize) -> Law<A> {
        let class_of = &self.space.dimensions[attribute].classes[class];
        if self.space.unknown[law].iter().any(|(about, nth)| *about == attribute && class_of.passes(*nth)) {
            return Law::Refused(Codes::UNKNOWN);
        }
        let Law::Open(alive) = state else { return state.clone() };
        let alive = alive.both(&class_of.passes);
        if !self.joint.answers[law][attribute].checked {
            return Law::Open(alive); // it does not have the attribute, and does not check it
        }
        let own = self.answers.own[law][attribute][class];
        if let Some(code) = self.answering(law, &alive, attribute + 1) {
            return Law::Refused(if code == Codes::OWN { own } else { code });
        }
        if alive.meets(&self.answers.permits) { Law::Open(alive) } else { Law::Refused(own) }
    }

    /// The code of the first forbid, in policy order, that answers at a check.
    fn answering(&self, law: usize, alive: &A, check: usize) -> Option<u16> {
        let here = &self.answers.at[check];
        if !alive.meets(here) {
            return None;
        }
        let first = alive.both(here).bits().min_by_key(|nth| self.answers.ranks[law][*nth])?;
        Some(self.answers.boxes[first].unwrap_or(Codes::OWN))
    }
}

impl Answers {
    fn new(space: &Space<'_>, joint: &Joint<'_>) -> Self {
        let mask =
            |holds: &dyn Fn(&JointBox<'_>) -> bool| mask(space.boxes.len(), |nth| holds(&space.boxes[nth]));
        let forbids = mask(&|one| one.effect == Effect::Forbid);
        let at = |check| mask(&|one| one.effect == Effect::Forbid && one.answers == check);
        let boxes =
            space.boxes.iter().map(|one| one.refuse.map(|refuse| joint.codes.place(refuse))).collect();
        let own = joint.answers.each_ref().map(|answers| {
            let at = |(dimension, answers): (&Dimension, &codes::Answers)| {
                dimension.classes.iter().map(|class| answers.to(class.values.first().copied())).collect()
            };
            space.dimensions.iter().zip(answers).map(at).collect()
        });
        let first = [0, 1].map(|law: usize| joint.first(law));
        let known = known(space);
        let alike = alike(space, joint, &own, &known);
        Self {
            permits: mask(&|one| one.effect == Effect::Permit),
            at: (0..=space.dimensions.len()).map(at).collect(),
            forbids,
            boxes,
            own,
            first,
            ranks: [0, 1].map(|law| ranks(space, law)),
            known,
            alike,
        }
    }
}

fn ranks(space: &Space<'_>, law: usize) -> Vec<usize> {
    let rank = |nth: usize| {
        let laws = space.stretches.iter().filter_map(|one| one.laws[law].as_ref());
        laws.filter_map(|law| law.rule(nth)).min().unwrap_or(usize::MAX)
    };
    (0..space.boxes.len()).map(rank).collect()
}

fn known(space: &Space<'_>) -> Vec<bool> {
    let attributes = space.dimensions.len();
    let unknown = |attribute: usize| space.unknown.iter().flatten().any(|(about, _)| *about == attribute);
    let mut known = vec![true; attributes + 2];
    for attribute in (0..attributes).rev() {
        known[attribute + 1] = known[attribute + 2] && !unknown(attribute);
    }
    known
}

fn alike(space: &Space<'_>, joint: &Joint<'_>, own: &[Vec<Vec<u16>>; 2], known: &[bool]) -> Vec<bool> {
    let ordered = !space.stretches.iter().any(Stretch::is_reordered);
    let mut alike = vec![ordered; known.len()];
    for attribute in (0..own[0].len()).rev() {
        let checked = joint.answers.each_ref().map(|answers| answers[attribute].checked);
        let same = own[0][attribute] == own[1][attribute] && checked[0] == checked[1];
        alike[attribute + 1] = alike[attribute + 2] && same && known[attribute + 1];
    }
    alike
}

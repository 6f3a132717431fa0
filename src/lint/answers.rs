//! Whether requests are answered alike with some boxes and with others: permitted by both, or refused by both at the
//! same attribute, with the same code and the same reason. Which rule is named makes no difference.

use super::scene::Scene;
use crate::compile::{Epoch, Mask, bits};
use crate::policy::Answer;

/// More steps than this, and the answer is not known.
const MOST_STEPS: usize = 50_000;

/// The boxes that are alive on the two sides that are compared.
#[derive(Clone)]
struct Sides {
    permits: [Mask; 2],
    forbids: [Mask; 2],
}

struct Walk<'s, 'p> {
    scene: &'s Scene<'p>,
    epoch: &'s Epoch,
    /// The requests that are compared: those in this box.
    within: usize,
    steps: usize,
}

/// How a comparison ended.
enum Ended {
    Alike,
    Differ,
    Unknown,
}

/// Whether every request in a box is answered alike with all boxes and without those that are dropped. `false` if
/// that would take too long to find out.
pub(super) fn alike(scene: &Scene<'_>, within: usize, dropped: &dyn Fn(usize) -> bool) -> bool {
    between(scene, within, &|_| false, dropped)
}

/// The same, for two sides that each leave out some of the boxes.
pub(super) fn between(
    scene: &Scene<'_>,
    within: usize,
    left: &dyn Fn(usize) -> bool,
    right: &dyn Fn(usize) -> bool,
) -> bool {
    let epoch: &Epoch = &scene.epoch;
    let without = |mask: &Mask, dropped: &dyn Fn(usize) -> bool| -> Mask {
        let keep = |(nth, word): (usize, &u64)| {
            (0..64).filter(|bit| !dropped(nth * 64 + bit)).fold(0, |kept, bit| kept | word & 1 << bit)
        };
        mask.iter().enumerate().map(keep).collect()
    };
    let sides = Sides {
        permits: [without(&epoch.permits, left), without(&epoch.permits, right)],
        forbids: [without(&epoch.forbids, left), without(&epoch.forbids, right)],
    };
    let mut walk = Walk { scene, epoch, within, steps: MOST_STEPS };
    let first = |side: usize| bits(&sides.forbids[side]).find(|nth| epoch.boxes[*nth].answers == 0);
    let own =
        |nth: Option<usize>| nth.and_then(|nth| scene.policy.rules[epoch.boxes[nth].rule].refuse.as_ref());
    match (first(0), first(1)) {
        (None, None) => matches!(walk.enter(0, &sides), Ended::Alike),
        (one, other) => one.is_some() == other.is_some() && own(one) == own(other),
    }
}

impl Walk<'_, '_> {
    /// Tries every kind of an attribute that lies in the box.
    fn enter(&mut self, attribute: usize, sides: &Sides) -> Ended {
        let Some(axis) = self.epoch.axes.get(attribute) else { return Ended::Alike };
        let within = self.within;
        for kind in (0..axis.kinds.len()).filter(|kind| axis.kinds[*kind].passes(within)) {
            let Some(left) = self.steps.checked_sub(1) else { return Ended::Unknown };
            self.steps = left;
            let next = sides.passing(&axis.kinds[kind].passes);
            if next.are_same() {
                continue;
            }
            let ended =
                match (self.failure(attribute, kind, &next, 0), self.failure(attribute, kind, &next, 1)) {
                    (None, None) => self.enter(attribute + 1, &next),
                    (one, other) if one == other => Ended::Alike,
                    _ => Ended::Differ,
                };
            if !matches!(ended, Ended::Alike) {
                return ended;
            }
        }
        Ended::Alike
    }

    /// What a request that has come so far is refused with at this attribute, if it is.
    fn failure(&self, attribute: usize, kind: usize, sides: &Sides, side: usize) -> Option<&Answer> {
        let policy = self.scene.policy;
        let one = &self.epoch.axes[attribute].kinds[kind];
        let own = one.refuse.as_ref().unwrap_or(&policy.attributes[attribute].refuse);
        let answering =
            bits(&sides.forbids[side]).find(|nth| self.epoch.boxes[*nth].answers == attribute + 1);
        if let Some(forbid) = answering {
            return Some(policy.rules[self.epoch.boxes[forbid].rule].refuse.as_ref().unwrap_or(own));
        }
        let undeclared = policy.fields == Some(attribute) && one.undeclared;
        let dead = sides.permits[side].iter().all(|word| *word == 0);
        (undeclared || dead).then_some(own)
    }
}

impl Sides {
    fn passing(&self, passes: &Mask) -> Self {
        let and = |mask: &Mask| mask.iter().zip(passes).map(|(mask, passes)| mask & passes).collect();
        Self { permits: self.permits.each_ref().map(and), forbids: self.forbids.each_ref().map(and) }
    }

    /// Whether both sides have the same boxes left, so that nothing can tell them apart any more.
    fn are_same(&self) -> bool {
        self.permits[0] == self.permits[1] && self.forbids[0] == self.forbids[1]
    }
}

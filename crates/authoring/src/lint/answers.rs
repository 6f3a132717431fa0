//! Whether requests are answered alike with some boxes and with others: permitted by both, or refused by both at the
//! same attribute, with the same code and the same reason. Which rule is named makes no difference.

use super::scene::Scene;
use meterwarden::base::bit_set::{Mask, bits, mask};
use meterwarden::policy::Answer;
use meterwarden::space::Epoch;

/// More steps than this, and the answer is not known.
const MOST_STEPS: usize = 50_000;

struct Walk<'s, 'p> {
    scene: &'s Scene<'p>,
    epoch: &'s Epoch,
    /// The requests that are compared: those in this box.
    within: usize,
    /// The boxes that are alive on the two sides, the one behind the other: before the first attribute, before the next,
    /// and so on.
    alive: Vec<u64>,
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
    let alive = [left, right].map(|dropped| mask(epoch.boxes.len(), |nth| !dropped(nth))).concat();
    let mut walk = Walk { scene, epoch, within, alive, steps: MOST_STEPS };
    let at_once = |side: usize| walk.forbids(0, side).find(|nth| epoch.boxes[*nth].answers == 0);
    let own =
        |nth: Option<usize>| nth.and_then(|nth| scene.policy.rules()[epoch.boxes[nth].rule].refuse.as_ref());
    match (at_once(0), at_once(1)) {
        (None, None) => matches!(walk.enter(0), Ended::Alike),
        (one, other) => one.is_some() == other.is_some() && own(one) == own(other),
    }
}

impl Walk<'_, '_> {
    /// Tries every kind of an attribute that lies in the box.
    fn enter(&mut self, attribute: usize) -> Ended {
        let epoch = self.epoch;
        let Some(axis) = epoch.axes.get(attribute) else { return Ended::Alike };
        let within = self.within;
        for (nth, kind) in axis.kinds.iter().enumerate().filter(|(_, kind)| kind.passes(within)) {
            let Some(left) = self.steps.checked_sub(1) else { return Ended::Unknown };
            self.steps = left;
            self.pass(attribute, &kind.passes);
            let [one, other] = [0, 1].map(|side| self.alive(attribute + 1, side));
            if one == other {
                continue; // nothing can tell them apart any more
            }
            let ended = match (self.failure(attribute, nth, 0), self.failure(attribute, nth, 1)) {
                (None, None) => self.enter(attribute + 1),
                (one, other) if one == other => Ended::Alike,
                _ => Ended::Differ,
            };
            if !matches!(ended, Ended::Alike) {
                return ended;
            }
        }
        Ended::Alike
    }

    /// Of the boxes alive before an attribute those that pass are alive behind it.
    fn pass(&mut self, attribute: usize, passes: &Mask) {
        let width = 2 * passes.len();
        self.alive.truncate((attribute + 1) * width);
        for nth in 0..width {
            let before = self.alive[attribute * width + nth];
            self.alive.push(before & passes[nth % passes.len()]);
        }
    }

    /// The boxes that are alive on a side before an attribute.
    fn alive(&self, attribute: usize, side: usize) -> &[u64] {
        let width = self.epoch.permits.len();
        let start = (2 * attribute + side) * width;
        self.alive.get(start..start + width).unwrap_or_default()
    }

    /// The forbids among them, in order.
    fn forbids(&self, attribute: usize, side: usize) -> impl Iterator<Item = usize> {
        bits(self.alive(attribute, side)).skip_while(|nth| *nth < self.scene.permits)
    }

    /// What a request that has come so far is refused with at this attribute, if it is.
    fn failure(&self, attribute: usize, kind: usize, side: usize) -> Option<&Answer> {
        let policy = self.scene.policy;
        let one = &self.epoch.axes[attribute].kinds[kind];
        let own = one.refuse.as_deref().unwrap_or(&policy.attributes()[attribute].refuse);
        let mut forbids = self.forbids(attribute + 1, side);
        if let Some(forbid) = forbids.find(|nth| self.epoch.boxes[*nth].answers == attribute + 1) {
            return Some(policy.rules()[self.epoch.boxes[forbid].rule].refuse.as_ref().unwrap_or(own));
        }
        let undeclared = policy.fields_attribute() == Some(attribute) && one.undeclared;
        let alive = self.alive(attribute + 1, side);
        let dead = alive.iter().zip(&self.epoch.permits).all(|(alive, permits)| alive & permits == 0);
        (undeclared || dead).then_some(own)
    }
}

//! Whether requests are answered alike with some boxes and with others: permitted by both, or refused by both at the
//! same attribute, with the same code and the same reason. Which rule is named makes no difference.

use super::scene::Scene;
use meterwarden::base::bit_set::{RuleSet, bits, mask};
use meterwarden::policy::Answer;
use meterwarden::space::RuleSpace;

/// More steps than this, and the answer is not known.
const MOST_STEPS: usize = 50_000;

struct Walk<'s, 'p> {
    scene: &'s Scene<'p>,
    rule_space: &'s RuleSpace,
    /// The requests that are compared: those in this box.
    within: usize,
    /// The boxes that are alive on the two constraints, the one behind the other: before the first attribute, before the next,
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

/// The same, for two constraints that each leave out some of the boxes.
pub(super) fn between(
    scene: &Scene<'_>,
    within: usize,
    left: &dyn Fn(usize) -> bool,
    right: &dyn Fn(usize) -> bool,
) -> bool {
    let rule_space: &RuleSpace = &scene.rule_space;
    let alive = [left, right].map(|dropped| mask(rule_space.boxes.len(), |nth| !dropped(nth))).concat();
    let mut walk = Walk { scene, rule_space, within, alive, steps: MOST_STEPS };
    let at_once =
        |constraint: usize| walk.forbids(0, constraint).find(|nth| rule_space.boxes[*nth].answers == 0);
    let own = |nth: Option<usize>| {
        nth.and_then(|nth| scene.policy.rules()[rule_space.boxes[nth].rule].refuse.as_ref())
    };
    match (at_once(0), at_once(1)) {
        (None, None) => matches!(walk.enter(0), Ended::Alike),
        (one, other) => one.is_some() == other.is_some() && own(one) == own(other),
    }
}

impl Walk<'_, '_> {
    /// Tries every class of an attribute that lies in the box.
    fn enter(&mut self, attribute: usize) -> Ended {
        let rule_space = self.rule_space;
        let Some(dimension) = rule_space.dimensions.get(attribute) else { return Ended::Alike };
        let within = self.within;
        for (nth, class) in dimension.classes.iter().enumerate().filter(|(_, class)| class.passes(within)) {
            let Some(left) = self.steps.checked_sub(1) else { return Ended::Unknown };
            self.steps = left;
            self.pass(attribute, &class.passes);
            let [one, other] = [0, 1].map(|constraint| self.alive(attribute + 1, constraint));
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
    fn pass(&mut self, attribute: usize, passes: &RuleSet) {
        let width = 2 * passes.len();
        self.alive.truncate((attribute + 1) * width);
        for nth in 0..width {
            let before = self.alive[attribute * width + nth];
            self.alive.push(before & passes[nth % passes.len()]);
        }
    }

    /// The boxes that are alive on a constraint before an attribute.
    fn alive(&self, attribute: usize, constraint: usize) -> &[u64] {
        let width = self.rule_space.permits.len();
        let start = (2 * attribute + constraint) * width;
        self.alive.get(start..start + width).unwrap_or_default()
    }

    /// The forbids among them, in order.
    fn forbids(&self, attribute: usize, constraint: usize) -> impl Iterator<Item = usize> {
        bits(self.alive(attribute, constraint)).skip_while(|nth| *nth < self.scene.permits)
    }

    /// What a request that has come so far is refused with at this attribute, if it is.
    fn failure(&self, attribute: usize, class: usize, constraint: usize) -> Option<&Answer> {
        let policy = self.scene.policy;
        let one = &self.rule_space.dimensions[attribute].classes[class];
        let own = one.refuse.as_deref().unwrap_or(&policy.attributes()[attribute].refuse);
        let mut forbids = self.forbids(attribute + 1, constraint);
        if let Some(forbid) = forbids.find(|nth| self.rule_space.boxes[*nth].answers == attribute + 1) {
            return Some(policy.rules()[self.rule_space.boxes[forbid].rule].refuse.as_ref().unwrap_or(own));
        }
        let undeclared = policy.fields_attribute() == Some(attribute) && one.undeclared;
        let alive = self.alive(attribute + 1, constraint);
        let dead = alive.iter().zip(&self.rule_space.permits).all(|(alive, permits)| alive & permits == 0);
        (undeclared || dead).then_some(own)
    }
}

//! Whether requests are answered alike by two selections of boxes: permitted by both, or refused by both at the same
//! attribute with the same code and the same reason. Which rule decides makes no difference.

use super::service_interval::ServiceInterval;
use crate::limits::MAX_COMPARISON_STEPS;
use meterwarden::base::bit_set::{RuleSet, bits, mask};
use meterwarden::policy::Answer;
use meterwarden::space::RuleSpace;

/// A search through the value classes for a request that the two sides answer differently.
struct Search<'s, 'p> {
    interval: &'s ServiceInterval<'p>,
    rule_space: &'s RuleSpace,
    /// Only the requests in this box are compared.
    within: usize,
    /// A stack of two bit sets for each level: the boxes of side 0 and of side 1 that still match before the first
    /// attribute, before the second attribute, and so on.
    matching: Vec<u64>,
    steps_left: usize,
}

/// The result of a comparison.
enum Comparison {
    Alike,
    Differ,
    /// It would take too many steps.
    Unknown,
}

/// Whether every request in a box is answered alike with all boxes and without the dropped ones. `false` if that would
/// take too long to find out.
pub(super) fn without(
    interval: &ServiceInterval<'_>,
    within: usize,
    dropped: &dyn Fn(usize) -> bool,
) -> bool {
    between(interval, within, &|_| false, dropped)
}

/// Whether every request in a box is answered alike without the boxes that are dropped on side 0, and without those
/// that are dropped on side 1. `false` if that would take too long to find out.
pub(super) fn between(
    interval: &ServiceInterval<'_>,
    within: usize,
    dropped_0: &dyn Fn(usize) -> bool,
    dropped_1: &dyn Fn(usize) -> bool,
) -> bool {
    let rule_space: &RuleSpace = &interval.rule_space;
    let kept = |dropped: &dyn Fn(usize) -> bool| mask(rule_space.boxes.len(), |index| !dropped(index));
    let matching = [kept(dropped_0), kept(dropped_1)].concat();
    let mut search = Search { interval, rule_space, within, matching, steps_left: MAX_COMPARISON_STEPS };
    let unconditional_forbid =
        |side: usize| search.forbids(0, side).find(|index| rule_space.boxes[*index].answers == 0);
    let own_refuse = |forbid: Option<usize>| {
        forbid.and_then(|index| interval.policy.rules()[rule_space.boxes[index].rule].refuse.as_ref())
    };
    match (unconditional_forbid(0), unconditional_forbid(1)) {
        (None, None) => matches!(search.compare_from(0), Comparison::Alike),
        (forbid_0, forbid_1) => {
            forbid_0.is_some() == forbid_1.is_some() && own_refuse(forbid_0) == own_refuse(forbid_1)
        }
    }
}

impl Search<'_, '_> {
    /// Compares the answers for every class of an attribute that is in the box, and for all attributes after it.
    fn compare_from(&mut self, attribute: usize) -> Comparison {
        let rule_space = self.rule_space;
        let Some(dimension) = rule_space.dimensions.get(attribute) else { return Comparison::Alike };
        let within = self.within;
        for (index, class) in dimension.classes.iter().enumerate().filter(|(_, class)| class.passes(within)) {
            let Some(left) = self.steps_left.checked_sub(1) else { return Comparison::Unknown };
            self.steps_left = left;
            self.push_level(attribute, &class.passes);
            if self.matching(attribute + 1, 0) == self.matching(attribute + 1, 1) {
                continue; // the same boxes match on both sides, so that all further answers are the same
            }
            let comparison = match (self.refusal(attribute, index, 0), self.refusal(attribute, index, 1)) {
                (None, None) => self.compare_from(attribute + 1),
                (refusal_0, refusal_1) if refusal_0 == refusal_1 => Comparison::Alike,
                _ => Comparison::Differ,
            };
            if !matches!(comparison, Comparison::Alike) {
                return comparison;
            }
        }
        Comparison::Alike
    }

    /// Sets the level after an attribute: of the boxes that match before it, those that the class passes.
    fn push_level(&mut self, attribute: usize, passes: &RuleSet) {
        let width = 2 * passes.len();
        self.matching.truncate((attribute + 1) * width);
        for word in 0..width {
            let before = self.matching[attribute * width + word];
            self.matching.push(before & passes[word % passes.len()]);
        }
    }

    /// The boxes of a side that still match before an attribute.
    fn matching(&self, attribute: usize, side: usize) -> &[u64] {
        let width = self.rule_space.permits.len();
        let start = (2 * attribute + side) * width;
        self.matching.get(start..start + width).unwrap_or_default()
    }

    /// The forbids among them, in order.
    fn forbids(&self, attribute: usize, side: usize) -> impl Iterator<Item = usize> {
        bits(self.matching(attribute, side)).skip_while(|index| *index < self.interval.permits)
    }

    /// The refusal of a request at an attribute where it has this class, if it is refused there.
    fn refusal(&self, attribute: usize, class: usize, side: usize) -> Option<&Answer> {
        let policy = self.interval.policy;
        let class = &self.rule_space.dimensions[attribute].classes[class];
        let default = class.refuse.as_deref().unwrap_or(&policy.attributes()[attribute].refuse);
        let mut forbids = self.forbids(attribute + 1, side);
        if let Some(forbid) = forbids.find(|index| self.rule_space.boxes[*index].answers == attribute + 1) {
            let rule = &policy.rules()[self.rule_space.boxes[forbid].rule];
            return Some(rule.refuse.as_ref().unwrap_or(default));
        }
        let is_undeclared = policy.fields_attribute() == Some(attribute) && class.undeclared;
        let matching = self.matching(attribute + 1, side);
        let no_permit =
            matching.iter().zip(&self.rule_space.permits).all(|(word, permits)| word & permits == 0);
        (is_undeclared || no_permit).then_some(default)
    }
}

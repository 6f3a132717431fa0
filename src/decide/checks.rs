//! The checks that a request goes through by the rules of one service, as docs/language.md describes them under "What a
//! request gets": one for each attribute, in checking order.

use super::{Outcome, Refusal};
use crate::base::bit_set::{RuleSet, bits, both, meet};
use crate::policy::{Answer, Policy};
use crate::space::RuleSpace;

/// The rules of one service in one interval.
#[derive(Clone, Copy)]
pub(super) struct Checks<'p> {
    pub(super) policy: &'p Policy,
    pub(super) rule_space: &'p RuleSpace,
}

/// A request after some of the checks.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) enum Progress {
    /// It passed them; these boxes match all that was looked at so far.
    Passed(RuleSet),
    /// It failed one of them.
    Failed(Failure),
}

/// Where a request fails, and through what.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Failure {
    /// The check: 0 for the service, then 1 for the first attribute.
    pub(super) check: usize,
    /// The box of the forbid that answers, if one does.
    forbid: Option<usize>,
    /// The class of the attribute at the check, if it is known.
    class: Option<u32>,
}

impl<'p> Checks<'p> {
    /// The check of the service: only a forbid that constrains no attribute fails it. `class` is the class of the first
    /// attribute, if it is known.
    pub(super) fn of_service(self, class: Option<u32>) -> Progress {
        let RuleSpace { boxes, permits, forbids, .. } = self.rule_space;
        match bits(forbids).find(|forbid| boxes[*forbid].answers == 0) {
            Some(forbid) => Progress::Failed(Failure { check: 0, forbid: Some(forbid), class }),
            None => Progress::Passed(
                permits.iter().zip(forbids).map(|(permit, forbid)| permit | forbid).collect(),
            ),
        }
    }

    /// The check of an attribute, given the boxes that match the attributes before it.
    ///
    /// It fails where a forbid that matches constrains no later attribute, where a field is undeclared, and where no
    /// permit matches any more. A forbid that constrains a later attribute waits for that check.
    pub(super) fn of_attribute(self, matching: &RuleSet, attribute: usize, class: u32) -> Progress {
        let RuleSpace { boxes, permits, forbids, dimensions, .. } = self.rule_space;
        let value_class = &dimensions[attribute].classes[class as usize];
        let check = attribute + 1;
        let matching = both(matching, &value_class.passes);
        let forbid = bits(&both(&matching, forbids)).find(|forbid| boxes[*forbid].answers == check);
        if forbid.is_some() || value_class.undeclared || !meet(&matching, permits) {
            return Progress::Failed(Failure { check, forbid, class: Some(class) });
        }
        Progress::Passed(matching)
    }

    /// Decides a request with these classes of all attributes.
    pub(super) fn decide(self, classes: &[u32]) -> Outcome<'p> {
        let mut progress = self.of_service(classes.first().copied());
        for (attribute, class) in classes.iter().enumerate() {
            if let Progress::Passed(matching) = &progress {
                progress = self.of_attribute(matching, attribute, *class);
            }
        }
        match progress {
            // Every forbid has been checked, so what still matches is permits.
            Progress::Passed(permits) => self.permit(bits(&permits)),
            Progress::Failed(failure) => {
                let (answer, rule) = self.answer(failure);
                Outcome::Refuse(Refusal::new(self.policy, failure.check, answer, rule))
            }
        }
    }

    /// What a failure answers, and the rule of the forbid that answers: the forbid's own answer, otherwise that of the
    /// value, otherwise that of the attribute.
    pub(super) fn answer(self, failure: Failure) -> (&'p Answer, Option<usize>) {
        let RuleSpace { boxes, dimensions, .. } = self.rule_space;
        let attribute = failure.check.saturating_sub(1);
        let rule = failure.forbid.map(|forbid| boxes[forbid].rule);
        let of_forbid = rule.and_then(|rule| self.policy.rules[rule].refuse.as_ref());
        let of_value = || dimensions[attribute].classes[failure.class? as usize].refuse.as_deref();
        let answer = of_forbid.or_else(of_value).unwrap_or(&self.policy.attributes[attribute].refuse);
        (answer, rule)
    }

    /// A permit by the rules of these boxes, which are in policy order.
    pub(super) fn permit(self, boxes: impl Iterator<Item = usize>) -> Outcome<'p> {
        // The boxes of one rule follow each other.
        let mut rules: Vec<usize> = boxes.map(|permit| self.rule_space.boxes[permit].rule).collect();
        rules.dedup();
        let mut names = rules.into_iter().map(|rule| self.policy.rules[rule].name.as_str());
        Outcome::Permit { rule: names.next().unwrap_or_default(), also: names.collect() }
    }
}

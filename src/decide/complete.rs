//! Deciding where nothing that matters is left unsaid: a pass over the boxes, 64 at a time.

use super::{Outcome, Refusal};
use crate::policy::{Answer, Policy};
use crate::space::RuleSpace;

/// Where a request fails, and through what.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Failure {
    /// The check: 0 for the service, then 1 for the first attribute.
    pub(crate) check: usize,
    /// The box of the forbid that answers, if one does.
    pub(crate) forbid: Option<usize>,
}

/// Decides a request of which the class of every attribute is known.
pub(super) fn outcome<'p>(policy: &'p Policy, rule_space: &'p RuleSpace, classes: &[u32]) -> Outcome<'p> {
    match failure(policy, rule_space, classes) {
        Some(failure) => Outcome::Refuse(refusal(policy, rule_space, classes, failure)),
        None => permit(policy, rule_space, classes),
    }
}

/// The first check that fails; nothing where the request is permitted.
pub(crate) fn failure(policy: &Policy, rule_space: &RuleSpace, classes: &[u32]) -> Option<Failure> {
    let forbid = first_forbid(rule_space, classes);
    let undeclared = undeclared_check(policy, rule_space, classes);
    let dead = last_permit_dies(rule_space, classes);
    let check = [forbid.map(|(check, _)| check), undeclared, dead].into_iter().flatten().min()?;
    Some(Failure { check, forbid: forbid.filter(|(at, _)| *at == check).map(|(_, nth)| nth) })
}

/// The boxes of a word that pass the classes of all attributes.
fn matching(rule_space: &RuleSpace, classes: &[u32], word: usize) -> u64 {
    let passes = rule_space
        .dimensions
        .iter()
        .zip(classes)
        .map(|(dimension, class)| dimension.classes[*class as usize].passes[word]);
    passes.fold(u64::MAX, |alive, passes| alive & passes)
}

/// The forbid that answers first: at the earliest check, then in policy order.
fn first_forbid(rule_space: &RuleSpace, classes: &[u32]) -> Option<(usize, usize)> {
    let words = rule_space.forbids.iter().enumerate().filter(|(_, forbids)| **forbids != 0);
    let matching = words.flat_map(|(word, forbids)| {
        let mut left = forbids & matching(rule_space, classes, word);
        std::iter::from_fn(move || {
            (left != 0).then(|| {
                let bit = left.trailing_zeros() as usize;
                left &= left - 1;
                word * 64 + bit
            })
        })
    });
    matching.map(|nth| (rule_space.boxes[nth].answers, nth)).min()
}

fn undeclared_check(policy: &Policy, rule_space: &RuleSpace, classes: &[u32]) -> Option<usize> {
    let fields = policy.fields?;
    let class = &rule_space.dimensions[fields].classes[classes[fields] as usize];
    class.undeclared.then_some(fields + 1)
}

/// The check at which the last permit that is alive dies; nothing if one survives.
fn last_permit_dies(rule_space: &RuleSpace, classes: &[u32]) -> Option<usize> {
    let mut last = 1.min(rule_space.dimensions.len());
    for (word, permits) in rule_space.permits.iter().enumerate() {
        let mut alive = *permits;
        for (nth, (dimension, class)) in rule_space.dimensions.iter().zip(classes).enumerate() {
            if alive == 0 {
                break;
            }
            alive &= dimension.classes[*class as usize].passes[word];
            if alive == 0 {
                last = last.max(nth + 1);
            }
        }
        if alive != 0 {
            return None;
        }
    }
    Some(last)
}

/// What a failure answers. `classes` may hold fewer attributes than there are, but the failing one.
pub(super) fn answer<'p>(
    policy: &'p Policy,
    rule_space: &'p RuleSpace,
    classes: &[u32],
    failure: Failure,
) -> (&'p Answer, Option<usize>) {
    let rule = failure.forbid.map(|nth| rule_space.boxes[nth].rule);
    if let Some(own) = rule.and_then(|rule| policy.rules[rule].refuse.as_ref()) {
        return (own, rule);
    }
    let nth = failure.check.saturating_sub(1);
    let class = classes.get(nth).and_then(|class| rule_space.dimensions[nth].classes.get(*class as usize));
    let of_value = class.and_then(|class| class.refuse.as_deref());
    (of_value.unwrap_or(&policy.attributes[nth].refuse), rule)
}

fn refusal<'p>(
    policy: &'p Policy,
    rule_space: &'p RuleSpace,
    classes: &[u32],
    failure: Failure,
) -> Refusal<'p> {
    let (answer, rule) = answer(policy, rule_space, classes, failure);
    Refusal::new(policy, failure.check, answer, rule)
}

fn permit<'p>(policy: &'p Policy, rule_space: &'p RuleSpace, classes: &[u32]) -> Outcome<'p> {
    let alive = |word: usize| rule_space.permits[word] & matching(rule_space, classes, word);
    let words = 0..rule_space.permits.len();
    let matching = words.flat_map(|word| bits_of(alive(word)).map(move |bit| word * 64 + bit));
    named(policy, rule_space, matching)
}

fn bits_of(word: u64) -> impl Iterator<Item = usize> {
    (0..64).filter(move |bit| word >> bit & 1 == 1)
}

/// A permit that names the rules of these boxes, which stand in policy order.
pub(super) fn named<'p>(
    policy: &'p Policy,
    rule_space: &RuleSpace,
    boxes: impl Iterator<Item = usize>,
) -> Outcome<'p> {
    let mut rules = boxes.map(|nth| rule_space.boxes[nth].rule);
    let first = rules.next();
    let mut also: Vec<&str> = Vec::new();
    let mut last = first;
    for rule in rules.filter(|rule| Some(*rule) != first) {
        if last.replace(rule) != Some(rule) {
            also.push(policy.rules[rule].name.as_str());
        }
    }
    Outcome::Permit { rule: first.map_or("", |rule| policy.rules[rule].name.as_str()), also }
}

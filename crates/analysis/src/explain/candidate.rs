//! The rules that did not decide, held against the request clause by clause.

use super::note::{RuleNote, note};
use super::reasons::said;
use meterwarden::decide::Facts;
use meterwarden::decide::request::Request;
use meterwarden::policy::{Effect, Policy, Service};
use meterwarden::space::{Dimension, Lookup, RuleBox, RuleSpace, clauses};

/// A rule that did not match, or not for certain: the clauses that kept it from matching, and those left open.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Candidate<'p> {
    #[serde(flatten)]
    pub(super) rule: RuleNote<'p>,
    pub(super) failed: Vec<Failed<'p>>,
    /// What the rule asks of attributes that the request leaves unsaid.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) open: Vec<Open<'p>>,
}

/// One attribute at which a permit failed.
#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct Failed<'p> {
    pub(super) attribute: &'p str,
    pub(super) said: String,
    pub(super) accepted: String,
    pub(super) place: String,
}

/// One attribute that a permit asks about and a request says nothing of.
#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct Open<'p> {
    pub(super) attribute: &'p str,
    pub(super) accepted: String,
}

/// Each permit in force with what failed of it, nearest first: the fewest attributes that fail, then the
/// latest first failure, then policy order.
pub(super) fn permits<'p>(asked: &Asked<'p, '_>) -> Vec<Candidate<'p>> {
    let mut ranked: Vec<(Nearness, usize)> = asked.boxes(Effect::Permit).collect();
    ranked.sort_unstable();
    asked.described(ranked)
}

/// Each forbid that what is unsaid may make match, in policy order.
pub(super) fn forbids<'p>(asked: &Asked<'p, '_>) -> Vec<Candidate<'p>> {
    let possible = asked.boxes(Effect::Forbid).filter(|(nearness, _)| nearness.failing.is_empty());
    asked.described(possible.collect())
}

/// A request, and the rules that it is held against.
pub(super) struct Asked<'p, 'r> {
    pub(super) policy: &'p Policy,
    pub(super) service: &'p Service,
    pub(super) rule_space: &'p RuleSpace,
    pub(super) facts: &'r Facts,
    pub(super) request: &'r Request,
}

impl<'p> Asked<'p, '_> {
    fn boxes(&self, effect: Effect) -> impl Iterator<Item = (Nearness, usize)> {
        let boxes = self.rule_space.boxes.iter().enumerate();
        let of_effect = boxes.filter(move |(_, one)| self.policy.rules()[one.rule].effect == effect);
        of_effect.map(|(nth, one)| (Nearness::of(self.policy, self.rule_space, self.facts, nth, one), nth))
    }

    /// The rules of these boxes, each once, by the first of its boxes.
    fn described(&self, boxes: Vec<(Nearness, usize)>) -> Vec<Candidate<'p>> {
        let mut seen = Vec::new();
        let mut made = Vec::new();
        for (nearness, nth) in boxes {
            let rule = self.rule_space.boxes[nth].rule;
            if seen.contains(&rule) {
                continue;
            }
            seen.push(rule);
            made.push(Candidate {
                rule: note(self.policy, &self.policy.rules()[rule]),
                failed: nearness.failing.into_iter().map(|attribute| self.failed(attribute, nth)).collect(),
                open: self.open(nth),
            });
        }
        made
    }

    fn failed(&self, attribute: usize, nth: usize) -> Failed<'p> {
        let one = &self.rule_space.boxes[nth];
        let name = self.policy.attributes()[attribute].name.as_str();
        let fact = self.request.facts.iter().find(|(known, _)| known == name);
        let rule = &self.policy.rules()[one.rule];
        let clause = clauses(self.policy, rule, &one.cases).find(|clause| clause.attribute == attribute);
        Failed {
            attribute: name,
            said: fact.map_or_else(String::new, |(_, fact)| said(fact)),
            accepted: accepted(self, attribute, nth),
            place: self.policy.place(clause.map_or(rule.name_span, |clause| clause.span)),
        }
    }

    fn open(&self, nth: usize) -> Vec<Open<'p>> {
        let dimensions = &self.rule_space.dimensions;
        let unsaid = (0..dimensions.len()).filter(|attribute| self.facts.class(*attribute).is_none());
        let asked = unsaid.filter(|attribute| dimensions[*attribute].constrained_by(nth));
        let describe = |attribute: usize| Open {
            attribute: self.policy.attributes()[attribute].name.as_str(),
            accepted: accepted(self, attribute, nth),
        };
        asked.map(describe).collect()
    }
}

/// How far a permit is from matching; the order is the order of the candidates.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Nearness {
    count: usize,
    /// Greater for an earlier first failure.
    from_end: usize,
    rule: usize,
    failing: Vec<usize>,
}

impl Nearness {
    fn of(policy: &Policy, rule_space: &RuleSpace, facts: &Facts, nth: usize, one: &RuleBox) -> Self {
        let fails = |attribute: &usize| {
            facts.class(*attribute).is_some_and(|class| {
                let class = &rule_space.dimensions[*attribute].classes[class as usize];
                let undeclared = policy.fields_attribute() == Some(*attribute) && class.undeclared;
                undeclared || class.passes[nth / 64] >> (nth % 64) & 1 == 0
            })
        };
        let failing: Vec<usize> = (0..rule_space.dimensions.len()).filter(fails).collect();
        let first = failing.first().copied().unwrap_or(rule_space.dimensions.len());
        Self { count: failing.len(), from_end: rule_space.dimensions.len() - first, rule: one.rule, failing }
    }
}

/// The values of an attribute that a box takes, in the author's words.
fn accepted(asked: &Asked<'_, '_>, attribute: usize, nth: usize) -> String {
    let (policy, dimension) = (asked.policy, &asked.rule_space.dimensions[attribute]);
    let said = meterwarden::space::clause_text::clause(
        policy,
        asked.service,
        dimension,
        attribute,
        &passing(dimension, nth),
    );
    let name = &policy.attributes()[attribute].name;
    let said = said.and_then(|said| said.strip_prefix(&format!("{name} ")).map(str::to_owned));
    said.unwrap_or_else(|| match &dimension.lookup {
        Lookup::Set(_) if policy.fields_attribute() == Some(attribute) => "declared fields only".to_owned(),
        _ => "any".to_owned(),
    })
}

fn passing(dimension: &Dimension, nth: usize) -> Vec<bool> {
    dimension.classes.iter().map(|class| class.passes[nth / 64] >> (nth % 64) & 1 == 1).collect()
}

//! The rules that did not decide, compared with the request clause by clause.

use super::request_text::fact_text;
use super::rule_note::{RuleNote, note};
use meterwarden::decide::Facts;
use meterwarden::decide::request::{Fact, Request};
use meterwarden::policy::{Effect, Policy, Service};
use meterwarden::space::{Dimension, Lookup, Members, RuleBox, RuleSpace, ValueClass, clause_text, clauses};

/// A rule that did not match, or that may not match: the clauses that failed, and those that are still open.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Candidate<'p> {
    #[serde(flatten)]
    pub(super) rule: RuleNote<'p>,
    pub(super) failed: Vec<FailedClause<'p>>,
    /// The clauses about attributes that the request does not state.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(super) open: Vec<OpenClause<'p>>,
}

/// An attribute of which the rule does not accept the request's value.
#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct FailedClause<'p> {
    pub(super) attribute: &'p str,
    #[serde(rename = "said")]
    pub(super) stated: String,
    /// Whether the request states single members of the attribute.
    #[serde(skip)]
    pub(super) in_part: bool,
    pub(super) accepted: String,
    pub(super) place: String,
}

/// An attribute that the rule constrains and the request does not state, or states in part.
#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct OpenClause<'p> {
    pub(super) attribute: &'p str,
    /// Whether the request states single members of the attribute.
    #[serde(skip)]
    pub(super) in_part: bool,
    pub(super) accepted: String,
}

/// Each permit in force with its failed clauses, nearest first: the fewest failed attributes, then the latest first
/// failure in check order, then policy order.
pub(super) fn permits<'p>(comparison: &RuleComparison<'p, '_>) -> Vec<Candidate<'p>> {
    let mut ranked: Vec<(Nearness, usize)> = comparison.boxes(Effect::Permit).collect();
    ranked.sort_unstable();
    comparison.candidates(ranked)
}

/// Each forbid that may still match, depending on what the request does not state; in policy order.
pub(super) fn forbids<'p>(comparison: &RuleComparison<'p, '_>) -> Vec<Candidate<'p>> {
    let possible = comparison.boxes(Effect::Forbid).filter(|(nearness, _)| nearness.failing.is_empty());
    comparison.candidates(possible.collect())
}

/// A request, and the rules with which it is compared.
pub(super) struct RuleComparison<'p, 'r> {
    pub(super) policy: &'p Policy,
    pub(super) service: &'p Service,
    pub(super) rule_space: &'p RuleSpace,
    pub(super) facts: &'r Facts,
    pub(super) request: &'r Request,
}

impl<'p> RuleComparison<'p, '_> {
    /// The boxes of all rules with an effect, each with its distance from the request.
    fn boxes(&self, effect: Effect) -> impl Iterator<Item = (Nearness, usize)> {
        let boxes = self.rule_space.boxes.iter().enumerate();
        let of_effect =
            boxes.filter(move |(_, rule_box)| self.policy.rules()[rule_box.rule].effect == effect);
        of_effect.map(|(index, rule_box)| (self.nearness(index, rule_box), index))
    }

    fn nearness(&self, index: usize, rule_box: &RuleBox) -> Nearness {
        let dimensions = &self.rule_space.dimensions;
        let fails = |attribute: &usize| {
            self.is_stated(*attribute)
                && self.possible_classes(*attribute).all(|class| {
                    let is_undeclared =
                        self.policy.fields_attribute() == Some(*attribute) && class.undeclared;
                    is_undeclared || !class.passes(index)
                })
        };
        let failing: Vec<usize> = (0..dimensions.len()).filter(fails).collect();
        let first = failing.first().copied().unwrap_or(dimensions.len());
        Nearness { count: failing.len(), from_end: dimensions.len() - first, rule: rule_box.rule, failing }
    }

    /// The rules of these boxes, each once: a rule with several boxes is described by the first of them.
    fn candidates(&self, boxes: Vec<(Nearness, usize)>) -> Vec<Candidate<'p>> {
        let mut seen = Vec::new();
        let mut candidates = Vec::new();
        for (nearness, index) in boxes {
            let rule = self.rule_space.boxes[index].rule;
            if seen.contains(&rule) {
                continue;
            }
            seen.push(rule);
            candidates.push(Candidate {
                rule: note(self.policy, &self.policy.rules()[rule]),
                failed: nearness.failing.iter().map(|attribute| self.failed(*attribute, index)).collect(),
                open: self.open(index),
            });
        }
        candidates
    }

    fn failed(&self, attribute: usize, index: usize) -> FailedClause<'p> {
        let rule_box = &self.rule_space.boxes[index];
        let name = self.policy.attributes()[attribute].name.as_str();
        let fact = self.request.facts.iter().find(|(stated, _)| stated == name);
        let rule = &self.policy.rules()[rule_box.rule];
        let clause = clauses(self.policy, rule, &rule_box.cases).find(|clause| clause.attribute == attribute);
        FailedClause {
            attribute: name,
            stated: fact.map_or_else(String::new, |(_, fact)| fact_text(fact)),
            in_part: matches!(fact, Some((_, Fact::Members { .. }))),
            accepted: self.accepted(attribute, index, None),
            place: self.policy.place(clause.map_or(rule.name_span, |clause| clause.span)),
        }
    }

    fn open(&self, index: usize) -> Vec<OpenClause<'p>> {
        let dimensions = &self.rule_space.dimensions;
        let unstated = (0..dimensions.len()).filter(|attribute| self.facts.class(*attribute).is_none());
        let constrained = unstated.filter(|attribute| match self.facts.members(*attribute) {
            None => dimensions[*attribute].constrained_by(index),
            // Where no completion matches, the attribute fails.
            Some(_) => {
                let passing = self.possible_classes(*attribute).filter(|class| class.passes(index)).count();
                passing > 0 && passing < self.possible_classes(*attribute).count()
            }
        });
        let clause = |attribute: usize| OpenClause {
            attribute: self.policy.attributes()[attribute].name.as_str(),
            in_part: self.facts.members(attribute).is_some(),
            accepted: self.accepted(attribute, index, self.facts.members(attribute)),
        };
        constrained.map(clause).collect()
    }

    /// Whether the request states the attribute, or members of it.
    fn is_stated(&self, attribute: usize) -> bool {
        self.facts.class(attribute).is_some() || self.facts.members(attribute).is_some()
    }

    /// The classes of an attribute that a completion of the request can have.
    fn possible_classes(&self, attribute: usize) -> impl Iterator<Item = &ValueClass> {
        let classes = self.rule_space.dimensions[attribute].classes.iter().enumerate();
        let possible = classes.filter(move |(class, _)| self.facts.may_be(attribute, *class));
        possible.map(|(_, class)| class)
    }

    /// The values of an attribute that a box accepts, in the author's words; of a set attribute with these members, what
    /// it accepts of the others.
    fn accepted(&self, attribute: usize, index: usize, members: Option<Members>) -> String {
        let (policy, dimension) = (self.policy, &self.rule_space.dimensions[attribute]);
        let passing = passing(dimension, index);
        let clause = clause_text::clause_among(policy, self.service, dimension, attribute, &passing, members);
        let prefix = format!("{} ", policy.attributes()[attribute].name);
        let values = clause.and_then(|clause| clause.strip_prefix(&prefix).map(str::to_owned));
        values.unwrap_or_else(|| match &dimension.lookup {
            Lookup::Set(_) if policy.fields_attribute() == Some(attribute) => {
                "declared fields only".to_owned()
            }
            _ => "any".to_owned(),
        })
    }
}

/// How far a rule is from matching. The derived order is the order of the candidates: nearest first.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Nearness {
    count: usize,
    /// Greater for an earlier first failure.
    from_end: usize,
    rule: usize,
    failing: Vec<usize>,
}

/// For each class of an attribute, whether a box accepts it.
fn passing(dimension: &Dimension, index: usize) -> Vec<bool> {
    dimension.classes.iter().map(|class| class.passes(index)).collect()
}

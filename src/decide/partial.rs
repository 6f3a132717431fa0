//! Deciding where something that matters is left unsaid: every completion, walked attribute by attribute
//! and no further than where it fails. Values that no rule tells apart are tried once.

use super::complete::{Failure, answer, named};
use super::{Facts, Outcome, Refusal};
use crate::base::bit_set::{RuleSet, bits};
use crate::policy::{Answer, MOST_CELLS, Policy, Service};
use crate::space;
use crate::space::RuleSpace;
use crate::space::clause_text;

pub(super) fn outcome<'p>(
    policy: &'p Policy,
    service: &'p Service,
    rule_space: &'p RuleSpace,
    facts: &Facts,
) -> Outcome<'p> {
    if completions(rule_space, facts) > MOST_CELLS {
        return Outcome::Undetermined { needs: Vec::new(), permitted_when: String::new() };
    }
    let walk = Walk::of(policy, rule_space, facts);
    match (walk.any_permitted, walk.latest.is_some()) {
        (true, false) => named(policy, rule_space, bits(&walk.matched)),
        (false, _) => Outcome::Refuse(walk.refusal(policy)),
        (true, true) => undetermined(policy, service, rule_space, facts, &walk),
    }
}

/// How many classes of request a request may be completed to. `check` lets no service have more than can be walked; a plan
/// that was read from a file, and that nobody checked, may: nothing is permitted of that.
fn completions(rule_space: &RuleSpace, facts: &Facts) -> u64 {
    let open = rule_space.dimensions.iter().enumerate().filter(|(nth, _)| facts.class(*nth).is_none());
    open.fold(1, |all, (_, dimension)| all.saturating_mul(dimension.classes.len() as u64))
}

/// The completions of one request.
struct Walk<'p> {
    policy: &'p Policy,
    rule_space: &'p RuleSpace,
    /// For each attribute the classes to try, and how far apart they stand in `permitted`.
    open: Vec<Open>,
    /// `permitted[i]`: whether completion `i` is permitted.
    permitted: Vec<bool>,
    any_permitted: bool,
    /// The boxes of permits that match some completion that is permitted.
    matched: RuleSet,
    /// The latest check by which a completion failed, and what was answered there.
    latest: Option<(usize, Vec<Given<'p>>)>,
}

/// What was answered, and by which forbid.
type Given<'p> = (&'p Answer, Option<usize>);

struct Open {
    classes: std::ops::Range<u32>,
    stride: usize,
}

impl<'p> Walk<'p> {
    fn of(policy: &'p Policy, rule_space: &'p RuleSpace, facts: &Facts) -> Self {
        let mut completions = 1;
        let open = rule_space.dimensions.iter().enumerate().map(|(nth, dimension)| {
            let count = u32::try_from(dimension.classes.len()).unwrap_or(u32::MAX);
            let classes = facts.class(nth).map_or(0..count, |class| class..class + 1);
            let stride = completions;
            completions *= classes.len();
            Open { classes, stride }
        });
        let open = open.collect();
        let mut walk = Self {
            policy,
            rule_space,
            open,
            permitted: vec![false; completions],
            any_permitted: false,
            matched: RuleSet::from_elem(0, rule_space.permits.len()),
            latest: None,
        };
        let unconstrained = bits(&rule_space.forbids).find(|nth| rule_space.boxes[*nth].answers == 0);
        match unconstrained {
            Some(forbid) => walk.failed(&[], Failure { check: 0, forbid: Some(forbid) }),
            None => walk.enter(&mut Vec::new(), &rule_space.permits.clone(), &rule_space.forbids.clone(), 0),
        }
        walk
    }

    /// Tries every class of the next attribute. `classes` are those of the attributes before it; `permits` and
    /// `forbids` the boxes that match so far; `index` the completion so far.
    fn enter(&mut self, classes: &mut Vec<u32>, permits: &[u64], forbids: &[u64], index: usize) {
        let nth = classes.len();
        let rule_space = self.rule_space;
        let Some(dimension) = rule_space.dimensions.get(nth) else {
            self.reached(permits, index);
            return;
        };
        let (range, stride) = (self.open[nth].classes.clone(), self.open[nth].stride);
        for (step, class) in range.enumerate() {
            let passes = &dimension.classes[class as usize].passes;
            let (permits, forbids) = (and(permits, passes), and(forbids, passes));
            classes.push(class);
            match self.failure(nth, class, &permits, &forbids) {
                Some(failure) => self.failed(classes, failure),
                None => self.enter(classes, &permits, &forbids, index + step * stride),
            }
            classes.pop();
        }
    }

    /// Whether every completion so far fails at this attribute.
    fn failure(&self, nth: usize, class: u32, permits: &[u64], forbids: &[u64]) -> Option<Failure> {
        let check = nth + 1;
        let forbid = bits(forbids).find(|one| self.rule_space.boxes[*one].answers == check);
        let undeclared = self.policy.fields == Some(nth)
            && self.rule_space.dimensions[nth].classes[class as usize].undeclared;
        let dead = permits.iter().all(|word| *word == 0);
        (forbid.is_some() || undeclared || dead).then_some(Failure { check, forbid })
    }

    fn failed(&mut self, classes: &[u32], failure: Failure) {
        let given = answer(self.policy, self.rule_space, classes, failure);
        match &mut self.latest {
            Some((check, _)) if failure.check < *check => {}
            Some((check, answers)) if failure.check == *check => {
                if !answers.contains(&given) {
                    answers.push(given);
                }
            }
            latest => *latest = Some((failure.check, vec![given])),
        }
    }

    fn reached(&mut self, permits: &[u64], index: usize) {
        self.permitted[index] = true;
        self.any_permitted = true;
        for (matched, permits) in self.matched.iter_mut().zip(permits) {
            *matched |= permits;
        }
    }

    /// The refusal that all completions share: what they agree on, otherwise the attribute's own.
    fn refusal(&self, policy: &'p Policy) -> Refusal<'p> {
        let (check, answers) = self.latest.as_ref().map_or((0, [].as_slice()), |(check, all)| (*check, all));
        let own = &policy.attributes[check.saturating_sub(1)].refuse;
        let (first, rule) = answers.first().copied().unwrap_or((own, None));
        let agree_on_rule = answers.iter().all(|(_, other)| *other == rule);
        let agree_on_code = answers.iter().all(|(other, _)| other.code == first.code);
        let agree_on_reason = answers.iter().all(|(other, _)| other.reason == first.reason);
        let answer = if agree_on_code { first } else { own };
        let mut refusal = Refusal::new(policy, check, answer, rule.filter(|_| agree_on_rule));
        if !agree_on_reason {
            refusal.reason = &own.reason;
        }
        refusal
    }

    /// Whether two completions that differ in this attribute alone come out differently: then one of them
    /// differs from that with the first class of the attribute.
    fn matters(&self, nth: usize) -> bool {
        let Open { classes, stride } = &self.open[nth];
        (0..self.permitted.len()).any(|index| {
            let first = index - index / stride % classes.len() * stride;
            self.permitted[index] != self.permitted[first]
        })
    }
}

fn and(left: &[u64], right: &[u64]) -> RuleSet {
    left.iter().zip(right).map(|(left, right)| left & right).collect()
}

fn undetermined<'p>(
    policy: &'p Policy,
    service: &'p Service,
    rule_space: &'p RuleSpace,
    facts: &Facts,
    walk: &Walk<'_>,
) -> Outcome<'p> {
    let needs: Vec<usize> = (0..rule_space.dimensions.len()).filter(|nth| walk.matters(*nth)).collect();
    let mut ways: Vec<String> = Vec::new();
    let (layout, permitted) = space::permitted(policy, rule_space, facts);
    for cube in &permitted {
        let clause = |nth: &usize| {
            clause_text::clause(
                policy,
                service,
                &rule_space.dimensions[*nth],
                *nth,
                &layout.choice_flags(cube, *nth),
            )
        };
        let way = needs.iter().filter_map(clause).collect::<Vec<_>>().join(", ");
        if !ways.contains(&way) {
            ways.push(way);
        }
    }
    Outcome::Undetermined {
        needs: needs.into_iter().map(|nth| policy.attributes[nth].name.as_str()).collect(),
        permitted_when: ways.join("; or "),
    }
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;
    use std::sync::Arc;

    use crate::decide::Outcome;
    use crate::{Date, Plan, Policy, Request, Source, compile};

    /// Six attributes that eight permits tell all values of apart; `check` lets pass what they come to.
    fn policy() -> Policy {
        let mut rules = String::new();
        for name in ["a", "b", "c", "d", "e", "f", "g"] {
            let _ = writeln!(rules, "attribute {name} \"{name}\" {{ refuse E1 \"no\" 1 2 3 4 5 6 7 8 }}");
        }
        rules += "service 1.1 \"One\" {\n";
        for n in 1..=8 {
            let clauses: Vec<String> =
                ["a", "b", "c", "d", "e", "f"].map(|name| format!("{name} {n}")).to_vec();
            let _ = writeln!(rules, "permit p{n} \"p\" {{ {} source \"row {n}\" }}", clauses.join(" "));
        }
        Policy::from_sources(vec![Source::new("a.rules", rules + "}")]).unwrap()
    }

    fn nothing_said(plan: &Plan) -> Outcome<'_> {
        plan.decide(&Request::new("1.1", Date::constant(2026, 1, 1))).unwrap().outcome
    }

    #[test]
    fn more_completions_than_check_lets_pass_are_not_walked_and_never_a_permit() {
        let mut policy = policy();
        let plan = compile(Arc::new(policy.clone()));
        assert!(matches!(nothing_said(&plan), Outcome::Undetermined { needs, .. } if needs.len() == 6));
        // As only a file may say that nobody checked.
        for rule in &mut policy.rules {
            let mut seventh = rule.clauses[0].clone();
            seventh.attribute = 6;
            rule.clauses.push(seventh);
        }
        let plan = Plan::from_bytes(&compile(Arc::new(policy)).to_bytes()).unwrap();
        assert!(matches!(nothing_said(&plan), Outcome::Undetermined { needs, .. } if needs.is_empty()));
    }
}

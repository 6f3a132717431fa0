//! Which obligations are met so far, counted for rules and clauses.

use std::collections::BTreeMap;

use super::obligation::{ClauseId, Obligation, ObligationInterval, clauses, dates};
use super::{AlternativeOf, ClauseCoverage, RuleCoverage, Status};
use meterwarden::decide::request::Request;
use meterwarden::policy::source::Span;
use meterwarden::policy::{Edge, Policy, Rule};

/// What can be covered, and what is covered so far.
pub(crate) struct CoverageState {
    /// Whether each rule was hit.
    rules: Vec<Status>,
    /// Whether each clause of a rule held (index 0) and failed alone (index 1).
    clauses: BTreeMap<(usize, ClauseId), [Status; 2]>,
}

impl CoverageState {
    /// Nothing is covered. What no request can cover is `Impossible`.
    pub(crate) fn of(policy: &Policy, intervals: &[Vec<ObligationInterval<'_>>]) -> Self {
        let rules = vec![Status::Impossible; policy.rules().len()];
        let mut state = Self { rules, clauses: BTreeMap::new() };
        for (index, rule) in policy.rules().iter().enumerate() {
            let own = clauses(policy, rule, &[]).into_iter().flatten();
            for clause in dates(rule).chain(own) {
                state.clauses.insert((index, clause), [Status::Impossible; 2]);
            }
        }
        for interval in intervals.iter().flatten() {
            for obligation in &interval.obligations {
                let is_known = state.statuses(obligation).all(|status| *status == Status::Uncovered);
                if !is_known && interval.example(obligation).is_some() {
                    state.statuses(obligation).for_each(|status| *status = Status::Uncovered);
                }
            }
        }
        state
    }

    /// The statuses that an obligation covers when it is met.
    fn statuses<'s>(&'s mut self, obligation: &'s Obligation) -> impl Iterator<Item = &'s mut Status> {
        let index = usize::from(!obligation.holds);
        for clause in &obligation.clauses {
            self.clauses.entry((obligation.rule, *clause)).or_insert([Status::Impossible; 2]);
        }
        let rule = self.rules.get_mut(obligation.rule).filter(|_| obligation.holds);
        let of_rule = (obligation.rule, ClauseId::Since)..(obligation.rule + 1, ClauseId::Since);
        let clauses =
            self.clauses.range_mut(of_rule).filter(|((_, clause), _)| obligation.clauses.contains(clause));
        rule.into_iter().chain(clauses.map(move |(_, statuses)| &mut statuses[index]))
    }

    /// Whether meeting an obligation would cover something new. A clause that cannot be seen both true and false counts
    /// as impossible, and is not worth a case.
    pub(crate) fn is_open(&self, obligation: &Obligation) -> bool {
        let index = usize::from(!obligation.holds);
        let is_open = |clause: &ClauseId| {
            let known = self.clauses.get(&(obligation.rule, *clause)).copied();
            let statuses = known.unwrap_or([Status::Impossible; 2]);
            statuses[index] == Status::Uncovered && statuses[1 - index] != Status::Impossible
        };
        obligation.clauses.iter().any(is_open)
            || (obligation.holds && self.rules[obligation.rule] == Status::Uncovered)
    }

    /// Marks what an obligation covers as covered.
    pub(crate) fn mark(&mut self, obligation: &Obligation) {
        self.statuses(obligation).for_each(|status| *status = Status::Covered);
    }

    /// Marks what a request covers as covered. `intervals` are those of its service.
    pub(crate) fn add(&mut self, intervals: &[ObligationInterval<'_>], request: &Request) {
        let current =
            intervals.iter().rev().find(|interval| interval.space.interval.from <= Edge::On(request.at));
        let Some(interval) = current else { return };
        let Ok(cube) = interval.space.cube(request) else { return };
        for obligation in &interval.obligations {
            if self.is_open(obligation) && interval.is_met(obligation, &cube) {
                self.mark(obligation);
            }
        }
    }

    /// What is covered of a rule.
    pub(super) fn rule(&self, policy: &Policy, index: usize) -> RuleCoverage {
        let rule = &policy.rules()[index];
        let of_rule = self.clauses.range((index, ClauseId::Since)..(index + 1, ClauseId::Since));
        let clause = |((_, clause), statuses): (&(usize, ClauseId), &[Status; 2])| {
            let (span, alternative, line) = place(*clause, policy, rule);
            let [holds, fails] = *statuses;
            ClauseCoverage { text: policy.words(span), alternative, place: policy.line(line), holds, fails }
        };
        RuleCoverage {
            name: rule.name.clone(),
            place: policy.line(rule.name_span),
            hit: self.rules[index],
            clauses: of_rule.map(clause).collect(),
        }
    }
}

/// The span of a clause, the alternative that it is in, and the line of the rule that it belongs to.
fn place(clause: ClauseId, policy: &Policy, rule: &Rule) -> (Span, Option<AlternativeOf>, Span) {
    let own = |span: Option<Span>| (span.unwrap_or(rule.name_span), None, span.unwrap_or(rule.name_span));
    match clause {
        ClauseId::Since => own(rule.spans.get().dates[0]),
        ClauseId::Until => own(rule.spans.get().dates[1]),
        ClauseId::Own(index) => own(rule.clauses.get(index).map(|clause| clause.span)),
        ClauseId::InCondition { when, alternative, clause } => {
            let condition = &policy.conditions()[rule.when[when]];
            let of = AlternativeOf { condition: condition.name.clone(), number: alternative + 1 };
            let line = rule.spans.get().when.get(when).copied().unwrap_or(rule.name_span);
            (condition.cases[alternative][clause].span, Some(of), line)
        }
    }
}

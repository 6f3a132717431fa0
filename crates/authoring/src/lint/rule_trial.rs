//! Tries whether a rule can do without one of its parts, and matches the same requests without it.

use std::borrow::Cow;
use std::cell::OnceCell;

use super::clause_values::ClauseValues;
use meterwarden::language::diagnostic::Diagnostic;
use meterwarden::policy::RuleSpans;
use meterwarden::policy::source::Span;
use meterwarden::policy::{Clause, Condition, Edge, Effect, ListItem, Policy, Rule, Service, Window};
use meterwarden::space::{clauses, combinations};

/// A moment of each interval in which a rule is in force for some service and does not change.
pub(super) fn rule_moments(policy: &Policy, index: usize, rule: &Rule) -> Vec<Edge> {
    let selectors = rule.selectors.iter().map(|selector| &selector.window);
    let service = rule.service.and_then(|service| policy.services().get(service));
    let fields = service.into_iter().flat_map(Service::field_windows);
    let mut moments = moments(policy.rule_windows(rule).chain(selectors).chain(fields));
    let covers_a_service = |at: Edge| {
        let mut covering = policy.services().iter().flat_map(|service| &service.rules);
        rule.service.is_some() || covering.any(|covered| covered.rule == index && covered.holds(at))
    };
    moments.retain(|at| rule.window.contains(*at) && covers_a_service(*at));
    moments
}

/// A moment of each interval between the dates of these windows, in order.
pub(super) fn moments<'w>(windows: impl Iterator<Item = &'w Window>) -> Vec<Edge> {
    let mut moments = vec![Edge::Start];
    windows.for_each(|window| {
        for edge in window.edges() {
            if !moments.contains(&edge) {
                moments.push(edge);
            }
        }
    });
    moments.sort_unstable();
    moments
}

/// A rule that has only the clauses of an alternative of a condition, so that both are examined in the same way.
pub(super) fn alternative_as_rule(condition: &Condition, alternative: &[Clause]) -> Rule {
    Rule {
        name: condition.name.clone(),
        text: String::new(),
        doc: String::new(),
        effect: Effect::Permit,
        service: None,
        window: Window::ALWAYS,
        clauses: alternative.to_vec(),
        when: Vec::new(),
        spans: RuleSpans::default(),
        selectors: Vec::new(),
        source: None,
        assumed: None,
        refuse: None,
        span: condition.span,
        name_span: condition.span,
    }
}

/// A rule without its parts that were found to be idle.
pub(super) struct RuleTrial<'p> {
    pub(super) policy: &'p Policy,
    pub(super) rule: Cow<'p, Rule>,
    /// A moment of each interval in which the rule is in force for some service and does not change.
    pub(super) moments: Vec<Edge>,
    /// Which alternatives of its conditions can be combined.
    combinations: Vec<Vec<usize>>,
    /// For each moment and each combination, whether any value passes the rule on every attribute.
    possible: Vec<OnceCell<bool>>,
    /// The findings so far.
    pub(super) found: Vec<Diagnostic>,
}

impl<'p> RuleTrial<'p> {
    pub(super) fn new(policy: &'p Policy, rule: Cow<'p, Rule>, moments: Vec<Edge>) -> Self {
        let combinations = combinations(policy, &rule);
        let possible = vec![OnceCell::new(); moments.len() * combinations.len()];
        Self { policy, rule, moments, combinations, possible, found: Vec::new() }
    }

    /// Puts another rule in the place of the rule.
    pub(super) fn replace_rule(&mut self, rule: Rule) {
        self.rule = Cow::Owned(rule);
        self.combinations = combinations(self.policy, &self.rule);
        self.possible = vec![OnceCell::new(); self.moments.len() * self.combinations.len()];
    }

    /// Whether the rule matches the same requests with another clause in the place of one of its own.
    pub(super) fn same_with(&self, index: usize, replacement: &Clause) -> bool {
        self.moments.iter().enumerate().all(|(moment_index, at)| {
            let values = ClauseValues::of(self.policy, &self.rule, *at);
            self.combinations.iter().enumerate().all(|(combination_index, alternatives)| {
                let all_clauses = || clauses(self.policy, &self.rule, alternatives);
                let replaced = &self.rule.clauses[index];
                let rest = all_clauses().enumerate().filter(|(other, _)| *other != index);
                let rest = about(rest.map(|(_, clause)| clause), replaced.attribute);
                if !values.distinguish(&rest, replaced, replacement) {
                    return true;
                }
                // The two clauses differ on a value. That matters only if some request passes the clauses about all
                // other attributes. Whatever passes the whole rule also passes those: the cached answer is tried first.
                let is_possible = |except| is_possible(&values, &all_clauses().collect::<Vec<_>>(), except);
                let whole = &self.possible[moment_index * self.combinations.len() + combination_index];
                let whole = *whole.get_or_init(|| is_possible(None));
                !(whole || is_possible(Some(replaced.attribute)))
            })
        })
    }
}

/// The clauses about an attribute.
pub(super) fn about<'c>(clauses: impl Iterator<Item = &'c Clause>, attribute: usize) -> Vec<&'c Clause> {
    clauses.filter(|clause| clause.attribute == attribute).collect()
}

/// Whether some value passes these clauses on every attribute, except one if it is given.
pub(super) fn is_possible(values: &ClauseValues<'_>, clauses: &[&Clause], except: Option<usize>) -> bool {
    clauses.iter().filter(|clause| Some(clause.attribute) != except).all(|clause| {
        let attribute = clause.attribute;
        values.any(attribute, &about(clauses.iter().copied(), attribute))
    })
}

/// The spans of the items of a list as written, in order. A group is one item there.
pub(super) fn item_spans(clause: &Clause) -> Vec<Span> {
    let mut spans: Vec<Span> = clause.items.iter().map(ListItem::span).collect();
    spans.dedup();
    spans
}

//! The rules in force for one service on one date, as boxes with every group expanded. The form of each peer is made
//! from them.

use meterwarden::Date;
use meterwarden::policy::{Clause, Edge, Effect, Policy, Rule, Service, Test};

/// The rules in force for one service on one date
#[derive(Debug, PartialEq)]
pub(crate) struct ServiceRules<'p> {
    pub(crate) service: &'p str,
    /// In policy order
    pub(crate) permits: Vec<RuleBox<'p>>,
    /// In policy order
    pub(crate) forbids: Vec<RuleBox<'p>>,
    /// The fields declared on the date; `None` if the service declares no fields, so that they are not checked
    pub(crate) declared: Option<Vec<&'p str>>,
}

/// A rule with one alternative of each of its conditions
#[derive(Debug)]
pub(crate) struct RuleBox<'p> {
    pub(crate) rule: &'p Rule,
    /// `constraints[a]` is about attribute `a`.
    pub(crate) constraints: Vec<Constraint<'p>>,
}

/// The constraint of a box on one attribute
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Constraint<'p> {
    Any,
    /// One of these values of an attribute that is not a set: at least one value, and not all
    OneOf(Vec<&'p str>),
    /// All of these tests, on a set attribute
    Set(Vec<(Test, Vec<&'p str>)>),
}

impl PartialEq for RuleBox<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.rule.name == other.rule.name && self.constraints == other.constraints
    }
}

impl<'p> ServiceRules<'p> {
    /// The rules of a service on a date
    pub(crate) fn on(policy: &'p Policy, service: &'p Service, at: Date) -> Self {
        let boxes = |effect| {
            let rules = policy.in_force(service, at).filter(move |rule| rule.effect == effect);
            rules.flat_map(|rule| boxes(policy, service, rule, at)).collect()
        };
        let declared = service.fields.as_ref().map(|fields| {
            let declared = fields.iter().filter(|field| field.window.contains(Edge::On(at)));
            declared.map(|field| field.name.as_str()).collect()
        });
        Self {
            service: &service.name,
            permits: boxes(Effect::Permit),
            forbids: boxes(Effect::Forbid),
            declared,
        }
    }

    /// The rules of each service on a date
    pub(crate) fn of_all(policy: &'p Policy, at: Date) -> Vec<Self> {
        policy.services().iter().map(|service| Self::on(policy, service, at)).collect()
    }
}

/// The boxes of a rule: one for each combination of alternatives, without those that no request can match
fn boxes<'p>(policy: &'p Policy, service: &'p Service, rule: &'p Rule, at: Date) -> Vec<RuleBox<'p>> {
    let mut combinations: Vec<Vec<&Clause>> = vec![rule.clauses.iter().collect()];
    for condition in policy.conditions_of(rule) {
        let with_each_alternative = |clauses: &Vec<&'p Clause>| {
            let clauses = clauses.clone();
            condition
                .cases
                .iter()
                .map(move |alternative| clauses.iter().copied().chain(alternative).collect())
        };
        combinations = combinations.iter().flat_map(with_each_alternative).collect();
    }
    let boxes = combinations.iter().filter_map(|clauses| {
        let attributes = 0..policy.attributes().len();
        attributes.map(|attribute| constraint(policy, service, attribute, clauses, at)).collect()
    });
    boxes.map(|constraints| RuleBox { rule, constraints }).collect()
}

/// The constraint of clauses on one attribute; `None` if no value satisfies it
fn constraint<'p>(
    policy: &'p Policy,
    service: &'p Service,
    index: usize,
    clauses: &[&'p Clause],
    at: Date,
) -> Option<Constraint<'p>> {
    let attribute = &policy.attributes()[index];
    let clauses = clauses.iter().filter(|clause| clause.attribute == index && clause.test != Test::Any);
    if attribute.set {
        let names: Vec<&str> = values(policy, service, index);
        let tests: Vec<(Test, Vec<&str>)> = clauses
            .map(|clause| (clause.test, clause.listed_on(at).map(|value| names[value]).collect()))
            .collect();
        let is_impossible =
            |(test, list): &(Test, Vec<&str>)| matches!(test, Test::In | Test::Only) && list.is_empty();
        if tests.iter().any(is_impossible) {
            return None;
        }
        return Some(if tests.is_empty() { Constraint::Any } else { Constraint::Set(tests) });
    }
    let mut passing = vec![true; attribute.values.len()];
    for clause in clauses {
        let mut listed = vec![false; passing.len()];
        clause.listed_on(at).for_each(|value| listed[value] = true);
        for (passes, listed) in passing.iter_mut().zip(listed) {
            *passes &= listed == (clause.test == Test::In);
        }
    }
    let values = attribute.values.iter().zip(passing).filter(|(_, passes)| *passes);
    let values: Vec<&str> = values.map(|(value, _)| value.name.as_str()).collect();
    match values.len() {
        0 => None,
        count if count == attribute.values.len() => Some(Constraint::Any),
        _ => Some(Constraint::OneOf(values)),
    }
}

/// The values of an attribute for a service; for `fields`, those that the service declares on any date
pub(crate) fn values<'p>(policy: &'p Policy, service: &'p Service, attribute: usize) -> Vec<&'p str> {
    let attribute = &policy.attributes()[attribute];
    if attribute.name == "fields" {
        return service.fields.iter().flatten().map(|field| field.name.as_str()).collect();
    }
    attribute.values.iter().map(|value| value.name.as_str()).collect()
}

/// The effective dates of the modifications. The shipped rules change on no other dates.
pub(crate) fn dates(policy: &Policy) -> Vec<Date> {
    let dates = policy.modifications().iter().filter_map(|modification| match modification.effective {
        Edge::On(date) => Some(date),
        Edge::Start | Edge::Never => None,
    });
    let mut dates: Vec<Date> = dates.collect();
    dates.sort_unstable();
    dates.dedup();
    dates
}

//! The rules of one service on one date as boxes, every list written out: what each peer's form is made from.

use meterwarden::Date;
use meterwarden::policy::{Clause, Edge, Effect, Policy, Rule, Service, Test};

/// What is in force for one service on one date.
#[derive(Debug, PartialEq)]
pub(crate) struct Law<'p> {
    pub(crate) service: &'p str,
    /// In policy order.
    pub(crate) permits: Vec<RuleBox<'p>>,
    /// In policy order.
    pub(crate) forbids: Vec<RuleBox<'p>>,
    /// The fields declared on the date; nothing where the body is not looked at.
    pub(crate) declared: Option<Vec<&'p str>>,
}

/// A rule with one choice of its conditions' cases.
#[derive(Debug)]
pub(crate) struct RuleBox<'p> {
    pub(crate) rule: &'p Rule,
    /// `wants[a]` is asked of attribute `a`.
    pub(crate) wants: Vec<Wants<'p>>,
}

/// What a box asks of one attribute.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Wants<'p> {
    Anything,
    /// One of these values of a plain attribute: some, and not all.
    OneOf(Vec<&'p str>),
    /// All of these, of a set attribute.
    Set(Vec<(Test, Vec<&'p str>)>),
}

impl PartialEq for RuleBox<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.rule.name == other.rule.name && self.wants == other.wants
    }
}

impl<'p> Law<'p> {
    /// The law of a service on a date.
    pub(crate) fn of(policy: &'p Policy, service: &'p Service, at: Date) -> Self {
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

    /// The laws of all services on a date.
    pub(crate) fn all(policy: &'p Policy, at: Date) -> Vec<Self> {
        policy.services().iter().map(|service| Self::of(policy, service, at)).collect()
    }
}

fn boxes<'p>(policy: &'p Policy, service: &'p Service, rule: &'p Rule, at: Date) -> Vec<RuleBox<'p>> {
    let mut combinations: Vec<Vec<&Clause>> = vec![rule.clauses.iter().collect()];
    for condition in policy.conditions_of(rule) {
        let with = |known: &Vec<&'p Clause>| {
            let known = known.clone();
            condition.cases.iter().map(move |case| known.iter().copied().chain(case).collect())
        };
        combinations = combinations.iter().flat_map(with).collect();
    }
    let wants = combinations.iter().filter_map(|clauses| {
        let attributes = 0..policy.attributes().len();
        attributes.map(|attribute| wants(policy, service, attribute, clauses, at)).collect()
    });
    wants.map(|wants| RuleBox { rule, wants }).collect()
}

/// What clauses ask of one attribute; nothing where no value can meet it.
fn wants<'p>(
    policy: &'p Policy,
    service: &'p Service,
    nth: usize,
    clauses: &[&'p Clause],
    at: Date,
) -> Option<Wants<'p>> {
    let attribute = &policy.attributes()[nth];
    let about = clauses.iter().filter(|clause| clause.attribute == nth && clause.test != Test::Any);
    if attribute.set {
        let names: Vec<&str> = values(policy, service, nth);
        let tests: Vec<(Test, Vec<&str>)> = about
            .map(|clause| (clause.test, clause.listed_on(at).map(|value| names[value]).collect()))
            .collect();
        let never =
            |(test, list): &(Test, Vec<&str>)| matches!(test, Test::In | Test::Only) && list.is_empty();
        return match tests.is_empty() {
            true => Some(Wants::Anything),
            false => Some(Wants::Set(tests))
                .filter(|wants| !matches!(wants, Wants::Set(tests) if tests.iter().any(never))),
        };
    }
    let mut allowed = vec![true; attribute.values.len()];
    for clause in about {
        let mut listed = vec![false; allowed.len()];
        clause.listed_on(at).for_each(|value| listed[value] = true);
        for (allowed, listed) in allowed.iter_mut().zip(listed) {
            *allowed &= listed == (clause.test == Test::In);
        }
    }
    let passing = attribute.values.iter().zip(&allowed).filter(|(_, allowed)| **allowed);
    let passing: Vec<&str> = passing.map(|(value, _)| value.name.as_str()).collect();
    match passing.len() {
        0 => None,
        all if all == allowed.len() => Some(Wants::Anything),
        _ => Some(Wants::OneOf(passing)),
    }
}

/// The values of an attribute for a service: its own, or the fields that the service declares on whatever date.
pub(crate) fn values<'p>(policy: &'p Policy, service: &'p Service, attribute: usize) -> Vec<&'p str> {
    let attribute = &policy.attributes()[attribute];
    if attribute.name == "fields" {
        return service.fields.iter().flatten().map(|field| field.name.as_str()).collect();
    }
    attribute.values.iter().map(|value| value.name.as_str()).collect()
}

/// The dates on which modifications come into force. The shipped rules name no others.
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

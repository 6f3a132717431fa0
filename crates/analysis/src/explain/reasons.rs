//! What is to be said of a decision, put together.

use meterwarden::base::suggest;
use meterwarden::decide::request::{Fact, Request};
use meterwarden::decide::{Outcome, decide_in, facts};
use meterwarden::policy::{Edge, Policy, Rule, Service, Window};
use meterwarden::space::RuleSpace;

use super::Explanation;
use super::candidate::{self, Asked, Candidate};
use super::note::{RuleNote, note, titled};
use super::proposed::{self, Proposed};

/// Why a request was decided as it was.
pub(super) struct Reasons<'p> {
    /// The service's number and name.
    pub(super) service: String,
    /// The `///` lines above the service.
    pub(super) doc: &'p str,
    /// What the request says, in checking order, of the attributes that the rules look at.
    pub(super) said: Vec<String>,
    /// What the request may have meant.
    pub(super) hints: Vec<String>,
    /// Why nobody may send the service, where it is closed.
    pub(super) closed: Option<&'p str>,
    /// The rules that decided: the permits that matched, or the forbid that answered.
    pub(super) rules: Vec<RuleNote<'p>>,
    /// For what is not permitted, each permit in force, nearest first.
    pub(super) candidates: Vec<Candidate<'p>>,
    /// Where it is undetermined, the forbids that may yet stand against it.
    pub(super) forbids: Vec<Candidate<'p>>,
    /// The time, around its date, in which the same request gets the same answer.
    pub(super) holds: Window,
    /// The modifications that begin and end it.
    pub(super) changed_by: Vec<String>,
    /// Other times at which the same request is permitted, in order.
    pub(super) other_times: Vec<OtherTime<'p>>,
    /// What would permit the same request if it came into force.
    pub(super) proposed: Option<Proposed>,
}

/// A time at which the same request is permitted.
#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct OtherTime<'p> {
    pub(super) from: Option<String>,
    pub(super) until: Option<String>,
    pub(super) rule: &'p str,
}

impl<'p> Reasons<'p> {
    pub(super) fn of(explanation: &Explanation<'p>) -> Self {
        let (policy, request) = (explanation.plan.policy(), &explanation.request);
        let Some((service, plan)) = explanation.plan.service(&request.service) else {
            return Self::of_unknown(policy, &request.service);
        };
        let rule_space = plan.at(request.at);
        let outcome = &explanation.decision.outcome;
        let answers = explanation.by_time();
        let holds = holds(&answers, outcome, Edge::On(request.at));
        let mut reasons = Self {
            service: format!("{} {}", service.name, service.text),
            doc: &service.doc,
            said: said_by(policy, request, rule_space),
            hints: undeclared(policy, service, request),
            closed: service.closed.as_deref(),
            rules: deciding(policy, service, outcome),
            candidates: Vec::new(),
            forbids: Vec::new(),
            holds,
            changed_by: changed_by(policy, service, holds),
            other_times: Vec::new(),
            proposed: None,
        };
        // What is wrong with a request's words was told instead of deciding it.
        if let (false, Ok(facts)) = (explanation.decision.is_permit(), facts(policy, rule_space, request)) {
            let asked = Asked { policy, service, rule_space, facts: &facts, request };
            reasons.candidates = candidate::permits(&asked);
            reasons.other_times = other_times(answers);
            reasons.proposed = proposed::of(policy, service, plan, request);
            if matches!(outcome, Outcome::Undetermined { .. }) {
                reasons.forbids = candidate::forbids(&asked);
            }
        }
        reasons
    }

    fn of_unknown(policy: &Policy, service: &str) -> Self {
        Self {
            service: one_line(service),
            doc: "",
            said: Vec::new(),
            hints: vec![known_services(policy, service)],
            closed: None,
            rules: Vec::new(),
            candidates: Vec::new(),
            forbids: Vec::new(),
            holds: Window::ALWAYS,
            changed_by: Vec::new(),
            other_times: Vec::new(),
            proposed: None,
        }
    }
}

/// What a request gets in a stretch of time.
type Answer<'p> = (Window, Outcome<'p>);

impl<'p> Explanation<'p> {
    /// What the request gets in each stretch of time in which its service's rules do not change.
    fn by_time(&self) -> Vec<Answer<'p>> {
        let policy = self.plan.policy();
        let Some((service, plan)) = self.plan.service(&self.request.service) else { return Vec::new() };
        let mut answers = Vec::with_capacity(plan.rule_spaces.len());
        for (nth, rule_space) in plan.rule_spaces.iter().enumerate() {
            let until = plan.rule_spaces.get(nth + 1).map_or(Edge::Never, |next| next.from);
            let day = match (rule_space.from, until) {
                (Edge::On(day), _) => day,
                (_, Edge::On(next)) => next.yesterday().unwrap_or(next),
                _ => self.request.at,
            };
            let by_rules = || decide_in(policy, service, rule_space, &self.request).ok();
            let outcome = self.plan.verdict(&self.resolved.on(day)).outcome();
            let outcome = outcome.or_else(|| by_rules().map(|decision| decision.outcome));
            answers.extend(outcome.map(|outcome| (Window::new(rule_space.from, until), outcome)));
        }
        answers
    }
}

/// The longest time around a date in which a request gets the same answer.
fn holds(answers: &[Answer<'_>], same: &Outcome<'_>, at: Edge) -> Window {
    let mut holds = Window::ALWAYS;
    for (window, _) in answers.iter().filter(|(_, outcome)| outcome != same) {
        if window.until <= at {
            holds.from = window.until;
        } else {
            holds.until = holds.until.min(window.from);
        }
    }
    holds
}

/// The times at which a request is permitted, where its own is not among them.
fn other_times(answers: Vec<Answer<'_>>) -> Vec<OtherTime<'_>> {
    let text = |edge| if let Edge::On(date) = edge { Some(date.to_string()) } else { None };
    let mut times: Vec<OtherTime<'_>> = Vec::new();
    for (window, outcome) in answers {
        let Outcome::Permit { rule, .. } = outcome else { continue };
        let (from, until) = (text(window.from), text(window.until));
        match times.last_mut() {
            Some(last) if last.rule == rule && last.until == from => last.until = until,
            _ => times.push(OtherTime { from, until, rule }),
        }
    }
    times
}

fn deciding<'p>(policy: &'p Policy, service: &'p Service, outcome: &Outcome<'p>) -> Vec<RuleNote<'p>> {
    let names: Vec<&str> = match outcome {
        Outcome::Permit { rule, also } => [*rule].into_iter().chain(also.iter().copied()).collect(),
        Outcome::Refuse(refusal) => refusal.rule.into_iter().collect(),
        Outcome::Undetermined { .. } => Vec::new(),
    };
    let rules = || service.rules.iter().map(|covered| &policy.rules()[covered.rule]);
    let rule = |name: &&str| -> Option<&'p Rule> { rules().find(|rule| rule.name == **name) };
    names.iter().filter_map(rule).map(|rule| note(policy, rule)).collect()
}

/// The modifications, named in the rules of a service, that begin or end a time.
fn changed_by(policy: &Policy, service: &Service, holds: Window) -> Vec<String> {
    let named = policy
        .service_windows(service)
        .flat_map(|window| window.edges().into_iter().zip(window.modifications()));
    let there = named.filter(|(edge, _)| matches!(edge, Edge::On(_)) && holds.edges().contains(edge));
    let mut found: Vec<usize> = there.filter_map(|(_, modification)| modification).collect();
    found.sort_unstable_by_key(|nth| (policy.modifications()[*nth].effective, *nth));
    found.dedup();
    found.into_iter().map(|nth| titled(policy, nth)).collect()
}

/// What a request says, attribute by attribute, of those that the rules of its service look at.
fn said_by(policy: &Policy, request: &Request, rule_space: &RuleSpace) -> Vec<String> {
    let looked_at = policy
        .attributes()
        .iter()
        .zip(&rule_space.dimensions)
        .filter(|(_, dimension)| dimension.classes.len() > 1);
    let fact_of = |name: &str| request.facts.iter().find(|(known, _)| known == name);
    let facts = looked_at.filter_map(|(one, _)| fact_of(&one.name));
    facts.map(|(name, fact)| format!("{name} {}", said(fact))).collect()
}

/// What a request says of one attribute.
pub(super) fn said(fact: &Fact) -> String {
    match fact {
        Fact::Value(value) => one_line(value),
        Fact::Set(values) if values.is_empty() => "none".to_owned(),
        Fact::Set(values) => one_line(&values.join(", ")),
    }
}

/// A text from outside, so that it cannot pass for lines of ours.
fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

/// Which services an unknown one may have meant: those that go on from its number, or the nearest.
fn known_services(policy: &Policy, unknown: &str) -> String {
    let names = || policy.services().iter().map(|service| service.name.as_str());
    let further: Vec<String> = names()
        .filter(|name| name.starts_with(&format!("{unknown}.")))
        .map(|name| format!("`{name}`"))
        .collect();
    if !further.is_empty() {
        return format!("did you mean {}?", suggest::either(&further));
    }
    let near = suggest::did_you_mean(unknown, names());
    near.unwrap_or_else(|| format!("the policy knows {} services", policy.services().len()))
}

/// Fields of a request that its service does not declare, and what they may have meant.
fn undeclared(policy: &Policy, service: &Service, request: &Request) -> Vec<String> {
    let (Some(nth), Some(fields)) = (policy.fields_attribute(), &service.fields) else { return Vec::new() };
    let name = &policy.attributes()[nth].name;
    let Some((_, Fact::Set(values))) = request.facts.iter().find(|(known, _)| known == name) else {
        return Vec::new();
    };
    let declared = || fields.iter().map(|field| field.name.as_str());
    let others = values.iter().filter(|value| !declared().any(|known| known == *value));
    let hint = |value: &String| {
        let near =
            suggest::did_you_mean(value, declared()).map_or_else(String::new, |near| format!("; {near}"));
        format!("service {} declares no field `{}`{near}", service.name, one_line(value))
    };
    others.map(hint).collect()
}

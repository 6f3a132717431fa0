//! The reasons of a decision, collected for display.

use meterwarden::base::suggest;
use meterwarden::decide::request::{Fact, Request};
use meterwarden::decide::{Outcome, decide_in, facts};
use meterwarden::policy::{Edge, Policy, Rule, Service, Window};

use super::Explanation;
use super::candidate::{self, Candidate, RuleComparison};
use super::proposed::{ProposedPermit, proposed_permit};
use super::request_text::{one_line, stated_facts};
use super::rule_note::{RuleNote, note, titled};

/// Why a request was decided as it was.
pub(super) struct Reasons<'p> {
    /// The service's number and name.
    pub(super) service: String,
    /// The `///` lines above the service.
    pub(super) doc: &'p str,
    /// The request's facts in check order, for the attributes that the rules check.
    pub(super) stated: Vec<String>,
    /// Similar names for a service or for fields that the policy does not have.
    pub(super) hints: Vec<String>,
    /// Why nobody may send the service, if it is closed.
    pub(super) closed: Option<&'p str>,
    /// The rules that decided: the permits that matched, or the forbid that answered.
    pub(super) rules: Vec<RuleNote<'p>>,
    /// For a request that is not permitted, each permit in force, nearest first.
    pub(super) candidates: Vec<Candidate<'p>>,
    /// For an undetermined request, the forbids that may still match.
    pub(super) forbids: Vec<Candidate<'p>>,
    /// The time around its date in which the same request has the same outcome.
    pub(super) holds: Window,
    /// The modifications with whose dates this time begins and ends.
    pub(super) changed_by: Vec<String>,
    /// Other times at which the same request is permitted, in order.
    pub(super) other_times: Vec<OtherTime<'p>>,
    /// The permit that would match if proposed modifications came into force.
    pub(super) proposed: Option<ProposedPermit>,
}

/// A time at which the same request is permitted.
#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct OtherTime<'p> {
    pub(super) from: Option<String>,
    pub(super) until: Option<String>,
    pub(super) rule: &'p str,
}

impl<'p> Reasons<'p> {
    pub(super) fn new(explanation: &Explanation<'p>) -> Self {
        let (policy, request) = (explanation.plan.policy(), &explanation.request);
        let Some((service, plan)) = explanation.plan.service(&request.service) else {
            return Self::unknown_service(policy, &request.service);
        };
        let rule_space = plan.at(request.at);
        let outcome = &explanation.decision.outcome;
        let outcomes = explanation.outcomes_by_time();
        let holds = holds(&outcomes, outcome, Edge::On(request.at));
        let mut reasons = Self {
            service: format!("{} {}", service.name, service.text),
            doc: &service.doc,
            stated: stated_facts(policy, request, rule_space),
            hints: undeclared_fields(policy, service, request),
            closed: service.closed.as_deref(),
            rules: deciding_rules(policy, service, outcome),
            candidates: Vec::new(),
            forbids: Vec::new(),
            holds,
            changed_by: changed_by(policy, service, holds),
            other_times: Vec::new(),
            proposed: None,
        };
        // A request with unknown values has no facts. It was refused before any rule was compared with it.
        if let (false, Ok(facts)) = (explanation.decision.is_permit(), facts(policy, rule_space, request)) {
            let comparison = RuleComparison { policy, service, rule_space, facts: &facts, request };
            reasons.candidates = candidate::permits(&comparison);
            reasons.other_times = other_times(outcomes);
            reasons.proposed = proposed_permit(policy, service, plan, request);
            if matches!(outcome, Outcome::Undetermined { .. }) {
                reasons.forbids = candidate::forbids(&comparison);
            }
        }
        reasons
    }

    fn unknown_service(policy: &Policy, service: &str) -> Self {
        Self {
            service: one_line(service),
            doc: "",
            stated: Vec::new(),
            hints: vec![similar_services(policy, service)],
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

/// The outcome of the request in one interval.
type TimedOutcome<'p> = (Window, Outcome<'p>);

impl<'p> Explanation<'p> {
    /// The outcome of the request in each interval of its service.
    fn outcomes_by_time(&self) -> Vec<TimedOutcome<'p>> {
        let policy = self.plan.policy();
        let Some((service, plan)) = self.plan.service(&self.request.service) else { return Vec::new() };
        let mut outcomes = Vec::with_capacity(plan.rule_spaces.len());
        for (index, rule_space) in plan.rule_spaces.iter().enumerate() {
            let until = plan.rule_spaces.get(index + 1).map_or(Edge::Never, |next| next.from);
            let day = match (rule_space.from, until) {
                (Edge::On(day), _) => day,
                (_, Edge::On(next)) => next.yesterday().unwrap_or(next),
                _ => self.request.at,
            };
            // A verdict is faster than a decision, but does not exist for every request.
            let from_verdict = self.plan.verdict(&self.resolved.on(day)).outcome();
            let from_rules = || decide_in(policy, service, rule_space, &self.request).ok();
            let outcome = from_verdict.or_else(|| from_rules().map(|decision| decision.outcome));
            outcomes.extend(outcome.map(|outcome| (Window::new(rule_space.from, until), outcome)));
        }
        outcomes
    }
}

/// The longest time around a date in which every outcome equals `same`.
fn holds(outcomes: &[TimedOutcome<'_>], same: &Outcome<'_>, at: Edge) -> Window {
    let mut holds = Window::ALWAYS;
    for (window, _) in outcomes.iter().filter(|(_, outcome)| outcome != same) {
        if window.until <= at {
            holds.from = window.until;
        } else {
            holds.until = holds.until.min(window.from);
        }
    }
    holds
}

/// The times at which a request is permitted. It is called for requests that are not permitted on their own date.
fn other_times(outcomes: Vec<TimedOutcome<'_>>) -> Vec<OtherTime<'_>> {
    let text = |edge| if let Edge::On(date) = edge { Some(date.to_string()) } else { None };
    let mut times: Vec<OtherTime<'_>> = Vec::new();
    for (window, outcome) in outcomes {
        let Outcome::Permit { rule, .. } = outcome else { continue };
        let (from, until) = (text(window.from), text(window.until));
        match times.last_mut() {
            Some(last) if last.rule == rule && last.until == from => last.until = until,
            _ => times.push(OtherTime { from, until, rule }),
        }
    }
    times
}

fn deciding_rules<'p>(policy: &'p Policy, service: &'p Service, outcome: &Outcome<'p>) -> Vec<RuleNote<'p>> {
    let names: Vec<&str> = match outcome {
        Outcome::Permit { rule, also } => [*rule].into_iter().chain(also.iter().copied()).collect(),
        Outcome::Refuse(refusal) => refusal.rule.into_iter().collect(),
        Outcome::Undetermined { .. } => Vec::new(),
    };
    let rules = || service.rules.iter().map(|covered| &policy.rules()[covered.rule]);
    let rule = |name: &&str| -> Option<&'p Rule> { rules().find(|rule| rule.name == **name) };
    names.iter().filter_map(rule).map(|rule| note(policy, rule)).collect()
}

/// The modifications, named in the rules of a service, with whose dates a time begins or ends.
fn changed_by(policy: &Policy, service: &Service, holds: Window) -> Vec<String> {
    let named = policy
        .service_windows(service)
        .flat_map(|window| window.edges().into_iter().zip(window.modifications()));
    let at_edges = named.filter(|(edge, _)| matches!(edge, Edge::On(_)) && holds.edges().contains(edge));
    let mut modifications: Vec<usize> = at_edges.filter_map(|(_, modification)| modification).collect();
    modifications.sort_unstable_by_key(|index| (policy.modifications()[*index].effective, *index));
    modifications.dedup();
    modifications.into_iter().map(|index| titled(policy, index)).collect()
}

/// The services that an unknown name may mean: those whose number begins with it, or the most similar one.
fn similar_services(policy: &Policy, unknown: &str) -> String {
    let names = || policy.services().iter().map(|service| service.name.as_str());
    let longer: Vec<String> = names()
        .filter(|name| name.starts_with(&format!("{unknown}.")))
        .map(|name| format!("`{name}`"))
        .collect();
    if !longer.is_empty() {
        return format!("did you mean {}?", suggest::either(&longer));
    }
    let similar = suggest::did_you_mean(unknown, names());
    similar.unwrap_or_else(|| format!("the policy knows {} services", policy.services().len()))
}

/// A hint for each field of a request that its service does not declare.
fn undeclared_fields(policy: &Policy, service: &Service, request: &Request) -> Vec<String> {
    let (Some(attribute), Some(fields)) = (policy.fields_attribute(), &service.fields) else {
        return Vec::new();
    };
    let name = &policy.attributes()[attribute].name;
    let Some((_, fact)) = request.facts.iter().find(|(stated, _)| stated == name) else {
        return Vec::new();
    };
    let (Fact::Set(values) | Fact::Members { present: values, .. }) = fact else { return Vec::new() };
    let is_declared =
        |value: &String| fields.iter().any(|field| field.name == *value || field.place == *value);
    let undeclared = values.iter().filter(|value| !is_declared(value));
    let hint = |value: &String| {
        let element = value.rsplit('/').next().unwrap_or_default();
        let elsewhere: Vec<String> = fields
            .iter()
            .filter(|field| field.element() == element)
            .map(|field| format!("`{}`", field.place))
            .collect();
        let similar = suggest::did_you_mean(value, fields.iter().map(|field| field.name.as_str()));
        let more = match (elsewhere.is_empty(), similar) {
            (false, _) => format!("; it declares {}", suggest::join(&elsewhere, "and")),
            (true, Some(similar)) => format!("; {similar}"),
            (true, None) => String::new(),
        };
        format!("service {} declares no field `{}`{more}", service.name, one_line(value))
    };
    undeclared.map(hint).collect()
}

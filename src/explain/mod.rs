//! Why a request was decided as it was: the rule and its place, or each permit and what it would have taken.

mod candidate;
mod least;
pub(crate) mod note;
mod proposed;
mod text;

use crate::compile::{Epoch, Plan};
use crate::decide::{Decision, InputError, Outcome, facts};
use crate::policy::{Edge, Policy, Service, Window};
use crate::request::{Fact, Request};
use crate::suggest;
use candidate::{Asked, Candidate};
use least::Least;
use note::{RuleNote, note, titled};
use proposed::Proposed;

/// A decision and its reasons.
#[derive(Clone, Debug)]
pub struct Explanation<'p> {
    decision: Decision<'p>,
    /// The service's number and name.
    service: String,
    /// The `///` lines above the service.
    doc: &'p str,
    /// What the request says, in checking order, of the attributes that the rules look at.
    said: Vec<String>,
    /// What the request may have meant.
    hints: Vec<String>,
    /// Why nobody may send the service, where it is closed.
    closed: Option<&'p str>,
    /// The rules that decided: the permits that matched, or the forbid that answered.
    rules: Vec<RuleNote<'p>>,
    /// The least change that would have it permitted, if that was looked for.
    least: Option<Least>,
    /// For what is not permitted, each permit in force, nearest first.
    candidates: Vec<Candidate<'p>>,
    /// Where it is undetermined, the forbids that may yet stand against it.
    forbids: Vec<Candidate<'p>>,
    /// The time, around its date, in which the same request gets the same answer.
    holds: Window,
    /// The modifications that begin and end it.
    changed_by: Vec<String>,
    /// Other times at which the same request is permitted, in order.
    other_times: Vec<OtherTime<'p>>,
    /// What would permit the same request if it came into force.
    proposed: Option<Proposed>,
}

/// A time at which the same request is permitted.
#[derive(Clone, Debug, serde::Serialize)]
struct OtherTime<'p> {
    from: Option<String>,
    until: Option<String>,
    rule: &'p str,
}

impl Plan {
    /// Decides a request and says why.
    ///
    /// # Errors
    ///
    /// As [`Plan::decide`].
    pub fn explain(&self, request: &Request) -> Result<Explanation<'_>, InputError> {
        let decision = self.decide(request)?;
        let policy = self.policy();
        let Some((service, plan)) = self.service(&request.service) else {
            return Ok(Explanation {
                service: one_line(&request.service),
                hints: vec![known_services(policy, &request.service)],
                ..Explanation::bare(decision)
            });
        };
        let epoch = plan.at(request.at);
        let facts = &facts(policy, epoch, request)?;
        let holds = self.holds(request, &decision)?;
        let mut explanation = Explanation {
            service: format!("{} {}", service.name, service.text),
            doc: &service.doc,
            closed: service.closed.as_deref(),
            rules: deciding(policy, &decision.outcome),
            changed_by: changed_by(policy, service, holds),
            holds,
            hints: undeclared(policy, service, request),
            said: said_by(policy, request, epoch),
            ..Explanation::bare(decision)
        };
        if !explanation.decision.is_permit() {
            let asked = Asked { policy, service, epoch, facts, request };
            explanation.candidates = candidate::permits(&asked);
            explanation.other_times = self.other_times(request)?;
            explanation.proposed = proposed::of(policy, service, plan, request)?;
            if matches!(explanation.decision.outcome, Outcome::Undetermined { .. }) {
                explanation.forbids = candidate::forbids(&asked);
            }
        }
        Ok(explanation)
    }

    /// What a request gets in each stretch of time in which its service's rules do not change.
    fn by_time(&self, request: &Request) -> Result<Vec<(Window, Outcome<'_>)>, InputError> {
        let Some((_, plan)) = self.service(&request.service) else { return Ok(Vec::new()) };
        let mut answers = Vec::new();
        for (nth, epoch) in plan.epochs.iter().enumerate() {
            let until = plan.epochs.get(nth + 1).map_or(Edge::Never, |next| next.from);
            let day = match (epoch.from, until) {
                (Edge::On(day), _) => day,
                (_, Edge::On(next)) => next.yesterday().unwrap_or(next),
                _ => request.at,
            };
            let then = self.decide(&Request { at: day, ..request.clone() })?;
            answers.push((Window::new(epoch.from, until), then.outcome));
        }
        Ok(answers)
    }

    /// The longest time around its date in which a request gets the same answer.
    fn holds(&self, request: &Request, decision: &Decision<'_>) -> Result<Window, InputError> {
        let mut holds = Window::ALWAYS;
        for (window, outcome) in self.by_time(request)? {
            if outcome == decision.outcome {
                continue;
            }
            if window.until <= Edge::On(request.at) {
                holds.from = window.until;
            } else {
                holds.until = holds.until.min(window.from);
            }
        }
        Ok(holds)
    }

    /// The times at which a request is permitted, where its own is not among them.
    fn other_times(&self, request: &Request) -> Result<Vec<OtherTime<'_>>, InputError> {
        let text = |edge| if let Edge::On(date) = edge { Some(date.to_string()) } else { None };
        let mut times: Vec<OtherTime<'_>> = Vec::new();
        for (window, outcome) in self.by_time(request)? {
            let Outcome::Permit { rule, .. } = outcome else { continue };
            let (from, until) = (text(window.from), text(window.until));
            match times.last_mut() {
                Some(last) if last.rule == rule && last.until == from => last.until = until,
                _ => times.push(OtherTime { from, until, rule }),
            }
        }
        Ok(times)
    }
}

fn deciding<'p>(policy: &'p Policy, outcome: &Outcome<'p>) -> Vec<RuleNote<'p>> {
    let names: Vec<&str> = match outcome {
        Outcome::Permit { rule, also } => [*rule].into_iter().chain(also.iter().copied()).collect(),
        Outcome::Refuse(refusal) => refusal.rule.into_iter().collect(),
        Outcome::Undetermined { .. } => Vec::new(),
    };
    let rule = |name: &&str| policy.rules.iter().position(|rule| rule.name == **name);
    names.iter().filter_map(rule).map(|rule| note(policy, rule)).collect()
}

/// The modifications, named in the rules of a service, that begin or end a time.
fn changed_by(policy: &Policy, service: &Service, holds: Window) -> Vec<String> {
    let named = policy
        .service_windows(service)
        .flat_map(|window| window.edges().into_iter().zip(window.modifications()));
    let there = named.filter(|(edge, _)| matches!(edge, Edge::On(_)) && holds.edges().contains(edge));
    let mut found: Vec<usize> = there.filter_map(|(_, modification)| modification).collect();
    found.sort_unstable_by_key(|nth| (policy.modifications[*nth].effective, *nth));
    found.dedup();
    found.into_iter().map(|nth| titled(policy, nth)).collect()
}

/// What a request says, attribute by attribute, of those that the rules of its service look at.
fn said_by(policy: &Policy, request: &Request, epoch: &Epoch) -> Vec<String> {
    let looked_at = policy.attributes.iter().zip(&epoch.axes).filter(|(_, axis)| axis.kinds.len() > 1);
    let fact_of = |name: &str| request.facts.iter().find(|(known, _)| known == name);
    let facts = looked_at.filter_map(|(one, _)| fact_of(&one.name));
    facts.map(|(name, fact)| format!("{name} {}", said(fact))).collect()
}

/// What a request says of one attribute.
fn said(fact: &Fact) -> String {
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
    let names = || policy.services.iter().map(|service| service.name.as_str());
    let further: Vec<String> = names()
        .filter(|name| name.starts_with(&format!("{unknown}.")))
        .map(|name| format!("`{name}`"))
        .collect();
    if !further.is_empty() {
        return format!("did you mean {}?", suggest::either(&further));
    }
    let near = suggest::did_you_mean(unknown, names());
    near.unwrap_or_else(|| format!("the policy knows {} services", policy.services.len()))
}

/// Fields of a request that its service does not declare, and what they may have meant.
fn undeclared(policy: &Policy, service: &Service, request: &Request) -> Vec<String> {
    let (Some(nth), Some(fields)) = (policy.fields, &service.fields) else { return Vec::new() };
    let name = &policy.attributes[nth].name;
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

impl<'p> Explanation<'p> {
    /// What is to be said of every request.
    fn bare(decision: Decision<'p>) -> Self {
        Self {
            decision,
            service: String::new(),
            doc: "",
            said: Vec::new(),
            hints: Vec::new(),
            closed: None,
            rules: Vec::new(),
            least: None,
            candidates: Vec::new(),
            forbids: Vec::new(),
            holds: Window::ALWAYS,
            changed_by: Vec::new(),
            other_times: Vec::new(),
            proposed: None,
        }
    }

    /// The decision that is explained.
    pub fn decision(&self) -> &Decision<'p> {
        &self.decision
    }
}

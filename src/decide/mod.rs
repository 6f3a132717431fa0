//! [`Plan`] and [`Request`] to [`Decision`], as docs/language.md says under "What a request gets".

mod complete;
mod partial;
mod resolve;

use jiff::civil::Date;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::compile::{Epoch, Plan};
use crate::policy::{Answer, Policy, Service};
use crate::request::Request;
use crate::resolved::Resolved;
use crate::verdict::Verdict;

pub use resolve::InputError;
pub(crate) use resolve::{Facts, facts, vocabulary};

/// The answer to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<'p> {
    /// Permitted, refused, or neither on the facts stated.
    pub outcome: Outcome<'p>,
    /// The date that chose the law.
    pub at: Date,
    /// The fingerprint of the policy that decided.
    pub policy: &'p str,
}

/// What was decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome<'p> {
    /// Every completion of the request is permitted.
    Permit {
        /// The first permit, in policy order, that matches.
        rule: &'p str,
        /// The other permits that match, in policy order.
        also: Vec<&'p str>,
    },
    /// Every completion of the request is refused.
    Refuse(Refusal<'p>),
    /// Some completions are permitted and some refused. To be enforced as a refusal.
    Undetermined {
        /// The unsaid attributes on which it depends, in checking order.
        needs: Vec<&'p str>,
        /// What those attributes would have to be.
        permitted_when: String,
    },
}

/// Why a request is refused: the first check that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal<'p> {
    /// The response code; nothing where none is assigned.
    pub code: Option<&'p str>,
    /// The attribute that stopped it; `service` where no attribute did.
    pub attribute: &'p str,
    /// Why, for people.
    pub reason: &'p str,
    /// The forbid that answered, if one did.
    pub rule: Option<&'p str>,
    /// The place of the check in the order: 0 for the service, then 1 for the first attribute.
    pub check: usize,
}

/// What a refusal at no attribute is about.
pub(crate) const SERVICE: &str = "service";

impl Plan {
    /// Decides a request.
    ///
    /// # Errors
    ///
    /// What the request says is not of this policy's vocabulary: an attribute or a value that it does not
    /// have, one value for a set or a list for a plain attribute.
    pub fn decide(&self, request: &Request) -> Result<Decision<'_>, InputError> {
        self.decide_resolved(&self.resolve(request)?, request)
    }

    /// The same of a request that is in this plan's numbers already.
    pub(crate) fn decide_resolved(
        &self,
        resolved: &Resolved,
        request: &Request,
    ) -> Result<Decision<'_>, InputError> {
        match self.verdict(resolved).outcome() {
            Some(outcome) => Ok(self.decision(outcome, request.at)),
            None => self.interpret(request),
        }
    }

    /// The same answer from the rules themselves, one after another, without the table that [`Plan::decide`] looks it up
    /// in: slower, and what that is held against.
    ///
    /// # Errors
    ///
    /// As [`Plan::decide`].
    pub fn interpret(&self, request: &Request) -> Result<Decision<'_>, InputError> {
        let Some((service, plan)) = self.service(&request.service) else {
            vocabulary(self.policy(), &request.facts)?;
            return Ok(self.decision(Outcome::Refuse(Refusal::UNKNOWN_SERVICE), request.at));
        };
        in_epoch(self.policy(), service, plan.at(request.at), request)
    }

    fn decision<'p>(&'p self, outcome: Outcome<'p>, at: Date) -> Decision<'p> {
        Decision { outcome, at, policy: self.policy().fingerprint() }
    }
}

impl<'p> Verdict<'p> {
    /// What was decided; nothing where something unsaid may decide it.
    pub(crate) fn outcome(&self) -> Option<Outcome<'p>> {
        let mut permits = self.permits().map(|rule| rule.name.as_str());
        match permits.next() {
            Some(rule) => Some(Outcome::Permit { rule, also: permits.collect() }),
            None => self.refusal().map(Outcome::Refuse),
        }
    }
}

/// Decides a request for a service by what is in force on its date.
pub(crate) fn in_epoch<'p>(
    policy: &'p Policy,
    service: &'p Service,
    epoch: &'p Epoch,
    request: &Request,
) -> Result<Decision<'p>, InputError> {
    let facts = facts(policy, epoch, request)?;
    let outcome = match facts.complete(epoch) {
        Some(kinds) => complete::outcome(policy, epoch, &kinds),
        None => partial::outcome(policy, service, epoch, &facts),
    };
    Ok(Decision { outcome, at: request.at, policy: policy.fingerprint() })
}

/// The name of the attribute at a check.
pub(crate) fn attribute_at(policy: &Policy, check: usize) -> &str {
    let attribute = check.checked_sub(1).and_then(|nth| policy.attributes.get(nth));
    attribute.map_or(SERVICE, |attribute| attribute.name.as_str())
}

impl<'p> Refusal<'p> {
    /// No rule is about a service that the policy does not have.
    pub(crate) const UNKNOWN_SERVICE: Self = Self::of_service("the policy does not know this service");
    /// Numbers mean something in the policy that they are of, and nothing in another.
    pub(crate) const FOREIGN: Self = Self::of_service("the request is in the numbers of another policy");

    const fn of_service(reason: &'p str) -> Self {
        Self { code: None, attribute: SERVICE, reason, rule: None, check: 0 }
    }

    pub(crate) fn new(policy: &'p Policy, check: usize, answer: &'p Answer, rule: Option<usize>) -> Self {
        Self {
            code: answer.code.as_deref(),
            attribute: attribute_at(policy, check),
            reason: &answer.reason,
            rule: rule.map(|rule| policy.rules[rule].name.as_str()),
            check,
        }
    }
}

impl Decision<'_> {
    /// Whether an enforcement point may let the message through.
    pub fn is_permit(&self) -> bool {
        matches!(self.outcome, Outcome::Permit { .. })
    }
}

impl Serialize for Decision<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match &self.outcome {
            Outcome::Permit { rule, also } => {
                map.serialize_entry("decision", "permit")?;
                map.serialize_entry("rule", rule)?;
                if !also.is_empty() {
                    map.serialize_entry("also", also)?;
                }
            }
            Outcome::Refuse(refusal) => {
                map.serialize_entry("decision", "refuse")?;
                map.serialize_entry("code", &refusal.code)?;
                map.serialize_entry("attribute", refusal.attribute)?;
                map.serialize_entry("reason", refusal.reason)?;
                if let Some(rule) = refusal.rule {
                    map.serialize_entry("rule", rule)?;
                }
            }
            Outcome::Undetermined { needs, permitted_when } => {
                map.serialize_entry("decision", "undetermined")?;
                map.serialize_entry("needs", needs)?;
                map.serialize_entry("permitted-when", permitted_when)?;
            }
        }
        map.serialize_entry("at", &DateText(self.at))?;
        map.serialize_entry("policy", self.policy)?;
        map.end()
    }
}

/// A date as text, without making a string of it first.
struct DateText(Date);

impl Serialize for DateText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

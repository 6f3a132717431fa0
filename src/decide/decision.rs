//! The answer to a request, by name: the outcome, the rules that decided, the response code.

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::base::suggest;
use crate::policy::{Answer, Policy};

/// The answer to one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision<'p> {
    /// Permitted, refused, or undetermined.
    pub outcome: Outcome<'p>,
    /// The date of the request. The rules in force on that date decided.
    pub at: Date,
    /// The fingerprint of the policy that decided.
    pub policy: &'p str,
}

/// What was decided. A completion of a request states every attribute that the request does not state.
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
        /// The attributes that are not stated and on which it depends, in checking order.
        needs: Vec<&'p str>,
        /// The values of those attributes with which the request is permitted, as clauses of the rule language.
        permitted_when: String,
    },
}

/// Why a request is refused: the first check that failed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal<'p> {
    /// The response code (DUIS), if one is assigned.
    pub code: Option<&'p str>,
    /// The attribute of the check that failed; `service` where no attribute did.
    pub attribute: &'p str,
    /// The reason, for people.
    pub reason: &'p str,
    /// The forbid that answered, if one did.
    pub rule: Option<&'p str>,
    /// The check: 0 for the service, then 1 for the first attribute.
    pub check: usize,
}

/// Between the alternatives of `permitted_when`.
pub const ALTERNATIVES_SEPARATOR: &str = "; or ";

/// The attribute of a refusal that no attribute caused.
pub const SERVICE: &str = "service";

/// The name of the attribute at a check.
pub fn attribute_at(policy: &Policy, check: usize) -> &str {
    let attribute = check.checked_sub(1).and_then(|place| policy.attributes.get(place));
    attribute.map_or(SERVICE, |attribute| attribute.name.as_str())
}

impl<'p> Refusal<'p> {
    /// No rule covers a service that the policy does not have.
    pub(crate) const UNKNOWN_SERVICE: Self = Self::of_service("the policy does not know this service");
    /// Numbers have no meaning in a policy that they were not made for.
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

/// A date as text, without a string on the heap.
struct DateText(Date);

impl Serialize for DateText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl fmt::Display for Decision<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.outcome {
            Outcome::Permit { rule, also } if also.is_empty() => write!(f, "permit by {rule}"),
            Outcome::Permit { rule, also } => {
                write!(f, "permit by {rule}, and by {}", suggest::join(also, "and"))
            }
            Outcome::Refuse(refusal) => {
                match refusal.code {
                    Some(code) => write!(f, "refuse {code} at {}: {}", refusal.attribute, refusal.reason)?,
                    None => write!(
                        f,
                        "refuse at {}: {} (no code is assigned)",
                        refusal.attribute, refusal.reason
                    )?,
                }
                refusal.rule.map_or(Ok(()), |rule| write!(f, " [{rule}]"))
            }
            Outcome::Undetermined { needs, .. } => {
                write!(f, "undetermined: it depends on {}", suggest::join(needs, "and"))
            }
        }
    }
}

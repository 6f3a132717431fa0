//! A decision that borrows nothing.

use std::fmt;

use jiff::civil::Date;
use serde::ser::{Serialize, Serializer};

use crate::decide::decision::{Decision, Outcome, Refusal};

/// A [`Decision`] that owns its texts, so that it can be sent to another thread or kept after its plan is gone.
///
/// ```
/// # use std::sync::Arc;
/// # use meterwarden::{Date, OwnedDecision, Policy, Request, Source, compile};
/// # let rules = r#"
/// #     attribute role "User Role" always { refuse E2 "this role may not send it"  IS ED }
/// #     service 4.2 "Read Instantaneous Export Registers" {
/// #         permit network "the network operator reads" { role ED  source "row 4.2" }
/// #     }"#;
/// # let plan = compile(Arc::new(Policy::from_sources(vec![Source::new("example.rules", rules)])?));
/// let request = Request::new("4.2", Date::constant(2026, 1, 1)).value("role", "IS");
/// let decision = OwnedDecision::from(&plan.decide(&request)?);
/// drop(plan);
/// let text = std::thread::spawn(move || decision.borrow().to_string()).join().unwrap();
/// assert_eq!(text, "refuse E2 at role: this role may not send it");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnedDecision {
    outcome: OwnedOutcome,
    at: Date,
    policy: Box<str>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum OwnedOutcome {
    Permit { rule: Box<str>, also: Vec<Box<str>> },
    Refuse(OwnedRefusal),
    Undetermined { needs: Vec<Box<str>>, permitted_when: Box<str> },
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct OwnedRefusal {
    code: Option<Box<str>>,
    attribute: Box<str>,
    reason: Box<str>,
    rule: Option<Box<str>>,
    check: usize,
}

impl OwnedDecision {
    /// The decision, with the texts of this one.
    pub fn borrow(&self) -> Decision<'_> {
        let outcome = match &self.outcome {
            OwnedOutcome::Permit { rule, also } => Outcome::Permit { rule, also: borrowed(also) },
            OwnedOutcome::Refuse(refusal) => Outcome::Refuse(Refusal {
                code: refusal.code.as_deref(),
                attribute: &refusal.attribute,
                reason: &refusal.reason,
                rule: refusal.rule.as_deref(),
                check: refusal.check,
            }),
            OwnedOutcome::Undetermined { needs, permitted_when } => {
                Outcome::Undetermined { needs: borrowed(needs), permitted_when: permitted_when.to_string() }
            }
        };
        Decision { outcome, at: self.at, policy: &self.policy }
    }

    /// Whether an enforcement point may let the message through.
    pub fn is_permit(&self) -> bool {
        matches!(self.outcome, OwnedOutcome::Permit { .. })
    }
}

impl From<&Decision<'_>> for OwnedDecision {
    fn from(decision: &Decision<'_>) -> Self {
        let outcome = match &decision.outcome {
            Outcome::Permit { rule, also } => {
                OwnedOutcome::Permit { rule: (*rule).into(), also: owned(also) }
            }
            Outcome::Refuse(refusal) => OwnedOutcome::Refuse(OwnedRefusal {
                code: refusal.code.map(Into::into),
                attribute: refusal.attribute.into(),
                reason: refusal.reason.into(),
                rule: refusal.rule.map(Into::into),
                check: refusal.check,
            }),
            Outcome::Undetermined { needs, permitted_when } => OwnedOutcome::Undetermined {
                needs: owned(needs),
                permitted_when: permitted_when.as_str().into(),
            },
        };
        Self { outcome, at: decision.at, policy: decision.policy.into() }
    }
}

fn owned(texts: &[&str]) -> Vec<Box<str>> {
    texts.iter().map(|text| (*text).into()).collect()
}

fn borrowed(texts: &[Box<str>]) -> Vec<&str> {
    texts.iter().map(AsRef::as_ref).collect()
}

impl Serialize for OwnedDecision {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.borrow().serialize(serializer)
    }
}

impl fmt::Display for OwnedDecision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.borrow().fmt(f)
    }
}

//! The decisions on the requests of a message, put together: one for each device that it is about.

use jiff::civil::Date;
use meterwarden::{Decision, InputError, Outcome, Plan, Request};

use crate::error::MessageError;
use crate::eui::Eui64;
use crate::facts::{SubjectRequests, requests};
use crate::inventory::Inventory;
use crate::message::Message;

/// The decision on a message for one device.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer<'p> {
    /// The device; `None`, if the message is about none.
    pub device: Option<Eui64>,
    /// The request that the decision is about: of all roles of the originator that with the best
    /// prospects.
    pub request: Request,
    /// The decision.
    pub decision: Decision<'p>,
}

/// Why there is no decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// The message, or the inventory behind it.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// A fact that the policy's vocabulary does not have: a role or a device type of the inventory,
    /// say.
    #[error(transparent)]
    Input(#[from] InputError),
}

/// Decides a message for each device that it is about, in its order.
///
/// The originator acts in whichever of its roles is permitted; in none, the answer is the refusal
/// that got furthest in checking order. A role in which the decision is undetermined comes between
/// the two. A gateway lets a message pass for the devices whose decision is a permit, and for no
/// others.
///
/// # Errors
///
/// Those of [`requests`], and a value that the policy does not know.
pub fn decide<'p>(
    plan: &'p Plan,
    message: &Message,
    inventory: &dyn Inventory,
    at: Date,
) -> Result<Vec<Answer<'p>>, AnswerError> {
    let subjects = requests(message, inventory, at)?;
    let mut answers = Vec::with_capacity(subjects.len());
    for subject in subjects {
        answers.extend(best(plan, subject)?);
    }
    Ok(answers)
}

/// The best of the decisions for one device, the first of several as good; there is one, as there
/// is a role.
fn best(plan: &Plan, subject: SubjectRequests) -> Result<Option<Answer<'_>>, InputError> {
    let mut best: Option<Answer<'_>> = None;
    for request in subject.requests {
        let decision = plan.decide(&request)?;
        let is_better = |known: &Answer<'_>| prospects(&known.decision) < prospects(&decision);
        if best.as_ref().is_none_or(is_better) {
            best = Some(Answer { device: subject.device, request, decision });
        }
    }
    Ok(best)
}

/// How near a decision is to a permit.
fn prospects(decision: &Decision<'_>) -> (u8, usize) {
    match &decision.outcome {
        Outcome::Permit { .. } => (2, 0),
        Outcome::Undetermined { .. } => (1, 0),
        Outcome::Refuse(refusal) => (0, refusal.check),
    }
}

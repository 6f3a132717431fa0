//! From the requests of a message to its decisions, one for each device that the message is about.

use jiff::civil::Date;
use meterwarden::{Decision, InputError, Outcome, Plan, Request};

use crate::error::MessageError;
use crate::eui::Eui64;
use crate::inventory::Inventory;
use crate::message::Message;
use crate::requests::{SubjectRequests, requests};

/// The decision on a message for one device.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer<'p> {
    /// The device; `None` if the message is about no device
    pub device: Option<Eui64>,
    /// The request that was decided, in the role of the originator that [`decide()`] chose
    pub request: Request,
    /// The decision
    pub decision: Decision<'p>,
}

/// Why there is no decision.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AnswerError {
    /// An error about the message's originator, or an inventory that does not answer
    #[error(transparent)]
    Message(#[from] MessageError),
    /// A value that the policy's vocabulary does not have, such as a role or a Device Type of the
    /// inventory
    #[error(transparent)]
    Input(#[from] InputError),
}

/// Decides a message for each device that it is about, in the order of the message.
///
/// An originator may hold several roles. The answer is the best of their decisions: a permit, then an
/// undetermined decision, then the refusal that is latest in check order. Of equally good decisions the
/// first role counts. A gateway must forward a message for the devices whose decision is a permit, and
/// for no others.
///
/// # Errors
///
/// Those of [`requests`], and a value that the policy does not have.
pub fn decide<'p>(
    plan: &'p Plan,
    message: &Message,
    inventory: &dyn Inventory,
    at: Date,
) -> Result<Vec<Answer<'p>>, AnswerError> {
    let subjects = requests(message, inventory, at)?;
    let mut answers = Vec::with_capacity(subjects.len());
    for subject in subjects {
        answers.extend(best_answer(plan, subject)?);
    }
    Ok(answers)
}

/// The first of the best decisions for one device. It is never `None`, as the originator has a role.
fn best_answer(plan: &Plan, subject: SubjectRequests) -> Result<Option<Answer<'_>>, InputError> {
    let mut best: Option<Answer<'_>> = None;
    for request in subject.requests {
        let decision = plan.decide(&request)?;
        let is_better = |best: &Answer<'_>| rank(&decision) > rank(&best.decision);
        if best.as_ref().is_none_or(is_better) {
            best = Some(Answer { device: subject.device, request, decision });
        }
    }
    Ok(best)
}

/// How good a decision is for the originator: a higher rank is better.
fn rank(decision: &Decision<'_>) -> (u8, usize) {
    match &decision.outcome {
        Outcome::Permit { .. } => (2, 0),
        Outcome::Undetermined { .. } => (1, 0),
        Outcome::Refuse(refusal) => (0, refusal.check),
    }
}

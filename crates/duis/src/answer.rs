//! From the requests of a message to its decisions, one for each device that the message is about.

use meterwarden::policy::Moment;
use meterwarden::{Decision, Fact, InputError, Outcome, OwnedDecision, Plan, Request};

use crate::error::MessageError;
use crate::eui::Eui64;
use crate::inventory::Inventory;
use crate::message::Message;
use crate::requests::{FIELDS, SubjectRequests, each_subject};

/// The decision on a message for one device.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer<'p> {
    /// The device; `None` if the message is about no device
    pub device: Option<Eui64>,
    /// What else the message names for this answer: a Remote Party Role of 6.24.1
    pub detail: Option<String>,
    /// The request that was decided, in the role of the originator that [`decide()`] chose. Facts of
    /// which the policy has no attribute are left out.
    pub request: Request,
    /// The decision, or why there is none for this device: the inventory has a value, such as a User
    /// Role or a Device Type, that the policy does not have
    pub decision: Result<Decision<'p>, InputError>,
}

/// An [`Answer`] that borrows nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct OwnedAnswer {
    /// As in [`Answer`]
    pub device: Option<Eui64>,
    /// As in [`Answer`]
    pub detail: Option<String>,
    /// As in [`Answer`]
    pub request: Request,
    /// As in [`Answer`]
    pub decision: Result<OwnedDecision, InputError>,
}

impl Answer<'_> {
    /// The answer without its plan, to be sent to another thread.
    pub fn into_owned(self) -> OwnedAnswer {
        let decision = self.decision.map(|decision| OwnedDecision::from(&decision));
        OwnedAnswer { device: self.device, detail: self.detail, request: self.request, decision }
    }
}

/// Decides a message for each device that it is about, in the order of the message.
///
/// An originator may hold several roles. The answer is the best of their decisions: a permit, then an
/// undetermined decision, then the refusal that is latest in check order, then an error. Of equally good
/// decisions the first role counts. A gateway must forward a message for the devices whose decision is a
/// permit, and for no others.
///
/// # Errors
///
/// Those of [`requests`](crate::requests()). An error about one device is in the answer for this device.
pub fn decide<'p>(
    plan: &'p Plan,
    message: &Message,
    inventory: &dyn Inventory,
    at: impl Into<Moment>,
) -> Result<Vec<Answer<'p>>, MessageError> {
    Ok(answers(plan, message, inventory, at.into())?.collect())
}

/// The answers of [`decide()`], each made when it is asked for: together, those of a message about 50,000 devices are
/// large.
///
/// # Errors
///
/// Those of [`requests`](crate::requests()).
pub fn answers<'p: 'm, 'm>(
    plan: &'p Plan,
    message: &'m Message,
    inventory: &'m dyn Inventory,
    at: Moment,
) -> Result<impl Iterator<Item = Answer<'p>> + use<'p, 'm>, MessageError> {
    let subjects = each_subject(message, plan.policy(), inventory, at)?;
    Ok(subjects.filter_map(|subject| best_answer(plan, subject)))
}

/// The first of the best decisions for one device. It is never `None`, as the originator has a role.
fn best_answer(plan: &Plan, subject: SubjectRequests) -> Option<Answer<'_>> {
    let mut best: Option<Answer<'_>> = None;
    for mut request in subject.requests {
        request.facts.retain(|(attribute, _)| plan.policy().attribute(attribute).is_some());
        name_fields(plan, &mut request);
        let decision = plan.decide(&request);
        let is_better = |best: &Answer<'_>| rank(&decision) > rank(&best.decision);
        if best.as_ref().is_none_or(is_better) {
            best = Some(Answer { device: subject.device, detail: subject.detail.clone(), request, decision });
        }
    }
    best
}

/// Calls the fields that the service declares by their names, so that answers show these. An element that is declared
/// nowhere, or not at its place, keeps its path after `/`: no declared field is called so.
fn name_fields(plan: &Plan, request: &mut Request) {
    let Some(service) = plan.policy().service(&request.service) else { return };
    for (_, fact) in request.facts.iter_mut().filter(|(attribute, _)| attribute == FIELDS) {
        let Fact::Set(places) = fact else { continue };
        for place in places {
            let path: Vec<&str> = place.split('/').skip(1).collect();
            if let Some(field) = service.field_at(&path) {
                place.clone_from(&field.name);
            }
        }
    }
}

/// How good a decision is for the originator: a higher rank is better.
fn rank(decision: &Result<Decision<'_>, InputError>) -> (u8, usize) {
    match decision.as_ref().map(|decision| &decision.outcome) {
        Ok(Outcome::Permit { .. }) => (3, 0),
        Ok(Outcome::Undetermined { .. }) => (2, 0),
        Ok(Outcome::Refuse(refusal)) => (1, refusal.check),
        Err(_) => (0, 0),
    }
}

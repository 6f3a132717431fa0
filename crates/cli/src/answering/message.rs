//! Decides a DUIS message for each of its devices, with the inventory that holds what the message does not state.

use std::fs;
use std::path::PathBuf;

use meterwarden::{Fact, InputError as PolicyError, Plan, Policy, Request};
use meterwarden_duis::{Answer as DeviceAnswer, FileInventory, Message, MessageError, decide, read};

use super::answer::{InputError, Subject};
use crate::failure::Failure;
use crate::receipt::Receipt;

/// The inventory of all files together, in the words of a policy; `None` without files.
pub(super) fn inventory(paths: &[PathBuf], policy: &Policy) -> Result<Option<FileInventory>, Failure> {
    if paths.is_empty() {
        return Ok(None);
    }
    let mut inventory = FileInventory::for_policy(policy);
    for path in paths {
        let text = fs::read_to_string(path).map_err(|source| Failure::Read { path: path.clone(), source })?;
        let failure = |source| Failure::Inventory { path: path.clone(), source: Box::new(source) };
        inventory = inventory.file(&path.to_string_lossy(), &text).map_err(failure)?;
    }
    let failure = |source| Failure::WholeInventory(Box::new(source));
    inventory.checked().map(Some).map_err(failure)
}

/// A message, and the decision for each of its devices.
pub(super) fn decide_message<'p>(
    text: &[u8],
    plan: &'p Plan,
    inventory: Option<&FileInventory>,
    receipt: Receipt,
) -> Result<(Message, Vec<DeviceAnswer<'p>>), InputError> {
    let message = read(text).map_err(message_error)?;
    let inventory = inventory.ok_or_else(|| {
        InputError::new(
            "a DUIS message does not state everything about its sender and its device; add --inventory FILE",
        )
    })?;
    let answers = decide(plan, &message, inventory, receipt.at).map_err(message_error)?;
    Ok((message, answers))
}

/// The message, the device, and the role of the sender in which the message was decided.
pub(super) fn subject(message: &Message, answer: &DeviceAnswer<'_>) -> Subject {
    Subject::Device {
        request_id: message.request_id(),
        originator: message.originator,
        service: message.service.variant,
        device: answer.device,
        detail: answer.detail.clone(),
        role: role(&answer.request).map(str::to_owned),
    }
}

fn role(request: &Request) -> Option<&str> {
    let (_, fact) = request.facts.iter().find(|(name, _)| name == "role")?;
    match fact {
        Fact::Value(role) => Some(role),
        Fact::Set(_) | Fact::Members { .. } => None,
    }
}

fn message_error(error: MessageError) -> InputError {
    InputError {
        line: u64::try_from(error.place.line).ok(),
        column: u64::try_from(error.place.column).ok(),
        ..InputError::new(error.kind.to_string())
    }
}

/// Why one device of a message cannot be decided.
pub(super) fn device_error(error: &PolicyError) -> InputError {
    InputError::new(format!(
        "the inventory or the message uses a word that the policy does not have: {error}"
    ))
}

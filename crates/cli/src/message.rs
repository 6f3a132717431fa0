//! A DUIS message, with the inventory that says what it does not, to an answer for each of its devices.

use std::fs;
use std::path::PathBuf;

use meterwarden::{Fact, Plan, Request};
use meterwarden_duis::{Answer, AnswerError, FileInventory, decide, read};

use crate::answer::{About, Unusable};
use crate::failure::Failure;
use crate::receipt::Receipt;

/// The inventory of all files; none, if there are none.
pub(crate) fn inventory(paths: &[PathBuf]) -> Result<Option<FileInventory>, Failure> {
    let mut inventory = FileInventory::default();
    for path in paths {
        let text = fs::read_to_string(path).map_err(|source| Failure::Read { path: path.clone(), source })?;
        let wrong = |source| Failure::Inventory { path: path.clone(), source };
        inventory = inventory.file(&text).map_err(wrong)?;
    }
    Ok((!paths.is_empty()).then_some(inventory))
}

/// The decision for each device that a message is about.
pub(crate) fn decided<'p>(
    text: &[u8],
    plan: &'p Plan,
    inventory: Option<&FileInventory>,
    receipt: Receipt,
) -> Result<Vec<Answer<'p>>, Unusable> {
    let message = read(text).map_err(|wrong| unusable(wrong.into()))?;
    let inventory = inventory.ok_or_else(|| {
        Unusable::new("a DUIS message does not say all of its sender and its device; say --inventory FILE")
    })?;
    decide(plan, &message, inventory, receipt.date).map_err(unusable)
}

/// Which device it is, and in which role of its sender the message was decided.
pub(crate) fn about(answer: &Answer<'_>) -> About {
    About::Device { device: answer.device, role: role(&answer.request).map(str::to_owned) }
}

fn role(request: &Request) -> Option<&str> {
    let (_, fact) = request.facts.iter().find(|(name, _)| name == "role")?;
    match fact {
        Fact::Value(role) => Some(role),
        Fact::Set(_) => None,
    }
}

fn unusable(wrong: AnswerError) -> Unusable {
    match wrong {
        AnswerError::Message(wrong) => Unusable {
            line: u64::try_from(wrong.place.line).ok(),
            column: u64::try_from(wrong.place.column).ok(),
            ..Unusable::new(wrong.kind.to_string())
        },
        AnswerError::Input(wrong) => Unusable::new(format!(
            "what the inventory or the message says is not in the policy's words: {wrong}"
        )),
        wrong => Unusable::new(wrong.to_string()),
    }
}

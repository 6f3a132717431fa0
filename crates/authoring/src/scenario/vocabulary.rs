//! What a scenario file says in words that the policy does not have, told once and where it stands, rather than by every case
//! that comes of it.

use crate::partial_request::Draft;
use crate::yaml::{Kind, Node, YamlError};
use meterwarden::decide::{InputError, vocabulary};
use meterwarden::policy::Policy;

/// Whether the policy has an attribute and what is said of it. An unknown service and an undeclared field are no mistakes:
/// they are refused.
pub(super) fn check(policy: Option<&Policy>, key: &Node, value: &Node) -> Result<(), YamlError> {
    let Some(policy) = policy else { return Ok(()) };
    let mut said = Draft::default();
    said.say(key.scalar("a name")?, value)?;
    vocabulary(policy, &said.facts).map_err(|wrong| place(&wrong, key, value).error(message(&wrong)))
}

/// What is wrong, and what people mean who write a list for a plain attribute.
pub(super) fn message(wrong: &InputError) -> String {
    match wrong {
        InputError::NotAValue(attribute) => {
            format!("{wrong}; for a case with each of them say `each: {{ {attribute}: [...] }}`")
        }
        _ => wrong.to_string(),
    }
}

fn place<'n>(wrong: &InputError, key: &'n Node, value: &'n Node) -> &'n Node {
    match (wrong, &value.kind) {
        (InputError::UnknownAttribute { .. }, _) => key,
        (InputError::UnknownValue { value: unknown, .. }, Kind::List(items)) => {
            items.iter().find(|item| item.is(unknown)).unwrap_or(value)
        }
        _ => value,
    }
}

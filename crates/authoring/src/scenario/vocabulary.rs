//! Checks that the names and values of a scenario file are in the vocabulary of the policy. An unknown name is reported
//! once, where it is written, and not once for every case that uses it.

use crate::partial_request::PartialRequest;
use crate::yaml::{Kind, Node, YamlError};
use meterwarden::decide::{InputError, check_terms};
use meterwarden::policy::Policy;

/// Checks that the policy has an attribute and its value. An unknown service and an undeclared field are no errors:
/// requests with them are refused.
pub(super) fn check(policy: Option<&Policy>, key: &Node, value: &Node) -> Result<(), YamlError> {
    let Some(policy) = policy else { return Ok(()) };
    let mut request = PartialRequest::default();
    request.state(key.scalar("a name")?, value)?;
    check_terms(policy, &request.facts).map_err(|error| place(&error, key, value).error(message(&error)))
}

/// The message of an error, with help for a list of values of a plain attribute: its author probably means `each`.
pub(super) fn message(error: &InputError) -> String {
    match error {
        InputError::NotAValue(attribute) => {
            format!("{error}; for one case for each value write `each: {{ {attribute}: [...] }}`")
        }
        _ => error.to_string(),
    }
}

fn place<'n>(error: &InputError, key: &'n Node, value: &'n Node) -> &'n Node {
    match (error, &value.kind) {
        (InputError::UnknownAttribute { .. }, _) => key,
        (InputError::UnknownValue { value: unknown, .. }, Kind::List(items)) => {
            items.iter().find(|item| item.is(unknown)).unwrap_or(value)
        }
        // The lists of single members.
        (InputError::UnknownValue { .. }, Kind::Map(pairs)) => {
            let places = pairs.iter().map(|(_, list)| (place(error, key, list), list));
            places
                .into_iter()
                .find(|(item, list)| !std::ptr::eq(*item, *list))
                .map_or(value, |(item, _)| item)
        }
        _ => value,
    }
}

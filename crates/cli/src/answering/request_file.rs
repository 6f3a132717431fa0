//! Reads the requests of a file, JSON or YAML.

use meterwarden::Request;

use super::answer::InputError;
use super::request_seed::{RequestSeed, RequestsSeed, from_json};

/// The requests of a JSON file: one, or a list.
pub(super) fn json(text: &[u8], seed: RequestSeed<'_>) -> Result<Vec<Request>, InputError> {
    from_json(RequestsSeed(seed), without_byte_order_mark(text)).map_err(|error| json_error(&error))
}

/// The request of one line.
pub(super) fn line(text: &[u8], seed: RequestSeed<'_>) -> Result<Request, InputError> {
    if text.trim_ascii().is_empty() {
        return Err(InputError::new("the line is empty"));
    }
    from_json(seed, text).map_err(|error| InputError { line: None, ..json_error(&error) })
}

/// The requests of a YAML file: one, or a list.
pub(super) fn yaml(text: &[u8], seed: RequestSeed<'_>) -> Result<Vec<Request>, InputError> {
    let text = str::from_utf8(without_byte_order_mark(text))
        .map_err(|_| InputError::new("the file is not UTF-8 text"))?;
    meterwarden_authoring::requests_from_yaml(text, seed.clock, Some(seed.default.into())).map_err(|error| {
        InputError {
            line: u64::try_from(error.line).ok(),
            column: u64::try_from(error.column).ok(),
            ..InputError::new(error.message)
        }
    })
}

fn without_byte_order_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text)
}

fn json_error(error: &serde_json::Error) -> InputError {
    let place = format!(" at line {} column {}", error.line(), error.column());
    let message = error.to_string();
    let number = |number: usize| u64::try_from(number).ok().filter(|number| *number > 0);
    InputError {
        line: number(error.line()),
        column: number(error.column()),
        ..InputError::new(message.strip_suffix(&place).unwrap_or(&message))
    }
}

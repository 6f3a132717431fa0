//! A request file, JSON or YAML, to requests.

use meterwarden::{Date, Request};

use crate::answer::Unusable;
use crate::dated::{Dated, DatedList, from_json};

/// The requests of a JSON file: one, or a list.
pub(crate) fn json(text: &[u8], at: Date) -> Result<Vec<Request>, Unusable> {
    from_json(DatedList(at), without_mark(text)).map_err(|wrong| in_json(&wrong))
}

/// The request of one line.
pub(crate) fn line(text: &[u8], at: Date) -> Result<Request, Unusable> {
    if text.trim_ascii().is_empty() {
        return Err(Unusable::new("the line is empty"));
    }
    from_json(Dated(at), text).map_err(|wrong| Unusable { line: None, ..in_json(&wrong) })
}

/// The requests of a YAML file: one, or a list.
pub(crate) fn yaml(text: &[u8], at: Date) -> Result<Vec<Request>, Unusable> {
    let text = str::from_utf8(without_mark(text)).map_err(|_| Unusable::new("this is not UTF-8 text"))?;
    meterwarden_authoring::requests_from_yaml(text, Some(at)).map_err(|wrong| Unusable {
        line: u64::try_from(wrong.line).ok(),
        column: u64::try_from(wrong.column).ok(),
        ..Unusable::new(wrong.message)
    })
}

fn without_mark(text: &[u8]) -> &[u8] {
    text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text)
}

fn in_json(wrong: &serde_json::Error) -> Unusable {
    let place = format!(" at line {} column {}", wrong.line(), wrong.column());
    let message = wrong.to_string();
    let number = |number: usize| u64::try_from(number).ok().filter(|number| *number > 0);
    Unusable {
        line: number(wrong.line()),
        column: number(wrong.column()),
        ..Unusable::new(message.strip_suffix(&place).unwrap_or(&message))
    }
}

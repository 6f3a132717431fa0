//! What the tests share: the street of our own, and a page that shows a message and what was made of it.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]
#![expect(dead_code, reason = "each test file takes what it needs")]

use std::fs;
use std::path::{Path, PathBuf};

use meterwarden::{Date, Fact, Request};
use meterwarden_duis::{Eui64, FileInventory, MessageError, SubjectRequests, read, requests};

pub(crate) fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// The text of a case that can be read, by its name.
pub(crate) fn case(name: &str) -> String {
    fs::read_to_string(cases().join(format!("ok/{name}.xml"))).unwrap()
}

pub(crate) fn street() -> FileInventory {
    let text = fs::read_to_string(cases().join("street.inventory.yaml")).unwrap();
    FileInventory::default().yaml(&text).unwrap()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

pub(crate) fn eui(text: &str) -> Eui64 {
    text.parse().unwrap()
}

/// The day of receipt that a case states in its first comment; without one the first day of MP125.
pub(crate) fn received(text: &str) -> Date {
    let stated = text.split_once("<!-- at ").and_then(|(_, rest)| rest.get(..10));
    day(stated.unwrap_or("2023-06-29"))
}

pub(crate) fn asked(text: &str, inventory: &FileInventory) -> Result<Vec<SubjectRequests>, MessageError> {
    requests(&read(text.as_bytes())?, inventory, received(text))
}

/// The message, and below it what it asks for: source and result on one page.
pub(crate) fn page(text: &str, inventory: &FileInventory) -> String {
    let result = match asked(text, inventory) {
        Ok(subjects) => subjects.iter().map(subject).collect(),
        Err(wrong) => format!("{wrong}\n"),
    };
    format!("{text}\n────────\n{result}")
}

fn subject(subject: &SubjectRequests) -> String {
    let device = subject.device.map_or("no device".to_owned(), |device| device.to_string());
    let requests: String = subject.requests.iter().map(line).collect();
    format!("{device}\n{requests}")
}

fn line(request: &Request) -> String {
    format!("  {}\n", serde_json::to_string(request).unwrap())
}

/// The one value of a plain attribute.
pub(crate) fn value<'a>(request: &'a Request, attribute: &str) -> Option<&'a str> {
    match fact(request, attribute)? {
        Fact::Value(value) => Some(value),
        Fact::Set(_) => None,
    }
}

/// The values of a set attribute.
pub(crate) fn set<'a>(request: &'a Request, attribute: &str) -> Option<&'a [String]> {
    match fact(request, attribute)? {
        Fact::Set(values) => Some(values),
        Fact::Value(_) => None,
    }
}

fn fact<'a>(request: &'a Request, attribute: &str) -> Option<&'a Fact> {
    request.facts.iter().find(|(name, _)| name == attribute).map(|(_, fact)| fact)
}

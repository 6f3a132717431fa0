//! Test messages, the inventory that they are tested with, and a text that shows a message and its result.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use meterwarden::{Date, Fact, Policy, Request};
use meterwarden_duis::{Eui64, FileInventory, MessageError, SubjectRequests, read, requests};

/// The folder of the test messages
pub(crate) fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")
}

/// The text of a readable test message, by its name
pub(crate) fn case(name: &str) -> String {
    fs::read_to_string(cases().join(format!("ok/{name}.xml"))).unwrap()
}

/// The rules of this repository, parsed once
pub(crate) fn shipped_policy() -> &'static Policy {
    static POLICY: OnceLock<Policy> = OnceLock::new();
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    POLICY.get_or_init(|| Policy::load(rules).unwrap())
}

/// The inventory that holds the parties and devices of the test messages
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

/// The date of receipt that a test message states in its first comment; without one, the first day of MP125
pub(crate) fn received(text: &str) -> Date {
    let stated = text.split_once("<!-- at ").and_then(|(_, rest)| rest.get(..10));
    day(stated.unwrap_or("2023-06-29"))
}

pub(crate) fn requests_of(
    text: &str,
    inventory: &FileInventory,
) -> Result<Vec<SubjectRequests>, MessageError> {
    requests(&read(text.as_bytes())?, shipped_policy(), inventory, received(text))
}

/// The message, and below it its requests or its error
pub(crate) fn message_and_result(text: &str, inventory: &FileInventory) -> String {
    let result = match requests_of(text, inventory) {
        Ok(subjects) => subjects.iter().map(subject_lines).collect(),
        Err(error) => format!("{error}\n"),
    };
    format!("{text}\n────────\n{result}")
}

fn subject_lines(subject: &SubjectRequests) -> String {
    let device = subject.device.map_or("no device".to_owned(), |device| device.to_string());
    let requests: String = subject.requests.iter().map(request_line).collect();
    format!("{device}\n{requests}")
}

fn request_line(request: &Request) -> String {
    format!("  {}\n", serde_json::to_string(request).unwrap())
}

/// The value of an attribute that is not a set
pub(crate) fn value<'a>(request: &'a Request, attribute: &str) -> Option<&'a str> {
    match fact(request, attribute)? {
        Fact::Value(value) => Some(value),
        Fact::Set(_) | Fact::Members { .. } => None,
    }
}

/// The values of a set attribute
pub(crate) fn set<'a>(request: &'a Request, attribute: &str) -> Option<&'a [String]> {
    match fact(request, attribute)? {
        Fact::Set(values) => Some(values),
        Fact::Value(_) | Fact::Members { .. } => None,
    }
}

fn fact<'a>(request: &'a Request, attribute: &str) -> Option<&'a Fact> {
    request.facts.iter().find(|(name, _)| name == attribute).map(|(_, fact)| fact)
}

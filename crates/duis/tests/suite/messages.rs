//! The folder of test messages: those that can be read and those that cannot, each with its result in a snapshot.

use std::collections::BTreeSet;
use std::fs;

use meterwarden_duis::{
    ErrorKind, FileInventory, Inventory, InventoryError, Limits, MessageError, read, requests,
};

use crate::common::{case, cases, message_and_result, received, requests_of, shipped_policy, street};
use crate::times::beyond_the_horizon;

#[test]
fn messages_that_can_be_read() {
    insta::glob!("../cases/ok", "*.xml", |path| {
        let text = fs::read_to_string(path).unwrap();
        assert!(requests_of(&text, &street()).is_ok(), "{}", path.display());
        insta::assert_snapshot!(message_and_result(&text, &street()));
    });
}

#[test]
fn messages_that_cannot_be_read() {
    insta::glob!("../cases/wrong", "*.xml", |path| {
        let text = fs::read_to_string(path).unwrap();
        assert!(requests_of(&text, &street()).is_err(), "{}", path.display());
        insta::assert_snapshot!(message_and_result(&text, &street()));
    });
}

#[test]
fn generated_messages_that_cannot_be_read() {
    let results: String = generated()
        .into_iter()
        .map(|(name, bytes)| format!("{name}: {}\n", read(&bytes).unwrap_err()))
        .collect();
    insta::assert_snapshot!(results);
}

#[test]
fn a_message_of_16_mib_is_read() {
    let text = case("11.1-several-devices");
    let image_length = Limits::DEFAULT.bytes - text.len();
    let image = "A".repeat(image_length);
    let longest = text.replacen("<FirmwareImage>", &format!("<FirmwareImage>{image}"), 1);
    assert_eq!(longest.len(), Limits::DEFAULT.bytes);
    assert_eq!(read(longest.as_bytes()).unwrap().subjects.len(), 3);
}

#[test]
fn every_kind_of_error_is_tested() {
    let source = include_str!("../../src/error.rs");
    let (_, kinds) = source.split_once("pub enum ErrorKind {").unwrap();
    let (kinds, _) = kinds.split_once("\n}").unwrap();
    let declared: BTreeSet<String> = kinds.lines().filter_map(declared_variant).collect();
    let seen: BTreeSet<String> = all_errors().iter().map(|error| variant_name(&error.kind)).collect();
    assert_eq!(declared, seen);
}

fn all_errors() -> Vec<MessageError> {
    let mut errors = Vec::new();
    for entry in fs::read_dir(cases().join("wrong")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        errors.push(requests_of(&text, &street()).unwrap_err());
    }
    errors.extend(generated().into_iter().map(|(_, bytes)| read(&bytes).unwrap_err()));
    errors.extend(response_error());
    errors.push(beyond_the_horizon());
    errors.extend([error_with(&DatabaseDown), error_with(&NoRoles), error_with(&FileInventory::default())]);
    errors
}

/// The error of a response with a metering point that cannot be one
fn response_error() -> Option<MessageError> {
    let response = fs::read_to_string(cases().join("responses/home.xml")).unwrap();
    let response = response.replacen("1200000000021", "12 34", 1);
    match FileInventory::default().response(response.as_bytes()) {
        Err(InventoryError::Response(error)) => Some(error),
        _ => None,
    }
}

fn error_with(inventory: &dyn Inventory) -> MessageError {
    let text = case("8.4-delete");
    let message = read(text.as_bytes()).unwrap();
    requests(&message, shipped_policy(), inventory, received(&text)).unwrap_err()
}

/// `    TooLarge(usize),` declares `TooLarge`.
fn declared_variant(line: &str) -> Option<String> {
    let line = line.strip_prefix("    ")?;
    line.starts_with(|first: char| first.is_ascii_uppercase()).then(|| first_word(line))
}

fn variant_name(kind: &ErrorKind) -> String {
    first_word(&format!("{kind:?}"))
}

fn first_word(text: &str) -> String {
    text.chars().take_while(char::is_ascii_alphanumeric).collect()
}

/// Messages that are too large or too unusual for files, by name
fn generated() -> Vec<(&'static str, Vec<u8>)> {
    let text = case("8.4-delete");
    let with = |element: &str| text.replace("<DeleteDevice/>", element).into_bytes();
    let deep = format!("{}{}", "<a>".repeat(100), "</a>".repeat(100));
    let attributes: String = (0..100).map(|number| format!(" a{number}=\"\"")).collect();
    let namespaces: String = (0..200).map(|number| format!(" xmlns:n{number}=\"n\"")).collect();
    let roles: String =
        (0..8).map(|number| format!("<RemotePartyRole>R{number}</RemotePartyRole>")).collect();
    let utf16 = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let mut broken = with("<DeleteDevice/>");
    let at = broken.iter().position(|byte| *byte == b'D').unwrap();
    broken.splice(at..at, [b'\xC3', b'\x28']);
    vec![
        ("too large", vec![b' '; Limits::DEFAULT.bytes + 1]),
        ("deep", with(&deep)),
        ("attributes", with(&format!("<DeleteDevice{attributes}/>"))),
        ("namespaces", with(&format!("<DeleteDevice{namespaces}/>"))),
        ("UTF-16", utf16),
        ("broken UTF-8", broken),
        ("a comment in a word", text.replace(">8<", "><!-- which? -->8<").into()),
        ("base64", case("7.2-signed").replace("3wkB", "3wk*").into()),
        (
            "values",
            case("6.24.1-several-credentials")
                .replacen("<RemotePartyRole>", &format!("{roles}<RemotePartyRole>"), 1)
                .into(),
        ),
        ("long text", with(&"no ".repeat(1000))),
        (
            "newlines in a name",
            text.replace("8.4</ServiceReferenceV", "8.4\n\u{202E}</ServiceReferenceV").into(),
        ),
    ]
}

/// An inventory whose database is down
struct DatabaseDown;

/// An inventory that knows every party, but no roles
struct NoRoles;

mod inventories {
    use std::borrow::Cow;

    use meterwarden_duis::{Facts, Inventory, Lookup, Question};

    impl Inventory for super::DatabaseDown {
        fn facts(&self, _: &Question<'_>) -> Lookup<Facts<'_>> {
            Err("connection refused".into())
        }
    }

    impl Inventory for super::NoRoles {
        fn facts(&self, _: &Question<'_>) -> Lookup<Facts<'_>> {
            let dcc = vec!["0A-00-00-00-00-00-DC-00".parse().unwrap()];
            Ok(Facts { roles: Some(Cow::Borrowed(&[])), dcc: dcc.into(), ..Facts::default() })
        }
    }
}

//! Whatever the bytes: a message or an error with a place in them, and the same one twice.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use std::fs;

use meterwarden_duis::{FileInventory, read, requests};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use common::{cases, day, street};

/// Reads the bytes as everything that this crate reads.
fn try_all(bytes: &[u8]) {
    match read(bytes) {
        Ok(message) => {
            let subjects = requests(&message, &street(), day("2023-06-29"));
            let subjects = subjects.into_iter().flatten();
            assert!(subjects.into_iter().all(|subject| !subject.requests.is_empty()));
        }
        Err(wrong) => assert!(wrong.place.offset <= bytes.len()),
    }
    assert_eq!(read(bytes), read(bytes));
    let _ = FileInventory::default().response(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = FileInventory::default().file(text);
    }
}

fn samples() -> Vec<Vec<u8>> {
    let folders = ["ok", "wrong", "responses"].map(|folder| fs::read_dir(cases().join(folder)).unwrap());
    let files = folders.into_iter().flatten().map(|entry| entry.unwrap().path());
    let mut files: Vec<_> = files.collect();
    files.push(cases().join("street.inventory.yaml"));
    files.sort();
    files.iter().map(|path| fs::read(path).unwrap()).collect()
}

/// One change to a text: a byte put in, taken out or replaced, a piece doubled, or the end cut off.
#[derive(Clone, Debug)]
enum Change {
    Insert(Index, Vec<u8>),
    Remove(Index),
    Replace(Index, u8),
    Double(Index, Index),
    Cut(Index),
}

fn change() -> impl Strategy<Value = Change> {
    let pieces = [
        "<",
        ">",
        "/",
        "&",
        ";",
        "\"",
        "<a>",
        "</",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?",
        "&#x0;",
        ":",
        "\u{FEFF}",
    ];
    let piece = select(pieces.map(|piece| piece.as_bytes().to_vec()).to_vec());
    let bytes = prop_oneof![piece, prop::collection::vec(any::<u8>(), 1..4)];
    prop_oneof![
        (any::<Index>(), bytes).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        any::<Index>().prop_map(Change::Remove),
        (any::<Index>(), any::<u8>()).prop_map(|(at, byte)| Change::Replace(at, byte)),
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Double(from, to)),
        any::<Index>().prop_map(Change::Cut),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let length = bytes.len();
    if length == 0 {
        return;
    }
    match change {
        Change::Insert(at, new) => drop(bytes.splice(at.index(length)..at.index(length), new.clone())),
        Change::Remove(at) => drop(bytes.remove(at.index(length))),
        Change::Replace(at, byte) => bytes[at.index(length)] = *byte,
        Change::Double(from, to) => {
            let (from, to) = (from.index(length), to.index(length));
            bytes.extend_from_within(from.min(to)..from.max(to));
        }
        Change::Cut(at) => bytes.truncate(at.index(length)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        try_all(&bytes);
    }

    #[test]
    fn arbitrary_markup(text in "(<|>|/|!|-|\\[|&|;|#|=|\"|\\?|xml|Request|a| |\u{e9}){0,60}") {
        try_all(text.as_bytes());
    }

    #[test]
    fn samples_changed_a_little(
        mut bytes in select(samples()),
        changes in prop::collection::vec(change(), 1..5),
    ) {
        for change in &changes {
            apply(&mut bytes, change);
        }
        try_all(&bytes);
    }
}

/// Every sample, cut off at every byte.
#[test]
fn no_beginning_of_a_message_is_a_message() {
    for name in ["8.4-delete", "7.2-signed"] {
        let text = common::case(name);
        let end = text.trim_end().len();
        for length in 0..end {
            assert!(read(&text.as_bytes()[..length]).is_err(), "{length} bytes of {name}");
        }
    }
}

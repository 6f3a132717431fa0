//! Arbitrary bytes: the result is a message, or an error with a place in the bytes, and the same result twice.

use std::fs;

use meterwarden_duis::{FileInventory, read, requests};
use proptest::prelude::*;
use proptest::sample::{Index, select};

use crate::common::{case, cases, day, shipped_policy, street};

/// Reads the bytes in every format of this crate.
fn read_in_every_format(bytes: &[u8]) {
    match read(bytes) {
        Ok(message) => {
            let subjects = requests(&message, shipped_policy(), &street(), day("2023-06-29"));
            let subjects = subjects.into_iter().flatten();
            assert!(subjects.into_iter().all(|subject| !subject.requests.is_empty()));
        }
        Err(error) => assert!(error.place.offset <= bytes.len()),
    }
    assert_eq!(read(bytes), read(bytes));
    let _ = FileInventory::default().response(bytes);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = FileInventory::default().file("a", text);
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

/// A change to a text
#[derive(Clone, Debug)]
enum Change {
    Insert(Index, Vec<u8>),
    Remove(Index),
    Replace(Index, u8),
    /// Repeats the bytes between two positions at the end.
    Repeat(Index, Index),
    Truncate(Index),
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
        (any::<Index>(), any::<Index>()).prop_map(|(from, to)| Change::Repeat(from, to)),
        any::<Index>().prop_map(Change::Truncate),
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
        Change::Repeat(from, to) => {
            let (from, to) = (from.index(length), to.index(length));
            bytes.extend_from_within(from.min(to)..from.max(to));
        }
        Change::Truncate(at) => bytes.truncate(at.index(length)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_bytes(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        read_in_every_format(&bytes);
    }

    #[test]
    fn arbitrary_markup(text in "(<|>|/|!|-|\\[|&|;|#|=|\"|\\?|xml|Request|a| |\u{e9}){0,60}") {
        read_in_every_format(text.as_bytes());
    }

    #[test]
    fn changed_samples(
        mut bytes in select(samples()),
        changes in prop::collection::vec(change(), 1..5),
    ) {
        for change in &changes {
            apply(&mut bytes, change);
        }
        read_in_every_format(&bytes);
    }
}

#[test]
fn a_message_that_is_cut_off_anywhere_is_an_error() {
    for name in ["8.4-delete", "7.2-signed"] {
        let text = case(name);
        let end = text.trim_end().len();
        for length in 0..end {
            assert!(read(&text.as_bytes()[..length]).is_err(), "{length} bytes of {name}");
        }
    }
}

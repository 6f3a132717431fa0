//! The matcher and pest read alike: the same texts are of the language, and the same stands at the same place of them.

use std::cell::Cell;
use std::fs;
use std::path::Path;

use pest::Parser;
use proptest::prelude::*;
use proptest::sample::{Index, select};
use proptest::test_runner::{RngSeed, TestRunner};

use super::grammar::{Rule, Rules};
use super::tree::{self, Pair, Pairs};
use super::{matcher, tokens};
use crate::keywords::RESERVED;

/// A production, where it begins and ends, and how many stand directly within it.
type Place = (Rule, usize, usize, usize);

fn places(pair: Pair<'_>, found: &mut Vec<Place>) {
    found.push((pair.production(), pair.start(), pair.end(), pair.inside().count()));
    pair.inside().for_each(|inner| places(inner, found));
}

fn by_matcher(text: &str) -> Option<Vec<Place>> {
    let mut found = Vec::new();
    matcher::items(text, |pair| places(pair, &mut found)).then_some(found)
}

fn by_pest(text: &str) -> Option<Vec<Place>> {
    let nodes = tree::nodes(Rules::parse(Rule::file, text).ok()?);
    let items = Pairs::new(text, &nodes).flat_map(|file| file.inside());
    let mut found = Vec::new();
    items.filter(|pair| pair.production() != Rule::EOI).for_each(|pair| places(pair, &mut found));
    Some(found)
}

fn files() -> Vec<String> {
    let folders = ["rules", "tests/cases/parse", "tests/cases/check"];
    let paths = folders.iter().flat_map(|folder| crate::files(Path::new(folder), "rules").unwrap());
    paths.map(|path| fs::read_to_string(path).unwrap()).collect()
}

/// Every item of the files, and every rule of a service as if it were one.
fn items(files: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for file in files {
        matcher::items(file, |item| {
            found.push(item.text().to_owned());
            let rules = item.inside().filter(|inner| inner.production() == Rule::rule);
            found.extend(rules.map(|rule| rule.text().to_owned()));
        });
    }
    found
}

#[test]
fn files_are_read_alike() {
    let read = files().into_iter().filter(|file| {
        let found = by_matcher(file);
        assert_eq!(found, by_pest(file), "{file}");
        found.is_some()
    });
    assert!(read.count() > 50);
}

/// What happens between two words of an item.
#[derive(Clone, Debug)]
enum Slip {
    Leave,
    Insert(&'static str),
    /// The word goes.
    Delete,
    /// The next word follows without a blank.
    Join,
    Repeat,
}

fn slip() -> impl Strategy<Value = Slip> {
    let others = [
        "{",
        "}",
        "(",
        ")",
        ",",
        "=",
        "\"",
        "\"a text\"",
        "a",
        "A-1_b",
        "4.1",
        "4.1.x",
        "4.*",
        "4",
        "2023-06-29",
        "2023-06-2",
        "anything",
        "fields",
        "permit x {",
        "// x\n",
        "///",
        "/",
        "\r",
        "\t",
        "\u{a0}",
        "é",
    ];
    let words = [RESERVED, &others].concat();
    prop_oneof![
        Just(Slip::Leave),
        select(words).prop_map(Slip::Insert),
        Just(Slip::Delete),
        Just(Slip::Join),
        Just(Slip::Repeat)
    ]
}

/// An item with a slip behind some of its words, whichever they are.
fn slipped(item: &str, slips: &[(Index, Slip)]) -> String {
    let tokens = tokens::tokens(item, 0..item.len());
    let mut text = String::new();
    for (nth, token) in tokens.iter().enumerate() {
        let slip = slips.iter().find(|(place, _)| place.index(tokens.len()) == nth).map(|(_, slip)| slip);
        match slip {
            None | Some(Slip::Leave) => text.extend([token.text, " "]),
            Some(Slip::Insert(word)) => text.extend([token.text, " ", *word, "\n"]),
            Some(Slip::Delete) => {}
            Some(Slip::Join) => text.push_str(token.text),
            Some(Slip::Repeat) => text.extend([token.text, "\n", token.text]),
        }
    }
    text
}

#[test]
fn slips_are_read_alike() {
    let items = items(&files());
    let (read, refused) = (Cell::new(0), Cell::new(0));
    let config = ProptestConfig {
        cases: 10_000,
        rng_seed: RngSeed::Fixed(7),
        failure_persistence: None,
        ..ProptestConfig::default()
    };
    let slips = prop::collection::vec((any::<Index>(), slip()), 0..3);
    let checked = TestRunner::new(config).run(&(any::<Index>(), slips), |(item, slips)| {
        let text = slipped(item.get::<String>(&items), &slips);
        let found = by_matcher(&text);
        let count = if found.is_some() { &read } else { &refused };
        count.set(count.get() + 1);
        prop_assert_eq!(found, by_pest(&text), "{}", text);
        Ok(())
    });
    checked.unwrap();
    let (read, refused) = (read.get(), refused.get());
    assert!(read > 3_000 && refused > 3_000, "{read} read, {refused} refused");
}

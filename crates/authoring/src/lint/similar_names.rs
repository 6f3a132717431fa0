//! `similar-names`: two names of one kind that differ so little that one may be a typing mistake for the other.
//!
//! Short names differ by one letter on purpose (`IS` and `ES`), and names differ by numbers on purpose (`SMETS1` and
//! `SMETS2`). Never intended is a difference only in capital letters, in a hyphen, or in a digit that looks like a
//! letter. One different letter in a long name is reported too.

use std::collections::HashSet;

use super::syntax::Syntax;
use crate::limits::MIN_LETTERS_FOR_TYPO;
use meterwarden::language::ast::Name;
use meterwarden::language::diagnostic::{Code, Diagnostic};

pub(super) fn find(syntax: &Syntax<'_>) -> Vec<Diagnostic> {
    name_lists(syntax).iter().flat_map(|(kind, names)| similar(kind, names)).collect()
}

/// Lists of names that can be confused with one another, each with what its names are.
fn name_lists<'s>(syntax: &'s Syntax<'_>) -> Vec<(String, Vec<&'s Name>)> {
    let mut lists = vec![
        ("attributes".to_owned(), syntax.attributes().map(|attribute| &attribute.name).collect()),
        ("conditions".to_owned(), syntax.conditions().map(|condition| &condition.name).collect()),
        ("modifications".to_owned(), syntax.modifications().map(|modification| &modification.name).collect()),
        ("services".to_owned(), syntax.services().map(|service| &service.name).collect()),
        ("tags".to_owned(), syntax.tags().map(|tag| &tag.name).collect()),
        ("fields".to_owned(), fields(syntax)),
    ];
    for attribute in syntax.attributes().filter(|attribute| attribute.like.is_empty()) {
        let values = attribute.values.iter().map(|value| &value.name);
        let groups = syntax.groups().filter(|group| group.attribute.text == attribute.name.text);
        let names = values.chain(groups.map(|group| &group.name)).collect();
        lists.push((format!("values of `{}`", attribute.name.text), names));
    }
    for service in syntax.services() {
        let names = service.rules.iter().map(|rule| &rule.name).collect();
        lists.push((format!("rules of {}", service.name.text), names));
    }
    lists
}

/// The fields of all services, each where it is declared first: one element often belongs to several services.
fn fields<'s>(syntax: &'s Syntax<'_>) -> Vec<&'s Name> {
    let declared = syntax.services().flat_map(|service| &service.fields).flat_map(|line| &line.items);
    let mut seen: HashSet<&str> = HashSet::new();
    declared.map(|item| &item.name).filter(|name| seen.insert(&name.text)).collect()
}

/// A finding for each name that is similar to an earlier name.
fn similar(kind: &str, names: &[&Name]) -> Vec<Diagnostic> {
    let first_similar = first_similar(names);
    let pairs = names.iter().zip(first_similar).filter_map(|(name, first)| Some((name, names.get(first?)?)));
    pairs
        .map(|(name, first)| {
            let message = format!("`{}` and `{}` are easily confused", first.text, name.text);
            Diagnostic::new(Code::SimilarNames, name.span, message)
                .label(format!("both are {kind}"))
                .because(first.span, "the other")
                .help("if one is a typing mistake, correct it; if not, rename one")
        })
        .collect()
}

/// For each name, the first earlier name that is similar. Only names with a fingerprint in common are compared, so that
/// the cost grows with the number of names and not with the number of pairs.
fn first_similar(names: &[&Name]) -> Vec<Option<usize>> {
    let mut first_similar: Vec<Option<usize>> = vec![None; names.len()];
    for group in shared_fingerprints(names).chunk_by(|(a, _), (b, _)| a == b) {
        for (position, (_, index)) in group.iter().enumerate() {
            let is_similar = |earlier: &usize| are_similar(&names[*earlier].text, &names[*index].text);
            let earlier = group[..position].iter().map(|(_, earlier)| *earlier).find(is_similar);
            first_similar[*index] = [first_similar[*index], earlier].into_iter().flatten().min();
        }
    }
    first_similar
}

/// The fingerprints that several names have, each with the index of a name, sorted.
fn shared_fingerprints(names: &[&Name]) -> Vec<(u64, usize)> {
    // Nearly all fingerprints belong to one name only. A filter finds the others first, so that few must be sorted.
    let mut fingerprints = Fingerprints::default();
    let mut seen = BitFilter::for_numbers(names.iter().map(|name| name.text.len() + 2).sum());
    let mut seen_twice = seen.clone();
    for name in names {
        for fingerprint in fingerprints.of(&name.text) {
            if seen.insert(*fingerprint) {
                seen_twice.insert(*fingerprint);
            }
        }
    }
    let mut shared: Vec<(u64, usize)> = Vec::new();
    for (index, name) in names.iter().enumerate() {
        let candidates = fingerprints.of(&name.text).iter().filter(|number| seen_twice.contains(**number));
        shared.extend(candidates.map(|fingerprint| (*fingerprint, index)));
    }
    shared.sort_unstable();
    shared.dedup();
    shared
}

/// A set of numbers that may also contain numbers that were not inserted: each number is one bit in an array, and two
/// numbers may have the same bit (a Bloom filter with one hash function).
#[derive(Clone)]
struct BitFilter(Vec<u64>);

impl BitFilter {
    /// A filter for this many numbers: at least 8 bits for each, and a power of two of words.
    fn for_numbers(count: usize) -> Self {
        Self(vec![0; (count / 8).next_power_of_two()])
    }

    /// The word and the bit of a number. The multiplication mixes the number; its low bits mix least and are dropped.
    fn position(&self, number: u64) -> (usize, u64) {
        let bit = (number.wrapping_mul(MULTIPLIER) >> 20) as usize & (self.0.len() * 64 - 1);
        (bit / 64, 1 << (bit % 64))
    }

    /// Inserts a number. Whether the filter contained it before.
    fn insert(&mut self, number: u64) -> bool {
        let (word, bit) = self.position(number);
        let before = self.0[word];
        self.0[word] |= bit;
        before & bit != 0
    }

    fn contains(&self, number: u64) -> bool {
        let (word, bit) = self.position(number);
        self.0[word] & bit != 0
    }
}

/// Computes the fingerprints of a name. Two similar names always have a fingerprint in common.
#[derive(Default)]
struct Fingerprints {
    fingerprints: Vec<u64>,
    /// `prefixes[c]` is the hash of all characters before character `c`.
    prefixes: Vec<u64>,
}

impl Fingerprints {
    /// The hash of the look of a name. For a long name, also the hash of the name, and the hashes of the name without
    /// each of its characters: if two names differ by one inserted, removed, replaced or exchanged character, then one
    /// of the two without a character is the other, or is the other without a character.
    fn of(&mut self, name: &str) -> &[u64] {
        self.fingerprints.clear();
        self.fingerprints.push(hash(name.chars().filter_map(look)) ^ LOOK);
        if name.chars().filter(|c| c.is_alphabetic()).count() < MIN_LETTERS_FOR_TYPO {
            return &self.fingerprints;
        }
        self.prefixes.clear();
        let whole = name.chars().fold(0, |prefix, c| {
            self.prefixes.push(prefix);
            append(prefix, c)
        });
        self.fingerprints.push(whole);
        // hash(prefix + suffix) = hash(prefix) * MULTIPLIER^(length of suffix) + hash(suffix). So every hash without
        // one character takes one step, and not a pass over the name.
        let (mut suffix, mut weight) = (0u64, 1u64);
        for (prefix, c) in self.prefixes.iter().rev().zip(name.chars().rev()) {
            self.fingerprints.push(prefix.wrapping_mul(weight).wrapping_add(suffix));
            suffix = suffix.wrapping_add(u64::from(c).wrapping_mul(weight));
            weight = weight.wrapping_mul(MULTIPLIER);
        }
        &self.fingerprints
    }
}

/// Distinguishes the hash of a look from the hash of a spelling.
const LOOK: u64 = 1 << 63;

/// 2^64 divided by the golden ratio, an odd number whose multiples are spread well.
const MULTIPLIER: u64 = 0x9e37_79b9_7f4a_7c15;

/// A polynomial hash: the characters are the digits of a number in base `MULTIPLIER`, modulo 2^64.
fn hash(text: impl Iterator<Item = char>) -> u64 {
    text.fold(0, append)
}

fn append(hash: u64, c: char) -> u64 {
    hash.wrapping_mul(MULTIPLIER).wrapping_add(u64::from(c))
}

fn are_similar(a: &str, b: &str) -> bool {
    if a == b {
        return false;
    }
    let looks = |name: &str| name.chars().filter_map(look).collect::<String>();
    let has_letters = |name: &str| name.chars().any(char::is_alphabetic);
    if has_letters(a) && has_letters(b) && looks(a) == looks(b) {
        return true;
    }
    let digits = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    let letters = |name: &str| name.chars().filter(|c| c.is_alphabetic()).count();
    let are_long = letters(a).min(letters(b)) >= MIN_LETTERS_FOR_TYPO;
    are_long && digits(a) == digits(b) && strsim::osa_distance(a, b) <= 1
}

/// What a character looks like at a glance; `None` for a character that is overlooked.
fn look(c: char) -> Option<char> {
    match c {
        '-' | '_' => None,
        '0' => Some('o'),
        '1' | 'I' => Some('l'),
        c => Some(c.to_ascii_lowercase()),
    }
}

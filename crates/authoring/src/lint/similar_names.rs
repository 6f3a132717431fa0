//! `similar-names`: two names of one class that differ by so little that one may be a slip for the other.
//!
//! Short names differ by a letter on purpose (`IS` and `ES`), and so do numbers (`SMETS1` and `SMETS2`). What nobody means
//! is a difference of case, of a hyphen or of a digit that looks like a letter, and one letter in a long name.

use std::collections::HashSet;

use super::written::Written;
use meterwarden::language::ast::Name;
use meterwarden::language::diagnostic::{Code, Diagnostic};

/// In a name with fewer letters, another letter makes another name.
const LONG: usize = 6;

pub(super) fn find(written: &Written<'_>) -> Vec<Diagnostic> {
    classes(written).iter().flat_map(|(class, names)| similar(class, names)).collect()
}

/// The names that stand beside each other, and what they are called.
fn classes<'w>(written: &'w Written<'_>) -> Vec<(String, Vec<&'w Name>)> {
    let mut classes = vec![
        ("attributes".to_owned(), written.attributes().map(|one| &one.name).collect()),
        ("conditions".to_owned(), written.conditions().map(|one| &one.name).collect()),
        ("modifications".to_owned(), written.modifications().map(|one| &one.name).collect()),
        ("services".to_owned(), written.services().map(|one| &one.name).collect()),
        ("tags".to_owned(), written.tags().map(|one| &one.name).collect()),
        ("fields".to_owned(), fields(written)),
    ];
    for attribute in written.attributes().filter(|one| one.like.is_empty()) {
        let values = attribute.values.iter().map(|value| &value.name);
        let groups = written.groups().filter(|group| group.attribute.text == attribute.name.text);
        let names = values.chain(groups.map(|group| &group.name)).collect();
        classes.push((format!("values of `{}`", attribute.name.text), names));
    }
    for service in written.services() {
        let names = service.rules.iter().map(|rule| &rule.name).collect();
        classes.push((format!("rules of {}", service.name.text), names));
    }
    classes
}

/// The fields of all services, each where it first stands: one element often belongs to several services.
fn fields<'w>(written: &'w Written<'_>) -> Vec<&'w Name> {
    let declared = written.services().flat_map(|service| &service.fields).flat_map(|line| &line.items);
    let mut known: HashSet<&str> = HashSet::new();
    declared.map(|item| &item.name).filter(|name| known.insert(&name.text)).collect()
}

/// Each name that is similar to an earlier one.
fn similar(class: &str, names: &[&Name]) -> Vec<Diagnostic> {
    let firsts = firsts(names);
    let pairs = names.iter().zip(firsts).filter_map(|(name, first)| Some((name, names.get(first?)?)));
    pairs
        .map(|(name, first)| {
            let message = format!("`{}` and `{}` are easily taken for one another", first.text, name.text);
            let label = format!("both are {class}");
            let found = Diagnostic::new(Code::SimilarNames, name.span, message).label(label);
            found.because(first.span, "the other").help("if one is a slip, mend it; if not, rename one")
        })
        .collect()
}

/// For each name the first before it that is similar. Only names that share a trace are held against each other, so
/// that the cost grows with the names and not with their pairs.
fn firsts(names: &[&Name]) -> Vec<Option<usize>> {
    // Nearly all names leave no trace in common with another: those that do are found first, by few bits of each.
    let mut tracer = Tracer::default();
    let mut seen = Marks::of(names.iter().map(|name| name.text.len() + 2).sum());
    let mut again = seen.clone();
    for name in names {
        for trace in tracer.traces(&name.text) {
            if seen.mark(*trace) {
                again.mark(*trace);
            }
        }
    }
    let mut traces: Vec<(u64, usize)> = Vec::new();
    for (nth, name) in names.iter().enumerate() {
        let common = tracer.traces(&name.text).iter().filter(|trace| again.has(**trace));
        traces.extend(common.map(|trace| (*trace, nth)));
    }
    traces.sort_unstable();
    traces.dedup();
    let mut firsts: Vec<Option<usize>> = vec![None; names.len()];
    for alike in traces.chunk_by(|(one, _), (other, _)| one == other) {
        for (place, (_, nth)) in alike.iter().enumerate() {
            let similar = |first: &usize| are_similar(&names[*first].text, &names[*nth].text);
            let first = alike[..place].iter().map(|(_, first)| *first).find(similar);
            firsts[*nth] = [firsts[*nth], first].into_iter().flatten().min();
        }
    }
    firsts
}

/// Of each number a few bits, as places in a row of marks. Two numbers may share a place.
#[derive(Clone)]
struct Marks(Vec<u64>);

impl Marks {
    /// With room for so many numbers: as many words as a power of two.
    fn of(numbers: usize) -> Self {
        Self(vec![0; (numbers / 8).next_power_of_two()])
    }

    fn place(&self, number: u64) -> (usize, u64) {
        let place = (number.wrapping_mul(BASE) >> 20) as usize & (self.0.len() * 64 - 1);
        (place / 64, 1 << (place % 64))
    }

    /// Marks a number; whether it was marked before.
    fn mark(&mut self, number: u64) -> bool {
        let (word, bit) = self.place(number);
        let before = self.0[word];
        self.0[word] |= bit;
        before & bit != 0
    }

    fn has(&self, number: u64) -> bool {
        let (word, bit) = self.place(number);
        self.0[word] & bit != 0
    }
}

/// Finds the traces of a name: numbers of which two similar names have one in common.
#[derive(Default)]
struct Tracer {
    traces: Vec<u64>,
    /// `heads[c]` is the number of all characters before character `c`.
    heads: Vec<u64>,
}

impl Tracer {
    /// The number of what a name looks like, and, of a long one, those of the name and of the name without each of its
    /// characters. Whatever one slip changes, what is left is the same.
    fn traces(&mut self, name: &str) -> &[u64] {
        self.traces.clear();
        self.traces.push(trace(name.chars().filter_map(look)) ^ LOOK);
        if name.chars().filter(|c| c.is_alphabetic()).count() < LONG {
            return &self.traces;
        }
        self.heads.clear();
        let whole = name.chars().fold(0, |head, c| {
            self.heads.push(head);
            longer(head, c)
        });
        self.traces.push(whole);
        let (mut behind, mut weight) = (0u64, 1u64);
        for (head, c) in self.heads.iter().rev().zip(name.chars().rev()) {
            self.traces.push(head.wrapping_mul(weight).wrapping_add(behind));
            behind = behind.wrapping_add(u64::from(c).wrapping_mul(weight));
            weight = weight.wrapping_mul(BASE);
        }
        &self.traces
    }
}

/// What keeps looks apart from spellings.
const LOOK: u64 = 1 << 63;

const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// The number of a text: that of its characters as digits.
fn trace(text: impl Iterator<Item = char>) -> u64 {
    text.fold(0, longer)
}

fn longer(trace: u64, c: char) -> u64 {
    trace.wrapping_mul(BASE).wrapping_add(u64::from(c))
}

fn are_similar(one: &str, other: &str) -> bool {
    if one == other {
        return false;
    }
    let looks = |name: &str| name.chars().filter_map(look).collect::<String>();
    let has_letters = |name: &str| name.chars().any(char::is_alphabetic);
    if has_letters(one) && has_letters(other) && looks(one) == looks(other) {
        return true;
    }
    let digits = |name: &str| name.chars().filter(char::is_ascii_digit).collect::<String>();
    let letters = |name: &str| name.chars().filter(|c| c.is_alphabetic()).count();
    let long = letters(one).min(letters(other)) >= LONG;
    long && digits(one) == digits(other) && strsim::osa_distance(one, other) <= 1
}

/// What a character looks like at a glance; nothing for those that are overlooked.
fn look(c: char) -> Option<char> {
    match c {
        '-' | '_' => None,
        '0' => Some('o'),
        '1' | 'I' => Some('l'),
        c => Some(c.to_ascii_lowercase()),
    }
}

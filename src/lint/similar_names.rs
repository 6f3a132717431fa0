//! `similar-names`: two names of one kind that differ by so little that one may be a slip for the other.
//!
//! Short names differ by a letter on purpose (`IS` and `ES`), and so do numbers (`SMETS1` and `SMETS2`). What nobody means
//! is a difference of case, of a hyphen or of a digit that looks like a letter, and one letter in a long name.

use super::written::Written;
use crate::ast::Name;
use crate::diagnostic::{Code, Diagnostic};

/// In a name with fewer letters, another letter makes another name.
const LONG: usize = 6;

pub(super) fn find(written: &Written<'_>) -> Vec<Diagnostic> {
    kinds(written).iter().flat_map(|(kind, names)| similar(kind, names)).collect()
}

/// The names that stand beside each other, and what they are called.
fn kinds<'w>(written: &'w Written<'_>) -> Vec<(String, Vec<&'w Name>)> {
    let mut kinds = vec![
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
        kinds.push((format!("values of `{}`", attribute.name.text), names));
    }
    for service in written.services() {
        let names = service.rules.iter().map(|rule| &rule.name).collect();
        kinds.push((format!("rules of {}", service.name.text), names));
    }
    kinds
}

/// The fields of all services, each where it first stands: one element often belongs to several services.
fn fields<'w>(written: &'w Written<'_>) -> Vec<&'w Name> {
    let declared = written.services().flat_map(|service| &service.fields).flat_map(|line| &line.items);
    let mut names: Vec<&Name> = Vec::new();
    for item in declared {
        if !names.iter().any(|name| name.text == item.name.text) {
            names.push(&item.name);
        }
    }
    names
}

/// Each name that is similar to an earlier one.
fn similar(kind: &str, names: &[&Name]) -> Vec<Diagnostic> {
    let earlier = |(nth, name): (usize, &&Name)| {
        let first = names.iter().take(nth).find(|first| are_similar(&first.text, &name.text))?;
        let message = format!("`{}` and `{}` are easily taken for one another", first.text, name.text);
        let label = format!("both are {kind}");
        let found = Diagnostic::new(Code::SimilarNames, name.span, message).label(label);
        Some(found.because(first.span, "the other").help("if one is a slip, mend it; if not, rename one"))
    };
    names.iter().enumerate().filter_map(earlier).collect()
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

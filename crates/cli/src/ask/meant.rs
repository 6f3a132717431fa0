//! What the clauses of a question mean to a policy: values said by their texts, and clauses that rule each other out.

use std::collections::BTreeSet;

use meterwarden::language::ast::{Group, Item};
use meterwarden::policy::{Attribute, Test};
use meterwarden::{Policy, parse};
use similar::TextDiff;

use crate::clause::Clause;
use crate::failure::Failure;

/// Who says a value by its text is told its name.
pub(super) fn by_text(policy: &Policy, clauses: &[Clause]) -> Result<(), Failure> {
    for clause in clauses {
        let Some(attribute) = policy.attribute(&clause.given.attribute) else { continue };
        for said in &clause.given.values {
            if attribute.values.iter().any(|value| value.name == *said) {
                continue;
            }
            // The rules are only read again for their groups where there is something to say.
            let name = named_by(attribute, said);
            if let Some(name) =
                name.filter(|_| !groups(policy, attribute).iter().any(|group| is(group, said)))
            {
                let wrong = format!("`{}` has no value `{said}`; did you mean `{name}`?", attribute.name);
                return Err(Failure::Arguments(wrong));
            }
        }
        if let Some(wordy) = &clause.wordy {
            return Err(Failure::Arguments(wordy.clone()));
        }
    }
    Ok(())
}

fn is(group: &Group, name: &str) -> bool {
    group.name.text == name
}

/// The least likeness of several words to a text, as a share: a letter or two may be wrong.
const LIKE: f32 = 0.85;

/// The value of this text, or of one near it.
fn named_by<'a>(attribute: &'a Attribute, said: &str) -> Option<&'a str> {
    let said = plain(said);
    let texts = attribute.values.iter().map(|value| (value, plain(&value.text)));
    let texts: Vec<_> = texts.filter(|(_, text)| !text.is_empty()).collect();
    if let Some((value, _)) = texts.iter().find(|(_, text)| *text == said) {
        return Some(&value.name);
    }
    if !said.contains(' ') {
        return None;
    }
    let within: Vec<_> = texts.iter().filter(|(_, text)| text.contains(&said)).collect();
    if let [(value, _)] = within.as_slice() {
        return Some(&value.name);
    }
    let like = texts.iter().map(|(value, text)| (TextDiff::from_chars(&said, text).ratio(), value));
    let nearest = like.max_by(|one, other| one.0.total_cmp(&other.0));
    nearest.filter(|(ratio, _)| *ratio >= LIKE).map(|(_, value)| value.name.as_str())
}

/// In lower case, one blank between words.
fn plain(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// Of a plain attribute that is said several times, some value must agree with all of it. The question was answered, so
/// that its words are known.
pub(super) fn together(policy: &Policy, clauses: &[Clause]) -> Result<(), Failure> {
    for attribute in policy.attributes().iter().filter(|attribute| !attribute.set) {
        let about = clauses.iter().map(|clause| &clause.given);
        let about: Vec<_> = about.filter(|given| given.attribute == attribute.name).collect();
        // What is only denied may be unsaid instead.
        if about.len() < 2 || !about.iter().any(|given| given.test == Test::In) {
            continue;
        }
        let lists: Vec<(Test, BTreeSet<String>)> =
            about.iter().map(|given| (given.test, spelt_out(policy, attribute, &given.values))).collect();
        let agrees = |value: &str| {
            lists.iter().all(|(test, list)| match test {
                Test::In => list.contains(value),
                Test::Not => !list.contains(value),
                _ => true,
            })
        };
        if !attribute.values.iter().any(|value| agrees(&value.name)) {
            let name = &attribute.name;
            let wrong = format!(
                "the clauses about `{name}` contradict each other: both must hold; for either say `{name} A, B`"
            );
            return Err(Failure::Arguments(wrong));
        }
    }
    Ok(())
}

/// Values, and those of groups.
fn spelt_out(policy: &Policy, attribute: &Attribute, names: &[String]) -> BTreeSet<String> {
    let groups = groups(policy, attribute);
    let values = names.iter().flat_map(|name| match groups.iter().find(|group| is(group, name)) {
        Some(group) => group.items.iter().map(|item| item.name.text.to_string()).collect(),
        None => vec![name.clone()],
    });
    values.collect()
}

/// The groups of an attribute.
fn groups(policy: &Policy, attribute: &Attribute) -> Vec<Group> {
    let sources = policy.sources().iter().filter(|source| source.text.contains("group"));
    let items = sources.flat_map(|source| parse(source, 0).file.items);
    let groups = items.filter_map(|item| match item {
        Item::Group(group) if group.attribute.text == attribute.name => Some(group),
        _ => None,
    });
    groups.collect()
}

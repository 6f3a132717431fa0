//! What the clauses of a question mean to a policy: values that are written as their texts, and clauses that contradict
//! each other.

use std::collections::BTreeSet;

use meterwarden::Policy;
use meterwarden::policy::{Attribute, Test};
use similar::TextDiff;

use crate::clause::Clause;
use crate::failure::Failure;

/// Refuses a value that is written as its text, and suggests its name.
pub(super) fn by_text(policy: &Policy, clauses: &[Clause]) -> Result<(), Failure> {
    for clause in clauses {
        let Some(index) = policy.attribute_index_of(&clause.given.attribute) else { continue };
        let attribute = &policy.attributes()[index];
        for written in &clause.given.values {
            let is_name = attribute.value_index.contains_key(written)
                || policy.groups_of(index).any(|group| group.name == *written);
            if let Some(name) = value_of_text(attribute, written).filter(|_| !is_name) {
                let wrong = format!("`{}` has no value `{written}`; did you mean `{name}`?", attribute.name);
                return Err(Failure::Arguments(wrong));
            }
        }
        if let Some(wordy) = &clause.wordy {
            return Err(Failure::Arguments(wordy.clone()));
        }
    }
    Ok(())
}

/// How similar several words must be to a text, as a share from 0 to 1: a letter or two may be wrong.
const SIMILAR: f32 = 0.85;

/// The value with this text, or with a text that contains or resembles it.
fn value_of_text<'a>(attribute: &'a Attribute, written: &str) -> Option<&'a str> {
    let written = normalised(written);
    let texts = attribute.values.iter().map(|value| (value, normalised(&value.text)));
    let texts: Vec<_> = texts.filter(|(_, text)| !text.is_empty()).collect();
    if let Some((value, _)) = texts.iter().find(|(_, text)| *text == written) {
        return Some(&value.name);
    }
    if !written.contains(' ') {
        return None;
    }
    let containing: Vec<_> = texts.iter().filter(|(_, text)| text.contains(&written)).collect();
    if let [(value, _)] = containing.as_slice() {
        return Some(&value.name);
    }
    let similar = texts.iter().map(|(value, text)| (TextDiff::from_chars(&written, text).ratio(), value));
    let nearest = similar.max_by(|(a, _), (b, _)| a.total_cmp(b));
    nearest.filter(|(ratio, _)| *ratio >= SIMILAR).map(|(_, value)| value.name.as_str())
}

/// A text in small letters, with one blank between words.
fn normalised(text: &str) -> String {
    let words: Vec<String> = text.split_whitespace().map(str::to_lowercase).collect();
    words.join(" ")
}

/// Refuses several clauses about one plain attribute that no value satisfies. The question has been answered before, so
/// all its names are known.
pub(super) fn together(policy: &Policy, clauses: &[Clause]) -> Result<(), Failure> {
    for (index, attribute) in policy.attributes().iter().enumerate().filter(|(_, attribute)| !attribute.set) {
        let given = clauses.iter().map(|clause| &clause.given);
        let given: Vec<_> = given.filter(|given| given.attribute == attribute.name).collect();
        // With `not` clauses alone, the attribute may be unsaid.
        if given.len() < 2 || !given.iter().any(|given| given.test == Test::In) {
            continue;
        }
        let lists: Vec<(Test, BTreeSet<&str>)> =
            given.iter().map(|given| (given.test, values(policy, index, &given.values))).collect();
        let satisfies = |value: &str| {
            lists.iter().all(|(test, list)| match test {
                Test::In => list.contains(value),
                Test::Not => !list.contains(value),
                _ => true,
            })
        };
        if !attribute.values.iter().any(|value| satisfies(&value.name)) {
            let name = &attribute.name;
            let wrong = format!(
                "the clauses about `{name}` contradict each other: both must hold; for either say `{name} A, B`"
            );
            return Err(Failure::Arguments(wrong));
        }
    }
    Ok(())
}

/// The values that are named, with the values of each group instead of its name.
fn values<'p>(policy: &'p Policy, attribute: usize, names: &'p [String]) -> BTreeSet<&'p str> {
    let values =
        names.iter().flat_map(|name| match policy.groups_of(attribute).find(|group| group.name == *name) {
            Some(group) => policy.values_of_group(group).collect(),
            None => vec![name.as_str()],
        });
    values.collect()
}

//! Evaluates the text of a clause without the engine. So a test compares a region or a remedy with requests by the text
//! that a person reads.

use meterwarden::{Fact, Request};

/// Whether a request satisfies a clause: `status not Pending`, `fields only A, B, or none`.
pub(crate) fn holds(clause: &str, request: &Request) -> bool {
    let (attribute, words) = clause.split_once(' ').unwrap();
    let (_, fact) = request.facts.iter().find(|(name, _)| name == attribute).unwrap();
    match fact {
        Fact::Value(value) => match words.strip_prefix("not ") {
            Some(list) => !list.split(", ").any(|listed| listed == value),
            None => words.split(", ").any(|listed| listed == value),
        },
        Fact::Members { .. } => panic!("the request does not state all of {attribute}"),
        Fact::Set(present) => words
            .split(", or ")
            .any(|alternative| alternative.split(" and ").all(|literal| admits(literal, present))),
    }
}

/// Whether a set satisfies one test, such as `excludes A, B`.
fn admits(literal: &str, present: &[String]) -> bool {
    let listed = |list: &str| -> Vec<String> { list.split(", ").map(str::to_owned).collect() };
    let only = |list: &[String]| !present.is_empty() && present.iter().all(|value| list.contains(value));
    let all = |list: &[String]| list.iter().all(|value| present.contains(value));
    let any = |list: &[String]| list.iter().any(|value| present.contains(value));
    let exactly = |list: &[String]| all(list) && present.iter().all(|value| list.contains(value));
    let after = |word: &str| literal.strip_prefix(word).map(listed);
    match literal {
        "none" => return present.is_empty(),
        "anything" => return !present.is_empty(),
        "any" => return true,
        _ => {}
    }
    // The tests that begin with `not` come first, so that `only` is never found in `not only`.
    if let Some(list) = after("not only ") {
        !only(&list)
    } else if let Some(list) = after("not all of ") {
        !all(&list)
    } else if let Some(list) = after("not exactly ") {
        !exactly(&list)
    } else if let Some(list) = after("only ") {
        only(&list)
    } else if let Some(list) = after("includes ") {
        all(&list)
    } else if let Some(list) = after("excludes ") {
        !any(&list)
    } else if let Some(list) = after("exactly ") {
        exactly(&list)
    } else {
        any(&listed(literal))
    }
}

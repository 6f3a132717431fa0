//! Clauses in words, understood without the engine: a region or a remedy is held against requests by what a person
//! reads.

use meterwarden::{Fact, Request};

/// Whether a request agrees with a clause: `status not Pending`, `fields only A, B, or none`.
pub(crate) fn holds(clause: &str, request: &Request) -> bool {
    let (attribute, words) = clause.split_once(' ').unwrap();
    let (_, fact) = request.facts.iter().find(|(name, _)| name == attribute).unwrap();
    match fact {
        Fact::Value(value) => match words.strip_prefix("not ") {
            Some(list) => !list.split(", ").any(|one| one == value),
            None => words.split(", ").any(|one| one == value),
        },
        Fact::Set(present) => {
            words.split(", or ").any(|all| all.split(" and ").all(|literal| admits(literal, present)))
        }
    }
}

/// One question about a set, such as `excludes A, B`, and the answer that is meant.
fn admits(literal: &str, present: &[String]) -> bool {
    let listed = |list: &str| -> Vec<String> { list.split(", ").map(str::to_owned).collect() };
    let only = |list: &[String]| !present.is_empty() && present.iter().all(|one| list.contains(one));
    let all = |list: &[String]| list.iter().all(|one| present.contains(one));
    let any = |list: &[String]| list.iter().any(|one| present.contains(one));
    let exactly = |list: &[String]| all(list) && present.iter().all(|one| list.contains(one));
    let after = |word: &str| literal.strip_prefix(word).map(listed);
    match literal {
        "none" => return present.is_empty(),
        "anything" => return !present.is_empty(),
        "any" => return true,
        _ => {}
    }
    // The longer words first: `not only` begins with no other.
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

//! The reference semantics: a slow and simple implementation of docs/language.md, with which the tests compare
//! `meterwarden`.

#[path = "../../../tests/suite/reference/compare.rs"]
mod compare;
#[path = "../../../tests/suite/reference/decide.rs"]
mod decide;
#[path = "../../../tests/suite/reference/law.rs"]
mod law;
#[path = "../../../tests/suite/reference/model.rs"]
mod model;

use std::collections::BTreeMap;

use meterwarden::{Plan, Request};

use crate::requests::RULES_DATE;

/// The first request for which `meterwarden` gives another answer, with both answers. One set of rules, that of
/// [`RULES_DATE`], decides all requests.
pub(crate) fn first_difference(plan: &Plan, requests: &[Request]) -> Option<String> {
    let book = model::Book::new(plan.policy().sources());
    let laws: BTreeMap<&String, law::Law> =
        book.services.keys().map(|service| (service, book.law(service, RULES_DATE))).collect();
    let difference = |request: &Request| {
        let answer = laws[&request.service].decide(&compare::facts(request));
        compare::differs(plan, request, &answer)
    };
    requests.iter().find_map(difference)
}

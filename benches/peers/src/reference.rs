//! The slow and obvious reading of docs/language.md, which the tests hold `meterwarden` against.

#[path = "../../../tests/reference/compare.rs"]
mod compare;
#[path = "../../../tests/reference/decide.rs"]
mod decide;
#[path = "../../../tests/reference/law.rs"]
mod law;
#[path = "../../../tests/reference/model.rs"]
mod model;

use std::collections::BTreeMap;

use meterwarden::{Plan, Request};

use crate::requests::LAW;

/// The first request that `meterwarden` answers otherwise, with both answers. All requests are of the law of one date.
pub(crate) fn first_difference(plan: &Plan, requests: &[Request]) -> Option<String> {
    let book = model::Book::new(plan.policy().sources());
    let laws: BTreeMap<&String, law::Law> =
        book.services.keys().map(|service| (service, book.law(service, LAW))).collect();
    let difference = |request: &Request| {
        let answer = laws[&request.service].decide(&compare::facts(request));
        compare::differs(plan, request, &answer)
    };
    requests.iter().find_map(difference)
}

//! docs/language.md shows rules; together they are a policy, so that no example is wrong.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use meterwarden::{Date, Policy, Request, Source, compile};

const PAGE: &str = include_str!("../docs/language.md");

fn policy() -> Policy {
    let blocks = PAGE.split("```rules\n").skip(1).map(|rest| rest.split_once("```").unwrap().0);
    let rules: String = blocks.collect();
    Policy::from_sources(vec![Source::new("docs/language.md", rules)])
        .map_err(|found| found.render(false))
        .unwrap()
}

#[test]
fn the_examples_are_one_policy() {
    let policy = policy();
    assert_eq!((policy.services().len(), policy.rules().len()), (3, 4));
}

#[test]
fn the_examples_decide_as_the_page_says() {
    let plan = compile(Arc::new(policy()));
    let request = |at, fields: &[&str]| {
        let request = Request::new("8.4", at).value("role", "IS").set("relation", ["registered"]);
        request.value("status", "Commissioned").value("device", "ESME").set("fields", fields.iter().copied())
    };
    let say = |request: &Request| plan.decide(request).unwrap().to_string();
    let (before, day) = (Date::constant(2023, 6, 28), Date::constant(2023, 6, 29));
    insta::assert_snapshot!(say(&request(before, &["ESMEVariant"])), @"refuse E4 at relation: the sender is not authorised for this device on the required date");
    insta::assert_snapshot!(say(&request(day, &["ESMEVariant"])), @"permit by 8.4/esme-variant-correction");
    insta::assert_snapshot!(say(&request(day, &["ESMEVariant", "DeviceModel"])), @"refuse E4 at relation: the sender is not authorised for this device on the required date");
    insta::assert_snapshot!(say(&request(day, &["Colour"])), @"refuse at fields: no rule allows these elements together (no code is assigned)");
}

//! The rules that docs/language.md shows are one policy, so no example is wrong.

use std::sync::Arc;

use meterwarden::{Date, Policy, Request, Source, compile};

const PAGE: &str = include_str!("../../docs/language.md");

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
    assert_eq!((policy.services().len(), policy.rules().len()), (5, 9));
}

#[test]
fn the_examples_decide_as_the_page_shows() {
    let plan = compile(Arc::new(policy()));
    let request = |at, fields: &[&str]| {
        let request = Request::new("8.4", at).value("role", "IS").set("relation", ["registered"]);
        request
            .value("status", "Commissioned")
            .value("device", "ESME")
            .set("fields", fields.iter().copied())
            .value("esme-variant", "AD")
    };
    let say = |request: &Request| plan.decide(request).unwrap().to_string();
    let (before, day) = (Date::constant(2023, 6, 28), Date::constant(2023, 6, 29));
    insta::assert_snapshot!(say(&request(before, &["ESMEVariant"])), @"refuse E4 at relation: the sender is not authorised for this device on the required date");
    insta::assert_snapshot!(say(&request(day, &["ESMEVariant"])), @"permit by 8.4/esme-variant-correction");
    insta::assert_snapshot!(say(&request(day, &["ESMEVariant", "DeviceModel"])), @"refuse E4 at relation: the sender is not authorised for this device on the required date");
    insta::assert_snapshot!(say(&request(day, &["Colour"])), @"refuse at fields: no rule allows these elements together (no code is assigned)");
}

/// No test would check a block of another language.
#[test]
fn every_block_is_rules() {
    let fences: Vec<&str> = PAGE.lines().filter(|line| line.starts_with("```") && *line != "```").collect();
    assert!(fences.iter().all(|fence| *fence == "```rules"), "{fences:?}");
}

/// Every clause and every line of the page's tables is in one of its examples, in the same words.
#[test]
fn every_form_of_the_tables_has_an_example() {
    let (tables, rest): (Vec<&str>, Vec<&str>) = PAGE.lines().partition(|line| line.starts_with("| `"));
    let examples: Vec<&str> = rest.iter().flat_map(|line| line.split_whitespace()).collect();
    let examples = examples.join(" ");
    for form in tables.iter().flat_map(|line| line.split(" | ").next().unwrap().split('`').skip(1).step_by(2))
    {
        let words =
            form.split(' ').take_while(|word| word.chars().any(char::is_lowercase) || *word == "CODE");
        let words: Vec<&str> = words.filter(|word| *word != "CODE").collect();
        assert!(examples.contains(&words.join(" ")), "no example of `{form}`");
    }
}

/// The section on fields: a name is enough for an element at one place, and an element at another place is undeclared.
#[test]
fn fields_are_at_their_places_as_the_page_describes() {
    let plan = compile(Arc::new(policy()));
    let say = |fields: &[&str]| {
        let request =
            Request::new("99.2", Date::constant(2024, 1, 1)).value("role", "IS").value("status", "Pending");
        let request = request.set("relation", [""; 0]).set("fields", fields.iter().copied());
        format!("{fields:?}: {}\n", plan.decide(&request.value("esme-variant", "A")).unwrap())
    };
    let bodies: [&[&str]; 8] = [
        &["Reason"],
        &["Import/Register"],
        &["/Import/Register", "/Import/Unit/Scale"],
        &["Scale"],
        &["Register"],
        &["Import"],
        &["/Export/Register"],
        &["/Reason/Register"],
    ];
    insta::assert_snapshot!(bodies.map(say).concat());
}

#[test]
fn like_and_dated_fields_are_as_the_page_describes() {
    let plan = compile(Arc::new(policy()));
    let day = Date::constant(2020, 11, 28);
    let policy = plan.policy();
    let has_own_refuse =
        |name: &str| policy.attribute(name).unwrap().values.iter().any(|value| value.refuse.is_some());
    assert_eq!((has_own_refuse("status"), has_own_refuse("other-status")), (true, false));
    let request = |at| {
        let request = Request::new("99.1", at).value("role", "IS").value("status", "Pending");
        request.set("relation", [] as [&str; 0]).value("device", "ESME").set("fields", ["Price"])
    };
    let say = |at| plan.decide(&request(at)).unwrap().to_string();
    insta::assert_snapshot!(say(day), @"refuse at fields: no rule allows these elements together (no code is assigned)");
    insta::assert_snapshot!(say(Date::constant(2020, 11, 29)), @"permit by 99.1/plain-attributes");
}

//! `tests/cases/decide/NAME.case`: rules and requests, with their decisions and explanations, in one snapshot.

use std::fmt::Write;
use std::fs;
use std::sync::Arc;

use meterwarden::policy::Clock;
use meterwarden::{Plan, Policy, Request, Source, compile};

/// The small vocabulary of all cases.
const PRELUDE: &str = include_str!("../cases/decide/prelude.rules");

fn each_request(case: &str, mut say: impl FnMut(&Plan, &Request) -> String) -> String {
    let (rules, requests) = case.split_once("----\n").unwrap();
    let sources = vec![Source::new("case.rules", rules), Source::new("prelude.rules", PRELUDE)];
    let plan = compile(Arc::new(Policy::from_sources(sources).unwrap()));
    let mut page = rules.to_owned();
    for line in requests.lines() {
        let request = &meterwarden_authoring::requests_from_yaml(line, &Clock::default(), None).unwrap()[0];
        let _ = write!(page, "\n---- {line}\n{}", say(&plan, request));
    }
    page
}

fn pages(name: &str, say: fn(&Plan, &Request) -> String) {
    insta::glob!("../cases", "decide/*.case", |path| {
        let page = each_request(&fs::read_to_string(path).unwrap(), say);
        insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
            insta::assert_snapshot!(name, page);
        });
    });
}

/// The decision as every interface prints it, without the fingerprint, which changes with each rule.
#[test]
fn decides() {
    pages("decide", |plan, request| match plan.decide(request) {
        Ok(decision) => {
            let mut data = serde_json::to_value(&decision).unwrap();
            let policy = data.as_object_mut().unwrap().remove("policy").unwrap();
            assert!(policy.as_str().unwrap().starts_with("sha256:"));
            format!("{data}\n")
        }
        Err(error) => format!("error: {error}\n"),
    });
}

#[test]
fn explains() {
    pages("explain", |plan, request| match meterwarden_analysis::explain(plan, request) {
        Ok(explanation) => explanation.to_string(),
        Err(error) => format!("error: {error}\n"),
    });
}

/// An explanation contains the decision. As data it has the same content and more.
#[test]
fn an_explanation_contains_its_decision() {
    insta::glob!("../cases", "decide/*.case", |path| {
        each_request(&fs::read_to_string(path).unwrap(), |plan, request| {
            if let (Ok(decision), Ok(explanation)) =
                (plan.decide(request), meterwarden_analysis::explain(plan, request))
            {
                assert_eq!(&decision, explanation.decision());
                let data = serde_json::to_value(&explanation).unwrap();
                let decision = serde_json::to_value(&decision).unwrap();
                let same = decision.as_object().unwrap().iter().all(|(key, value)| data[key] == *value);
                assert!(same && data["explanation"].is_object(), "{data}");
            }
            String::new()
        });
    });
}

//! The requests and scenarios that docs/formats.md shows are valid.

use std::num::NonZeroUsize;

use crate::shipped;
use meterwarden::policy::Clock;
use meterwarden::{Date, Request, Source};
use meterwarden_authoring::scenario::{Results, ScenarioFile, read, run};

const PAGE: &str = include_str!("../../docs/formats.md");

fn block(language: &str) -> &'static str {
    let (_, rest) = PAGE.split_once(&format!("```{language}\n")).unwrap();
    rest.split_once("```").unwrap().0
}

#[test]
fn the_request_is_the_same_in_json_and_in_yaml() {
    let json: Request = serde_json::from_str(block("json")).unwrap();
    assert_eq!(
        meterwarden_authoring::requests_from_yaml(block("yaml request"), &Clock::default(), None).unwrap(),
        std::slice::from_ref(&json)
    );
    assert_eq!(json.at, Date::constant(2023, 6, 29));
    assert!(shipped::plan().decide(&json).unwrap().is_permit());
    assert_eq!(serde_json::from_str::<Request>(&serde_json::to_string(&json).unwrap()).unwrap(), json);
}

#[test]
fn the_request_with_single_members_is_permitted() {
    let json: Request = serde_json::from_str(block("json members")).unwrap();
    assert!(shipped::plan().decide(&json).unwrap().is_permit());
    let yaml = block("json members").replace('"', "");
    assert_eq!(meterwarden_authoring::requests_from_yaml(&yaml, &Clock::default(), None).unwrap(), [json]);
}

#[test]
fn the_scenarios_pass() {
    let file = ScenarioFile::parse("docs/formats.md", block("yaml scenarios")).unwrap();
    let report = run(&shipped::plan(), &file);
    let failed: Vec<String> = report.failed.iter().map(ToString::to_string).collect();
    assert_eq!((report.passed, failed), (3, Vec::new()));
}

/// One file has the fixtures, the other uses them.
#[test]
fn each_and_the_fixtures_pass() {
    let source = |name| Source::new(format!("{name}.scenarios.yaml"), block(&format!("yaml {name}")));
    let plan = shipped::plan();
    let sources = ["each", "fixtures", "using fixtures"].map(source);
    let files = read(plan.policy(), &sources, NonZeroUsize::MIN).unwrap();
    let reports: Vec<_> = files.iter().map(|file| run(&plan, file)).collect();
    let failed: Vec<_> = reports.iter().flat_map(|report| &report.failed).map(ToString::to_string).collect();
    assert_eq!(failed, Vec::<String>::new());
    let [roles, devices] = ["role", "device"].map(|of| plan.policy().attribute(of).unwrap().values.len());
    let passed: Vec<_> = reports.iter().map(|report| report.passed).collect();
    assert_eq!(passed, [2 * 2 + (roles - 3) + devices, 0, 2]);
    assert!(files[0].cases.iter().any(|case| case.name == "in no other role [role=ES]"));
}

/// The page lists exactly the keys that exist.
#[test]
fn the_keys_of_the_results() {
    let text = "cases: [{ name: one, with: { service: 8.4, at: 2023-06-29 }, expect: permit }]";
    let file = [ScenarioFile::parse("a.scenarios.yaml", text).unwrap()];
    let plan = shipped::plan();
    let reports = [run(&plan, &file[0])];
    let data = serde_json::to_value(Results::of("sha256:x", &file, &reports)).unwrap();
    let (_, table) = PAGE.split_once("`--format json` writes").unwrap();
    let (table, _) = table.split_once("`--format junit`").unwrap();
    for key in data.as_object().unwrap().keys().chain(data["cases"][0].as_object().unwrap().keys()) {
        assert!(table.contains(&format!("`{key}`")), "{key}");
    }
}

/// 4.10 as a number would be 4.1. If a key occurs twice, it is unclear which one counts.
#[test]
fn errors_of_wrong_requests_say_why() {
    let wrong = [
        r#"{"service": 4.10, "at": "2023-06-29"}"#,
        r#"{"service": "8.4", "at": "2023-06-29", "variant": 8}"#,
        r#"{"service": "8.4", "at": "2023-06-29", "fields": [7]}"#,
        r#"{"service": "8.4", "at": "2023-06-29", "role": null}"#,
        r#"{"service": "8.4", "at": "2023-06-29", "role": {"is": "IS"}}"#,
        r#"{"service": "8.4", "at": "2023-06-29", "role": "IS", "role": "IS"}"#,
        r#"{"service": "8.4", "at": "29/06/2023"}"#,
        r#"{"service": "8.4", "at": "2023-02-30"}"#,
        r#"{"service": "8.4"}"#,
        r#"{"at": "2023-06-29"}"#,
        r#"["8.4"]"#,
    ];
    let errors =
        wrong.map(|text| format!("{text}\n=> {}", serde_json::from_str::<Request>(text).unwrap_err()));
    insta::assert_snapshot!(errors.join("\n\n"));
}

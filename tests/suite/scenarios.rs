//! Scenario files: those of the shipped policy pass and cover every service; the errors of a wrong file name its lines.

use std::collections::BTreeSet;

use crate::shipped;
use crate::shipped::scenarios;
use meterwarden_authoring::scenario::{Expected, ScenarioFile, run};

#[test]
fn the_shipped_scenarios_pass() {
    let plan = shipped::plan();
    for file in scenarios(&plan) {
        let report = run(&plan, &file);
        let failed: Vec<String> = report.failed.iter().map(ToString::to_string).collect();
        assert_eq!(failed, Vec::<String>::new());
        assert_eq!(report.passed, file.cases.len());
    }
}

/// At least one permit and one refusal for each service. For a service that nobody may send, closed or not open so far,
/// refusals.
#[test]
fn every_service_has_its_scenarios() {
    let plan = shipped::plan();
    let (mut permitted, mut refused) = (BTreeSet::new(), BTreeSet::new());
    for case in scenarios(&plan).into_iter().flat_map(|file| file.cases) {
        match case.expected {
            Expected::Permit { .. } => permitted.insert(case.request.service),
            Expected::Refuse { .. } => refused.insert(case.request.service),
            Expected::Undetermined { .. } => false,
        };
    }
    for service in plan.policy().services() {
        assert!(refused.contains(&service.name), "no scenario refuses {}", service.name);
        let page = meterwarden_analysis::outcomes(&plan, &service.name).unwrap();
        let nobody = page.contains("nothing, to anybody");
        assert!(nobody || service.closed.is_none(), "{page}");
        assert_eq!(permitted.contains(&service.name), !nobody, "{page}");
    }
}

#[test]
fn a_difference_reads_well() {
    let text = "
start: { service: 8.4, at: 2023-06-29, role: IS, status: Commissioned, device: ESME }
cases:
  - name: only what is there is decided
    expect: refuse
    code: E5
  - name: the day before
    with: { at: 2023-06-28, fields: [ESMEVariant], relation: [registered], generation: SMETS2, variant: 8, timing: Immediate }
    expect: permit
  - name: in other words
    with: { status: Comissioned }
    expect: refuse
    code: null
";
    let report = run(&shipped::plan(), &ScenarioFile::parse("8.4.scenarios.yaml", text).unwrap());
    let failed: Vec<String> = report.failed.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(failed.join("\n\n"));
}

#[test]
fn errors_of_a_wrong_file_name_their_place() {
    let start = "start: { service: 8.4, at: 2023-06-29 }\n";
    let wrong = [
        "start: [\n",
        "cases: { name: one }\n",
        "start: { service: 8.4 }\n",
        "start: { service: 8.4 }\ncases:\n  - name: no date\n    expect: permit\n",
        "start: { service: 8.4, at: 29 June }\ncases: []\n",
        "start: { service: 8.4, at: 2023-02-30 }\ncases: []\n",
        &format!("{start}cases:\n  - expect: permit\n"),
        &format!("{start}cases:\n  - name: expects nothing\n"),
        &format!("{start}cases:\n  - name: allowed\n    expect: allow\n"),
        &format!("{start}cases:\n  - name: no code\n    expect: refuse\n"),
        &format!("{start}cases:\n  - name: a code too many\n    expect: permit\n    code: E2\n"),
        &format!("{start}cases:\n  - name: misspelt\n    exepct: permit\n"),
        &format!("{start}cases:\n  - name: not said\n    without: [status]\n    expect: permit\n"),
        &format!("{start}cases:\n  - name: null\n    with: {{ status: }}\n    expect: permit\n"),
        &format!("{start}cases:\n  - name: twice\n    expect: permit\n  - name: twice\n    expect: permit\n"),
        &format!("{start}cases:\n  - name: a key twice\n    expect: permit\n    expect: permit\n"),
        &format!("{start}case:\n  - name: one\n    expect: permit\n"),
    ];
    let errors = wrong.map(|text| match ScenarioFile::parse("x.scenarios.yaml", text) {
        Ok(_) => format!("{text}nothing wrong\n"),
        Err(error) => format!("{text}=> {error}\n"),
    });
    insta::assert_snapshot!(errors.join("\n"));
}

//! A service whose rules distinguish too many classes of request for an exact analysis is named at once, and still
//! decided.

use std::fmt::Write;
use std::sync::Arc;

use meterwarden::{Date, Plan, Policy, Request, Source, compile};
use meterwarden_analysis::ask::Question;
use meterwarden_analysis::counterfactual::Changing;
use meterwarden_analysis::diff::{Version, diff};

/// Nine attributes of four values, and a forbid for each value that also tests the last attribute. So the set of rules
/// that can still match differs for every combination of values.
fn plan(last: &str) -> Plan {
    let mut text = String::new();
    for number in 1..=9 {
        let _ = writeln!(
            text,
            "attribute a{number} \"one of many\" {{ refuse E1 \"no\"  p{number} q{number} r{number} s{number} }}"
        );
    }
    text += "attribute last \"the last\" { refuse E2 \"no\"  yes no }\n";
    let _ = writeln!(
        text,
        "service 1 \"Explode\" {{\n    permit most \"most of it\" {{ last {last} source \"s\" }}"
    );
    for number in 1..=9 {
        for value in ["p", "q", "r"] {
            let _ = writeln!(
                text,
                "    forbid {value}{number} \"one\" {{ a{number} {value}{number}  last no  source \"s\" }}"
            );
        }
    }
    text += "}\n";
    compile(Arc::new(Policy::from_sources(vec![Source::new("explode.rules", text)]).unwrap()))
}

#[test]
fn the_service_is_named_and_still_decided() {
    let (before, after) = (plan("yes"), plan("yes, no"));
    let version = |plan| Version { plan, at: None };
    let request = Request::new("1", Date::constant(2026, 1, 1)).value("last", "no");
    let errors = [
        diff(version(&before), version(&after)).unwrap_err().to_string(),
        meterwarden_analysis::ask(&after, &Question::new("1").at(request.at)).unwrap_err().to_string(),
        meterwarden_analysis::permitted(&after, "1", request.at).unwrap_err().to_string(),
        meterwarden_analysis::counterfactuals(&after, &request, &Changing::Anything, 10)
            .unwrap_err()
            .to_string(),
    ];
    insta::assert_snapshot!(errors.join("\n\n"));
    // A question that gives more attributes is answered.
    let question = Question::new("1").at(request.at).given("a1", meterwarden::policy::Test::In, ["s1"]);
    let question = (2..=4).fold(question, |question, number| {
        question.given(format!("a{number}"), meterwarden::policy::Test::In, [format!("s{number}")])
    });
    assert_eq!(meterwarden_analysis::ask(&after, &question).unwrap().services.len(), 1);
    let whole =
        (1..=9).fold(request, |request, number| request.value(format!("a{number}"), format!("s{number}")));
    assert!(after.decide(&whole).unwrap().is_permit());
}

//! A plan as a file: after it is read, it answers as before. A file that is not a plan is refused.

use std::sync::Arc;

use meterwarden::{Date, Plan, PlanError, Policy, Request, Source, compile};
use proptest::prelude::*;

use crate::plan_file;

fn shipped() -> Plan {
    compile(Arc::new(Policy::load(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")).unwrap()))
}

/// For every service, on dates around each modification, requests that state most attributes, few and none.
fn requests(plan: &Plan) -> Vec<Request> {
    let years = [2019, 2023, 2026];
    let variants = |request: Request| {
        let some = request.clone().value("role", "IS").value("status", "Commissioned");
        let most = some
            .clone()
            .set("relation", ["registered"])
            .value("device", "ESME")
            .value("generation", "SMETS2");
        let all =
            most.clone().value("variant", "1").value("timing", "Immediate").set("fields", ["ESMEVariant"]);
        [request, some, most, all]
    };
    let services = plan.policy().services().iter();
    let at = |name: &str| years.map(|year| Request::new(name, Date::constant(year, 7, 1)));
    services.flat_map(|service| at(&service.name)).flat_map(variants).collect()
}

#[test]
fn a_plan_file_answers_like_its_plan_and_is_written_the_same_again() {
    let plan = shipped();
    let bytes = plan.to_bytes();
    let read = Plan::from_bytes(&bytes).unwrap();
    assert_eq!(read.policy().fingerprint(), plan.policy().fingerprint());
    for request in requests(&plan) {
        assert_eq!(read.decide(&request), plan.decide(&request));
        assert_eq!(read.interpret(&request), plan.interpret(&request));
        let numbers = plan.resolve(&request).unwrap();
        assert_eq!(read.resolve(&request).unwrap(), numbers);
        assert_eq!(read.verdict(&numbers).is_permit(), plan.verdict(&numbers).is_permit());
        let [mine, theirs] =
            [&plan, &read].map(|plan| meterwarden_analysis::explain(plan, &request).unwrap().to_string());
        assert_eq!(mine, theirs);
    }
    assert_eq!(read.to_bytes(), bytes);
    println!("the shipped plan is {} bytes", bytes.len());
}

#[test]
fn a_file_that_is_not_a_plan_is_refused_with_its_reason() {
    let bytes = shipped().to_bytes();
    let changed = |at: usize| {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        bytes
    };
    let cases: [(&str, Vec<u8>); 8] = [
        ("nothing", Vec::new()),
        ("a text", b"service 8.4 { }".to_vec()),
        ("line ends changed", [b"MWPLAN\n".as_slice(), &bytes[8..]].concat()),
        ("its first bytes alone", bytes[..9].to_vec()),
        ("cut off", bytes[..bytes.len() - 1].to_vec()),
        ("more behind it", [bytes.as_slice(), b"\0"].concat()),
        ("one bit changed", changed(bytes.len() / 2)),
        ("another format", changed(8)),
    ];
    let reason =
        |(what, bytes): &(&str, Vec<u8>)| format!("{what}: {}\n", Plan::from_bytes(bytes).unwrap_err());
    insta::assert_snapshot!(cases.iter().map(reason).collect::<String>(), @r"
    nothing: this is not a compiled plan
    a text: this is not a compiled plan
    line ends changed: this is not a compiled plan
    its first bytes alone: this plan is damaged: cut off, or changed since it was written
    cut off: this plan is damaged: cut off, or changed since it was written
    more behind it: this plan is damaged: cut off, or changed since it was written
    one bit changed: this plan is damaged: cut off, or changed since it was written
    another format: this plan is in format 4, and this version reads format 5: compile the rules again
    ");
}

/// A plan with every kind of content, small enough to break every byte of it.
fn small() -> Plan {
    let rules = r#"
        attribute role "User Role" always { refuse E2 "not this role"  IS ED GS }
        set attribute fields "Body" { refuse unassigned "not these" }
        set attribute relation "Relation" { refuse E4 "not related"  registered nominated }
        attribute status "Status" { refuse E5 "not in this status"  Pending  Absent "gone" refuse E19  Live }
        modification M1 "a change" { effective 2022-01-01  source "register" }
        tag critical "is critical"
        condition keeper "who keeps it" {
            source "section A"
            case  role IS  relation registered
            case  role GS  relation nominated
        }
        service 1.1 "One" critical {
            fields A, B, C, D, E, F (since M1)
            permit one "what keepers do" { role any  when keeper  fields only A, B  source "row 1" }
            permit two "what others do" { role ED (since M1), GS  status Live  fields excludes C, D  source "row 1" }
            forbid three "never this" { status Pending  refuse E9 "never"  source "row 1" }
        }
        service 1.2 "Two" { closed "nobody has it" }
        forbid above "nothing of what is pending" { services all except 1.2  status Pending  source "row 2" }"#;
    compile(Arc::new(Policy::from_sources(vec![Source::new("small.rules", rules)]).unwrap()))
}

/// Asks a plan all kinds of questions.
fn ask(plan: &Plan) {
    for service in ["1.1", "1.2", "9.9"] {
        for year in [2020, 2024] {
            let request = Request::new(service, Date::constant(year, 1, 1));
            let some = request.clone().value("role", "GS").set("relation", ["nominated"]);
            let most = some.clone().set("fields", ["A", "F"]).value("status", "Live");
            for request in [request, some, most] {
                let _ = plan.decide(&request);
                let _ = plan.interpret(&request);
                let _ =
                    meterwarden_analysis::explain(plan, &request).map(|explanation| explanation.to_string());
                if let Ok(numbers) = plan.resolve(&request) {
                    let verdict = plan.verdict(&numbers);
                    let _ = (verdict.permits().count(), verdict.refusal());
                }
            }
        }
    }
}

#[test]
fn a_plan_with_one_changed_byte_is_refused_or_harmless() {
    let bytes = small().to_bytes();
    let body = &bytes[18..];
    assert_eq!(plan_file::with_header(body), bytes);
    let mut read = 0;
    for at in 0..body.len() {
        for change in [0x01, 0x02, 0x10, 0x80, 0xff] {
            let mut body = body.to_vec();
            body[at] ^= change;
            let plan = Plan::from_bytes(&plan_file::with_header(&body));
            assert_ne!(plan.as_ref().err(), Some(&PlanError::Damaged));
            if let Ok(plan) = plan {
                read += 1;
                ask(&plan);
            }
        }
    }
    // Letters of names and texts may change. All other changes are refused.
    println!("{read} of {} changed plans were read", body.len() * 5);
}

proptest! {
    #[test]
    fn no_bytes_do_harm(edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..8),
                        cut in any::<prop::sample::Index>(), cuts in any::<bool>()) {
        let mut body = small().to_bytes()[18..].to_vec();
        for (at, byte) in edits {
            let at = at.index(body.len());
            body[at] = byte;
        }
        if cuts {
            body.truncate(cut.index(body.len()));
        }
        if let Ok(plan) = Plan::from_bytes(&plan_file::with_header(&body)) {
            ask(&plan);
        }
    }
}

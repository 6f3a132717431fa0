//! Deciding by numbers gives a gateway that has resolved the names once the same answers as deciding by name.

use std::sync::Arc;

use serde::de::DeserializeSeed;

use meterwarden::{Date, Plan, PlanStore, Policy, Request, RequestIds, Source, Verdict, compile};

fn shipped() -> Plan {
    compile(Arc::new(Policy::load(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")).unwrap()))
}

/// The request that MP125 is about, on a date.
fn mp125(at: Date) -> Request {
    Request::new("8.4", at)
        .value("role", "IS")
        .set("fields", ["ESMEVariant"])
        .set("relation", ["registered"])
        .value("status", "Commissioned")
        .value("device", "ESME")
        .value("generation", "SMETS2")
        .value("variant", "8")
        .value("timing", "Immediate")
        .value("esme-variant", "AD")
}

const DATES: [Date; 2] = [Date::constant(2023, 6, 28), Date::constant(2023, 6, 29)];

/// The same request by numbers.
fn numbers(plan: &Plan, at: Date) -> RequestIds {
    let service = plan.service_id("8.4").unwrap();
    let values = [
        ("role", "IS"),
        ("status", "Commissioned"),
        ("device", "ESME"),
        ("generation", "SMETS2"),
        ("variant", "8"),
        ("timing", "Immediate"),
        ("esme-variant", "AD"),
    ];
    let value = |(attribute, value)| plan.value_id(plan.attribute_id(attribute).unwrap(), value).unwrap();
    let set =
        |attribute, value| plan.set_id(service, plan.attribute_id(attribute).unwrap(), [value]).unwrap();
    let request = values.into_iter().map(value).fold(plan.start(service, at), RequestIds::with);
    request.with(set("fields", "ESMEVariant")).with(set("relation", "registered"))
}

fn verdict_text(verdict: Verdict<'_>) -> String {
    let permits: Vec<&str> = verdict.permits().map(|rule| rule.name.as_str()).collect();
    match verdict.refusal() {
        Some(refusal) => format!("refuse {:?} at {}: {}", refusal.code, refusal.attribute, refusal.reason),
        None if verdict.is_undetermined() => "open".to_owned(),
        None => format!("permit {}", permits.join(", ")),
    }
}

#[test]
fn numbers_and_names_make_the_same_request_and_get_the_same_answer() {
    let plan = shipped();
    let mut page = String::new();
    for at in DATES {
        assert_eq!(plan.resolve(&mp125(at)).unwrap(), numbers(&plan, at));
        assert_eq!(numbers(&plan, DATES[0]).on(at), numbers(&plan, at));
        let verdict = plan.verdict(&numbers(&plan, at));
        assert_eq!(verdict.is_permit(), plan.decide(&mp125(at)).unwrap().is_permit());
        page.push_str(&format!("{at}: {}\n", verdict_text(verdict)));
    }
    let service = plan.service_id("8.4").unwrap();
    page.push_str(&format!("nothing said: {}\n", verdict_text(plan.verdict(&plan.start(service, DATES[1])))));
    let unknown = plan.resolve(&Request::new("99.9", DATES[1])).unwrap();
    page.push_str(&format!("no such service: {}\n", verdict_text(plan.verdict(&unknown))));
    insta::assert_snapshot!(page, @r#"
    2023-06-28: refuse Some("E4") at relation: the sender is not authorised for this device on the required date
    2023-06-29: permit 8.4/esme-variant-correction
    nothing said: open
    no such service: refuse None at service: the policy does not know this service
    "#);
}

#[test]
fn numbers_of_another_policy_are_refused_everywhere() {
    let plan = shipped();
    let rules = r#"
        attribute role "User Role" always { refuse E2 "not this role"  IS }
        service 8.4 "Update Inventory" { permit whoever "everything" { role IS  source "an example" } }"#;
    let other = compile(Arc::new(Policy::from_sources(vec![Source::new("a.rules", rules)]).unwrap()));
    let foreign = other.resolve(&Request::new("8.4", DATES[1]).value("role", "IS")).unwrap();
    assert!(other.verdict(&foreign).is_permit());

    let (role, service) = (other.attribute_id("role").unwrap(), other.service_id("8.4").unwrap());
    let value = other.value_id(role, "IS").unwrap();
    let mixed = numbers(&plan, DATES[1]).with(value);
    let mut batch = plan.batch();
    [foreign, mixed, numbers(&plan, DATES[1])].iter().for_each(|request| batch.push(request));
    let mut verdicts = Vec::new();
    plan.verdicts(&batch, &mut verdicts);
    let mut page = format!(
        "{}\n{}\n{}\n{}\n",
        verdict_text(plan.verdict(&foreign)),
        verdict_text(plan.verdict(&mixed)),
        plan.value_id(role, "IS").unwrap_err(),
        plan.set_id(service, plan.attribute_id("fields").unwrap(), []).unwrap_err(),
    );
    verdicts.iter().for_each(|verdict| page.push_str(&format!("batch: {}\n", verdict_text(*verdict))));
    other.verdicts(&batch, &mut Vec::new());
    insta::assert_snapshot!(page, @r#"
    refuse None at service: the request is in the numbers of another policy
    refuse None at service: the request is in the numbers of another policy
    the service or the attribute is of another policy
    the service or the attribute is of another policy
    batch: refuse None at service: the policy does not know this service
    batch: refuse None at service: the policy does not know this service
    batch: permit 8.4/esme-variant-correction
    "#);
}

/// Otherwise a thread could resolve names with one plan and decide with the next, without a notice of the change.
#[test]
fn a_reader_keeps_its_plan_until_it_asks_again() {
    let plans = ["IS", "ES", "GS"].map(|role| {
        let rules = format!(
            r#"attribute role "User Role" always {{ refuse E2 "not this role"  {role} }}
            service 8.4 "Update Inventory" {{ permit whoever "all" {{ role {role}  source "an example" }} }}"#
        );
        compile(Arc::new(Policy::from_sources(vec![Source::new("a.rules", rules)]).unwrap()))
    });
    let fingerprints = plans.each_ref().map(|plan| plan.policy().fingerprint().to_owned());
    let [first, second, third] = plans;
    let store = PlanStore::new(first);
    let mut watch = store.reader();
    store.replace(second);
    assert_eq!(watch.cached().policy().fingerprint(), fingerprints[0]);
    assert!(watch.changed());
    store.replace(third);
    assert_eq!(watch.cached().policy().fingerprint(), fingerprints[1]);
    assert!(watch.changed());
    assert_eq!(watch.cached().policy().fingerprint(), fingerprints[2]);
    assert!(!watch.changed());
}

#[test]
fn a_batch_gets_the_answers_of_its_requests() {
    let plan = shipped();
    let requests: Vec<RequestIds> = plan
        .policy()
        .services()
        .iter()
        .flat_map(|service| DATES.map(|at| Request { service: service.name.clone(), ..mp125(at) }))
        .map(|request| plan.resolve(&request).unwrap())
        .collect();
    let mut batch = plan.batch();
    requests.iter().for_each(|request| batch.push(request));
    assert_eq!(batch.len(), requests.len());
    let mut verdicts = Vec::new();
    plan.verdicts(&batch, &mut verdicts);
    assert_eq!(verdicts.len(), requests.len());
    for (request, verdict) in requests.iter().zip(&verdicts) {
        assert_eq!(verdict_text(*verdict), verdict_text(plan.verdict(request)));
        assert_eq!(verdict.code(), verdict.refusal().and_then(|refusal| refusal.code));
    }
    batch.clear();
    assert!(batch.is_empty());
    // The batch has forgotten its earlier requests.
    let silent = plan.resolve(&Request::new("8.4", DATES[1])).unwrap();
    batch.push(&silent);
    plan.verdicts(&batch, &mut verdicts);
    assert_eq!(
        verdicts.iter().map(|verdict| verdict_text(*verdict)).collect::<Vec<_>>(),
        [verdict_text(plan.verdict(&silent))]
    );
}

#[test]
fn json_is_read_into_the_same_numbers_as_names() {
    let plan = shipped();
    let read = |line: &str| plan.request_reader().deserialize(&mut serde_json::Deserializer::from_str(line));
    for at in DATES {
        let line = serde_json::to_string(&mp125(at)).unwrap();
        assert_eq!(read(&line).unwrap(), plan.resolve(&mp125(at)).unwrap());
    }
    // The service last, and a name with an escape.
    let late =
        r#"{"fields": ["ESMEV\u0061riant", "Nonsense"], "at": "2023-06-29", "role": "IS", "service": "8.4"}"#;
    let by_name: Request = serde_json::from_str(late).unwrap();
    assert_eq!(read(late).unwrap(), plan.resolve(&by_name).unwrap());

    let wrong = [
        r#"{"service": "8.4", "at": "2023-06-29", "role": "is"}"#,
        r#"{"service": "8.4", "at": "2023-06-29", "rule": "IS"}"#,
        r#"{"service": "8.4", "at": "2023-06-29", "role": ["IS"]}"#,
        r#"{"service": "8.4", "at": "2023-06-29", "relation": "registered"}"#,
        r#"{"service": "8.4", "at": "2023-06-29", "role": "IS", "role": "IS"}"#,
        r#"{"service": "8.4", "at": "2023-06-29", "fields": [], "fields": []}"#,
        r#"{"service": 8.4, "at": "2023-06-29"}"#,
        r#"{"service": "8.4", "at": "2023-06-31"}"#,
        r#"{"service": "8.4", "at": "2023-6-30"}"#,
        r#"{"service": "8.4"}"#,
        r#"{"at": "2023-06-29"}"#,
        r#"{"service": "8.4", "at": "2023-06-29", "role": null}"#,
        r#"["8.4"]"#,
    ];
    let page: String =
        wrong.iter().map(|line| format!("{line}\n    {}\n", read(line).unwrap_err())).collect();
    insta::assert_snapshot!(page);
}

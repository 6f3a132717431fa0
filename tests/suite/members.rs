//! A request that states single members of a set gets the same answer from the table, from the rules and in every form
//! of the request.

use std::sync::Arc;

use proptest::strategy::{Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde::de::DeserializeSeed;

use meterwarden::{Date, Fact, Outcome, Plan, Policy, Request, RequestIds, Source, compile};

use crate::reference::random::{self, tapes};

fn shipped() -> Plan {
    compile(Arc::new(Policy::load(concat!(env!("CARGO_MANIFEST_DIR"), "/rules")).unwrap()))
}

/// The request that MP125 is about. The relation is stated in part.
fn mp125(at: Date, present: &[&str], absent: &[&str]) -> Request {
    Request::new("8.4", at)
        .value("role", "IS")
        .set("fields", ["ESMEVariant"])
        .members("relation", present.iter().copied(), absent.iter().copied())
        .value("status", "Commissioned")
        .value("device", "ESME")
        .value("generation", "SMETS2")
        .value("variant", "8")
        .value("timing", "Immediate")
        .value("esme-variant", "AD")
}

const DATES: [Date; 2] = [Date::constant(2023, 6, 28), Date::constant(2023, 6, 29)];

fn from_json(plan: &Plan, json: &str) -> Result<RequestIds, String> {
    let mut json = serde_json::Deserializer::from_str(json);
    plan.request_reader().deserialize(&mut json).map_err(|error| error.to_string())
}

/// An inventory does not know who pre-notified a device. The table decides nevertheless.
#[test]
fn the_table_decides_what_the_open_members_do_not_change() {
    let plan = shipped();
    let mut page = String::new();
    let relations: [[&[&str]; 2]; 6] = [
        [&["registered"], &[]],
        [&["registered"], &["nominated"]],
        [&["pre-notifier"], &["registered"]],
        [&[], &["registered"]],
        [&[], &["registered", "nominated"]],
        [&[], &["registered", "nominated", "pre-notifier"]],
    ];
    for at in DATES {
        for [present, absent] in relations {
            let request = mp125(at, present, absent);
            let verdict = plan.verdict(&plan.resolve(&request).unwrap());
            let by_table = match (verdict.is_permit(), verdict.is_undetermined()) {
                (true, _) => "permit",
                (_, true) => "undetermined",
                _ => "refuse",
            };
            let decision = plan.decide(&request).unwrap();
            assert_eq!(decision, plan.interpret(&request).unwrap());
            page += &format!("{at} {present:?} not {absent:?}: table {by_table}, {decision}\n");
            if let Outcome::Undetermined { permitted_when, .. } = &decision.outcome {
                page += &format!("    permitted when {permitted_when}\n");
            }
        }
    }
    insta::assert_snapshot!(page, @r#"
    2023-06-28 ["registered"] not []: table refuse, refuse E5 at status: the device's SMI Status does not allow this Service Request
    2023-06-28 ["registered"] not ["nominated"]: table refuse, refuse E5 at status: the device's SMI Status does not allow this Service Request
    2023-06-28 ["pre-notifier"] not ["registered"]: table refuse, refuse E5 at status: the device's SMI Status does not allow this Service Request
    2023-06-28 [] not ["registered"]: table refuse, refuse E5 at status: the device's SMI Status does not allow this Service Request
    2023-06-28 [] not ["registered", "nominated"]: table refuse, refuse E5 at status: the device's SMI Status does not allow this Service Request
    2023-06-28 [] not ["registered", "nominated", "pre-notifier"]: table refuse, refuse E4 at relation: the sender is not authorised for this device on the required date
    2023-06-29 ["registered"] not []: table permit, permit by 8.4/esme-variant-correction
    2023-06-29 ["registered"] not ["nominated"]: table permit, permit by 8.4/esme-variant-correction
    2023-06-29 ["pre-notifier"] not ["registered"]: table refuse, refuse E5 at status: the device's SMI Status does not allow this Service Request
    2023-06-29 [] not ["registered"]: table refuse, refuse E5 at status: the device's SMI Status does not allow this Service Request
    2023-06-29 [] not ["registered", "nominated"]: table refuse, refuse E5 at status: the device's SMI Status does not allow this Service Request
    2023-06-29 [] not ["registered", "nominated", "pre-notifier"]: table refuse, refuse E4 at relation: the sender is not authorised for this device on the required date
    "#);
}

/// By name, from JSON and by the ids of members.
#[test]
fn every_form_of_a_request_has_the_same_numbers() {
    let plan = shipped();
    let request = mp125(DATES[1], &["registered"], &["nominated"]);
    let by_name = plan.resolve(&request).unwrap();
    assert_eq!(from_json(&plan, &request.to_json()).unwrap(), by_name);
    assert_eq!(serde_json::from_str::<Request>(&request.to_json()).unwrap(), request);
    assert_eq!(serde_json::from_str::<Request>(&serde_json::to_string(&request).unwrap()).unwrap(), request);

    let (service, relation) = (plan.service_id("8.4").unwrap(), plan.attribute_id("relation").unwrap());
    let member = |value| plan.member_id(service, relation, value).unwrap();
    let members = plan.members_id(service, relation, [member("registered")], [member("nominated")]).unwrap();
    assert_eq!(by_name.with(members), by_name);

    // Whole, it is the same as the list.
    let whole = mp125(DATES[1], &["registered"], &["nominated", "pre-notifier"]);
    let mut list = whole.clone();
    list.facts[2].1 = Fact::Set(vec!["registered".to_owned()]);
    assert_eq!(plan.resolve(&whole).unwrap(), plan.resolve(&list).unwrap());

    // A member is for every service, but a field is for its own.
    let other = plan.service_id("7.2").unwrap();
    assert!(plan.members_id(other, relation, [member("registered")], []).is_ok());
    let fields = plan.attribute_id("fields").unwrap();
    let field = plan.member_id(service, fields, "ESMEVariant").unwrap();
    assert!(plan.members_id(other, fields, [field], []).is_err());
    assert!(plan.members_id(service, fields, [member("registered")], []).is_err());
}

#[test]
fn mistakes_in_single_members_are_errors_in_every_form() {
    let plan = shipped();
    let mut page = String::new();
    for fact in [
        r#""relation": {"present": ["registered"], "absent": ["registered"]}"#,
        r#""fields": {"present": ["ESMEVariant"], "absent": ["ESMEVariant"]}"#,
        r#""relation": {"present": ["registred"]}"#,
        r#""relation": {"missing": ["registered"]}"#,
        r#""relation": {"present": "registered"}"#,
        r#""relation": {"present": [1]}"#,
        r#""relation": {"present": [], "present": []}"#,
        r#""relation": {"present": []}, "relation": []"#,
        r#""fields": {"present": []}, "fields": {"absent": []}"#,
        r#""role": {"present": ["IS"]}"#,
        r#""relation": {}"#,
    ] {
        let json = format!(r#"{{"service": "8.4", "at": "2023-06-29", {fact}}}"#);
        let by_name = match serde_json::from_str::<Request>(&json) {
            Ok(request) => {
                let resolved = plan.resolve(&request).map_err(|error| error.to_string());
                assert_eq!(
                    plan.interpret(&request).err().map(|error| error.to_string()),
                    resolved.clone().err()
                );
                resolved
            }
            Err(error) => Err(error.to_string()),
        };
        let read = from_json(&plan, &json);
        assert_eq!(read.is_ok(), by_name.is_ok(), "{json}");
        page += &format!("{fact}\n    {}\n", by_name.err().unwrap_or_else(|| "no error".to_owned()));
        page += &format!("    {}\n", read.err().unwrap_or_else(|| "no error".to_owned()));
    }
    insta::assert_snapshot!(page, @r#"
    "relation": {"present": ["registered"], "absent": ["registered"]}
        `relation` has a value that is both present and absent
        `relation` has a value that is both present and absent at line 1 column 104
    "fields": {"present": ["ESMEVariant"], "absent": ["ESMEVariant"]}
        `fields` has a value that is both present and absent
        `fields` has a value that is both present and absent at line 1 column 104
    "relation": {"present": ["registred"]}
        `relation` has no value `registred`; did you mean `registered`?
        `relation` has no value `registred`; did you mean `registered`? at line 1 column 76
    "relation": {"missing": ["registered"]}
        `missing` is neither `present` nor `absent` at line 1 column 61
        `missing` is neither `present` nor `absent` at line 1 column 61
    "relation": {"present": "registered"}
        invalid type: string "registered", expected a list of values at line 1 column 75
        invalid type: string "registered", expected a list of values at line 1 column 75
    "relation": {"present": [1]}
        1 is a number here; write it in quotes, as in "4.10" at line 1 column 65
        1 is a number here; write it in quotes, as in "4.10" at line 1 column 65
    "relation": {"present": [], "present": []}
        `present` is said twice at line 1 column 81
        `present` is said twice at line 1 column 81
    "relation": {"present": []}, "relation": []
        `relation` is said twice at line 1 column 78
        `relation` is said twice at line 1 column 83
    "fields": {"present": []}, "fields": {"absent": []}
        `fields` is said twice at line 1 column 74
        `fields` is said twice at line 1 column 91
    "role": {"present": ["IS"]}
        `role` is a plain attribute: give one value, not a list
        `role` is a plain attribute: give one value, not a list at line 1 column 48
    "relation": {}
        no error
        no error
    "#);
}

/// A request with one stated member fewer, for each member.
fn with_a_member_unsaid(plan: &Plan, request: &Request) -> Vec<Request> {
    let mut requests = Vec::new();
    for (index, (name, fact)) in request.facts.iter().enumerate() {
        let (present, absent) = match fact {
            Fact::Value(_) => continue,
            Fact::Members { present, absent } => (present.clone(), absent.clone()),
            Fact::Set(present) => {
                let values =
                    plan.policy().attribute(name).unwrap().values.iter().map(|value| value.name.clone());
                (present.clone(), values.filter(|value| !present.contains(value)).collect())
            }
        };
        let mut push = |present, absent| {
            let mut request = request.clone();
            request.facts[index].1 = Fact::Members { present, absent };
            requests.push(request);
        };
        for place in 0..present.len() {
            let mut fewer = present.clone();
            fewer.remove(place);
            push(fewer, absent.clone());
        }
        for place in 0..absent.len() {
            let mut fewer = absent.clone();
            fewer.remove(place);
            push(present.clone(), fewer);
        }
    }
    requests
}

/// Who states less gets no other answer, but at most none. The table, the rules and a batch agree on it.
#[test]
fn stating_a_member_less_never_turns_a_refusal_into_a_permit() {
    let config = Config { failure_persistence: None, ..Config::default() };
    let mut runner = TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha));
    let (mut same, mut open, mut by_table, mut by_rules) = (0, 0, 0, 0);
    for _ in 0..150 {
        let tapes = tapes().new_tree(&mut runner).unwrap().current();
        let random = random::Policy::new(&tapes);
        let Ok(policy) = Policy::from_sources(random.sources.clone()) else { continue };
        let plan = compile(Arc::new(policy));
        let (mut batch, mut decisions) = (plan.batch(), Vec::new());
        for tape in tapes.requests.iter().take(20) {
            let request = random.request(tape);
            let whole = plan.decide(&request).unwrap();
            for fewer in with_a_member_unsaid(&plan, &request) {
                let (resolved, decision) = (plan.resolve(&fewer).unwrap(), plan.decide(&fewer).unwrap());
                assert_eq!(decision, plan.interpret(&fewer).unwrap(), "{}", fewer.to_json());
                assert_eq!(from_json(&plan, &fewer.to_json()), Ok(resolved));
                let is_open = matches!(decision.outcome, Outcome::Undetermined { .. });
                if is_open {
                    open += 1
                } else {
                    same += 1
                }
                let was_open = matches!(whole.outcome, Outcome::Undetermined { .. });
                let agrees = decision.is_permit() == whole.is_permit() && !was_open;
                assert!(is_open || agrees, "{}", fewer.to_json());
                let verdict = plan.verdict(&resolved);
                if !is_open && verdict.is_undetermined() {
                    by_rules += 1
                } else {
                    by_table += 1
                }
                batch.push(&resolved);
                decisions.push((verdict.is_permit(), verdict.refusal()));
            }
        }
        let mut verdicts = Vec::new();
        plan.verdicts(&batch, &mut verdicts);
        let of_batch: Vec<_> =
            verdicts.iter().map(|verdict| (verdict.is_permit(), verdict.refusal())).collect();
        assert_eq!(of_batch, decisions);
    }
    println!("{same} the same, {open} open; {by_table} by the table, {by_rules} by the rules");
    assert!(same > 4_000 && open > 500 && by_table > 8 * by_rules);
}

/// A request in numbers has room for four sets that are stated in part, and one verdict follows a limited number of
/// branches. Beyond that the rules decide.
#[test]
fn more_open_sets_than_the_table_follows_are_left_to_the_rules() {
    let names = ["s", "t", "u", "v", "w", "x"];
    let mut rules: String =
        names.map(|name| format!("set attribute {name} \"\" {{ refuse E1 \"no\"  1 2 3 4 }}\n")).concat();
    let clauses = names.map(|name| format!("{name} 1, 2")).join(" ");
    rules += &format!("service 1.1 \"One\" {{ permit p \"p\" {{ {clauses} source \"s\" }} }}");
    let plan = compile(Arc::new(Policy::from_sources(vec![Source::new("a.rules", rules)]).unwrap()));
    let by_table = |open: usize, present: &[&str]| {
        let mut request = Request::new("1.1", DATES[0]);
        for (place, name) in names.into_iter().enumerate() {
            request = match place < open {
                true => request.members(name, present.iter().copied(), []),
                false => request.set(name, ["1"]),
            };
        }
        let decision = plan.decide(&request).unwrap();
        assert_eq!(decision, plan.interpret(&request).unwrap());
        assert!(decision.is_permit());
        !plan.verdict(&plan.resolve(&request).unwrap()).is_undetermined()
    };
    // Two sets with three open values each are 64 completions, three are 512.
    assert_eq!([1, 2, 3].map(|open| by_table(open, &["1"])), [true, true, false]);
    assert_eq!([3, 4, 5, 6].map(|open| by_table(open, &["1", "2", "3"])), [true, true, false, false]);
}

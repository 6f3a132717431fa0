//! What a gateway does for every message allocates no memory on the heap.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::hint::black_box;
use std::sync::Arc;

use allocation_counter::measure;
use meterwarden::{Date, Plan, PlanReader, PlanStore, Policy, Request, RequestIds, compile};
use serde::de::DeserializeSeed;

/// A request that is permitted on one date, and refused the day before.
const LINE: &str = r#"{"service": "8.4", "at": "2023-06-29", "role": "IS", "fields": ["ESMEVariant"],
    "relation": ["registered"], "status": "Commissioned", "device": "ESME", "generation": "SMETS2", "variant": "8",
    "timing": "Immediate", "esme-variant": "AD"}"#;
const DAY: Date = Date::constant(2023, 6, 29);
const BEFORE: Date = Date::constant(2023, 6, 28);

/// The policy that ships, compiled.
fn shipped() -> Plan {
    compile(Arc::new(Policy::load("rules").unwrap()))
}

/// The number of heap allocations of a run.
fn allocations(run: impl FnOnce()) -> u64 {
    measure(run).count_total
}

fn read(plan: &Plan) -> RequestIds {
    plan.request_reader().deserialize(&mut serde_json::Deserializer::from_str(LINE)).unwrap()
}

/// If allocations were not counted, the other tests would prove nothing.
#[test]
fn allocations_are_counted() {
    // The compiler leaves out an allocation that nothing looks at.
    assert_eq!(allocations(|| drop(black_box(vec![1]))), 1);
    assert!(allocations(|| drop(serde_json::from_str::<Request>(LINE).unwrap())) > 10);
}

#[test]
fn deciding_and_reading_the_answer_allocates_nothing() {
    let plan = shipped();
    let permitted = read(&plan);
    let refused = permitted.on(BEFORE);
    let open = plan.start(plan.service_id("8.4").unwrap(), BEFORE);
    let count = allocations(|| {
        assert!(plan.verdict(&permitted).is_permit());
        assert_eq!(plan.verdict(&permitted).permits().next().unwrap().name, "8.4/esme-variant-correction");
        assert_eq!(plan.verdict(&refused).code(), Some("E4"));
        assert_eq!(plan.verdict(&refused).refusal().unwrap().attribute, "relation");
        assert!(plan.verdict(&open).is_undetermined());
    });
    assert_eq!(count, 0);
}

#[test]
fn building_a_request_allocates_nothing() {
    let plan = shipped();
    let expected = read(&plan);
    let count = allocations(|| {
        let service = plan.service_id("8.4").unwrap();
        let mut request = plan.start(service, BEFORE).on(DAY);
        for (attribute, value) in [
            ("role", "IS"),
            ("status", "Commissioned"),
            ("device", "ESME"),
            ("generation", "SMETS2"),
            ("variant", "8"),
            ("timing", "Immediate"),
            ("esme-variant", "AD"),
        ] {
            let attribute = plan.attribute_id(attribute).unwrap();
            request = request.with(plan.value_id(attribute, value).unwrap());
        }
        for (attribute, value) in [("fields", "ESMEVariant"), ("relation", "registered")] {
            let attribute = plan.attribute_id(attribute).unwrap();
            request = request.with(plan.set_id(service, attribute, [value]).unwrap());
        }
        assert_eq!(request, expected);
    });
    assert_eq!(count, 0);
}

/// The same for single members of a set, in a batch too.
#[test]
fn stating_and_deciding_single_members_allocates_nothing() {
    const LINE: &str = r#"{"service": "8.4", "at": "2023-06-29", "role": "IS", "fields": ["ESMEVariant"],
        "relation": {"present": ["registered"], "absent": ["nominated"]}, "status": "Commissioned", "device": "ESME",
        "generation": "SMETS2", "variant": "8", "timing": "Immediate", "esme-variant": "AD"}"#;
    let plan = shipped();
    let read = || plan.request_reader().deserialize(&mut serde_json::Deserializer::from_str(LINE)).unwrap();
    let request: Request = serde_json::from_str(LINE).unwrap();
    let (mut batch, mut verdicts) = (plan.batch(), Vec::new());
    let mut decide = || {
        batch.clear();
        let (service, relation) = (plan.service_id("8.4").unwrap(), plan.attribute_id("relation").unwrap());
        let member = |value| plan.member_id(service, relation, value).unwrap();
        let members = plan.members_id(service, relation, [member("registered")], [member("nominated")]);
        assert!(plan.verdict(&read().with(members.unwrap())).is_permit());
        batch.push(&read());
        plan.verdicts(&batch, &mut verdicts);
        assert!(verdicts[0].is_permit());
        assert!(plan.decide(&request).unwrap().is_permit());
    };
    decide();
    assert_eq!(allocations(decide), 0);
}

/// A request by name needs no memory of its own to be decided, either.
#[test]
fn deciding_by_name_allocates_nothing() {
    let plan = shipped();
    let request: Request = serde_json::from_str(LINE).unwrap();
    assert_eq!(allocations(|| assert!(plan.decide(&request).unwrap().is_permit())), 0);
}

#[test]
fn reading_json_allocates_nothing() {
    let plan = shipped();
    assert_eq!(allocations(|| assert!(plan.verdict(&read(&plan)).is_permit())), 0);
}

/// The fields of a request belong to its service. If they come before the service, the reader must store their names.
#[test]
fn fields_before_the_service_allocate() {
    let plan = shipped();
    let line = r#"{"fields": ["ESMEVariant"], "service": "8.4", "at": "2023-06-29"}"#;
    let count = allocations(|| {
        plan.request_reader().deserialize(&mut serde_json::Deserializer::from_str(line)).unwrap();
    });
    assert!(count > 0);
}

/// After the first batch of this size.
#[test]
fn a_batch_allocates_nothing() {
    let plan = shipped();
    let request = read(&plan);
    let (mut batch, mut verdicts) = (plan.batch(), Vec::new());
    let mut decide = || {
        batch.clear();
        for nth in 0..100 {
            batch.push(&request.on(Date::constant(2023, 6, 1 + nth % 30)));
        }
        plan.verdicts(&batch, &mut verdicts);
        assert_eq!(verdicts.iter().filter(|verdict| verdict.is_permit()).count(), 6);
    };
    decide();
    assert_eq!(allocations(decide), 0);
}

/// Asking for a newer plan, and taking it.
#[test]
fn asking_for_a_newer_plan_allocates_nothing() {
    let store = PlanStore::new(shipped());
    let (mut watch, request) = (store.reader(), read(&store.plan()));
    let decide = |watch: &mut PlanReader| assert!(watch.plan().verdict(&request).is_permit());
    assert_eq!(allocations(|| decide(&mut watch)), 0);
    let before = store.replace(shipped());
    assert_eq!(allocations(|| decide(&mut watch)), 0);
    drop(before);
}

//! Plans are replaced while threads decide: each answer is that of one version.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use meterwarden::{Date, Plan, PlanStore, Policy, Request, Source, compile};

/// A policy that permits one role to send one service.
fn plan(role: &str) -> Plan {
    let rules = format!(
        r#"
        attribute role "Role" {{ refuse E1 "not this role"  IS ED }}
        service 1.1 "One" {{ permit p "p" {{ role {role}  source "an example" }} }}"#
    );
    compile(Arc::new(Policy::from_sources(vec![Source::new("a.rules", rules)]).unwrap()))
}

/// A reader borrows nothing from its store, and a copy of a store is another handle of the same.
#[test]
fn a_reader_lives_in_a_thread_of_its_own() {
    let store = PlanStore::new(plan("ED"));
    let (mut reader, handle) = (store.reader(), store.clone());
    drop(store);
    handle.replace(plan("IS"));
    let request = Request::new("1.1", Date::constant(2024, 1, 1)).value("role", "IS");
    let permitted = std::thread::spawn(move || reader.plan().decide(&request).unwrap().is_permit());
    assert!(permitted.join().unwrap());
}

#[test]
fn each_answer_is_of_one_plan_while_plans_are_replaced() {
    let versions = ["IS", "ED"].map(plan);
    let permits = versions[0].policy().fingerprint().to_owned();
    let request = Request::new("1.1", Date::constant(2024, 1, 1)).value("role", "IS");
    let (store, done) = (PlanStore::new(versions[0].clone()), AtomicUsize::new(0));
    std::thread::scope(|scope| {
        for _ in 0..3 {
            scope.spawn(|| {
                let mut watch = store.reader();
                let mut seen = [0, 0];
                while seen.iter().any(|seen| *seen < 100) {
                    let decision = watch.plan().decide(&request).unwrap();
                    assert_eq!(decision.is_permit(), decision.policy == permits);
                    seen[usize::from(decision.is_permit())] += 1;
                    // A plan decides numbers of its own version, and refuses others.
                    let numbers = versions[0].resolve(&request).unwrap();
                    let plan = watch.plan();
                    assert_eq!(plan.verdict(&numbers).is_permit(), plan.policy().fingerprint() == permits);
                }
                done.fetch_add(1, Ordering::Release);
            });
        }
        let mut swaps = 0;
        while done.load(Ordering::Acquire) < 3 {
            swaps += 1;
            store.replace(versions[swaps % 2].clone());
        }
    });
}

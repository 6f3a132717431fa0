//! Compares `meterwarden` with a program written by hand and with other engines, on the shipped policy and the same
//! requests. The README describes what is compared, and what the timing includes.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark fails by panicking")]

mod engine;
mod engines;
mod message;
mod multiplied;
#[expect(dead_code, clippy::expect_used, reason = "the tests use more of it")]
mod reference;
mod requests;
mod service_rules;
mod table;

use std::process::ExitCode;
use std::sync::Arc;

use meterwarden::{Plan, Policy, Request, compile};

use engine::{Verdict, Workload};
use engines::by_hand::ByHand;
use engines::casbin::Casbin;
use engines::cedar::Cedar;
use engines::meterwarden::{Meterwarden, verdict};
use engines::regorus::Regorus;
use engines::zen::Zen;
use requests::{Dice, RULES_DATE};
use service_rules::{ServiceRules, dates};
use table::Row;

fn main() -> ExitCode {
    let quick = std::env::args().any(|argument| argument == "--quick");
    println!("{EXPLANATION}");
    let result = compare_on_shipped_policy(quick).and_then(|()| compare_on_multiplied_policy(quick));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(difference) => {
            eprintln!("{difference}");
            ExitCode::FAILURE
        }
    }
}

/// The explanation of the figures, printed above the tables
const EXPLANATION: &str = "\
Each figure is the median of the rounds in nanoseconds per decision, on one thread. The timing includes:

- prebuilt: from the request in the engine's own form to the decision, with the attribute and the code of a refusal if
  the engine gives them
- from strings: the same, and before it the lookup of the names and the construction of that form
- from JSON: the same, and before it the parsing of a line

Loading and translating the policy, and checking that all engines agree, are not timed.
";

fn rounds(quick: bool) -> usize {
    if quick { 3 } else { 21 }
}

/// Compares all engines on the shipped policy.
fn compare_on_shipped_policy(quick: bool) -> Result<(), String> {
    let policy = Policy::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules")).unwrap();
    let plan = compile(Arc::new(policy));
    check_vocabulary(plan.policy())?;
    let requests = requests::requests(&plan, &mut Dice::new());
    reference::first_difference(&plan, &requests).map_or(Ok(()), Err)?;
    check_by_hand_on_other_dates(&plan, &requests)?;

    let lines = requests::lines(&requests);
    let workload = Workload { messages: requests::messages(&lines), lines: &lines };
    let expected: Vec<Verdict<'_>> = requests.iter().map(|request| verdict(&plan, request)).collect();
    let mut rows = rows(&plan);
    table::first_difference(&mut rows, &workload, &expected, quick).map_or(Ok(()), Err)?;
    println!("{} services, {}\n", plan.policy().services().len(), summary(&expected));
    table::time(&mut rows, &workload, rounds(quick));
    println!("{}", table::markdown(&rows, BY_HAND, requests.len()));
    println!("{}\n", table::noise(&rows));
    Ok(())
}

/// Compares the faster engines on the shipped policy with copies of its services.
fn compare_on_multiplied_policy(quick: bool) -> Result<(), String> {
    let policy = Policy::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules")).unwrap();
    let plan = compile(Arc::new(policy));
    let mut dice = Dice::new();
    let requests = multiplied::requests(&requests::requests(&plan, &mut dice), &mut dice);
    let plan = compile(Arc::new(multiplied::policy(plan.policy())));

    let lines = requests::lines(&requests);
    let workload = Workload { messages: requests::messages(&lines), lines: &lines };
    let expected: Vec<Verdict<'_>> = requests.iter().map(|request| verdict(&plan, request)).collect();
    let mut rows = rows_for_many_services(&plan);
    table::first_difference(&mut rows, &workload, &expected, true).map_or(Ok(()), Err)?;
    println!("{} services, {}\n", plan.policy().services().len(), summary(&expected));
    table::time(&mut rows, &workload, rounds(quick));
    println!("{}", table::markdown(&rows, BY_HAND, requests.len()));
    println!("{}\n", table::noise(&rows));
    Ok(())
}

/// The engine that the ratios in the tables are relative to
const BY_HAND: &str = "written by hand";

/// Every engine, with the policy in its own form
fn rows(plan: &Plan) -> Vec<Row<'_>> {
    let policy = plan.policy();
    let all_rules = ServiceRules::of_all(policy, RULES_DATE);
    vec![
        Row::new(ByHand::new(policy, &dates(policy)), 1),
        Row::new(Meterwarden::new(plan), 1),
        Row::new(Cedar::sliced(policy, &all_rules), 10),
        Row::new(Cedar::whole(policy, &all_rules), 100),
        Row::new(Regorus::rules(policy, &all_rules), 10),
        Row::new(Regorus::table(policy, &all_rules), 10),
        Row::new(Casbin::new(policy, &all_rules), 10),
        Row::new(Zen::new(policy, &all_rules), 10),
    ]
}

/// The engines that are compared on many services
fn rows_for_many_services(plan: &Plan) -> Vec<Row<'_>> {
    let policy = plan.policy();
    let all_rules = ServiceRules::of_all(policy, RULES_DATE);
    vec![
        Row::new(ByHand::new(policy, &dates(policy)), 1),
        Row::new(Meterwarden::new(plan), 1),
        Row::new(Cedar::sliced(policy, &all_rules), 10),
        Row::new(Cedar::whole(policy, &all_rules), 1_000),
        Row::new(Regorus::table(policy, &all_rules), 10),
    ]
}

/// Checks that `Message` has the attributes of the policy, and that the rules do not change in the year of the
/// requests.
fn check_vocabulary(policy: &Policy) -> Result<(), String> {
    if !policy.attributes().iter().map(|attribute| attribute.name.as_str()).eq(message::ATTRIBUTES) {
        return Err("the vocabulary has changed; update `Message`".to_owned());
    }
    match dates(policy).iter().find(|date| **date > RULES_DATE && date.year() == RULES_DATE.year()) {
        Some(date) => {
            Err(format!("the rules change on {date}, but the peers have the rules of {RULES_DATE} only"))
        }
        None => Ok(()),
    }
}

/// Checks that the program written by hand agrees with `meterwarden` on the days before and after every change of the
/// rules.
fn check_by_hand_on_other_dates(plan: &Plan, requests: &[Request]) -> Result<(), String> {
    let dates = dates(plan.policy());
    for date in dates.iter().flat_map(|date| [date.yesterday().unwrap(), *date]) {
        let requests: Vec<Request> =
            requests.iter().map(|request| Request { at: date, ..request.clone() }).collect();
        let lines = requests::lines(&requests);
        let workload = Workload { messages: requests::messages(&lines), lines: &lines };
        let expected: Vec<Verdict<'_>> = requests.iter().map(|request| verdict(plan, request)).collect();
        let mut rows = [Row::new(ByHand::new(plan.policy(), &dates), 1)];
        table::first_difference(&mut rows, &workload, &expected, false).map_or(Ok(()), Err)?;
    }
    Ok(())
}

/// The number of requests, permits, and refusals at each attribute
fn summary(expected: &[Verdict<'_>]) -> String {
    let permitted = expected.iter().filter(|verdict| matches!(verdict, Verdict::Permit(_))).count();
    let mut refusals: Vec<(&str, usize)> = Vec::new();
    for verdict in expected {
        if let Verdict::Refuse(Some(refusal)) = verdict {
            match refusals.iter_mut().find(|(attribute, _)| *attribute == refusal.attribute) {
                Some((_, count)) => *count += 1,
                None => refusals.push((refusal.attribute, 1)),
            }
        }
    }
    refusals.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
    let refusals: Vec<String> =
        refusals.iter().map(|(attribute, count)| format!("{count} at `{attribute}`")).collect();
    format!("{} requests: {permitted} permitted; refused: {}", expected.len(), refusals.join(", "))
}

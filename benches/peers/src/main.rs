//! The shipped policy and the same requests, in `meterwarden`, written by hand and in other engines, timed side by side.
//! What is compared, and what is inside the timing, is in the README.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a benchmark fails by panicking")]

mod engine;
mod engines;
mod law;
mod many;
mod message;
#[expect(dead_code, clippy::expect_used, reason = "the tests use the rest of it")]
mod reference;
mod requests;
mod table;

use std::process::ExitCode;
use std::sync::Arc;

use meterwarden::{Plan, Policy, Request, compile};

use engine::{Asked, Verdict};
use engines::by_hand::ByHand;
use engines::casbin::Casbin;
use engines::cedar::Cedar;
use engines::meterwarden::{Meterwarden, verdict};
use engines::regorus::Regorus;
use engines::zen::Zen;
use law::{Law, dates};
use requests::{Dice, LAW};
use table::Row;

fn main() -> ExitCode {
    let quick = std::env::args().any(|argument| argument == "--quick");
    println!("{INSIDE}");
    let ran = shipped(quick).and_then(|()| multiplied(quick));
    match ran {
        Ok(()) => ExitCode::SUCCESS,
        Err(difference) => {
            eprintln!("{difference}");
            ExitCode::FAILURE
        }
    }
}

/// What the numbers in the tables are.
const INSIDE: &str = "\
Nanoseconds a decision, the median over the rounds, on one thread. Inside the timing:

- prebuilt: from the request in the engine's own form, made beforehand, to the decision, with the attribute and the code
  of a refusal where the engine gives them
- from strings: from a struct of `&str` and the date; names are looked up, and the engine's form is made
- from JSON: from a line of JSON; it is parsed, too

Outside are loading and translating the policy, and checking that all answer alike.
";

fn rounds(quick: bool) -> usize {
    if quick { 3 } else { 21 }
}

/// The shipped policy.
fn shipped(quick: bool) -> Result<(), String> {
    let policy = Policy::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules")).unwrap();
    let plan = compile(Arc::new(policy));
    speaks_as_messages_do(plan.policy())?;
    let requests = requests::requests(&plan, &mut Dice::new());
    reference::first_difference(&plan, &requests).map_or(Ok(()), Err)?;
    by_hand_follows_the_date(&plan, &requests)?;

    let lines = requests::lines(&requests);
    let asked = Asked { messages: requests::messages(&lines), lines: &lines };
    let expected: Vec<Verdict<'_>> = requests.iter().map(|request| verdict(&plan, request)).collect();
    let mut rows = rows(&plan);
    table::first_difference(&mut rows, &asked, &expected, quick).map_or(Ok(()), Err)?;
    println!("{} services, {}\n", plan.policy().services().len(), said_of(&expected));
    table::time(&mut rows, &asked, rounds(quick));
    println!("{}", table::markdown(&rows, BY_HAND, requests.len()));
    println!("{}\n", table::unrest(&rows));
    Ok(())
}

/// The shipped policy with its services multiplied.
fn multiplied(quick: bool) -> Result<(), String> {
    let policy = Policy::load(concat!(env!("CARGO_MANIFEST_DIR"), "/../../rules")).unwrap();
    let plan = compile(Arc::new(policy));
    let mut dice = Dice::new();
    let requests = many::requests(&requests::requests(&plan, &mut dice), &mut dice);
    let plan = compile(Arc::new(many::policy(plan.policy())));

    let lines = requests::lines(&requests);
    let asked = Asked { messages: requests::messages(&lines), lines: &lines };
    let expected: Vec<Verdict<'_>> = requests.iter().map(|request| verdict(&plan, request)).collect();
    let mut rows = rows_of_many(&plan);
    table::first_difference(&mut rows, &asked, &expected, true).map_or(Ok(()), Err)?;
    println!("{} services, {}\n", plan.policy().services().len(), said_of(&expected));
    table::time(&mut rows, &asked, rounds(quick));
    println!("{}", table::markdown(&rows, BY_HAND, requests.len()));
    println!("{}\n", table::unrest(&rows));
    Ok(())
}

/// What the ratios in the tables are to.
const BY_HAND: &str = "written by hand";

/// Every engine, with the policy in its own form.
fn rows(plan: &Plan) -> Vec<Row<'_>> {
    let policy = plan.policy();
    let laws = Law::all(policy, LAW);
    vec![
        Row::new(ByHand::new(policy, &dates(policy)), 1),
        Row::new(Meterwarden::new(plan), 1),
        Row::new(Cedar::sliced(policy, &laws), 10),
        Row::new(Cedar::whole(policy, &laws), 100),
        Row::new(Regorus::rules(policy, &laws), 10),
        Row::new(Regorus::table(policy, &laws), 10),
        Row::new(Casbin::new(policy, &laws), 10),
        Row::new(Zen::new(policy, &laws), 10),
    ]
}

/// The engines that are asked of many services.
fn rows_of_many(plan: &Plan) -> Vec<Row<'_>> {
    let policy = plan.policy();
    let laws = Law::all(policy, LAW);
    vec![
        Row::new(ByHand::new(policy, &dates(policy)), 1),
        Row::new(Meterwarden::new(plan), 1),
        Row::new(Cedar::sliced(policy, &laws), 10),
        Row::new(Cedar::whole(policy, &laws), 1_000),
        Row::new(Regorus::table(policy, &laws), 10),
    ]
}

/// `Message` has the attributes of the policy, and one law decides all requests.
fn speaks_as_messages_do(policy: &Policy) -> Result<(), String> {
    if !policy.attributes().iter().map(|attribute| attribute.name.as_str()).eq(message::ATTRIBUTES) {
        return Err("the vocabulary has changed: mend `Message`".to_owned());
    }
    match dates(policy).iter().find(|date| **date > LAW && date.year() == LAW.year()) {
        Some(date) => Err(format!("the law changes on {date}, which the peers do not follow")),
        None => Ok(()),
    }
}

/// What is written by hand answers as `meterwarden` does on the days around every change of the law, too.
fn by_hand_follows_the_date(plan: &Plan, requests: &[Request]) -> Result<(), String> {
    let dates = dates(plan.policy());
    for date in dates.iter().flat_map(|date| [date.yesterday().unwrap(), *date]) {
        let requests: Vec<Request> =
            requests.iter().map(|request| Request { at: date, ..request.clone() }).collect();
        let lines = requests::lines(&requests);
        let asked = Asked { messages: requests::messages(&lines), lines: &lines };
        let expected: Vec<Verdict<'_>> = requests.iter().map(|request| verdict(plan, request)).collect();
        let mut rows = [Row::new(ByHand::new(plan.policy(), &dates), 1)];
        table::first_difference(&mut rows, &asked, &expected, false).map_or(Ok(()), Err)?;
    }
    Ok(())
}

/// How many requests there are, and how they are answered.
fn said_of(expected: &[Verdict<'_>]) -> String {
    let permitted = expected.iter().filter(|verdict| matches!(verdict, Verdict::Permit(_))).count();
    let mut at: Vec<(&str, usize)> = Vec::new();
    for verdict in expected {
        if let Verdict::Refuse(Some(why)) = verdict {
            match at.iter_mut().find(|(attribute, _)| *attribute == why.attribute) {
                Some((_, times)) => *times += 1,
                None => at.push((why.attribute, 1)),
            }
        }
    }
    at.sort_by_key(|(_, times)| std::cmp::Reverse(*times));
    let at: Vec<String> = at.iter().map(|(attribute, times)| format!("{times} at `{attribute}`")).collect();
    format!("{} requests: {permitted} permitted; refused: {}", expected.len(), at.join(", "))
}

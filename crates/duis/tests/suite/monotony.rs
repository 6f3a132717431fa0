//! Less knowledge and more elements never turn a refusal into a permit.

use std::fs;

use meterwarden::{Outcome, Plan};
use meterwarden_duis::{FileInventory, decide, read};

use crate::answers::shipped_plan;
use crate::common::{cases, received};

/// Whether each device of a message is permitted, refused or neither; nothing if the message has an error.
fn outcomes(plan: &Plan, text: &str, inventory: &str) -> Option<Vec<&'static str>> {
    let inventory = FileInventory::default().yaml(inventory).unwrap();
    let message = read(text.as_bytes()).ok()?;
    let answers = decide(plan, &message, &inventory, received(text)).ok()?;
    let outcome = |outcome: &Outcome<'_>| match outcome {
        Outcome::Permit { .. } => "permit",
        Outcome::Refuse(_) => "refuse",
        Outcome::Undetermined { .. } => "undetermined",
    };
    Some(answers.iter().map(|answer| outcome(&answer.decision.as_ref().unwrap().outcome)).collect())
}

/// The street without the line that declares parts complete, and the records of these parts
fn street() -> (String, Vec<String>) {
    let text = fs::read_to_string(cases().join("street.inventory.yaml")).unwrap();
    let (before, after) = text.split_once("complete: [").unwrap();
    // The last record stays, so that its list is never empty.
    let stays = "  - { device: 0A-00-00-00-00-00-00-99, party: 0A-00-00-00-00-00-E1-00, from: 2022-01-01 }\n";
    let street = format!("{before}{}{stays}", after.split_once('\n').unwrap().1);
    let is_record = |line: &&str| {
        ["- { mpxn:", "- { device:", "pre-notifier:", "linked: ["]
            .iter()
            .any(|start| line.trim().starts_with(start))
    };
    let records =
        street.trim_end_matches(stays).lines().filter(is_record).map(|line| format!("{line}\n")).collect();
    (street, records)
}

/// Every message of the test suite, and each with another sender
fn messages() -> Vec<String> {
    let mut texts = Vec::new();
    for entry in fs::read_dir(cases().join("ok")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for sender in ["A5", "B1", "D0", "E1"] {
            texts.push(text.replace("00-00-A5-00:", &format!("00-00-{sender}-00:")));
        }
    }
    texts
}

#[test]
fn a_record_that_is_dropped_turns_no_refusal_into_a_permit() {
    let (plan, (street, records)) = (shipped_plan(), street());
    let mut compared = 0;
    for text in messages() {
        let Some(before) = outcomes(&plan, &text, &street) else { continue };
        for (first, second) in
            (0..records.len()).flat_map(|first| (first..records.len()).map(move |second| (first, second)))
        {
            let dropped = street.replacen(&records[first], "", 1).replacen(&records[second], "", 1);
            let after = outcomes(&plan, &text, &dropped).unwrap();
            for (before, after) in before.iter().zip(&after) {
                assert!(
                    *before == *after || *after != "permit",
                    "{before} becomes a permit without {} and {}:\n{text}",
                    records[first],
                    records[second]
                );
                compared += usize::from(*before == "refuse");
            }
        }
    }
    assert!(compared > 1_000, "{compared}");
}

#[test]
fn a_part_that_is_not_declared_complete_turns_no_refusal_into_a_permit() {
    let (plan, (street, _)) = (shipped_plan(), street());
    let parts = ["devices", "links", "pre-notifiers", "registrations", "nominations"];
    for text in messages() {
        let of = |complete: &[&str]| {
            outcomes(&plan, &text, &format!("complete: [{}]\n{street}", complete.join(", ")))
        };
        let Some(before) = of(&parts) else { continue };
        for bits in 0..1 << parts.len() {
            let some: Vec<&str> =
                (0..parts.len()).filter(|part| bits >> part & 1 == 1).map(|part| parts[part]).collect();
            for (before, after) in before.iter().zip(of(&some).unwrap()) {
                assert!(
                    *before == after || after != "permit",
                    "{before} becomes a permit with {some:?}:\n{text}"
                );
            }
        }
    }
}

#[test]
fn an_element_that_is_added_turns_no_refusal_into_a_permit() {
    let plan = shipped_plan();
    let street = fs::read_to_string(cases().join("street.inventory.yaml")).unwrap();
    let mut permits = 0;
    for text in messages() {
        let Some(before) = outcomes(&plan, &text, &street) else { continue };
        let body = text.find("Body").unwrap();
        for (at, _) in text.match_indices('>').filter(|(at, _)| *at > body) {
            let added = format!(
                "{}<Anything xmlns=\"http://www.dccinterface.co.uk/ServiceUserGateway\"/>{}",
                &text[..=at],
                &text[at + 1..]
            );
            let Some(after) = outcomes(&plan, &added, &street) else { continue };
            for (before, after) in before.iter().zip(&after) {
                assert!(*before == "permit" || *after != "permit", "{added}");
                permits += usize::from(*after == "permit");
            }
            if text.contains("UpdateInventory") {
                assert!(!after.contains(&"permit"), "8.4 declares its elements:\n{added}");
            }
        }
    }
    assert!(permits > 0);
}

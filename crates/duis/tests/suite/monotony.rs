//! Less knowledge and more elements never turn a refusal into a permit.

use std::fs;

use meterwarden::{Outcome, Plan};
use meterwarden_duis::{FileInventory, Message, NAMESPACE, decide, read};

use crate::answers::shipped_plan;
use crate::common::{cases, received};

/// A message with its text, for the text's date of receipt
struct Sample {
    text: String,
    message: Message,
}

impl Sample {
    fn new(text: String) -> Option<Self> {
        let message = read(text.as_bytes()).ok()?;
        Some(Self { text, message })
    }

    /// Whether each device is permitted, refused or neither; nothing if the message cannot be decided.
    fn outcomes(&self, plan: &Plan, inventory: &FileInventory) -> Option<Vec<&'static str>> {
        let answers = decide(plan, &self.message, inventory, received(&self.text)).ok()?;
        let outcome = |outcome: &Outcome<'_>| match outcome {
            Outcome::Permit { .. } => "permit",
            Outcome::Refuse(_) => "refuse",
            Outcome::Undetermined { .. } => "undetermined",
        };
        Some(answers.iter().map(|answer| outcome(&answer.decision.as_ref().unwrap().outcome)).collect())
    }
}

/// The parts that can be complete
const PARTS: [&str; 5] = ["devices", "links", "pre-notifiers", "registrations", "nominations"];

/// A display on a meter of Birch Power and on the hub of the street, and a display on another hub. If the meter, its
/// metering point or the other hub is not known, it must not seem that there is none.
const NEIGHBOURS: &str = "
  - { id: 0A-00-00-00-00-00-00-06, type: CHF, status: Commissioned, generation: SMETS2 }
  - id: 0A-00-00-00-00-00-00-07
    type: ESME
    status: Commissioned
    generation: SMETS2
    import-mpxns: [\"1200000000017\"]
  - id: 0A-00-00-00-00-00-00-08
    type: PPMID
    status: Commissioned
    generation: SMETS2
    linked: [0A-00-00-00-00-00-00-07, 0A-00-00-00-00-00-00-03]
  - id: 0A-00-00-00-00-00-00-09
    type: PPMID
    status: Pending
    generation: SMETS2
    linked: [0A-00-00-00-00-00-00-06]
";
const NEIGHBOURS_REGISTRATION: &str =
    "  - { mpxn: \"1200000000017\", role: IS, party: 0A-00-00-00-00-00-B1-00, from: 2021-01-01 }\n";

/// The street and its neighbours, without the line that declares parts complete
fn street() -> String {
    let text = fs::read_to_string(cases().join("street.inventory.yaml")).unwrap();
    let (before, after) = text.split_once("complete: [").unwrap();
    // The last record stays, so that its list is never empty.
    let stays = "  - { device: 0A-00-00-00-00-00-00-99, party: 0A-00-00-00-00-00-E1-00, from: 2022-01-01 }\n";
    let street = format!("{before}{}{stays}", after.split_once('\n').unwrap().1);
    let (before, after) = street.split_once("\n\nnominations:").unwrap();
    let street = format!("{before}{NEIGHBOURS}\nnominations:{after}");
    street.replacen("registrations:\n", &format!("registrations:\n{NEIGHBOURS_REGISTRATION}"), 1)
}

/// The records of a part of the street, and the metering points of devices, of which no part is
fn records(street: &str, part: &str) -> Vec<String> {
    let starts = match part {
        "links" => "linked: [",
        "pre-notifiers" => "pre-notifier:",
        "registrations" => "- { mpxn:",
        _ => "- { device:",
    };
    let lines = street.lines().filter(|line| !line.contains("-00-99,"));
    let is_record = |line: &&str| {
        let line = line.trim();
        line.starts_with("import-mpxns: [") || (part != "devices" && line.starts_with(starts))
    };
    let mut records: Vec<String> = lines.filter(is_record).map(|line| format!("{line}\n")).collect();
    if part == "devices" {
        let (_, devices) = street.split_once("devices:\n").unwrap();
        let (devices, _) = devices.split_once("\nnominations:").unwrap();
        records
            .extend(devices.split("  - ").filter(|text| !text.is_empty()).map(|text| format!("  - {text}")));
    }
    records
}

/// The inventory of a street with these parts complete
fn inventory(street: &str, parts: &[&str]) -> FileInventory {
    FileInventory::default().yaml(&format!("complete: [{}]\n{street}", parts.join(", "))).unwrap()
}

/// Every message of the test suite, and each with another sender
fn samples() -> Vec<Sample> {
    let mut samples = Vec::new();
    for entry in fs::read_dir(cases().join("ok")).unwrap() {
        let path = entry.unwrap().path();
        let mut text = fs::read_to_string(&path).unwrap();
        // The neighbours' displays take the place of those of the street.
        if path.ends_with("8.11-add.xml") {
            text = text.replace("00-00-00-04<", "00-00-00-09<");
        } else if path.ends_with("8.7.2-join.xml") {
            text = text.replace("00-00-00-04:", "00-00-00-08:");
        }
        for sender in ["A5", "B1", "D0", "E1"] {
            samples.extend(Sample::new(text.replace("00-00-A5-00:", &format!("00-00-{sender}-00:"))));
        }
    }
    samples
}

/// What each message gets by an inventory
fn all_outcomes(
    plan: &Plan,
    samples: &[Sample],
    inventory: &FileInventory,
) -> Vec<Option<Vec<&'static str>>> {
    samples.iter().map(|sample| sample.outcomes(plan, inventory)).collect()
}

/// Checks that no message gets a permit that it did not get before.
fn assert_nothing_gained(
    samples: &[Sample],
    before: &[Option<Vec<&str>>],
    after: &[Option<Vec<&str>>],
    change: &str,
) {
    for ((sample, before), after) in samples.iter().zip(before).zip(after) {
        for (before, after) in before.iter().flatten().zip(after.iter().flatten()) {
            assert!(
                before == after || *after != "permit",
                "{before} becomes a permit {change}:\n{}",
                sample.text
            );
        }
    }
}

/// All other parts are complete, so that as much as possible is known.
#[test]
fn a_record_that_is_dropped_turns_no_refusal_into_a_permit() {
    let (plan, street, samples) = (shipped_plan(), street(), samples());
    let mut refused = 0;
    for part in PARTS {
        let others: Vec<&str> = PARTS.into_iter().filter(|other| *other != part).collect();
        let before = all_outcomes(&plan, &samples, &inventory(&street, &others));
        refused += before.iter().flatten().flatten().filter(|outcome| **outcome == "refuse").count();
        let records = records(&street, part);
        assert!(records.len() > 1, "{part}");
        for first in 0..records.len() {
            for second in first..records.len() {
                let dropped = street.replacen(&records[first], "", 1).replacen(&records[second], "", 1);
                let after = all_outcomes(&plan, &samples, &inventory(&dropped, &others));
                let change = format!("without {}and {}", records[first], records[second]);
                assert_nothing_gained(&samples, &before, &after, &change);
            }
        }
    }
    assert!(refused > 100, "{refused}");
}

#[test]
fn a_part_that_is_not_declared_complete_turns_no_refusal_into_a_permit() {
    let (plan, street, samples) = (shipped_plan(), street(), samples());
    let before = all_outcomes(&plan, &samples, &inventory(&street, &PARTS));
    for bits in 0..1 << PARTS.len() {
        let chosen = PARTS.into_iter().enumerate().filter(|(part, _)| bits >> part & 1 == 1);
        let parts: Vec<&str> = chosen.map(|(_, part)| part).collect();
        let after = all_outcomes(&plan, &samples, &inventory(&street, &parts));
        assert_nothing_gained(&samples, &before, &after, &format!("with {parts:?}"));
    }
}

/// Elements that no service has, and elements of an 8.4, whose places are not everywhere.
const ADDED: [&str; 4] = ["<Anything/>", "<ESMEVariant>AD</ESMEVariant>", "<DeleteDevice/>", "<ExportMPAN/>"];

fn with_namespace(element: &str) -> String {
    let name_end = element.find(['>', '/']).unwrap();
    let (name, rest) = element.split_at(name_end);
    format!("{name} xmlns=\"{NAMESPACE}\"{rest}")
}

/// Whether every field of the body is one that the service declares, so that no element is misplaced.
fn is_declared(plan: &Plan, message: &Message) -> bool {
    let Some(service) = plan.policy().service(message.service.variant) else { return false };
    let mut fields = message.fields.iter().flatten();
    service.fields.is_some()
        && fields.all(|path| service.field_at(&path.split('/').collect::<Vec<_>>()).is_some())
}

#[test]
fn an_undeclared_or_misplaced_element_turns_no_refusal_into_a_permit() {
    let (plan, samples) = (shipped_plan(), samples());
    let inventory = inventory(&street(), &PARTS);
    let mut permits = 0;
    for (sample, element) in samples.iter().flat_map(|sample| ADDED.map(|element| (sample, element))) {
        let text = &sample.text;
        let before = [sample.outcomes(&plan, &inventory)];
        let body = text.find("Body").unwrap();
        let element = with_namespace(element);
        for (at, _) in text.match_indices('>').filter(|(at, _)| *at > body) {
            let (start, end) = text.split_at(at + 1);
            let Some(added) = Sample::new(format!("{start}{element}{end}")) else { continue };
            if is_declared(&plan, &added.message) {
                continue;
            }
            let after = [added.outcomes(&plan, &inventory)];
            assert_nothing_gained(std::slice::from_ref(&added), &before, &after, &format!("with {element}"));
            let permitted = after.iter().flatten().flatten().filter(|outcome| **outcome == "permit").count();
            assert!(
                permitted == 0 || !text.contains("UpdateInventory"),
                "8.4 declares its elements:\n{}",
                added.text
            );
            permits += permitted;
        }
    }
    assert!(permits > 0);
}

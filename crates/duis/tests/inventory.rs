//! Inventory files: what a Read Inventory response says, and what is wrong with a YAML file.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use std::fs;

use meterwarden_duis::{FileInventory, Inventory};

use common::{cases, eui, street};

fn response() -> String {
    fs::read_to_string(cases().join("responses/home.xml")).unwrap()
}

/// What an inventory holds of the devices `…-21` to `…-25`, one a line.
fn devices(inventory: &FileInventory) -> String {
    let line = |number: u32| {
        let id = eui(&format!("0A-00-00-00-00-00-00-{number}"));
        let device = inventory.device(id).unwrap().unwrap();
        let or_none = |text: &Option<String>| text.clone().unwrap_or("none".to_owned());
        format!(
            "{id}: {}, status {}, generation {}, variant {}, mpxns {:?}, pre-notifier {:?}, linked {:?}\n",
            device.device_type,
            or_none(&device.status),
            or_none(&device.generation),
            or_none(&device.esme_variant),
            device.mpxns,
            device.pre_notifier,
            inventory.linked(id).unwrap(),
        )
    };
    (21..=25).map(line).collect()
}

#[test]
fn a_read_inventory_response_gives_devices() {
    let inventory = street().response(response().as_bytes()).unwrap();
    insta::assert_snapshot!(devices(&inventory));
}

#[test]
fn a_yaml_file_says_more_of_a_device_in_a_response_in_either_order() {
    let more = "devices: [{ id: 0A-00-00-00-00-00-00-21, type: ESME, pre-notifier: 0A-00-00-00-00-00-A5-00, \
                mpxns: [\"1200000000021\"], linked: [0A-00-00-00-00-00-00-05] }]";
    let one = street().response(response().as_bytes()).unwrap().yaml(more).unwrap();
    let other = street().file(more).unwrap().file(&response()).unwrap();
    assert_eq!(devices(&one), devices(&other));
    let meter = one.device(eui("0A-00-00-00-00-00-00-21")).unwrap().unwrap();
    assert_eq!(meter.status.as_deref(), Some("Suspended"));
    assert_eq!(meter.pre_notifier, Some(eui("0A-00-00-00-00-00-A5-00")));
    assert_eq!(meter.mpxns, ["1200000000021", "1200000000022"]);
}

#[test]
fn the_same_response_twice_says_nothing_new() {
    let once = street().response(response().as_bytes()).unwrap();
    let twice = once.clone().response(response().as_bytes()).unwrap();
    assert_eq!(devices(&once), devices(&twice));
}

#[test]
fn what_is_wrong_with_a_file() {
    let id = "0A-00-00-00-00-00-00-21";
    let party = "{ id: 0A-00-00-00-00-00-00-A1, roles: [IS] }";
    let page: String = [
        "devces: []".to_owned(),
        format!("devices: [{{ id: {id}, type: ESME, colour: red }}]"),
        format!("devices: [{{ id: {id} }}]"),
        "devices: [{ id: 0A-21, type: ESME }]".to_owned(),
        format!(
            "devices:\n  - {{ id: {id}, type: ESME }}\n  - {{ id: 0a-00-00-00-00-00-00-21, type: ESME }}"
        ),
        format!("parties:\n  - {party}\n  - {party}"),
        "parties: [{ id: 0A-00-00-00-00-00-00-A1, roles: [] }]".to_owned(),
        format!(
            "registrations:\n  - {{ mpxn: 01, role: IS, party: {id}, from: 2023-07-01, until: 2023-07-01 }}"
        ),
        format!("nominations:\n  - {{ device: {id}, party: {id}, from: 2023-07-02, until: 2023-07-01 }}"),
        format!("nominations:\n  - {{ device: {id}, party: {id}, from: 2023-02-30 }}"),
        format!("registrations:\n  - {{ mpxn: 01, role: IS, party: {id} }}"),
        response().replace("Suspended", "Commissioned"),
        response().replace("<sr:DeviceType>CAD</sr:DeviceType>", ""),
        response().replace("DSPInventory", "DSPOptIn"),
        response().replace("sr:Response ", "sr:Alert ").replace("</sr:Response>", "</sr:Alert>"),
        common::case("8.4-delete"),
    ]
    .iter()
    .map(|text| {
        let wrong = street().response(response().as_bytes()).unwrap().file(text).unwrap_err();
        let shown: String = if text.starts_with('<') { "(XML)".to_owned() } else { text.clone() };
        format!("{shown}\n=> {wrong}\n\n")
    })
    .collect();
    insta::assert_snapshot!(page);
}

#[test]
fn scalars_are_taken_as_written() {
    let text = "registrations: [{ mpxn: 0012, role: IS, party: 0A-00-00-00-00-00-00-A1, from: 2023-07-01 }]";
    let inventory = FileInventory::default().yaml(text).unwrap();
    let held = |mpxn| {
        inventory.registered(mpxn, "IS", eui("0A-00-00-00-00-00-00-A1"), common::day("2023-07-01")).unwrap()
    };
    assert!(held("0012") && !held("12") && !held("10"));
}

/// docs/formats.md shows an inventory; it is one.
#[test]
fn the_inventory_of_the_page_is_read() {
    let page = include_str!("../../../docs/formats.md");
    let (_, rest) = page.split_once("```yaml inventory\n").unwrap();
    FileInventory::default().yaml(rest.split_once("```").unwrap().0).unwrap();
}

//! Inventory files: the devices of a Read Inventory response, and errors in files.

use std::fs;

use meterwarden_duis::{FileInventory, Inventory};

use crate::common::{case, cases, day, eui, street};

fn response() -> String {
    fs::read_to_string(cases().join("responses/home.xml")).unwrap()
}

/// The devices `…-21` to `…-25` of an inventory, one on each line
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
fn a_yaml_file_adds_facts_to_a_device_of_a_response_in_either_order() {
    let yaml = "devices: [{ id: 0A-00-00-00-00-00-00-21, type: ESME, pre-notifier: 0A-00-00-00-00-00-A5-00, \
                linked: [0A-00-00-00-00-00-00-05] }]";
    let response_first = street().response(response().as_bytes()).unwrap().yaml(yaml).unwrap();
    let yaml_first = street().file("a.yaml", yaml).unwrap().file("home.xml", &response()).unwrap();
    assert_eq!(devices(&response_first), devices(&yaml_first));
    let meter = response_first.device(eui("0A-00-00-00-00-00-00-21")).unwrap().unwrap();
    assert_eq!(meter.status.as_deref(), Some("Suspended"));
    assert_eq!(meter.pre_notifier, Some(eui("0A-00-00-00-00-00-A5-00")));
    assert_eq!(meter.mpxns, ["1200000000021", "1200000000022"]);
}

#[test]
fn the_same_response_twice_adds_nothing() {
    let first = street().response(response().as_bytes()).unwrap();
    let second = first.clone().response(response().as_bytes()).unwrap();
    assert_eq!(devices(&first), devices(&second));
}

#[test]
fn errors_in_inventory_files() {
    let id = "0A-00-00-00-00-00-00-21";
    let party = "{ id: 0A-00-00-00-00-00-00-A1, roles: [IS] }";
    let results: String = [
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
        format!("registrations:\n  - {{ mpxn: \"\", role: IS, party: {id}, from: 2023-07-01 }}"),
        format!("registrations:\n  - {{ mpxn: \"12 34\", role: IS, party: {id}, from: 2023-07-01 }}"),
        format!("devices: [{{ id: {id}, type: ESME, mpxns: [\"12000000000011\"] }}]"),
        format!("devices: [{{ id: {id}, type: ESME, mpxns: [\"120000000001\u{a0}\"] }}]"),
        format!("devices: [{{ id: {id}, type: ESME, mpxns: [\"1200000000099\"] }}]"),
        format!("devices:\n  - {{ id: {id}, type: ESME, linked: [{id}] }}"),
        "devices: [{ id: 0A-00-00-00-00-00-00-01, type: ESME, pre-notifier: 0A-00-00-00-00-00-B1-00 }]".to_owned(),
        "complete: [everything]".to_owned(),
        "dcc: [DCC]".to_owned(),
        // Ash Energy holds it until 2023-07-01, Birch Power from then on.
        "registrations:\n  - { mpxn: \"1200000000011\", role: IS, party: 0A-00-00-00-00-00-D0-00, from: 2023-06-30 }".to_owned(),
        "registrations:\n  - { mpxn: \"1200000000011\", role: IS, party: 0A-00-00-00-00-00-D0-00, from: 2020-01-01, until: 2021-01-02 }".to_owned(),
        response().replacen("0A-00-00-00-00-00-00-22", "0A-00-00-00-00-00-00-21", 1),
        response().replacen("1200000000021", " 1200000000021", 1),
        response().replacen("1200000000021", "", 1),
        response().replace("Suspended", "Commissioned"),
        response().replace("<sr:DeviceType>CAD</sr:DeviceType>", ""),
        response().replace("DSPInventory", "DSPOptIn"),
        response().replace("sr:Response ", "sr:Alert ").replace("</sr:Response>", "</sr:Alert>"),
        case("8.4-delete"),
    ]
    .iter()
    .map(|text| {
        let error = street().response(response().as_bytes()).unwrap().file("second.yaml", text).unwrap_err();
        let file = if text.starts_with('<') { "(XML)" } else { text };
        format!("{file}\n=> {error}\n\n")
    })
    .collect();
    insta::assert_snapshot!(results);
}

#[test]
fn scalars_are_read_as_written() {
    let text = "registrations: [{ mpxn: 0012, role: IS, party: 0A-00-00-00-00-00-00-A1, from: 2023-07-01 }]";
    let inventory = FileInventory::default().yaml(text).unwrap();
    let is_registered = |mpxn| inventory.registrant(mpxn, "IS", day("2023-07-01")).unwrap().is_some();
    assert!(is_registered("0012") && !is_registered("12") && !is_registered("10"));
}

#[test]
fn the_inventory_in_the_documentation_is_read() {
    let page = include_str!("../../../../docs/formats.md");
    let (_, rest) = page.split_once("```yaml inventory\n").unwrap();
    FileInventory::default().yaml(rest.split_once("```").unwrap().0).unwrap();
}

//! Inventory files: the devices of a Read Inventory response, and errors in files.

use std::fs;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use meterwarden_duis::{
    Device, Eui64, Facts, FileInventory, Inventory, Listed, Lookup, Question, read, requests,
};

use crate::common::{case, cases, day, eui, shipped_policy, street};

fn response() -> String {
    fs::read_to_string(cases().join("responses/home.xml")).unwrap()
}

fn facts<'i>(inventory: &'i FileInventory, devices: &[Eui64]) -> Facts<'i> {
    let originator = eui("0A-00-00-00-00-00-A5-00");
    inventory.facts(&Question { originator, devices, on: day("2023-06-29") }).unwrap()
}

fn points(device: &Device) -> Vec<String> {
    device.points.iter().map(|point| format!("{:?} {}", point.direction, point.mpxn)).collect()
}

/// The devices `…-21` to `…-25` of an inventory, one on each line
fn devices(inventory: &FileInventory) -> String {
    let line = |number: u32| {
        let id = eui(&format!("0A-00-00-00-00-00-00-{number}"));
        let facts = facts(inventory, &[id]);
        let Listed { device, linked } = &facts.devices[&id];
        let or_none = |text: &Option<Arc<str>>| text.clone().unwrap_or("none".into());
        format!(
            "{id}: {}, status {}, generation {}, variant {}, mpxns {:?}, pre-notifier {:?}, linked {:?}\n",
            device.device_type,
            or_none(&device.status),
            or_none(&device.generation),
            or_none(&device.esme_variant),
            points(device),
            device.pre_notifier,
            linked,
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
    let id = eui("0A-00-00-00-00-00-00-21");
    let facts = facts(&response_first, &[id]);
    let meter = &facts.devices[&id].device;
    assert_eq!(meter.status.as_deref(), Some("Suspended"));
    assert_eq!(meter.pre_notifier, Some(eui("0A-00-00-00-00-00-A5-00")));
    assert_eq!(points(meter), ["Import 1200000000021", "Export 1200000000022"]);
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
        format!("devices: [{{ id: {id}, type: ESME, import-mpxns: [\"12000000000011\"] }}]"),
        format!("devices: [{{ id: {id}, type: ESME, import-mpxns: [\"120000000001\u{a0}\"] }}]"),
        format!("devices: [{{ id: {id}, type: ESME, import-mpxns: [\"1200000000099\"] }}]"),
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

/// A word that the policy does not have can never match. In a response it is an error of one device; in YAML it is one of
/// the file.
#[test]
fn words_that_the_policy_does_not_have() {
    let device = |facts: &str| format!("devices:\n  - {{ id: 0A-00-00-00-00-00-00-31, {facts} }}");
    let results: String = [
        "parties: [{ id: 0A-00-00-00-00-00-00-A1, roles: [IS, Baker] }]".to_owned(),
        "parties: [{ id: 0A-00-00-00-00-00-00-A1, roles: [is] }]".to_owned(),
        "registrations:\n  - { mpxn: \"1\", role: XS, party: 0A-00-00-00-00-00-A5-00, from: 2023-07-01 }"
            .to_owned(),
        device("type: Teapot"),
        device("type: esme"),
        device("type: \"\""),
        device("type: ESME, status: Comissioned"),
        device("type: ESME, status: Installed Not Commissioned"),
        device("type: ESME, generation: SMETS 2"),
        device("type: ESME, esme-variant: ZZ"),
        device(&format!("type: {}", "E".repeat(100))),
        response().replace("Suspended", "Asleep").replace("<sr:DeviceType>CAD<", "<sr:DeviceType>Teapot<"),
    ]
    .iter()
    .map(|text| {
        let result = FileInventory::for_policy(shipped_policy()).file("a.yaml", text);
        let result = result.map_or_else(|error| error.to_string(), |_| "no error".to_owned());
        let file = if text.starts_with('<') { "(XML)" } else { text };
        format!("{file}\n=> {result}\n\n")
    })
    .collect();
    insta::assert_snapshot!(results);
}

/// What can never match, and is seen only when every file is read.
#[test]
fn names_that_no_file_lists_and_metering_points_of_two_directions() {
    let meter = |more: &str| format!("devices:\n  - {{ id: 0A-00-00-00-00-00-00-31, type: ESME{more} }}");
    let registered = |role: &str, party: &str| {
        format!(
            "registrations:\n  - {{ mpxn: \"1200000000031\", role: {role}, party: {party}, from: 2021-01-01 }}\n"
        )
    };
    let (ash, nobody) = ("0A-00-00-00-00-00-A5-00", "0A-00-00-00-00-00-00-FF");
    let (import, export) =
        (meter(", import-mpxns: [\"1200000000031\"]"), meter(", export-mpans: [\"1200000000031\"]"));
    let results: String = [
        registered("IS", nobody),
        format!("nominations:\n  - {{ device: 0A-00-00-00-00-00-00-01, party: {nobody}, from: 2021-01-01 }}"),
        meter(&format!(", pre-notifier: {nobody}")),
        meter(", linked: [0A-00-00-00-00-00-00-FF]"),
        format!("nominations:\n  - {{ device: {nobody}, party: {ash}, from: 2021-01-01 }}"),
        format!("{}{import}", registered("IS", ash)),
        format!("{}{import}", registered("ES", ash)),
        format!("{}{import}", registered("ED", ash)),
        format!("{}{export}", registered("IS", ash)),
        format!("{}{export}", registered("ES", ash)),
        meter(", export-mpans: [\"1200000000011\"]"),
        format!(
            "{import}\n  - {{ id: 0A-00-00-00-00-00-00-32, type: ESME, export-mpans: [\"1200000000031\"] }}"
        ),
        meter(", import-mpxns: [\"1200000000031\"], export-mpans: [\"1200000000031\"]"),
    ]
    .iter()
    .map(|text| {
        let result = street().file("second.yaml", text).unwrap().checked();
        let result = result.map_or_else(|error| error.to_string(), |_| "no error".to_owned());
        format!("{text}\n=> {result}\n\n")
    })
    .collect();
    insta::assert_snapshot!(results);
}

/// A linked device and a party may be listed in a later file. If not all devices are declared, a device may be unlisted.
#[test]
fn the_files_are_checked_together() {
    let first = "registrations: [{ mpxn: E, role: IS, party: 0A-00-00-00-00-00-00-A1, from: 2023-07-01 }]\n\
        devices: [{ id: 0A-00-00-00-00-00-00-01, type: ESME, linked: [0A-00-00-00-00-00-00-02] }]";
    let second = "parties: [{ id: 0A-00-00-00-00-00-00-A1, roles: [IS] }]";
    let both = FileInventory::default().yaml(first).unwrap().yaml(second).unwrap();
    assert!(both.checked().is_ok());
}

#[test]
fn scalars_are_read_as_written() {
    let id = "0A-00-00-00-00-00-00-A1";
    let text = format!(
        "registrations: [{{ mpxn: 0012, role: IS, party: {id}, from: 2023-01-01 }}]\n\
         devices: [{{ id: {id}, type: ESME, import-mpxns: [0012, 12, 10] }}]"
    );
    let inventory = FileInventory::default().yaml(&text).unwrap();
    let facts = facts(&inventory, &[eui(id)]);
    let registered: Vec<String> = facts.registrations.keys().map(ToString::to_string).collect();
    assert_eq!(registered, ["0012"]);
}

/// A database answers in one round: the devices that are asked for, two links further, and what is in force on the date.
#[test]
fn one_question_is_asked_for_all_devices_of_a_message() {
    struct Counting(FileInventory, AtomicUsize);
    impl Inventory for Counting {
        fn facts(&self, question: &Question<'_>) -> Lookup<Facts<'_>> {
            self.1.fetch_add(1, Ordering::Relaxed);
            self.0.facts(question)
        }
    }
    let inventory = Counting(street(), AtomicUsize::new(0));
    let message = read(case("11.1-several-devices").as_bytes()).unwrap();
    let subjects = requests(&message, shipped_policy(), &inventory, day("2023-06-29")).unwrap();
    assert_eq!((subjects.len(), inventory.1.load(Ordering::Relaxed)), (3, 1));
    let meter = eui("0A-00-00-00-00-00-00-01");
    let facts = facts(&inventory.0, &[meter]);
    let devices: Vec<String> = facts.devices.keys().map(|id| id.to_string()[21..].to_owned()).collect();
    assert_eq!(devices, ["01", "02", "03", "04", "05"]);
    let holders: Vec<String> =
        facts.registrations.values().flatten().map(|(role, id)| format!("{role} {id}")).collect();
    assert_eq!(
        holders,
        ["IS 0A-00-00-00-00-00-A5-00", "ED 0A-00-00-00-00-00-D0-00", "GS 0A-00-00-00-00-00-A5-00"]
    );
}

#[test]
fn the_inventory_in_the_documentation_is_read() {
    let page = include_str!("../../../../docs/formats.md");
    let (_, rest) = page.split_once("```yaml inventory\n").unwrap();
    FileInventory::default().yaml(rest.split_once("```").unwrap().0).unwrap();
}

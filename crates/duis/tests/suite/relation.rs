//! The relation of a sender to a device on a date.

use meterwarden::{Fact, Request};
use meterwarden_duis::{FileInventory, Message, Service, read, requests};

use crate::common::{case, day, eui, set, shipped_policy, street, value};

const ASH: &str = "0A-00-00-00-00-00-A5-00";
const BIRCH: &str = "0A-00-00-00-00-00-B1-00";

/// A message in which a supplier reads the profile of the meter, with an execution date or none
fn read_profile(supplier: &str, execution: Option<&str>) -> Message {
    let text = case("4.8.1-future-dated-over-change-of-supplier").replace(ASH, supplier);
    let (before, rest) = text.split_once("      <sr:ExecutionDateTime>").unwrap();
    let (_, after) = rest.split_once("</sr:ExecutionDateTime>\n").unwrap();
    let execution_element = |date| format!("<sr:ExecutionDateTime>{date}T00:00:00Z</sr:ExecutionDateTime>\n");
    let execution = execution.map(execution_element).unwrap_or_default();
    read(format!("{before}{execution}{after}").as_bytes()).unwrap()
}

fn first_request(message: &Message, inventory: &FileInventory, at: &str) -> Request {
    let subjects = requests(message, shipped_policy(), inventory, day(at)).unwrap();
    subjects.first().unwrap().requests.first().unwrap().clone()
}

fn is_registered(request: &Request) -> bool {
    let (_, fact) = request.facts.iter().find(|(name, _)| name == "relation").unwrap();
    match fact {
        Fact::Set(present) | Fact::Members { present, .. } => {
            present.iter().any(|value| value == "registered")
        }
        Fact::Value(_) => false,
    }
}

#[test]
fn the_supplier_is_that_of_the_date_on_which_the_request_takes_effect() {
    // Date of receipt, execution date, timing, and whether Ash and Birch hold the registration
    let expected_registrations = [
        ("2023-06-30", None, "Immediate", true, false),
        ("2023-07-01", None, "Immediate", false, true),
        ("2023-06-30", Some("2023-06-30"), "FutureDated", true, false),
        ("2023-06-30", Some("2023-07-01"), "FutureDated", false, true),
        ("2023-06-30", Some("3000-12-31"), "FutureDated", true, false),
        ("2023-07-01", Some("3000-12-31"), "FutureDated", false, true),
        ("2020-12-31", None, "Immediate", false, false),
    ];
    for (at, execution, timing, ash, birch) in expected_registrations {
        for (supplier, registered) in [(ASH, ash), (BIRCH, birch)] {
            let request = first_request(&read_profile(supplier, execution), &street(), at);
            assert_eq!(is_registered(&request), registered, "{supplier} {at} {execution:?}");
            assert_eq!(value(&request, "timing"), Some(timing), "{at} {execution:?}");
            assert_eq!(request.at, day(at), "the rules are those of the date of receipt");
        }
    }
}

/// The schema has an execution date in every Signed Pre-Command. Where the service cannot be future dated, the date must
/// not choose the day: a supplier whose registration starts tomorrow is not registered today.
#[test]
fn a_date_in_a_signed_pre_command_chooses_the_day_only_where_the_service_can_be_future_dated() {
    let mut future_dated = Vec::new();
    for service in Service::all().iter().filter(|service| service.critical) {
        let text = case("7.2-signed")
            .replace(ASH, BIRCH)
            .replace("<ServiceReference>7.2<", &format!("<ServiceReference>{}<", service.reference()))
            .replace("Variant>7.2<", &format!("Variant>{}<", service.variant))
            .replace(
                "<GBCSPayload>",
                "<ExecutionDateTime>2023-07-01T00:00:00Z</ExecutionDateTime><GBCSPayload>",
            );
        let request = first_request(&read(text.as_bytes()).unwrap(), &street(), "2023-06-30");
        if is_registered(&request) {
            future_dated.push(service.variant);
        }
    }
    assert_eq!(
        future_dated,
        ["1.1.1", "1.1.2", "1.2.1", "1.2.2", "1.6", "2.1", "6.4.1", "6.14.2", "6.14.3", "6.15.1", "11.3"]
    );
}

#[test]
fn a_nomination_has_a_first_day_and_a_day_after_its_last() {
    let message = read(case("6.2.9-nominated-agent").as_bytes()).unwrap();
    let nominated = |at| {
        set(&first_request(&message, &street(), at), "relation").unwrap().contains(&"nominated".to_owned())
    };
    assert_eq!(
        ["2021-12-31", "2022-01-01", "2023-12-31", "2024-01-01"].map(nominated),
        [false, true, true, false]
    );
}

/// An inventory with these devices, one electricity supplier and one gas supplier
fn home(devices: &str) -> FileInventory {
    let text = format!(
        "complete: [devices, links, pre-notifiers, registrations, nominations]
dcc: [0A-00-00-00-00-00-DC-00]
parties:
  - {{ id: 0A-00-00-00-00-00-00-E0, roles: [IS] }}
  - {{ id: 0A-00-00-00-00-00-00-60, roles: [GS] }}
registrations:
  - {{ mpxn: E, role: IS, party: 0A-00-00-00-00-00-00-E0, from: 2020-01-01 }}
  - {{ mpxn: G, role: GS, party: 0A-00-00-00-00-00-00-60, from: 2020-01-01 }}
  - {{ mpxn: G, role: IS, party: 0A-00-00-00-00-00-00-E0, from: 2020-01-01, until: 2020-01-02 }}
devices:
{devices}"
    );
    FileInventory::default().yaml(&text).unwrap()
}

/// Whether the electricity and the gas supplier are registered for a device.
fn suppliers(home: &FileInventory, device: &str) -> (bool, bool) {
    let device = eui(&format!("0A-00-00-00-00-00-00-{device}"));
    let is_registered = |party: &str| {
        let text =
            case("8.4-delete").replace(ASH, party).replace("0A-00-00-00-00-00-00-01", &device.to_string());
        is_registered(&first_request(&read(text.as_bytes()).unwrap(), home, "2023-06-29"))
    };
    (is_registered("0A-00-00-00-00-00-00-E0"), is_registered("0A-00-00-00-00-00-00-60"))
}

const BOTH: (bool, bool) = (true, true);
const ELECTRICITY: (bool, bool) = (true, false);
const GAS: (bool, bool) = (false, true);
const NOBODY: (bool, bool) = (false, false);

#[test]
fn a_device_without_metering_points_uses_those_of_linked_devices() {
    let home = home(
        "  - { id: 0A-00-00-00-00-00-00-01, type: ESME, import-mpxns: [E], linked: [0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-02, type: GSME, import-mpxns: [G], linked: [0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-03, type: CHF, linked: [0A-00-00-00-00-00-00-14] }
  - { id: 0A-00-00-00-00-00-00-14, type: PPMID }
  - { id: 0A-00-00-00-00-00-00-15, type: PPMID, linked: [0A-00-00-00-00-00-00-02, 0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-16, type: GPF, linked: [0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-17, type: HCALCS, linked: [0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-18, type: GSME, linked: [0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-19, type: IHD, linked: [0A-00-00-00-00-00-00-14] }
  - { id: 0A-00-00-00-00-00-00-20, type: CAD }
  - { id: 0A-00-00-00-00-00-00-21, type: PPMID, linked: [0A-00-00-00-00-00-00-03, 0A-00-00-00-00-00-00-77] }
",
    );
    let expected_suppliers = [
        ("01", ELECTRICITY, "a meter uses its own"),
        ("02", GAS, "a meter never uses those of another meter"),
        ("03", BOTH, "a hub uses those of the devices that it serves"),
        ("14", BOTH, "a display on the hub uses all of them"),
        ("15", GAS, "a display on a meter uses only those of that meter"),
        ("16", GAS, "a gas proxy uses those of the gas meter"),
        ("17", ELECTRICITY, "a load switch uses those of the electricity meter"),
        ("18", NOBODY, "a meter has its own; those of a meter that lists none are not known"),
        ("19", NOBODY, "a link goes through a hub, not through a display"),
        ("20", NOBODY, "a device without links has no supplier"),
        ("21", NOBODY, "a linked device that is not listed may be a meter"),
    ];
    for (device, expected, reason) in expected_suppliers {
        assert_eq!(suppliers(&home, device), expected, "{device}: {reason}");
    }
}

#[test]
fn a_hub_does_not_reach_the_meters_of_the_next_hub() {
    let home = home(
        "  - { id: 0A-00-00-00-00-00-00-01, type: ESME, import-mpxns: [E], linked: [0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-03, type: CHF, linked: [0A-00-00-00-00-00-00-04] }
  - { id: 0A-00-00-00-00-00-00-04, type: CHF }
",
    );
    assert_eq!((suppliers(&home, "03"), suppliers(&home, "04")), (ELECTRICITY, NOBODY));
}

/// What an inventory knows of the sender's relation to the meter, as JSON
fn relation_by(inventory: &str, sender: &str) -> String {
    let inventory = FileInventory::default().yaml(inventory).unwrap();
    let text = case("7.2-signed").replace(ASH, sender);
    let request = first_request(&read(text.as_bytes()).unwrap(), &inventory, "2023-06-29");
    let (_, fact) = request.facts.iter().find(|(name, _)| name == "relation").unwrap();
    serde_json::to_string(&serde_json::json!(fact)).unwrap()
}

/// Unknown is not no: what an inventory does not know is not stated. Only what it knows to be otherwise is denied.
#[test]
fn a_request_states_of_the_relation_what_the_inventory_knows() {
    let parties = format!("parties: [{{ id: {ASH}, roles: [IS] }}, {{ id: {BIRCH}, roles: [IS] }}]\n");
    let meter = "devices: [{ id: 0A-00-00-00-00-00-00-01, type: ESME, import-mpxns: [\"1200000000011\"] }]\n";
    let registration =
        format!("registrations: [{{ mpxn: \"1200000000011\", role: IS, party: {ASH}, from: 2021-01-01 }}]\n");
    let pre_notified = meter.replace(", import-mpxns", &format!(", pre-notifier: {BIRCH}, import-mpxns"));
    let other = |sender: &str| if sender == ASH { "Ash" } else { "Birch" };
    let mut table = String::new();
    for (name, text) in [
        ("nothing", meter.to_owned()),
        ("the registration", format!("{meter}{registration}")),
        ("the registration and the pre-notifier", format!("{pre_notified}{registration}")),
        ("all registrations, of which there is none", format!("{meter}complete: [registrations]\n")),
        ("all pre-notifiers and nominations", format!("{meter}complete: [pre-notifiers, nominations]\n")),
        (
            "everything",
            format!("{meter}{registration}complete: [registrations, pre-notifiers, nominations]\n"),
        ),
    ] {
        for sender in [ASH, BIRCH] {
            let relation = relation_by(&format!("{parties}{text}"), sender);
            table += &format!("{name} is known; {}: {relation}\n", other(sender));
        }
    }
    insta::assert_snapshot!(table);
}

/// The Import Supplier is registered for the import point, or for the export point of a meter without an import point.
/// The Export Supplier is registered for the export point of a meter that has an import point.
#[test]
fn suppliers_are_those_of_import_or_of_export() {
    let registrations = format!(
        "registrations:
  - {{ mpxn: I, role: IS, party: {ASH}, from: 2021-01-01 }}
  - {{ mpxn: X, role: ES, party: {BIRCH}, from: 2021-01-01 }}
  - {{ mpxn: I, role: ED, party: {BIRCH}, from: 2021-01-01 }}
"
    );
    let mut table = String::new();
    for points in ["import-mpxns: [I]", "export-mpans: [X]", "import-mpxns: [I], export-mpans: [X]"] {
        let inventory = format!(
            "complete: [registrations, pre-notifiers, nominations]
parties: [{{ id: {ASH}, roles: [IS, ES, ED] }}, {{ id: {BIRCH}, roles: [IS, ES, ED] }}]
{registrations}devices: [{{ id: 0A-00-00-00-00-00-00-01, type: ESME, {points} }}]"
        );
        let inventory = FileInventory::default().yaml(&inventory).unwrap().checked().unwrap();
        for (name, sender) in [("Ash", ASH), ("Birch", BIRCH)] {
            let subjects =
                requests(&read_profile(sender, None), shipped_policy(), &inventory, day("2023-06-29"))
                    .unwrap();
            let roles = subjects[0].requests.iter().filter(|request| is_registered(request));
            let roles: Vec<&str> = roles.filter_map(|request| value(request, "role")).collect();
            table += &format!("{points}: {name} is registered as {roles:?}\n");
        }
    }
    insta::assert_snapshot!(table);
}

/// Which second device a join names, and what the request states about where it is.
#[test]
fn the_second_device_is_in_the_same_home_or_it_is_not() {
    let devices = "devices:
  - { id: 0A-00-00-00-00-00-00-01, type: ESME, linked: [0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-03, type: CHF }
  - { id: 0A-00-00-00-00-00-00-04, type: PPMID, linked: [0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-13, type: CHF }
  - { id: 0A-00-00-00-00-00-00-14, type: PPMID, linked: [0A-00-00-00-00-00-00-13] }
  - { id: 0A-00-00-00-00-00-00-24, type: PPMID }
  - { id: 0A-00-00-00-00-00-00-34, type: PPMID, linked: [0A-00-00-00-00-00-00-33] }
";
    let parties = format!("parties: [{{ id: {ASH}, roles: [IS] }}]\n");
    let mut table = String::new();
    for complete in ["", "complete: [links]\n", "complete: [devices, links]\n"] {
        let inventory = FileInventory::default().yaml(&format!("{parties}{complete}{devices}")).unwrap();
        for (other, what) in [
            ("04", "on the same hub"),
            ("03", "the hub itself"),
            ("14", "the neighbour's"),
            ("13", "the neighbour's hub"),
            ("01", "the device itself"),
            ("24", "on no known hub"),
            ("34", "linked to a device that is not listed"),
            ("99", "not in the inventory"),
        ] {
            let text = case("8.7.2-join")
                .replace("0A-00-00-00-00-00-00-04", "0A-00-00-00-00-00-00-@@")
                .replace("0A-00-00-00-00-00-00-01", &format!("0A-00-00-00-00-00-00-{other}"))
                .replace("@@", "01");
            let request = first_request(&read(text.as_bytes()).unwrap(), &inventory, "2023-06-29");
            let stated = |attribute| value(&request, attribute).unwrap_or("not stated");
            table += &format!("{complete:?} {what}: {}, {}\n", stated("other-link"), stated("other-status"));
        }
    }
    insta::assert_snapshot!(table);
}

/// 6.23 names a metering point.
#[test]
fn the_named_metering_point_is_one_of_the_device_or_it_is_not() {
    let stated = |point: &str| {
        let text = case("4.18-oddly-written")
            .replace("4.18</b:ServiceReference", "6.23</b:ServiceReference")
            .replace("&#52;.18", "6.23")
            .replace("<ReadMeterBalance><!-- nothing --><?gateway nothing?></ReadMeterBalance>", &format!(
                "<UpdateSecurityCredentialsCoS><ImportMPxN>{point}</ImportMPxN></UpdateSecurityCredentialsCoS>"
            ));
        let request = first_request(&read(text.as_bytes()).unwrap(), &street(), "2023-06-29");
        value(&request, "named-point").map(str::to_owned)
    };
    assert_eq!(stated("1200000000011").as_deref(), Some("Own"));
    assert_eq!(stated("1200000000099").as_deref(), Some("Other"));
    assert_eq!(stated("").as_deref(), Some("Other"));
}

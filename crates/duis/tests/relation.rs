//! Who is what to a device, and on which day.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use meterwarden::Request;
use meterwarden_duis::{FileInventory, Message, read, requests};

use common::{case, day, eui, set, street, value};

const ASH: &str = "0A-00-00-00-00-00-A5-00";
const BIRCH: &str = "0A-00-00-00-00-00-B1-00";

/// A reading of the meter's profile by a supplier, received and to be carried out on these days.
fn profile(supplier: &str, execution: Option<&str>) -> Message {
    let text = case("4.8.1-future-dated-over-change-of-supplier").replace(ASH, supplier);
    let (before, rest) = text.split_once("      <sr:ExecutionDateTime>").unwrap();
    let (_, after) = rest.split_once("</sr:ExecutionDateTime>\n").unwrap();
    let element = |date| format!("<sr:ExecutionDateTime>{date}T00:00:00Z</sr:ExecutionDateTime>\n");
    let execution = execution.map(element).unwrap_or_default();
    read(format!("{before}{execution}{after}").as_bytes()).unwrap()
}

fn first(message: &Message, inventory: &FileInventory, at: &str) -> Request {
    let subjects = requests(message, inventory, day(at)).unwrap();
    subjects.first().unwrap().requests.first().unwrap().clone()
}

fn is_registered(request: &Request) -> bool {
    set(request, "relation").unwrap().iter().any(|it| it == "registered")
}

#[test]
fn a_change_of_supplier_is_by_the_date_the_request_takes_effect() {
    // Received, to be carried out, timing, whether Ash and Birch hold the registration then.
    let table = [
        ("2023-06-30", None, "Immediate", true, false),
        ("2023-07-01", None, "Immediate", false, true),
        ("2023-06-30", Some("2023-06-30"), "FutureDated", true, false),
        ("2023-06-30", Some("2023-07-01"), "FutureDated", false, true),
        ("2023-07-01", Some("2023-06-30"), "Immediate", false, true),
        ("2023-06-30", Some("3000-12-31"), "FutureDated", true, false),
        ("2023-07-01", Some("3000-12-31"), "FutureDated", false, true),
        ("2020-12-31", None, "Immediate", false, false),
    ];
    for (at, execution, timing, ash, birch) in table {
        for (supplier, registered) in [(ASH, ash), (BIRCH, birch)] {
            let request = first(&profile(supplier, execution), &street(), at);
            assert_eq!(is_registered(&request), registered, "{supplier} {at} {execution:?}");
            assert_eq!(value(&request, "timing"), Some(timing), "{at} {execution:?}");
            assert_eq!(request.at, day(at), "the law is that of the day of receipt");
        }
    }
}

#[test]
fn a_nomination_has_a_first_day_and_a_day_after_its_last() {
    let message = read(case("6.2.9-nominated-agent").as_bytes()).unwrap();
    let nominated =
        |at| set(&first(&message, &street(), at), "relation").unwrap().contains(&"nominated".to_owned());
    assert_eq!(
        ["2021-12-31", "2022-01-01", "2023-12-31", "2024-01-01"].map(nominated),
        [false, true, true, false]
    );
}

/// One electricity and one gas supplier, a home of devices, and who may read which of them by link.
fn home(devices: &str) -> FileInventory {
    let text = format!(
        "parties:
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
        is_registered(&first(&read(text.as_bytes()).unwrap(), home, "2023-06-29"))
    };
    (is_registered("0A-00-00-00-00-00-00-E0"), is_registered("0A-00-00-00-00-00-00-60"))
}

const BOTH: (bool, bool) = (true, true);
const ELECTRICITY: (bool, bool) = (true, false);
const GAS: (bool, bool) = (false, true);
const NOBODY: (bool, bool) = (false, false);

#[test]
fn a_device_without_a_metering_point_has_those_of_what_it_is_linked_to() {
    let home = home(
        "  - { id: 0A-00-00-00-00-00-00-01, type: ESME, mpxns: [E], linked: [0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-02, type: GSME, mpxns: [G], linked: [0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-03, type: CHF, linked: [0A-00-00-00-00-00-00-14] }
  - { id: 0A-00-00-00-00-00-00-14, type: PPMID }
  - { id: 0A-00-00-00-00-00-00-15, type: PPMID, linked: [0A-00-00-00-00-00-00-02, 0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-16, type: GPF, linked: [0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-17, type: HCALCS, linked: [0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-18, type: GSME, linked: [0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-19, type: IHD, linked: [0A-00-00-00-00-00-00-14] }
  - { id: 0A-00-00-00-00-00-00-20, type: CAD }
",
    );
    let table = [
        ("01", ELECTRICITY, "a meter has its own"),
        ("02", GAS, "and never another's"),
        ("03", BOTH, "a hub has those of what it serves"),
        ("14", BOTH, "a display on the hub has all of them"),
        ("15", GAS, "unless it is linked to a meter itself"),
        ("16", GAS, "a gas proxy has the gas meter's"),
        ("17", ELECTRICITY, "a load switch has the electricity meter's"),
        ("18", GAS, "a gas meter whose own is not known never has the electricity meter's"),
        ("19", NOBODY, "a link goes through a hub, not through a display"),
        ("20", NOBODY, "what is linked to nothing is nobody's"),
    ];
    for (device, expected, reason) in table {
        assert_eq!(suppliers(&home, device), expected, "{device}: {reason}");
    }
}

#[test]
fn a_hub_does_not_reach_the_meters_of_the_next_hub() {
    let home = home(
        "  - { id: 0A-00-00-00-00-00-00-01, type: ESME, mpxns: [E], linked: [0A-00-00-00-00-00-00-03] }
  - { id: 0A-00-00-00-00-00-00-03, type: CHF, linked: [0A-00-00-00-00-00-00-04] }
  - { id: 0A-00-00-00-00-00-00-04, type: CHF }
",
    );
    assert_eq!((suppliers(&home, "03"), suppliers(&home, "04")), (ELECTRICITY, NOBODY));
}

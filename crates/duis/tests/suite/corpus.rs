//! Hostile messages and inventories, each with its answer. Only the few that are right are permitted.

use std::fs;

use meterwarden::{Outcome, Plan};
use meterwarden_duis::{Answer, FileInventory, decide, read};

use crate::answers::shipped_plan;
use crate::common::{case, cases, received};

/// A message and an inventory that somebody sends or writes
struct Attack {
    /// What is changed in a message and an inventory that are right
    what: String,
    message: String,
    inventory: String,
}

fn street() -> String {
    fs::read_to_string(cases().join("street.inventory.yaml")).unwrap()
}

/// An attack that changes the message
fn message(name: &str, old: &str, new: &str) -> Attack {
    let text = case(name);
    assert!(text.contains(old), "{name} has no `{old}`");
    let what = new.replace('\n', "\\n");
    Attack { what, message: text.replace(old, new), inventory: street() }
}

/// An attack that changes the inventory
fn inventory(name: &str, old: &str, new: &str) -> Attack {
    let street = street();
    assert!(street.contains(old), "the street has no `{old}`");
    let what = format!("{new} (for {old})").replace('\n', "\\n");
    Attack { what, message: case(name), inventory: street.replacen(old, new, 1) }
}

fn answer_text(answer: &Answer<'_>) -> String {
    match answer.decision.as_ref().map(|decision| &decision.outcome) {
        Ok(Outcome::Permit { rule, .. }) => format!("permit by {rule}"),
        Ok(Outcome::Refuse(refusal)) => {
            format!("refuse {} at {}", refusal.code.unwrap_or("without a code"), refusal.attribute)
        }
        Ok(Outcome::Undetermined { needs, .. }) => format!("undetermined, needs {}", needs.join(", ")),
        Err(error) => format!("error: {error}"),
    }
}

fn answer(plan: &Plan, attack: &Attack) -> String {
    let inventory = match FileInventory::default().yaml(&attack.inventory) {
        Ok(inventory) => inventory,
        Err(error) => return format!("inventory: {}", error.to_string().lines().next().unwrap()),
    };
    let message = match read(attack.message.as_bytes()) {
        Ok(message) => message,
        Err(error) => return format!("message: {error}"),
    };
    match decide(plan, &message, &inventory, received(&attack.message)) {
        Ok(answers) => answers.iter().map(answer_text).collect::<Vec<_>>().join("; "),
        Err(error) => format!("message: {error}"),
    }
}

/// The answers to attacks, of which only these may be permitted.
fn answers(attacks: &[Attack], right: &[&str]) -> String {
    let plan = shipped_plan();
    let lines: Vec<(&str, String)> =
        attacks.iter().map(|attack| (attack.what.as_str(), answer(&plan, attack))).collect();
    let permitted: Vec<&str> =
        lines.iter().filter(|(_, answer)| answer.contains("permit")).map(|(what, _)| *what).collect();
    assert_eq!(permitted, right);
    lines.iter().map(|(what, answer)| format!("{what}\n  {answer}\n")).collect()
}

const VARIANTS: [&str; 25] = [
    "A", "AD", "ADE", "ADEF", "ADEG", "ADF", "ADG", "AEF", "AEG", "AF", "AG", "B", "BD", "BDE", "BDEF",
    "BDF", "BEF", "BF", "C", "CD", "CDE", "CDEF", "CDF", "CEF", "CF",
];

const NO_VARIANTS: [&str; 45] = [
    "",
    " ",
    "ZZ",
    "ad",
    "Ad",
    "aD",
    "DROP TABLE",
    "NotApplicable",
    "AE",
    "BG",
    "CG",
    "D",
    "E",
    "DA",
    "AA",
    "ADD",
    "ADEFG",
    "A,AD",
    "A AD",
    "A|AD",
    "A D",
    "A\u{A0}D",
    "\u{FEFF}AD",
    "AD\u{200B}",
    "\u{410}D",
    "\u{C4}D",
    "\u{FF21}D",
    "A-D",
    "AD.",
    "AD;",
    "\"AD\"",
    "'AD'",
    "AD'--",
    "any",
    "published-variant",
    "A*",
    "^A$",
    "0",
    "1",
    "null",
    "true",
    "%41%44",
    "&amp;AD",
    "<![CDATA[AD]]>",
    "A<!-- -->D",
];

/// MP125 permits the published ESME Variants, written as they are, and no other text.
#[test]
fn texts_of_an_esme_variant() {
    let stated = |text: &str| message("8.4-esme-variant", "ADE<", &format!("{text}<"));
    let attacks: Vec<Attack> = VARIANTS.iter().chain(&NO_VARIANTS).map(|text| stated(text)).collect();
    let right: Vec<String> = VARIANTS.iter().map(|text| format!("{text}<")).collect();
    let right: Vec<&str> = right.iter().map(String::as_str).collect();
    insta::assert_snapshot!(answers(&attacks, &right));
}

const ELEMENTS: [&str; 8] = [
    "UpdateDeviceStatusExceptCH",
    "UpdateDeviceStatusCH",
    "UpdateDeviceDetails",
    "DeleteDevice",
    "UpdateMPxN",
    "ESMEVariant",
    "DeviceModel",
    "Anything",
];

/// The ESME Variant in every other element, beside every other, in two and with elements in it.
#[test]
fn places_of_an_esme_variant() {
    let details =
        "<UpdateDeviceDetails>\n        <ESMEVariant>ADE</ESMEVariant>\n      </UpdateDeviceDetails>";
    let variant = "<ESMEVariant>ADE</ESMEVariant>";
    let mut bodies: Vec<String> = vec![details.replace(['\n', ' '], ""), variant.to_owned(), String::new()];
    for element in ELEMENTS {
        bodies.extend([
            format!("<{element}>{variant}</{element}>"),
            format!("<{element}/>{variant}"),
            format!("{variant}<{element}/>"),
            format!("<UpdateDeviceDetails>{variant}<{element}/></UpdateDeviceDetails>"),
            format!("<UpdateDeviceDetails><{element}>A</{element}>{variant}</UpdateDeviceDetails>"),
            format!("<UpdateDeviceDetails><{element}>{variant}</{element}></UpdateDeviceDetails>"),
            format!("<{element}><UpdateDeviceDetails>{variant}</UpdateDeviceDetails></{element}>"),
            format!("<UpdateDeviceDetails>{variant}</UpdateDeviceDetails><{element}/>"),
            format!("<UpdateDeviceDetails><ESMEVariant><{element}>ADE</{element}></ESMEVariant></UpdateDeviceDetails>"),
        ]);
    }
    bodies.extend([
        format!("<UpdateDeviceDetails>{variant}{variant}</UpdateDeviceDetails>"),
        format!("<UpdateDeviceDetails>{variant}<ESMEVariant>ZZ</ESMEVariant></UpdateDeviceDetails>"),
        format!("<updateDeviceDetails>{variant}</updateDeviceDetails>"),
        "<UpdateDeviceDetails><esmeVariant>ADE</esmeVariant></UpdateDeviceDetails>".to_owned(),
        "<UpdateDeviceDetails><ESMEVariant xmlns=\"urn:other\">ADE</ESMEVariant></UpdateDeviceDetails>"
            .to_owned(),
        "<UpdateDeviceDetails ESMEVariant=\"ADE\"/>".to_owned(),
        "<UpdateDeviceDetails>ADE</UpdateDeviceDetails>".to_owned(),
    ]);
    let attacks: Vec<Attack> = bodies.iter().map(|body| message("8.4-esme-variant", details, body)).collect();
    // In itself once more: the second `UpdateDeviceDetails` in `ELEMENTS` is around the variant alone, too.
    let right = ["<UpdateDeviceDetails><ESMEVariant>ADE</ESMEVariant></UpdateDeviceDetails>"; 2];
    insta::assert_snapshot!(answers(&attacks, &right));
}

/// The correction of MP125 by, for and to others than the rule names.
#[test]
fn senders_targets_and_devices_of_a_correction() {
    let sent = |old: &str, new: &str| message("8.4-esme-variant", old, new);
    let known = |old: &str, new: &str| inventory("8.4-esme-variant", old, new);
    let (originator, target, device) =
        ("0A-00-00-00-00-00-A5-00", ":0A-00-00-00-00-00-DC-00", ">0A-00-00-00-00-00-00-01<");
    let mut attacks = Vec::new();
    for party in ["B1-00", "D0-00", "E1-00", "DC-00", "00-01", "FF-FF"] {
        attacks.push(sent(originator, &format!("0A-00-00-00-00-00-{party}")));
    }
    for other in ["00-01", "00-02", "A5-00", "FF-FF"] {
        attacks.push(sent(target, &format!(":0A-00-00-00-00-00-{other}")));
    }
    for other in ["00-02", "00-03", "00-04", "00-05", "00-99", "A5-00", "DC-00"] {
        attacks.push(sent(device, &format!(">0A-00-00-00-00-00-{other}<")));
    }
    let statuses = [
        "NotApplicable",
        "Absent",
        "NoStatus",
        "Pending",
        "Whitelisted",
        "InstalledNotCommissioned",
        "Decommissioned",
        "Withdrawn",
        "Suspended",
        "Recovery",
        "Recovered",
        "commissioned",
        "Commissioned ",
        "live",
        "any",
        "\"\"",
        "null",
        "[Commissioned]",
    ];
    let meter = "type: ESME\n    status: Commissioned";
    for status in statuses {
        attacks.push(known(meter, &format!("type: ESME\n    status: {status}")));
    }
    for device_type in
        ["NotApplicable", "GSME", "CHF", "GPF", "HCALCS", "PPMID", "IHD", "CAD", "esme", "ESME2", "\"\""]
    {
        attacks.push(known("type: ESME", &format!("type: {device_type}")));
    }
    let generation = "generation: SMETS2\n    esme-variant";
    for smets in ["NotApplicable", "Unknown", "SMETS1", "SMETS3", "smets2", "\"\"", "2"] {
        attacks.push(known(generation, &format!("generation: {smets}\n    esme-variant")));
    }
    let registration = "role: IS, party: 0A-00-00-00-00-00-A5-00, from: 2021-01-01, until: 2023-07-01";
    let registrations = [
        "role: GS, party: 0A-00-00-00-00-00-A5-00, from: 2021-01-01, until: 2023-07-01",
        "role: ED, party: 0A-00-00-00-00-00-A5-00, from: 2021-01-01, until: 2023-07-01",
        "role: is, party: 0A-00-00-00-00-00-A5-00, from: 2021-01-01, until: 2023-07-01",
        "role: IS, party: 0A-00-00-00-00-00-D0-00, from: 2021-01-01, until: 2023-07-01",
        "role: IS, party: 0A-00-00-00-00-00-A5-00, from: 2021-01-01, until: 2023-06-29",
        "role: IS, party: 0A-00-00-00-00-00-A5-00, from: 2023-06-30, until: 2023-07-01",
        "role: IS, party: 0A-00-00-00-00-00-A5-00, from: 2023-06-29, until: 2023-06-30",
        "role: IS, party: 0A-00-00-00-00-00-A5-00, from: 2023-06-29, until: 2023-06-29",
        "role: IS, party: 0A-00-00-00-00-00-A5-00, from: 2021-01-01",
        "role: IS, party: 0A-00-00-00-00-00-A5-00, from: 2023-06-28T23:00:00Z, until: 2023-07-01",
    ];
    attacks.extend(registrations.map(|other| known(registration, other)));
    for date in ["2023-06-28", "2020-01-01", "0001-01-01"] {
        attacks.push(sent("at 2023-06-29", &format!("at {date}")));
    }
    for variant in ["1", "2", "3", "4", "5", "6", "7", "9", "0", "08", "+8"] {
        attacks.push(sent("<CommandVariant>8<", &format!("<CommandVariant>{variant}<")));
    }
    let right = [
        // By the pre-notifier's permit, and Ash Energy is the pre-notifier
        "type: ESME\\n    status: Pending (for type: ESME\\n    status: Commissioned)",
        "type: ESME\\n    status: Whitelisted (for type: ESME\\n    status: Commissioned)",
        "type: ESME\\n    status: InstalledNotCommissioned (for type: ESME\\n    status: Commissioned)",
        "type: ESME\\n    status: Commissioned  (for type: ESME\\n    status: Commissioned)",
        &format!(
            "role: IS, party: 0A-00-00-00-00-00-A5-00, from: 2023-06-29, until: 2023-06-30 (for {registration})"
        ),
    ];
    insta::assert_snapshot!(answers(&attacks, &right));
}

/// A display of the home is joined to its meter, and to nothing else.
#[test]
fn second_devices() {
    let commissioned = |text: &str| text.replace("status: Pending", "status: Commissioned");
    let join = |old: &str, new: &str| {
        let Attack { what, message, inventory } = message("8.7.2-join", old, new);
        Attack { what, message, inventory: commissioned(&inventory) }
    };
    let known = |old: &str, new: &str| inventory("8.7.2-join", old, new);
    let other = "<OtherDeviceID>0A-00-00-00-00-00-00-01<";
    let mut attacks = vec![join(other, other)];
    for device in ["00-02", "00-03", "00-04", "00-05", "00-99", "A5-00", "DC-00"] {
        attacks.push(join(other, &format!("<OtherDeviceID>0A-00-00-00-00-00-{device}<")));
    }
    let body = "<OtherDeviceID>0A-00-00-00-00-00-00-01</OtherDeviceID>";
    for text in [
        "",
        "<OtherDeviceID/>",
        "<OtherDeviceID>0A-00-00-00-00-00-00-01</OtherDeviceID><OtherDeviceID>0A-00-00-00-00-00-00-02</OtherDeviceID>",
        "<Anything><OtherDeviceID>0A-00-00-00-00-00-00-01</OtherDeviceID></Anything>",
        "<OtherDeviceID>0A-00-00-00-00-00-00-01,0A-00-00-00-00-00-00-02</OtherDeviceID>",
        "<DeviceID>0A-00-00-00-00-00-00-01</DeviceID>",
    ] {
        attacks.push(join(body, text));
    }
    for party in ["B1-00", "D0-00", "E1-00"] {
        attacks.push(join("0A-00-00-00-00-00-A5-00", &format!("0A-00-00-00-00-00-{party}")));
    }
    let display =
        "type: PPMID\n    status: Pending\n    generation: SMETS2\n    linked: [0A-00-00-00-00-00-00-03]";
    for linked in
        ["[]", "[0A-00-00-00-00-00-00-99]", "[0A-00-00-00-00-00-00-04]", "[0A-00-00-00-00-00-00-05]"]
    {
        attacks.push(known(display, &commissioned(display).replace("[0A-00-00-00-00-00-00-03]", linked)));
    }
    for status in ["Commissioned", "Suspended", "Withdrawn", "Decommissioned", "NoStatus", "Absent"] {
        attacks.push(known(display, &display.replace("Pending", status)));
    }
    for part in ["devices", "links", "pre-notifiers", "registrations", "nominations"] {
        let all = "[devices, links, pre-notifiers, registrations, nominations]";
        let rest = ["devices", "links", "pre-notifiers", "registrations", "nominations"];
        let rest: Vec<&str> = rest.into_iter().filter(|other| *other != part).collect();
        let Attack { what, message, inventory } = known(all, &format!("[{}]", rest.join(", ")));
        attacks.push(Attack { what, message, inventory: commissioned(&inventory) });
    }
    let right = format!("{} (for {display})", commissioned(display)).replace('\n', "\\n");
    // The gas meter of the home has the same supplier. What is listed is known, whether or not its part is complete, but
    // for the links: without them, the display might be on another hub, too.
    let parts =
        |parts: &str| format!("[{parts}] (for [devices, links, pre-notifiers, registrations, nominations])");
    let right = [
        other,
        "<OtherDeviceID>0A-00-00-00-00-00-00-02<",
        &right,
        &parts("links, pre-notifiers, registrations, nominations"),
        &parts("devices, links, registrations, nominations"),
        &parts("devices, links, pre-notifiers, nominations"),
        &parts("devices, links, pre-notifiers, registrations"),
    ];
    insta::assert_snapshot!(answers(&attacks, &right));
}

/// A signed command: what is in it cannot be seen, and what is beside it chooses nothing.
#[test]
fn signed_pre_commands() {
    let payload = "<GBCSPayload>3wkBAAAAAAAAA+g=</GBCSPayload>";
    let beside = [
        "<ExecutionDateTime>2023-07-01T00:00:00Z</ExecutionDateTime>",
        "<ExecutionDateTime>3000-12-31T00:00:00Z</ExecutionDateTime>",
        "<ExecutionDateTime>2015-01-01T00:00:00Z</ExecutionDateTime>",
        "<ExecutionDateTime>2023-02-30T00:00:00Z</ExecutionDateTime>",
        "<ExecutionDateTime>2023-07-01</ExecutionDateTime>",
        "<ExecutionDateTime/>",
        "<Anything/>",
        "<GBCSPayload>AAAA</GBCSPayload>",
    ];
    let mut attacks = Vec::new();
    for supplier in ["A5-00", "B1-00"] {
        for element in beside {
            let mut attack = message("7.2-signed", payload, &format!("{element}{payload}"));
            attack.message = attack.message.replace("00-A5-00:", &format!("00-{supplier}:"));
            attack.what = format!("{supplier}: {element}");
            attacks.push(attack);
        }
    }
    // 7.2 cannot be future dated, so the date changes nothing: Ash Energy is the supplier of the day of receipt.
    let right = [
        "A5-00: <ExecutionDateTime>2023-07-01T00:00:00Z</ExecutionDateTime>",
        "A5-00: <ExecutionDateTime>3000-12-31T00:00:00Z</ExecutionDateTime>",
    ];
    insta::assert_snapshot!(answers(&attacks, &right));
}

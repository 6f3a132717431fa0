//! Decisions on messages: one for each device, in the best role of the sender.

use std::path::Path;
use std::sync::Arc;

use meterwarden::{Outcome, Plan, Policy, Source, compile};
use meterwarden_duis::{Answer, ErrorKind, FileInventory, decide, read};

use crate::common::{case, cases, day, received, set, street, value};

/// A small policy for these tests
const POLICY: &str = r#"
attribute role "Role" always { refuse E2 "wrong role" IS "import" GS "gas" ED "distributor" RSA "agent" }
set attribute relation "Relation" always { refuse E4 "no relation" registered "r" pre-notifier "p" nominated "n" }
attribute status "Status" always {
    refuse E5 "wrong status"
    NotApplicable Absent refuse E19 "no such device" NoStatus Pending Commissioned
}
set attribute fields "Fields" { refuse unassigned "wrong fields" }
attribute device "Device" { refuse E11 "wrong type" NotApplicable ESME GSME CHF PPMID CAD }
attribute generation "Generation" { refuse unassigned "wrong generation" NotApplicable SMETS2 Unknown }
attribute variant "Command Variant" { refuse E12 "wrong variant" 1 4 5 8 }
attribute timing "Timing" { refuse unassigned "wrong timing" Immediate FutureDated }
attribute other-device "Other device" like device { refuse unassigned "wrong other" }
attribute other-status "Other status" like status { refuse unassigned "wrong other status" }
attribute schedules "Schedules" sender { refuse unassigned "wrong schedule" NotApplicable 4.10 }
attribute credential "Credential" sender { refuse unassigned "wrong credential" NotApplicable Supplier NetworkOperator }
attribute log-change "Change" sender { refuse unassigned "wrong change" NotApplicable Add Remove }

service 11.1 "Update Firmware" {
    permit firmware "the registered supplier" {
        role IS, GS  relation registered  status Commissioned  device ESME, GSME
        source "a test"
    }
}

service 6.24.1 "Retrieve Credentials" {
    credential from RemotePartyRole
    permit own "the registered supplier, its own" {
        role IS  relation registered  status any  credential Supplier
        source "a test"
    }
}

service 7.2 "Disable Supply" {
    fields  WhenEmpty
    permit signed "the registered supplier" {
        role IS  relation registered  status Commissioned  fields none
        source "a test"
    }
}
"#;

fn small_plan() -> Plan {
    let policy = Policy::from_sources(vec![Source::new("test.rules", POLICY)]);
    compile(Arc::new(policy.unwrap()))
}

pub(crate) fn shipped_plan() -> Plan {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    compile(Arc::new(Policy::load(rules).unwrap()))
}

fn answers<'p>(plan: &'p Plan, text: &str) -> Vec<Answer<'p>> {
    decide(plan, &read(text.as_bytes()).unwrap(), &street(), received(text)).unwrap()
}

/// Each answer: the last digits of the device, the role and the outcome
fn lines(answers: &[Answer<'_>]) -> Vec<String> {
    let line = |answer: &Answer<'_>| {
        let device = answer.device.map_or("-".to_owned(), |device| device.to_string());
        let role = value(&answer.request, "role").unwrap();
        let outcome = match answer.decision.as_ref().map(|decision| &decision.outcome) {
            Ok(Outcome::Permit { rule, .. }) => format!("permit {rule}"),
            Ok(Outcome::Refuse(refusal)) => {
                format!("refuse {}", refusal.code.unwrap_or(refusal.attribute))
            }
            Ok(Outcome::Undetermined { needs, .. }) => format!("undetermined {needs:?}"),
            Err(error) => format!("error: {error}"),
        };
        format!("{} {role} {outcome}", device.get(21..).unwrap_or("-"))
    };
    answers.iter().map(line).collect()
}

#[test]
fn each_listed_device_has_its_own_answer_in_the_role_that_gets_furthest() {
    let text = case("11.1-several-devices");
    let expected = ["01 IS permit 11.1/firmware", "02 GS permit 11.1/firmware", "97 IS refuse E19"];
    assert_eq!(lines(&answers(&small_plan(), &text)), expected);
    let text = text.replace("00-00-A5-00:", "00-00-B1-00:");
    assert_eq!(
        lines(&answers(&small_plan(), &text)),
        ["01 IS refuse E4", "02 IS refuse E4", "97 IS refuse E19"]
    );
}

#[test]
fn each_credential_asked_for_has_its_own_answer() {
    let plan = small_plan();
    let answers = answers(&plan, &case("6.24.1-several-credentials")).into_iter().map(|answer| {
        let credential = value(&answer.request, "credential").unwrap().to_owned();
        format!("{credential}: {}", answer.decision.as_ref().unwrap().is_permit())
    });
    assert_eq!(answers.collect::<Vec<_>>(), ["Supplier: true", "NetworkOperator: false"]);
}

#[test]
fn a_signed_pre_command_hides_fields_that_the_decision_may_need() {
    assert_eq!(lines(&answers(&small_plan(), &case("7.2-signed"))), ["01 IS undetermined [\"fields\"]"]);
}

#[test]
fn a_service_that_the_policy_does_not_have_is_refused() {
    let plan = small_plan();
    assert_eq!(lines(&answers(&plan, &case("8.4-delete"))), ["01 IS refuse service"]);
}

#[test]
fn an_unknown_originator_and_an_unknown_role_are_errors() {
    let (plan, text) = (small_plan(), case("7.2-signed"));
    let message = read(text.as_bytes()).unwrap();
    let error = decide(&plan, &message, &FileInventory::default(), received(&text)).unwrap_err();
    assert!(matches!(error.kind, ErrorKind::UnknownOriginator(_)));
    assert_eq!((error.place.line, error.place.column), (5, 5));
    assert_eq!(error.response_code(), Some("E1"));
    let unknown_role = "parties: [{ id: 0A-00-00-00-00-00-A5-00, roles: [Baker] }]";
    let inventory = FileInventory::default().yaml(unknown_role).unwrap();
    let answers = decide(&plan, &message, &inventory, received(&text)).unwrap();
    assert!(answers.first().unwrap().decision.is_err());
}

/// One of three devices has a type that the policy does not have, and the sender a role that it does not have: the other
/// answers come all the same.
#[test]
fn a_word_that_the_policy_does_not_have_spoils_one_answer_only() {
    let (plan, text) = (small_plan(), case("11.1-several-devices"));
    let street = std::fs::read_to_string(cases().join("street.inventory.yaml")).unwrap();
    let street =
        street.replace("type: GSME", "type: Teapot").replace("roles: [IS, GS]", "roles: [Baker, IS, GS]");
    let inventory = FileInventory::default().yaml(&street).unwrap();
    let message = read(text.as_bytes()).unwrap();
    let answers = decide(&plan, &message, &inventory, received(&text)).unwrap();
    insta::assert_snapshot!(lines(&answers).join("\n"));
}

/// A gateway sends answers to the thread that writes them.
#[test]
fn an_owned_answer_says_what_the_answer_says() {
    let (plan, text) = (small_plan(), case("11.1-several-devices"));
    let said: Vec<String> =
        answers(&plan, &text).iter().map(|it| it.decision.as_ref().unwrap().to_string()).collect();
    let owned: Vec<_> = answers(&plan, &text).into_iter().map(Answer::into_owned).collect();
    drop(plan);
    let texts = std::thread::spawn(move || {
        owned.iter().map(|answer| answer.decision.as_ref().unwrap().to_string()).collect::<Vec<_>>()
    });
    assert_eq!(texts.join().unwrap(), said);
}

#[test]
fn the_shipped_rules_let_the_responsible_supplier_correct_the_esme_variant_since_mp125() {
    let (plan, text) = (shipped_plan(), case("8.4-esme-variant"));
    let message = read(text.as_bytes()).unwrap();
    let permitted = |at| {
        decide(&plan, &message, &street(), day(at))
            .unwrap()
            .first()
            .unwrap()
            .decision
            .clone()
            .unwrap()
            .is_permit()
    };
    // Ash Energy is the supplier until 2023-07-01 (excluded).
    assert_eq!(
        ["2023-06-28", "2023-06-29", "2023-06-30", "2023-07-01"].map(permitted),
        [false, true, true, false]
    );
}

#[test]
fn the_shipped_rules_have_every_service_and_value_of_the_test_messages() {
    let plan = shipped_plan();
    for entry in std::fs::read_dir(cases().join("ok")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for answer in answers(&plan, &text) {
            if let Outcome::Refuse(refusal) = answer.decision.unwrap().outcome {
                assert_ne!(refusal.attribute, "service");
            }
        }
    }
}

/// The place of an element decides whether a policy permits it: only the details of a device have an ESME Variant.
#[test]
fn an_element_at_another_place_is_undeclared() {
    let plan = shipped_plan();
    let message = case("8.4-esme-variant");
    let variant = "<ESMEVariant>";
    assert!(message.contains(variant));
    let mut pages = Vec::new();
    for around in
        ["UpdateDeviceDetails", "DeleteDevice", "UpdateDeviceStatusExceptCH", "UpdateMPxN", "Anything"]
    {
        let moved = message.replace("UpdateDeviceDetails>", &format!("{around}>"));
        let answer = answers(&plan, &moved).remove(0);
        let fields = set(&answer.request, "fields").unwrap().join(", ");
        pages.push(format!("{fields}: {}", answer.decision.unwrap()));
    }
    let deeper = message
        .replace("<ESMEVariant>", "<Deeper><ESMEVariant>")
        .replace("</ESMEVariant>", "</ESMEVariant></Deeper>");
    let answer = answers(&plan, &deeper).remove(0);
    pages.push(format!(
        "{}: {}",
        set(&answer.request, "fields").unwrap().join(", "),
        answer.decision.unwrap()
    ));
    insta::assert_snapshot!(pages.join("\n"));
}

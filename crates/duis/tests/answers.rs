//! Messages decided: the roles of a party put together, and each device on its own.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

use std::path::Path;
use std::sync::Arc;

use meterwarden::{Outcome, Plan, Policy, Source, compile};
use meterwarden_duis::{Answer, AnswerError, ErrorKind, FileInventory, decide, read};

use common::{case, day, received, street, value};

/// A policy with no more in it than these tests need.
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
attribute schedules "Schedules" { refuse unassigned "wrong schedule" NotApplicable 4.10 }
attribute credential "Credential" { refuse unassigned "wrong credential" NotApplicable Supplier NetworkOperator }
attribute log-change "Change" { refuse unassigned "wrong change" NotApplicable Add Remove }

service 11.1 "Update Firmware" {
    permit firmware "the registered supplier" {
        role IS, GS  relation registered  status Commissioned  device ESME, GSME
        source "a test"
    }
}

service 6.24.1 "Retrieve Credentials" {
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

fn plan() -> Plan {
    let policy = Policy::from_sources(vec![Source::new("test.rules", POLICY)]);
    compile(Arc::new(policy.unwrap()))
}

fn shipped() -> Plan {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    compile(Arc::new(Policy::load(rules).unwrap()))
}

fn answers<'p>(plan: &'p Plan, text: &str) -> Vec<Answer<'p>> {
    decide(plan, &read(text.as_bytes()).unwrap(), &street(), received(text)).unwrap()
}

/// Each device, the role that the answer is about, and the answer.
fn lines(answers: &[Answer<'_>]) -> Vec<String> {
    let line = |answer: &Answer<'_>| {
        let device = answer.device.map_or("-".to_owned(), |device| device.to_string());
        let role = value(&answer.request, "role").unwrap();
        let outcome = match &answer.decision.outcome {
            Outcome::Permit { rule, .. } => format!("permit {rule}"),
            Outcome::Refuse(refusal) => {
                format!("refuse {}", refusal.code.unwrap_or(refusal.attribute))
            }
            Outcome::Undetermined { needs, .. } => format!("undetermined {needs:?}"),
        };
        format!("{} {role} {outcome}", device.get(21..).unwrap_or("-"))
    };
    answers.iter().map(line).collect()
}

#[test]
fn each_listed_device_has_its_own_answer_in_the_role_that_gets_furthest() {
    let text = case("11.1-several-devices");
    let expected = ["01 IS permit 11.1/firmware", "02 GS permit 11.1/firmware", "97 IS refuse E19"];
    assert_eq!(lines(&answers(&plan(), &text)), expected);
    let text = text.replace("00-00-A5-00:", "00-00-B1-00:");
    assert_eq!(lines(&answers(&plan(), &text)), ["01 IS refuse E4", "02 IS refuse E4", "97 IS refuse E19"]);
}

#[test]
fn each_credential_asked_for_has_its_own_answer() {
    let plan = plan();
    let answers = answers(&plan, &case("6.24.1-several-credentials")).into_iter().map(|answer| {
        let credential = value(&answer.request, "credential").unwrap().to_owned();
        format!("{credential}: {}", answer.decision.is_permit())
    });
    assert_eq!(answers.collect::<Vec<_>>(), ["Supplier: true", "NetworkOperator: false"]);
}

#[test]
fn what_a_signed_pre_command_hides_can_leave_the_answer_open() {
    assert_eq!(lines(&answers(&plan(), &case("7.2-signed"))), ["01 IS undetermined [\"fields\"]"]);
}

#[test]
fn a_service_that_the_policy_does_not_know_is_refused() {
    let plan = plan();
    assert_eq!(lines(&answers(&plan, &case("8.4-delete"))), ["01 IS refuse service"]);
}

#[test]
fn an_unknown_originator_and_an_unknown_role_have_no_answer() {
    let (plan, text) = (plan(), case("7.2-signed"));
    let message = read(text.as_bytes()).unwrap();
    let nobody = decide(&plan, &message, &FileInventory::default(), received(&text)).unwrap_err();
    let AnswerError::Message(wrong) = nobody else { panic!("{nobody}") };
    assert!(matches!(wrong.kind, ErrorKind::UnknownOriginator(_)));
    assert_eq!((wrong.place.line, wrong.place.column), (5, 5));
    let baker = "parties: [{ id: 0A-00-00-00-00-00-A5-00, roles: [Baker] }]";
    let baker = FileInventory::default().yaml(baker).unwrap();
    let wrong = decide(&plan, &message, &baker, received(&text)).unwrap_err();
    assert!(matches!(wrong, AnswerError::Input(_)), "{wrong}");
}

#[test]
fn the_shipped_rules_let_the_responsible_supplier_correct_the_esme_variant_since_mp125() {
    let (plan, text) = (shipped(), case("8.4-esme-variant"));
    let message = read(text.as_bytes()).unwrap();
    let permitted =
        |at| decide(&plan, &message, &street(), day(at)).unwrap().first().unwrap().decision.is_permit();
    // Ash is the supplier until the first of July.
    assert_eq!(
        ["2023-06-28", "2023-06-29", "2023-06-30", "2023-07-01"].map(permitted),
        [false, true, true, false]
    );
}

#[test]
fn the_shipped_rules_know_all_that_a_message_says() {
    let plan = shipped();
    for entry in std::fs::read_dir(common::cases().join("ok")).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        for answer in answers(&plan, &text) {
            if let Outcome::Refuse(refusal) = answer.decision.outcome {
                assert_ne!(refusal.attribute, "service");
            }
        }
    }
}

//! All 129 services: the smallest message of each is read, and a body of another service is an error.

use std::collections::BTreeSet;

use meterwarden_duis::{Detail, ErrorKind, NAMESPACE, Service, Subject, read};

use crate::common::{requests_of, street, value};

const METER: &str = "0A-00-00-00-00-00-00-01";
const DCC: &str = "0A-00-00-00-00-00-DC-00";

#[test]
fn the_129_services_have_different_variants_and_bodies() {
    let variants: BTreeSet<_> = Service::all().iter().map(|service| service.variant).collect();
    let bodies: BTreeSet<_> = Service::all().iter().map(|service| service.body).collect();
    assert_eq!((variants.len(), bodies.len()), (129, 129));
    assert_eq!(Service::all().iter().filter(|service| service.critical).count(), 37);
    assert_eq!(Service::find("6.20.1").unwrap().reference(), "6.20");
    assert_eq!(Service::find("4.10").unwrap().reference(), "4.10");
}

#[test]
fn the_smallest_message_of_every_service_is_read_and_becomes_requests() {
    for service in Service::all() {
        let text = smallest_message(service);
        let message = read(text.as_bytes()).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(message.service, service);
        assert_eq!(message.subjects.is_empty(), service.subject == Subject::Nothing);
        let subjects = requests_of(&text, &street()).unwrap();
        assert_eq!(subjects.len(), 1);
        for request in &subjects.first().unwrap().requests {
            assert_eq!(request.service, service.variant);
            let applies = |attribute| value(request, attribute) != Some("NotApplicable");
            assert_eq!(applies("other-device"), service.other.is_some());
            assert_eq!(applies("log-change"), service.detail == Some(Detail::LogChange));
        }
    }
}

#[test]
fn the_body_of_another_service_is_an_error() {
    for service in Service::all() {
        let text = smallest_message(service);
        for other in Service::all().iter().filter(|other| *other != service) {
            let text = text.replace(service.body, other.body);
            let kind = read(text.as_bytes()).unwrap_err().kind;
            assert!(matches!(kind, ErrorKind::Body { owner: Some(owner), .. } if owner == other.variant));
        }
    }
}

#[test]
fn a_signed_pre_command_is_the_body_of_critical_services_with_command_variants_5_to_7() {
    for service in Service::all() {
        for command_variant in 1..=8 {
            let body = "<SignedPreCommand><GBCSPayload>3wkB</GBCSPayload></SignedPreCommand>";
            let message = read(message(service, command_variant, body).as_bytes());
            let expected = service.critical && (5..=7).contains(&command_variant);
            assert_eq!(message.is_ok(), expected, "{} {command_variant}", service.variant);
            if let Ok(message) = message {
                assert_eq!((message.signed, message.fields), (true, None));
            }
        }
    }
}

#[test]
fn an_unsigned_body_has_any_command_variant_that_does_not_need_a_signed_one() {
    for service in Service::all() {
        for command_variant in 1..=8 {
            let text = smallest_message(service);
            let text = text.replace(">1</CommandV", &format!(">{command_variant}</CommandV"));
            let is_error = service.critical && (5..=7).contains(&command_variant);
            assert_eq!(read(text.as_bytes()).is_err(), is_error, "{} {command_variant}", service.variant);
        }
    }
}

fn smallest_message(service: &Service) -> String {
    let leaf = |name: &str, text: &str| format!("<{name}>{text}</{name}>");
    let mut children = String::new();
    match service.subject {
        Subject::DeviceId | Subject::MaybeDeviceId => children += &leaf("DeviceID", METER),
        Subject::DeviceIdList => children += &leaf("DeviceIDList", METER),
        _ => {}
    }
    if let Some(other) = service.other {
        children += &leaf(other, METER);
    }
    if let Some(point) = service.point {
        children += &leaf(point, "1200000000011");
    }
    children += match service.variant {
        "5.1" => {
            "<DSPScheduledServiceReferenceVariant>4.2</DSPScheduledServiceReferenceVariant>\
             <DSPReadInstantaneousExportRegisters/>"
        }
        "6.15.1" | "6.21" | "6.24.1" => "<RemotePartyRole>Supplier</RemotePartyRole>",
        "8.4" => "<DeleteDevice/>",
        "8.11" => "<RequestType>Remove</RequestType>",
        "12.1" => "<UPRN>1</UPRN>",
        _ => "",
    };
    message(service, 1, &leaf(service.body, &children))
}

fn message(service: &Service, command_variant: u8, body: &str) -> String {
    let (variant, reference) = (service.variant, service.reference());
    let target = if service.subject == Subject::Target { METER } else { DCC };
    format!(
        "<Request xmlns=\"{NAMESPACE}\" schemaVersion=\"5.4\"><Header>\
         <RequestID>0A-00-00-00-00-00-A5-00:{target}:1</RequestID>\
         <CommandVariant>{command_variant}</CommandVariant>\
         <ServiceReference>{reference}</ServiceReference>\
         <ServiceReferenceVariant>{variant}</ServiceReferenceVariant>\
         </Header><Body>{body}</Body></Request>"
    )
}

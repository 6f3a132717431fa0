//! Every one of the 129 services: its smallest message is read, and no other body is.

mod common;

use std::collections::BTreeSet;

use meterwarden_duis::{Detail, ErrorKind, NAMESPACE, Service, Subject, read};

use common::{asked, street, value};

const METER: &str = "0A-00-00-00-00-00-00-01";

#[test]
fn there_are_129_and_no_two_are_alike() {
    let variants: BTreeSet<_> = Service::all().iter().map(|service| service.variant).collect();
    let bodies: BTreeSet<_> = Service::all().iter().map(|service| service.body).collect();
    assert_eq!((variants.len(), bodies.len()), (129, 129));
    assert_eq!(Service::all().iter().filter(|service| service.critical).count(), 37);
    assert_eq!(Service::find("6.20.1").unwrap().reference(), "6.20");
    assert_eq!(Service::find("4.10").unwrap().reference(), "4.10");
}

#[test]
fn the_smallest_message_of_every_service_is_read_and_asked_about() {
    for service in Service::all() {
        let text = smallest(service);
        let message = read(text.as_bytes()).unwrap_or_else(|wrong| panic!("{wrong}\n{text}"));
        assert_eq!(message.service, service);
        assert_eq!(message.subjects.is_empty(), service.subject == Subject::Nothing);
        let subjects = asked(&text, &street()).unwrap();
        assert_eq!(subjects.len(), 1);
        for request in &subjects.first().unwrap().requests {
            assert_eq!(request.service, service.variant);
            let applies = |applies| if applies { None } else { Some("NotApplicable") };
            let of = |detail| service.detail.is_some_and(|it| detail == it);
            let other = value(request, "other-device").filter(|it| *it == "NotApplicable");
            assert_eq!(other, applies(service.other.is_some()));
            let log_change = value(request, "log-change").filter(|it| *it == "NotApplicable");
            assert_eq!(log_change, applies(of(Detail::LogChange)));
        }
    }
}

#[test]
fn no_service_takes_the_body_of_another() {
    for service in Service::all() {
        let text = smallest(service);
        for other in Service::all().iter().filter(|other| *other != service) {
            let wrong = text.replace(service.body, other.body);
            let kind = read(wrong.as_bytes()).unwrap_err().kind;
            assert!(matches!(kind, ErrorKind::Body { owner: Some(owner), .. } if owner == other.variant));
        }
    }
}

#[test]
fn a_signed_pre_command_is_the_body_of_critical_services_with_command_variants_5_to_7() {
    for service in Service::all() {
        for command_variant in 1..=8 {
            let body = "<SignedPreCommand><GBCSPayload>3wkB</GBCSPayload></SignedPreCommand>";
            let message = read(request(service, command_variant, body).as_bytes());
            let legal = service.critical && (5..=7).contains(&command_variant);
            assert_eq!(message.is_ok(), legal, "{} {command_variant}", service.variant);
            if let Ok(message) = message {
                assert_eq!((message.signed, message.fields), (true, None));
            }
        }
    }
}

#[test]
fn an_unsigned_body_comes_with_every_command_variant_that_is_not_for_a_signed_one() {
    for service in Service::all() {
        for command_variant in 1..=8 {
            let text = smallest(service);
            let text = text.replace(">1</CommandV", &format!(">{command_variant}</CommandV"));
            let refused = service.critical && (5..=7).contains(&command_variant);
            assert_eq!(read(text.as_bytes()).is_err(), refused, "{} {command_variant}", service.variant);
        }
    }
}

fn smallest(service: &Service) -> String {
    let leaf = |name: &str, text: &str| format!("<{name}>{text}</{name}>");
    let mut inside = String::new();
    match service.subject {
        Subject::DeviceId | Subject::MaybeDeviceId => inside += &leaf("DeviceID", METER),
        Subject::DeviceIdList => inside += &leaf("DeviceIDList", METER),
        _ => {}
    }
    if let Some(other) = service.other {
        inside += &leaf(other, METER);
    }
    inside += match service.variant {
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
    request(service, 1, &leaf(service.body, &inside))
}

fn request(service: &Service, command_variant: u8, body: &str) -> String {
    let (variant, reference) = (service.variant, service.reference());
    format!(
        "<Request xmlns=\"{NAMESPACE}\" schemaVersion=\"5.4\"><Header>\
         <RequestID>0A-00-00-00-00-00-A5-00:{METER}:1</RequestID>\
         <CommandVariant>{command_variant}</CommandVariant>\
         <ServiceReference>{reference}</ServiceReference>\
         <ServiceReferenceVariant>{variant}</ServiceReferenceVariant>\
         </Header><Body>{body}</Body></Request>"
    )
}

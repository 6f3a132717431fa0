//! When a message was received, and when it asks to be carried out: an instant is on a day of the policy's clock.

use meterwarden::policy::Moment;
use meterwarden::{Policy, Source};
use meterwarden_duis::{Message, MessageError, read, requests};

use crate::common::{case, set, shipped_policy, street, value};

/// The supplier until 30 June 2023, and the supplier from 1 July 2023 on, of the meter of the test messages
const SUPPLIERS: [(&str, &str); 2] =
    [("Ash", "0A-00-00-00-00-00-A5-00"), ("Birch", "0A-00-00-00-00-00-B1-00")];

/// A readable test message from a supplier, with an execution date or none
fn message(name: &str, supplier: &str, execution: &str) -> Message {
    let text = case(name).replace("0A-00-00-00-00-00-A5-00", supplier);
    let element = format!("<sr:ExecutionDateTime>{execution}</sr:ExecutionDateTime>");
    let element = if execution == "-" { String::new() } else { element };
    let without = match text.split_once("<sr:ExecutionDateTime>") {
        Some((before, rest)) => {
            format!("{before}{}", rest.split_once("</sr:ExecutionDateTime>").unwrap().1)
        }
        None => text,
    };
    let text = without.replacen("<sr:ReadLogPeriod>", &format!("{element}<sr:ReadLogPeriod>"), 1);
    let text = text.replacen("<GBCSPayload>", &format!("{}<GBCSPayload>", element.replace("sr:", "")), 1);
    read(text.as_bytes()).unwrap()
}

/// What the message states about time, and who is then the registered supplier
fn states(name: &str, received: &str, execution: &str) -> String {
    let at: Moment = received.parse().unwrap();
    let mut registered = Vec::new();
    let mut states = String::new();
    for (supplier, id) in SUPPLIERS {
        let subjects = requests(&message(name, id, execution), shipped_policy(), &street(), at);
        let subjects = match subjects {
            Ok(subjects) => subjects,
            Err(error) => return error.to_string(),
        };
        let request = subjects.first().unwrap().requests.first().unwrap();
        let relation = set(request, "relation").map(<[String]>::to_vec).unwrap_or_default();
        if relation.iter().any(|value| value == "registered") {
            registered.push(supplier);
        }
        states = format!("rules of {}, {}", request.at, value(request, "timing").unwrap());
    }
    format!("{states}, registered: {}", registered.join(" and "))
}

fn page(name: &str, times: &[(&str, &str)]) -> String {
    let line = |(received, execution): &(&str, &str)| {
        format!("received {received}, carried out {execution}\n  {}\n", states(name, received, execution))
    };
    times.iter().map(line).collect()
}

/// 4.8.1 can be future dated. In June, midnight in Great Britain is at 23:00 by UTC.
#[test]
fn the_day_begins_at_midnight_in_great_britain() {
    let times = [
        ("2023-06-30T22:59:59Z", "-"),
        ("2023-06-30T23:00:00Z", "-"),
        ("2023-07-01T00:00:00+01:00", "-"),
        ("2023-06-30T22:30:00Z", "2023-06-30T22:59:59Z"),
        ("2023-06-30T22:30:00Z", "2023-06-30T23:00:00Z"),
        ("2023-06-30T22:30:00Z", "2023-06-30T22:30:00Z"),
        ("2023-06-30", "2023-06-30T22:59:59Z"),
        ("2023-06-30", "2023-06-30T23:00:00Z"),
    ];
    insta::assert_snapshot!(page("4.8.1-summer-time", &times));
}

/// A request that is carried out before its receipt is an error, but for clocks that differ by a minute. 3000-12-31
/// withdraws an earlier request, which is for the supplier of today to do.
#[test]
fn a_date_before_the_receipt_is_an_error_and_the_date_of_cancellation_is_not_a_date() {
    let times = [
        ("2023-06-29T12:00:00Z", "2023-06-29T11:59:00Z"),
        ("2023-06-29T12:00:00Z", "2023-06-29T11:58:59.999Z"),
        ("2023-06-29T12:00:00Z", "2015-01-01T00:00:00Z"),
        ("2023-06-29T12:00:00Z", "3000-12-31T00:00:00Z"),
        ("2023-07-01T12:00:00Z", "3000-12-31T00:00:00Z"),
        ("2023-06-29T12:00:00Z", "3000-12-30T23:59:59Z"),
        ("3001-01-01T12:00:00Z", "3000-12-31T00:00:00Z"),
    ];
    insta::assert_snapshot!(page("4.8.1-summer-time", &times));
}

/// 7.2 cannot be future dated. In summer, an hour before midnight by UTC, a gateway that used UTC and one that used the
/// time of Great Britain wrote two different days.
#[test]
fn a_message_around_midnight_has_one_day() {
    let times = [
        ("2023-06-28T23:30:00Z", "2023-06-28T23:45:00Z"),
        ("2023-06-29T00:30:00+01:00", "2023-06-29T00:45:00+01:00"),
        ("2023-06-30T22:30:00Z", "2023-06-30T23:45:00Z"),
        ("2023-06-30T23:30:00Z", "2023-06-30T23:45:00Z"),
    ];
    insta::assert_snapshot!(page("7.2-signed", &times));
}

/// The policy that ships states no horizon, so this one does.
pub(crate) fn beyond_the_horizon() -> MessageError {
    let rules = r#"
        attribute role "User Role" { refuse E2 "not this role"  IS }
        clock { horizon 30 days }
    "#;
    let policy = Policy::from_sources(vec![Source::new("example.rules", rules)]).unwrap();
    let at: Moment = "2023-06-29T00:00:00Z".parse().unwrap();
    let carried_out = |execution| {
        let (_, ash) = SUPPLIERS[0];
        requests(&message("4.8.1-summer-time", ash, execution), &policy, &street(), at)
    };
    assert!(carried_out("2023-07-29T00:00:00Z").is_ok());
    carried_out("2023-07-29T00:00:01Z").unwrap_err()
}

#[test]
fn a_date_beyond_the_horizon_of_the_policy_is_an_error() {
    insta::assert_snapshot!(beyond_the_horizon(), @"line 13, column 7: the request asks to be carried out at 2023-07-29T00:00:01Z, more than 30 days after its receipt at 2023-06-29T00:00:00Z");
}

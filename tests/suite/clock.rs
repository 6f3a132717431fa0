//! The clock of a policy: which day an instant is on, and what the policy states about dates.

use std::sync::Arc;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use meterwarden::policy::{Clock, Zone};
use meterwarden::{Date, Plan, Policy, Source, Timestamp, compile};
use proptest::prelude::*;

const BRITAIN: &str = "GMT0BST,M3.5.0/1,M10.5.0";

fn clock(rule: &str) -> Clock {
    let zone = Zone { name: "Test/Zone".to_owned(), rule: rule.to_owned() };
    assert!(zone.has_rule(), "{rule}");
    Clock { zone: Some(zone), ..Clock::default() }
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// The last hour of the day before and the first of the day itself, in winter and in summer, and around each change.
#[test]
fn a_day_begins_at_midnight_in_great_britain() {
    let clock = clock(BRITAIN);
    let instants = [
        "2023-01-09T23:59:59.999Z",
        "2023-01-10T00:00:00Z",
        "2023-06-28T22:59:59.999Z",
        "2023-06-28T23:00:00Z",
        "2023-03-25T23:59:59Z",
        "2023-03-26T00:00:00Z",
        "2023-03-26T22:59:59Z",
        "2023-03-26T23:00:00Z",
        "2023-10-28T22:59:59Z",
        "2023-10-28T23:00:00Z",
        "2023-10-29T23:59:59Z",
        "2023-10-30T00:00:00Z",
        "1969-12-31T23:59:59.5Z",
    ];
    let lines = instants.map(|instant| format!("{instant} is on {}", clock.day(at(instant))));
    insta::assert_snapshot!(lines.join("\n"));
}

/// The changes that the law of Great Britain made, from the year of the present rule on: the last Sundays of March and
/// October, at one o'clock by UTC. The midnight between the two that summer time moves tells them apart.
#[test]
fn summer_time_is_that_of_great_britain() {
    let clock = clock(BRITAIN);
    let march = [
        (1996, 31),
        (1999, 28),
        (2004, 28),
        (2010, 28),
        (2016, 27),
        (2020, 29),
        (2023, 26),
        (2024, 31),
        (2037, 29),
    ];
    let october = [
        (1996, 27),
        (1999, 31),
        (2004, 31),
        (2010, 31),
        (2016, 30),
        (2020, 25),
        (2023, 29),
        (2024, 27),
        (2037, 25),
    ];
    let day_of_half_past_eleven = |date: Date| {
        let evening = TimeZone::UTC.to_timestamp(date.at(23, 30, 0, 0)).unwrap();
        clock.day(evening)
    };
    for (year, day) in march {
        let change = Date::new(year, 3, day).unwrap();
        assert_eq!(day_of_half_past_eleven(change.yesterday().unwrap()), change.yesterday().unwrap());
        assert_eq!(day_of_half_past_eleven(change), change.tomorrow().unwrap());
    }
    for (year, day) in october {
        let change = Date::new(year, 10, day).unwrap();
        assert_eq!(day_of_half_past_eleven(change.yesterday().unwrap()), change);
        assert_eq!(day_of_half_past_eleven(change), change);
    }
}

#[test]
fn a_policy_without_a_zone_has_the_days_of_utc() {
    let day = |instant| Clock::default().day(at(instant)).to_string();
    assert_eq!([day("2023-06-28T23:59:59Z"), day("2023-06-29T00:00:00Z")], ["2023-06-28", "2023-06-29"]);
    let [first, last] = [Timestamp::MIN, Timestamp::MAX].map(|instant| clock("UTC0").day(instant));
    assert_eq!([first.to_string(), last.to_string()], ["-009999-01-02", "9999-12-30"]);
}

#[test]
fn texts_that_are_no_rule_of_a_zone() {
    let is_rule = |rule: &str| Zone { name: "Test/Zone".to_owned(), rule: rule.to_owned() }.has_rule();
    for rule in [
        "",
        "GMT",
        "G0",
        "GMT0BST",
        "GMT0BST,M3.5.0",
        "GMT0BST,M3.5.0/1,M10.5.0,",
        "GMT0BST,M3.5.0/1,M10.5.0/",
        "GMT0BST,M0.5.0,M10.5.0",
        "GMT0BST,M13.5.0,M10.5.0",
        "GMT0BST,M3.0.0,M10.5.0",
        "GMT0BST,M3.6.0,M10.5.0",
        "GMT0BST,M3.5.7,M10.5.0",
        "GMT0BST,M3.5.0/25,M10.5.0",
        "GMT0BST,M3.5.0/-1,M10.5.0",
        "GMT25",
        "GMT0:60",
        "GMT0 BST,M3.5.0,M10.5.0",
        "<+1>-1",
        "<+01-1",
        "GMT0BST,J60,J300",
        "Europe/London",
        "GMT0BST,M3.5.0/1,M10.5.0 ",
    ] {
        assert!(!is_rule(rule), "{rule}");
    }
    for rule in
        ["UTC0", "<+0330>-3:30", "CET-1CEST,M3.5.0,M10.5.0/3", "AEST-10AEDT,M10.1.0,M4.1.0/3", "NST3:30:15"]
    {
        assert!(is_rule(rule), "{rule}");
    }
}

/// The instant at which a day begins is on the day, and the instant before is on the day before.
#[test]
fn a_day_begins_at_its_first_instant() {
    let rules =
        [BRITAIN, "UTC0", "<+0330>-3:30", "AEST-10AEDT,M10.1.0,M4.1.0/3", "EET-2EEST,M4.5.5/0,M10.5.4/24"];
    for clock in rules.map(clock) {
        let mut day = Date::constant(2020, 1, 1);
        for _ in 0..1500 {
            let (before, next) = (day, day.tomorrow().unwrap());
            let begins = clock.midnight(next);
            assert_eq!(clock.day(begins), next, "{clock:?}");
            assert_eq!(clock.day(begins - SignedDuration::from_nanos(1)), before, "{clock:?}");
            day = next;
        }
    }
}

#[test]
fn the_plan_file_has_the_clock_and_the_texts() {
    let rules = r#"
        clock { zone Europe/London "GMT0BST,M3.5.0/1,M10.5.0"  tolerance 2 minutes  horizon 30 days  cancellation 3000-12-31 }
        attribute role "Role" always { refuse E2 "not this role"  IS }
        set attribute fields "Body" { refuse unassigned "not these" }
        attribute variant "Variant" sender { refuse unassigned "not this variant"  NotApplicable  A  AD }
        service 8.4 "Update" {
            fields  Details { Variant }
            variant from Details/Variant
            permit one { role IS  fields only Variant  variant A  source "s" }
        }"#;
    let policy = Policy::from_sources(vec![Source::new("a.rules", rules)]).unwrap();
    let plan = Plan::from_bytes(&compile(Arc::new(policy)).to_bytes()).unwrap();
    let Clock { zone, tolerance, horizon, cancellation, .. } = plan.policy().clock();
    let service = plan.policy().service("8.4").unwrap();
    let name = |(attribute, path): (usize, &str)| {
        format!("{} from {path}", plan.policy().attributes()[attribute].name)
    };
    insta::assert_snapshot!(format!(
        "{zone:?}\n{tolerance:?} {horizon:?} {cancellation:?}\n{}\n{:?}",
        service.element_values().map(name).collect::<String>(),
        service.field_at(&["Details", "Variant"]).map(|field| (&field.name, &field.place)),
    ));
}

proptest! {
    /// The library that the engine does not use for this says the same, wherever summer time begins and ends.
    #[test]
    fn days_are_those_of_another_implementation(
        hours in -12i64..=12,
        [begins, ends] in [(3u8..=5, 1u8..=5, 0u8..=6, 0u8..=24), (9u8..=11, 1u8..=5, 0u8..=6, 0u8..=24)],
        is_south in any::<bool>(),
        seconds in prop::collection::vec(-2_000_000_000i64..=8_000_000_000, 20),
    ) {
        let change = |(month, week, weekday, hour)| format!("M{month}.{week}.{weekday}/{hour}");
        let changes = if is_south { [change(ends), change(begins)] } else { [change(begins), change(ends)] };
        let rule = format!("STD{hours}DST,{}", changes.join(","));
        let (clock, zone) = (clock(&rule), TimeZone::posix(&rule).unwrap());
        for second in seconds {
            // Also the hours right around midnight.
            for second in [second, second - second.rem_euclid(86_400) - 1, second - second.rem_euclid(3600)] {
                let instant = Timestamp::from_second(second).unwrap();
                prop_assert_eq!(clock.day(instant), zone.to_datetime(instant).date(), "{} {}", rule, instant);
            }
        }
    }
}

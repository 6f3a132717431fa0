//! What was compared, and the result in a few lines.

use meterwarden_analysis::diff::{Count, Diff, KnownBy, Part, ServiceDiff};
use serde::Serialize;

use super::explain_hint::ExplainHint;
use crate::changes::sections;
use crate::exit::Exit;
use crate::region;
use crate::versions::loaded::LoadedVersion;

/// In which direction the permitted requests change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum Direction {
    Same,
    Narrower,
    Wider,
    Both,
}

impl Direction {
    fn of(diff: &Diff) -> Self {
        match diff.directions() {
            [false, false] => Self::Same,
            [false, true] => Self::Narrower,
            [true, false] => Self::Wider,
            [true, true] => Self::Both,
        }
    }

    pub(super) fn exit(self) -> Exit {
        match self {
            Self::Same => Exit::Fine,
            Self::Narrower => Exit::NARROWER,
            Self::Wider => Exit::WIDER,
            Self::Both => Exit::Both,
        }
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Same => "the same",
            Self::Narrower => "narrower",
            Self::Wider => "wider",
            Self::Both => "wider and narrower",
        }
    }
}

/// The lines above a difference.
#[derive(Debug)]
pub(super) struct Heading {
    pub(super) direction: Direction,
    /// What was compared: before, after.
    pub(super) compared: [String; 2],
    /// `12 requests newly permitted, none newly refused; 1 service changes`
    pub(super) summary: String,
    /// What was not compared.
    pub(super) note: Option<&'static str>,
    /// How the example requests are explained.
    pub(super) explain_hint: ExplainHint,
}

impl Heading {
    pub(super) fn new(diff: &Diff, versions: [&LoadedVersion; 2]) -> Self {
        let direction = Direction::of(diff);
        let name = |index: usize| match diff.dates {
            Some(dates) => format!("{}, on {}", versions[index].name, dates[index]),
            None => versions[index].name.clone(),
        };
        let no_codes =
            "response codes are not compared: the versions check the attributes in different orders";
        Self {
            direction,
            compared: [name(0), name(1)],
            summary: summary(diff, direction),
            note: (!diff.codes_compared).then_some(no_codes),
            explain_hint: ExplainHint::new(diff, versions),
        }
    }
}

fn summary(diff: &Diff, direction: Direction) -> String {
    if diff.services.is_empty() {
        return "no decision differs".to_owned();
    }
    if direction == Direction::Same {
        return same_permits(&diff.services);
    }
    let total = |part: fn(&ServiceDiff) -> &Part| -> Count {
        diff.services.iter().map(|service| &part(service).cases).sum()
    };
    let (opened, closed) = (total(|service| &service.wider), total(|service| &service.narrower));
    let requests = match direction {
        Direction::Narrower => format!("none newly permitted, {} newly refused", region::requests(&closed)),
        Direction::Wider => format!("{} newly permitted, none newly refused", region::requests(&opened)),
        Direction::Same | Direction::Both => {
            format!(
                "{} newly permitted, {} newly refused",
                region::requests(&opened),
                region::number(&closed)
            )
        }
    };
    format!("{requests}; {}", services_change(diff.services.len()))
}

fn services_change(services: usize) -> String {
    match services {
        1 => "1 service changes".to_owned(),
        count => format!("{count} services change"),
    }
}

/// The summary if the same requests are permitted: response codes change, and services that permit nothing come and go.
fn same_permits(services: &[ServiceDiff]) -> String {
    let number = |known| services.iter().filter(|service| service.known == known).count();
    let codes = match number(KnownBy::Both) {
        0 => None,
        changed => {
            let counts: Vec<Count> = services.iter().map(sections::recoded).collect();
            let recoded = region::requests(&counts.iter().sum());
            Some(format!("{recoded} refused with another response code; {}", services_change(changed)))
        }
    };
    let known = match (number(KnownBy::Before), number(KnownBy::After)) {
        (0, 0) => None,
        (gone, 0) => Some(format!("{} gone, nothing of {} was permitted", services_are(gone), pronoun(gone))),
        (0, new) => Some(format!("{} new, nothing of {} is permitted", services_are(new), pronoun(new))),
        (gone, new) => {
            let new_are = if new == 1 { "1 is".to_owned() } else { format!("{new} are") };
            Some(format!("{} gone, {new_are} new, nothing of them was or is permitted", services_are(gone)))
        }
    };
    [codes, known].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn services_are(count: usize) -> String {
    if count == 1 { "1 service is".to_owned() } else { format!("{count} services are") }
}

fn pronoun(count: usize) -> &'static str {
    if count == 1 { "it" } else { "them" }
}

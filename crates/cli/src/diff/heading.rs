//! What was compared, and what came of it, in a few lines.

use meterwarden_analysis::diff::{Count, Diff, KnownBy, Part, ServiceDiff};
use serde::Serialize;

use super::explaining::Explaining;
use super::told;
use crate::exit::Exit;
use crate::region;
use crate::side::Side;

/// In which direction what is permitted changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Direction {
    Same,
    Narrower,
    Wider,
    Both,
}

impl Direction {
    pub(crate) fn of(diff: &Diff) -> Self {
        match diff.directions() {
            [false, false] => Self::Same,
            [false, true] => Self::Narrower,
            [true, false] => Self::Wider,
            [true, true] => Self::Both,
        }
    }

    pub(crate) fn exit(self) -> Exit {
        match self {
            Self::Same => Exit::Fine,
            Self::Narrower => Exit::NARROWER,
            Self::Wider => Exit::WIDER,
            Self::Both => Exit::Both,
        }
    }

    /// What becomes of what is permitted.
    pub(crate) fn words(self) -> &'static str {
        match self {
            Self::Same => "the same",
            Self::Narrower => "narrower",
            Self::Wider => "wider",
            Self::Both => "wider and narrower",
        }
    }
}

/// What stands above a difference.
#[derive(Debug)]
pub(crate) struct Heading {
    pub(crate) direction: Direction,
    /// What was compared: before, after.
    pub(crate) compared: [String; 2],
    /// `12 cases newly permitted, none newly refused; 1 service changes`
    pub(crate) summary: String,
    /// What is not in it.
    pub(crate) note: Option<&'static str>,
    /// How a request that is shown is explained.
    pub(super) explaining: Explaining,
}

impl Heading {
    pub(crate) fn of(diff: &Diff, sides: [&Side; 2]) -> Self {
        let direction = Direction::of(diff);
        let name = |nth: usize| match diff.dates {
            Some(dates) => format!("{}, on {}", sides[nth].name, dates[nth]),
            None => sides[nth].name.clone(),
        };
        let codes = "response codes are not compared: the two check the attributes in another order";
        Self {
            direction,
            compared: [name(0), name(1)],
            summary: summary(diff, direction),
            note: (!diff.codes_compared).then_some(codes),
            explaining: Explaining::of(diff, sides),
        }
    }
}

fn change(services: usize) -> String {
    match services {
        1 => "1 service changes".to_owned(),
        many => format!("{many} services change"),
    }
}

/// What changes where what is permitted does not: response codes, and services that permit nothing.
fn nothing_permitted(services: &[ServiceDiff]) -> String {
    let number = |known| services.iter().filter(|one| one.known == known).count();
    let recoded: Vec<Count> = services.iter().map(told::recoded).collect();
    let recoded: Count = recoded.iter().sum();
    let codes = match number(KnownBy::Both) {
        0 => None,
        both => {
            Some(format!("{} refused with another response code; {}", region::cases(&recoded), change(both)))
        }
    };
    let is = |many: usize| if many == 1 { "1 service is".to_owned() } else { format!("{many} services are") };
    let it = |many: usize| if many == 1 { "it" } else { "them" };
    let known = match (number(KnownBy::Before), number(KnownBy::After)) {
        (0, 0) => None,
        (gone, 0) => Some(format!("{} gone, nothing of {} was permitted", is(gone), it(gone))),
        (0, new) => Some(format!("{} new, nothing of {} is permitted", is(new), it(new))),
        (gone, new) => {
            let new_ones = if new == 1 { "1 is".to_owned() } else { format!("{new} are") };
            Some(format!("{} gone, {new_ones} new, nothing of them was or is permitted", is(gone)))
        }
    };
    [codes, known].into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn summary(diff: &Diff, direction: Direction) -> String {
    if diff.services.is_empty() {
        return "no decision differs".to_owned();
    }
    let count =
        |part: fn(&ServiceDiff) -> &Part| -> Count { diff.services.iter().map(|one| &part(one).cases).sum() };
    let (opened, closed) = (count(|one| &one.wider), count(|one| &one.narrower));
    if direction == Direction::Same {
        return nothing_permitted(&diff.services);
    }
    let services = change(diff.services.len());
    let cases = match direction {
        Direction::Narrower => format!("none newly permitted, {} newly refused", region::cases(&closed)),
        Direction::Wider => format!("{} newly permitted, none newly refused", region::cases(&opened)),
        Direction::Same | Direction::Both => {
            format!("{} newly permitted, {} newly refused", region::cases(&opened), region::number(&closed))
        }
    };
    format!("{cases}; {services}")
}

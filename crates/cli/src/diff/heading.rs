//! What was compared, and what came of it, in a few lines.

use meterwarden::diff::{Count, Diff, Part, ServiceDiff};
use serde::Serialize;

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
        }
    }
}

fn summary(diff: &Diff, direction: Direction) -> String {
    if diff.services.is_empty() {
        return "no decision differs".to_owned();
    }
    let count =
        |part: fn(&ServiceDiff) -> &Part| -> Count { diff.services.iter().map(|one| &part(one).cases).sum() };
    let (opened, closed) = (count(|one| &one.wider), count(|one| &one.narrower));
    let services = match diff.services.len() {
        1 => "1 service changes".to_owned(),
        many => format!("{many} services change"),
    };
    if direction == Direction::Same {
        let recoded: Vec<Count> = diff.services.iter().map(told::recoded).collect();
        let recoded: Count = recoded.iter().sum();
        let codes = format!("{} refused with another response code", region::cases(&recoded));
        return format!("{codes}; {services}");
    }
    let cases = match direction {
        Direction::Narrower => format!("none newly permitted, {} newly refused", region::cases(&closed)),
        Direction::Wider => format!("{} newly permitted, none newly refused", region::cases(&opened)),
        Direction::Same | Direction::Both => {
            format!("{} newly permitted, {} newly refused", region::cases(&opened), region::number(&closed))
        }
    };
    format!("{cases}; {services}")
}

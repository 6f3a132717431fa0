//! One message as a gateway holds it: a struct that borrows from the received text. Every engine starts from it, so
//! that none pays for the request format of another.

use meterwarden::Date;
use serde::Deserialize;
use serde::de::{Deserializer, Error};

/// A complete message in the vocabulary of the shipped policy. `meterwarden` itself has no such fixed list of
/// attributes; a program that is written for one vocabulary has.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Message<'a> {
    pub(crate) service: &'a str,
    #[serde(deserialize_with = "date")]
    pub(crate) at: Date,
    pub(crate) role: &'a str,
    #[serde(borrow)]
    pub(crate) fields: Vec<&'a str>,
    #[serde(borrow)]
    pub(crate) relation: Vec<&'a str>,
    pub(crate) status: &'a str,
    pub(crate) device: &'a str,
    pub(crate) generation: &'a str,
    pub(crate) variant: &'a str,
    pub(crate) timing: &'a str,
    pub(crate) other_device: &'a str,
    pub(crate) other_status: &'a str,
    pub(crate) schedules: &'a str,
    pub(crate) credential: &'a str,
    pub(crate) log_change: &'a str,
    pub(crate) pathway: &'a str,
}

/// The fact that a message states about one attribute
#[derive(Clone, Copy, Debug)]
pub(crate) enum FactRef<'m> {
    Value(&'m str),
    Set(&'m [&'m str]),
}

/// The attributes of a message, in check order
pub(crate) const ATTRIBUTES: [&str; 14] = [
    "role",
    "fields",
    "relation",
    "status",
    "device",
    "generation",
    "variant",
    "timing",
    "other-device",
    "other-status",
    "schedules",
    "credential",
    "log-change",
    "pathway",
];

impl Message<'_> {
    /// The fact for each attribute, in the order of [`ATTRIBUTES`]
    pub(crate) fn fact_values(&self) -> [FactRef<'_>; ATTRIBUTES.len()] {
        [
            FactRef::Value(self.role),
            FactRef::Set(&self.fields),
            FactRef::Set(&self.relation),
            FactRef::Value(self.status),
            FactRef::Value(self.device),
            FactRef::Value(self.generation),
            FactRef::Value(self.variant),
            FactRef::Value(self.timing),
            FactRef::Value(self.other_device),
            FactRef::Value(self.other_status),
            FactRef::Value(self.schedules),
            FactRef::Value(self.credential),
            FactRef::Value(self.log_change),
            FactRef::Value(self.pathway),
        ]
    }

    /// The attributes with their facts
    pub(crate) fn facts(&self) -> impl Iterator<Item = (&'static str, FactRef<'_>)> {
        ATTRIBUTES.into_iter().zip(self.fact_values())
    }
}

/// Reads a date such as `2024-01-01`, without a general parser.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = <&str>::deserialize(deserializer)?;
    let &[y1, y2, y3, y4, b'-', m1, m2, b'-', d1, d2] = text.as_bytes() else {
        return Err(D::Error::custom("not a date"));
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0i16, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0'))
        })
    };
    let parts = number(&[y1, y2, y3, y4]).zip(number(&[m1, m2])).zip(number(&[d1, d2]));
    let date = parts.and_then(|((year, month), day)| Date::new(year, month as i8, day as i8).ok());
    date.ok_or_else(|| D::Error::custom("not a date"))
}

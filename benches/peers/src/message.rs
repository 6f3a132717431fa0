//! What a gateway holds of one message: the members of a struct, borrowed from what it received. Every engine is asked from
//! this, so that none pays for another's idea of a request.

use meterwarden::Date;
use serde::Deserialize;
use serde::de::{Deserializer, Error};

/// A complete message of the shipped vocabulary. `meterwarden` itself knows no such list; a program written for one
/// vocabulary does.
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

/// What a message says of one attribute.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Said<'m> {
    One(&'m str),
    Set(&'m [&'m str]),
}

/// The attributes that a message says something of, in checking order.
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
    /// What it says of each attribute.
    pub(crate) fn said(&self) -> [Said<'_>; ATTRIBUTES.len()] {
        [
            Said::One(self.role),
            Said::Set(&self.fields),
            Said::Set(&self.relation),
            Said::One(self.status),
            Said::One(self.device),
            Said::One(self.generation),
            Said::One(self.variant),
            Said::One(self.timing),
            Said::One(self.other_device),
            Said::One(self.other_status),
            Said::One(self.schedules),
            Said::One(self.credential),
            Said::One(self.log_change),
            Said::One(self.pathway),
        ]
    }

    /// The attributes with what it says of them.
    pub(crate) fn facts(&self) -> impl Iterator<Item = (&'static str, Said<'_>)> {
        ATTRIBUTES.into_iter().zip(self.said())
    }
}

/// A date as year, month and day, without a general parser.
fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let text = <&str>::deserialize(deserializer)?;
    let &[a, b, c, d, b'-', e, f, b'-', g, h] = text.as_bytes() else {
        return Err(D::Error::custom("not a date"));
    };
    let number = |digits: &[u8]| {
        digits.iter().try_fold(0i16, |number, digit| {
            digit.is_ascii_digit().then(|| number * 10 + i16::from(digit - b'0'))
        })
    };
    let parts = number(&[a, b, c, d]).zip(number(&[e, f])).zip(number(&[g, h]));
    let date = parts.and_then(|((year, month), day)| Date::new(year, month as i8, day as i8).ok());
    date.ok_or_else(|| D::Error::custom("not a date"))
}

//! The YAML form of an inventory, as written. Unknown keys are errors.

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::{self, Deserializer};
use serde_yaml::Spanned;

use crate::error::{ErrorKind, quote};
use crate::eui::Eui64;
use crate::inventory::Part;
use crate::limits::{MAX_YAML_EVENTS, MAX_YAML_NODES, MAX_YAML_SCALAR_BYTES};
use crate::value::is_metering_point;

/// One inventory file
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct File {
    pub(crate) complete: Vec<Part>,
    pub(crate) dcc: Vec<Eui64>,
    pub(crate) parties: Vec<Party>,
    pub(crate) registrations: Vec<Registration>,
    pub(crate) devices: Vec<Device>,
    pub(crate) nominations: Vec<Nomination>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Party {
    pub(crate) id: Spanned<Eui64>,
    #[serde(default)]
    #[expect(dead_code, reason = "the name is for people; no answer depends on it")]
    name: Option<String>,
    pub(crate) roles: Spanned<Vec<String>>,
}

/// `from` is the first day, `until` the first day after the end; without `until` there is no end.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Registration {
    pub(crate) mpxn: Spanned<Mpxn>,
    pub(crate) role: String,
    pub(crate) party: Eui64,
    pub(crate) from: Spanned<Day>,
    pub(crate) until: Option<Day>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub(crate) struct Device {
    pub(crate) id: Spanned<Eui64>,
    #[serde(rename = "type")]
    pub(crate) device_type: String,
    pub(crate) status: Option<String>,
    pub(crate) generation: Option<String>,
    pub(crate) esme_variant: Option<String>,
    #[serde(default)]
    pub(crate) mpxns: Vec<Mpxn>,
    pub(crate) pre_notifier: Option<Eui64>,
    #[serde(default)]
    pub(crate) linked: Vec<Spanned<Eui64>>,
}

/// `from` and `until` as in a [`Registration`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nomination {
    pub(crate) device: Eui64,
    pub(crate) party: Eui64,
    pub(crate) from: Spanned<Day>,
    pub(crate) until: Option<Day>,
}

/// A metering point
pub(crate) struct Mpxn(pub(crate) String);

impl<'de> Deserialize<'de> for Mpxn {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        if is_metering_point(&text) {
            return Ok(Self(text));
        }
        Err(de::Error::custom(ErrorKind::MeteringPoint(quote(&text))))
    }
}

/// `2023-06-29`
#[derive(Clone, Copy)]
pub(crate) struct Day(pub(crate) Date);

impl<'de> Deserialize<'de> for Day {
    /// Reads exactly the form in which dates are written, as the parser of dates accepts other forms.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        let date = text.parse().ok().filter(|date: &Date| date.to_string() == text);
        let error = || de::Error::custom(format!("`{text}` is not a date such as 2023-06-29"));
        date.map(Day).ok_or_else(error)
    }
}

pub(crate) fn parse(text: &str) -> Result<File, serde_yaml::Error> {
    let budget = serde_yaml::budget! {
        max_nodes: MAX_YAML_NODES,
        max_events: MAX_YAML_EVENTS,
        max_total_scalar_bytes: MAX_YAML_SCALAR_BYTES
    };
    serde_yaml::from_str_with_options(text, serde_yaml::options! { budget: budget })
}

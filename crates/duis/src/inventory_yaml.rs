//! The YAML form of an inventory, as written. Unknown keys are errors.

use std::fmt;
use std::marker::PhantomData;

use jiff::civil::Date;
use serde::Deserialize;
use serde::de::{self, DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::Spanned;

use crate::eui::Eui64;
use crate::inventory::Part;
use crate::inventory_error::InventoryError;
use crate::limits::{MAX_YAML_EVENTS, MAX_YAML_NODES, MAX_YAML_SCALAR_BYTES};
use crate::mpxn::Mpxn;

/// What an inventory file contains, record by record. A file may hold millions of them, so that they are not held as they
/// are written.
pub(crate) trait Records {
    fn complete(&mut self, part: Part);
    fn dcc(&mut self, id: Eui64);
    fn party(&mut self, party: Party) -> Result<(), InventoryError>;
    fn registration(&mut self, registration: Registration) -> Result<(), InventoryError>;
    fn device(&mut self, device: Device) -> Result<(), InventoryError>;
    fn nomination(&mut self, nomination: Nomination) -> Result<(), InventoryError>;
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
    pub(crate) import_mpxns: Vec<Mpxn>,
    #[serde(default)]
    pub(crate) export_mpans: Vec<Mpxn>,
    pub(crate) pre_notifier: Option<Eui64>,
    #[serde(default)]
    pub(crate) linked: Vec<Spanned<Eui64>>,
}

/// `from` and `until` as in a [`Registration`].
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Nomination {
    pub(crate) device: Spanned<Eui64>,
    pub(crate) party: Eui64,
    pub(crate) from: Spanned<Day>,
    pub(crate) until: Option<Day>,
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

/// Reads a file, and passes each record on. It stops at the first error.
pub(crate) fn read_records(text: &str, records: &mut impl Records) -> Result<(), InventoryError> {
    let budget = serde_yaml::budget! {
        max_nodes: MAX_YAML_NODES,
        max_events: MAX_YAML_EVENTS,
        max_total_scalar_bytes: MAX_YAML_SCALAR_BYTES
    };
    let options = serde_yaml::options! { budget: budget };
    let mut error = None;
    let file = File { records, error: &mut error };
    let read =
        serde_yaml::with_deserializer_from_str_with_options(text, options, |yaml| file.deserialize(yaml));
    match error {
        Some(error) => Err(error),
        None => read.map_err(|error| InventoryError::from(Box::new(error))),
    }
}

/// The lists of a file. Each may occur once; a list may be left out, or be empty.
struct File<'a, R> {
    records: &'a mut R,
    /// The error of a record, which is not one of the YAML
    error: &'a mut Option<InventoryError>,
}

const LISTS: &[&str] = &["complete", "dcc", "parties", "registrations", "devices", "nominations"];

impl<'de, R: Records> DeserializeSeed<'de> for File<'_, R> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de, R: Records> Visitor<'de> for File<'_, R> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an inventory")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Self { records, error } = self;
        while let Some(list) = map.next_key::<String>()? {
            match list.as_str() {
                "complete" => map.next_value_seed(Each::new(error, |part| {
                    records.complete(part);
                    Ok(())
                }))?,
                "dcc" => map.next_value_seed(Each::new(error, |id| {
                    records.dcc(id);
                    Ok(())
                }))?,
                "parties" => map.next_value_seed(Each::new(error, |party| records.party(party)))?,
                "registrations" => map.next_value_seed(Each::new(error, |it| records.registration(it)))?,
                "devices" => map.next_value_seed(Each::new(error, |device| records.device(device)))?,
                "nominations" => map.next_value_seed(Each::new(error, |it| records.nomination(it)))?,
                unknown => return Err(de::Error::unknown_field(unknown, LISTS)),
            }
        }
        Ok(())
    }
}

/// A list of records, each of which is passed on as soon as it is read.
struct Each<'a, T, F> {
    error: &'a mut Option<InventoryError>,
    add: F,
    record: PhantomData<T>,
}

impl<'a, T, F: FnMut(T) -> Result<(), InventoryError>> Each<'a, T, F> {
    fn new(error: &'a mut Option<InventoryError>, add: F) -> Self {
        Self { error, add, record: PhantomData }
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T) -> Result<(), InventoryError>> DeserializeSeed<'de>
    for Each<'_, T, F>
{
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de, T: Deserialize<'de>, F: FnMut(T) -> Result<(), InventoryError>> Visitor<'de> for Each<'_, T, F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<(), A::Error> {
        while let Some(record) = list.next_element()? {
            if let Err(error) = (self.add)(record) {
                *self.error = Some(error);
                return Err(de::Error::custom("a record with an error"));
            }
        }
        Ok(())
    }
}

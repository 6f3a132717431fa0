//! Reads requests as JSON. The receipt may be an instant, and may be left out: a default then takes its place.

use std::fmt;

use meterwarden::policy::{Clock, Moment};
use meterwarden::{Date, Request};
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};

/// Reads a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestSeed<'c> {
    /// The clock of the policy, which says on which day an instant is.
    pub(super) clock: &'c Clock,
    /// The day of receipt of a request without `at`.
    pub(super) default: Date,
}

/// Reads a request or a list of requests.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestsSeed<'c>(pub(super) RequestSeed<'c>);

/// Reads a JSON text to its end.
pub(super) fn from_json<'de, S: DeserializeSeed<'de>>(
    seed: S,
    text: &'de [u8],
) -> Result<S::Value, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let value = seed.deserialize(&mut json)?;
    json.end()?;
    Ok(value)
}

impl<'de> DeserializeSeed<'de> for RequestSeed<'_> {
    type Value = Request;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Request, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RequestSeed<'_> {
    type Value = Request;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a request: an object with `service` and attributes")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Request, A::Error> {
        Request::deserialize(MapAccessDeserializer::new(MapWithDay { map, seed: self, at: AtKey::Unread }))
    }
}

impl<'de> DeserializeSeed<'de> for RequestsSeed<'_> {
    type Value = Vec<Request>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Request>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RequestsSeed<'_> {
    type Value = Vec<Request>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a request, an object with `service` and attributes, or a list of requests")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<Request>, A::Error> {
        Ok(vec![self.0.visit_map(map)?])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Request>, A::Error> {
        let mut requests = Vec::new();
        while let Some(request) = list.next_element_seed(self.0)? {
            requests.push(request);
        }
        Ok(requests)
    }
}

/// The keys of a request, followed by `at` with the default if the request has no `at`. Its value is a day.
struct MapWithDay<'c, A> {
    map: A,
    seed: RequestSeed<'c>,
    at: AtKey,
}

/// The state of the key `at`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum AtKey {
    /// Not read so far
    Unread,
    /// Its value is read next.
    Stated,
    /// The request has ended without it: the default is its value, which is read next.
    Default,
    /// Its value has been read.
    Read,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for MapWithDay<'_, A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let name = if self.at == AtKey::Default { None } else { self.map.next_key::<String>()? };
        match (name, self.at) {
            (Some(name), _) => {
                if name == "at" {
                    self.at = AtKey::Stated;
                }
                seed.deserialize(name.into_deserializer()).map(Some)
            }
            (None, AtKey::Unread) => {
                self.at = AtKey::Default;
                seed.deserialize("at".into_deserializer()).map(Some)
            }
            (None, _) => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        let day = match std::mem::replace(&mut self.at, AtKey::Read) {
            AtKey::Stated => self.map.next_value_seed(DaySeed { clock: self.seed.clock })?,
            AtKey::Default => self.seed.default,
            before @ (AtKey::Unread | AtKey::Read) => {
                self.at = before;
                return self.map.next_value_seed(seed);
            }
        };
        seed.deserialize(day.to_string().into_deserializer())
    }
}

/// Reads the day of a receipt.
#[derive(Clone, Copy)]
struct DaySeed<'c> {
    clock: &'c Clock,
}

impl<'de> DeserializeSeed<'de> for DaySeed<'_> {
    type Value = Date;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Date, D::Error> {
        deserializer.deserialize_str(self)
    }
}

impl Visitor<'_> for DaySeed<'_> {
    type Value = Date;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a date such as 2023-06-29, or an instant such as 2023-06-28T23:30:00Z")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Date, E> {
        text.parse::<Moment>().map(|at| at.day(self.clock)).map_err(E::custom)
    }
}

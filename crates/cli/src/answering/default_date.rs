//! Reads requests as JSON in which the date of receipt may be left out: a default date then takes its place.

use std::fmt;

use meterwarden::{Date, Request};
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};

/// Reads a request.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestSeed {
    /// The date of receipt of a request without `at`.
    pub(super) default_date: Date,
}

/// Reads a request or a list of requests.
#[derive(Clone, Copy, Debug)]
pub(super) struct RequestsSeed {
    /// The date of receipt of requests without `at`.
    pub(super) default_date: Date,
}

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

impl<'de> DeserializeSeed<'de> for RequestSeed {
    type Value = Request;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Request, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RequestSeed {
    type Value = Request;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a request: an object with `service` and attributes")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Request, A::Error> {
        let at = AtKey::Unread(self.default_date);
        Request::deserialize(MapAccessDeserializer::new(MapWithDate { map, at }))
    }
}

impl<'de> DeserializeSeed<'de> for RequestsSeed {
    type Value = Vec<Request>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Request>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for RequestsSeed {
    type Value = Vec<Request>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a request, an object with `service` and attributes, or a list of requests")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<Request>, A::Error> {
        Ok(vec![RequestSeed { default_date: self.default_date }.visit_map(map)?])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Request>, A::Error> {
        let mut requests = Vec::new();
        while let Some(request) = list.next_element_seed(RequestSeed { default_date: self.default_date })? {
            requests.push(request);
        }
        Ok(requests)
    }
}

/// The keys of a request, followed by `at` with the default date if the request has no `at`.
struct MapWithDate<A> {
    map: A,
    at: AtKey,
}

/// The state of the key `at`.
#[derive(Clone, Copy)]
enum AtKey {
    /// Not read so far; the date is the default.
    Unread(Date),
    /// The request has ended without it: the default is its value, which is read next.
    Default(Date),
    /// Read, from the request or by default.
    Read,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for MapWithDate<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let name = match self.at {
            AtKey::Default(_) => None,
            AtKey::Unread(_) | AtKey::Read => self.map.next_key::<String>()?,
        };
        match (name, self.at) {
            (Some(name), _) => {
                if name == "at" {
                    self.at = AtKey::Read;
                }
                seed.deserialize(name.into_deserializer()).map(Some)
            }
            (None, AtKey::Unread(date)) => {
                self.at = AtKey::Default(date);
                seed.deserialize("at".into_deserializer()).map(Some)
            }
            (None, AtKey::Default(_) | AtKey::Read) => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.at {
            AtKey::Default(date) => seed.deserialize(date.to_string().into_deserializer()),
            AtKey::Unread(_) | AtKey::Read => self.map.next_value_seed(seed),
        }
    }
}

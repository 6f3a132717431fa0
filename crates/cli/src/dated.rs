//! A request as JSON that may leave out the date of receipt: whoever asks says it once, for all of them.

use std::fmt;

use meterwarden::{Date, Request};
use serde::de::value::MapAccessDeserializer;
use serde::de::{
    Deserialize, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Visitor,
};

/// Reads a request; one that does not say `at` was received on this date.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Dated(pub(crate) Date);

/// Reads a request or a list of them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct DatedList(pub(crate) Date);

/// Reads one JSON text to its end.
pub(crate) fn from_json<'de, S: DeserializeSeed<'de>>(
    seed: S,
    text: &'de [u8],
) -> Result<S::Value, serde_json::Error> {
    let mut json = serde_json::Deserializer::from_slice(text);
    let value = seed.deserialize(&mut json)?;
    json.end()?;
    Ok(value)
}

impl<'de> DeserializeSeed<'de> for Dated {
    type Value = Request;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Request, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Dated {
    type Value = Request;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a request: an object with `service` and attributes")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Request, A::Error> {
        let at = At::Unsaid(self.0);
        Request::deserialize(MapAccessDeserializer::new(WithDate { map, at }))
    }
}

impl<'de> DeserializeSeed<'de> for DatedList {
    type Value = Vec<Request>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Vec<Request>, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for DatedList {
    type Value = Vec<Request>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a request, an object with `service` and attributes, or a list of requests")
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<Request>, A::Error> {
        Ok(vec![Dated(self.0).visit_map(map)?])
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<Request>, A::Error> {
        let mut requests = Vec::new();
        while let Some(request) = list.next_element_seed(Dated(self.0))? {
            requests.push(request);
        }
        Ok(requests)
    }
}

/// What a request says, and the date if it does not say it.
struct WithDate<A> {
    map: A,
    at: At,
}

/// Where the date stands.
#[derive(Clone, Copy)]
enum At {
    /// Not come across so far.
    Unsaid(Date),
    /// Everything else is read, this is next.
    Next(Date),
    Said,
}

impl<'de, A: MapAccess<'de>> MapAccess<'de> for WithDate<A> {
    type Error = A::Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(&mut self, seed: K) -> Result<Option<K::Value>, A::Error> {
        let name = match self.at {
            At::Next(_) => None,
            At::Unsaid(_) | At::Said => self.map.next_key::<String>()?,
        };
        match (name, self.at) {
            (Some(name), _) => {
                if name == "at" {
                    self.at = At::Said;
                }
                seed.deserialize(name.into_deserializer()).map(Some)
            }
            (None, At::Unsaid(date)) => {
                self.at = At::Next(date);
                seed.deserialize("at".into_deserializer()).map(Some)
            }
            (None, At::Next(_) | At::Said) => Ok(None),
        }
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, A::Error> {
        match self.at {
            At::Next(date) => seed.deserialize(date.to_string().into_deserializer()),
            At::Unsaid(_) | At::Said => self.map.next_value_seed(seed),
        }
    }
}

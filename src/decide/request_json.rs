//! A request as data straight to numbers: what is read is looked up at once, and nothing of it is kept.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::decide::InputError;
use crate::decide::request::{in_quotes, not_a_date, written_date};
use crate::decide::request_ids::RequestIds;
use crate::plan::Plan;
use crate::policy::MOST_ATTRIBUTES;
use crate::space::Subset;

/// Reads requests, as [`Request`](crate::Request) has them as data, into the numbers of a plan.
///
/// ```
/// # use std::sync::Arc;
/// # use meterwarden::{Policy, Source, compile};
/// # let rules = r#"
/// #     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
/// #     service 4.2 "Read Instantaneous Export Registers" {
/// #         permit reading "anybody reads" { status Commissioned  source "row 4.2" }
/// #     }"#;
/// use serde::de::DeserializeSeed;
///
/// let plan = compile(Arc::new(Policy::from_sources(vec![Source::new("example.rules", rules)])?));
/// let line = r#"{"service": "4.2", "at": "2026-01-01", "status": "Commissioned"}"#;
/// let request = plan.request_reader().deserialize(&mut serde_json::Deserializer::from_str(line))?;
/// assert!(plan.verdict(&request).is_permit());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct RequestReader<'p> {
    plan: &'p Plan,
}

impl Plan {
    /// Reads requests as data into this plan's numbers. Nothing is put on the heap where `service` stands before
    /// `fields` and no text has escapes.
    pub fn request_reader(&self) -> RequestReader<'_> {
        RequestReader { plan: self }
    }
}

impl<'de> DeserializeSeed<'de> for RequestReader<'_> {
    type Value = RequestIds;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<RequestIds, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RequestReader<'_> {
    type Value = RequestIds;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a request: an object with `service`, `at` and attributes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<RequestIds, A::Error> {
        let plan = self.plan;
        let (mut service, mut at) = (None, None);
        let mut said = [0; MOST_ATTRIBUTES];
        // Fields that are said before the service: which there are is the service's to say.
        let mut early: Option<(usize, Vec<String>)> = None;
        while let Some(name) = map.next_key_seed(Word)? {
            let twice = match &*name {
                "service" => {
                    let name = map.next_value_seed(Word)?;
                    service.replace(plan.table().service(plan.policy(), &name)).is_some()
                }
                "at" => {
                    let text = map.next_value_seed(Word)?;
                    let date = written_date(&text).ok_or_else(|| A::Error::custom(not_a_date(&text)))?;
                    at.replace(date).is_some()
                }
                _ => {
                    let nth = plan.attribute(&name).map_err(A::Error::custom)?;
                    let number = match map.next_value_seed(Fact { plan, service, nth })? {
                        ValueIds::Number(number) => number,
                        ValueIds::Early(names) => {
                            early = Some((nth, names));
                            1
                        }
                    };
                    std::mem::replace(&mut said[nth], number) != 0
                }
            };
            if twice {
                return Err(A::Error::custom(format!("`{name}` is said twice")));
            }
        }
        let service = service.ok_or_else(|| A::Error::missing_field("service"))?;
        let at = at.ok_or_else(|| A::Error::missing_field("at"))?;
        if let Some((nth, names)) = early {
            let names = names.iter().map(String::as_str);
            said[nth] = plan.subset(service.unwrap_or(usize::MAX), nth, names).map_err(A::Error::custom)?;
        }
        Ok(plan.said(service, at, said))
    }
}

/// A text: a name, or a value. A number is not taken for one: it has lost what tells 4.10 from 4.1.
struct Word;

impl<'de> DeserializeSeed<'de> for Word {
    type Value = Cow<'de, str>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Word {
    type Value = Cow<'de, str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_borrowed_str<E: Error>(self, text: &'de str) -> Result<Self::Value, E> {
        Ok(Cow::Borrowed(text))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok(Cow::Owned(text.to_owned()))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Self::Value, E> {
        Err(in_quotes(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Self::Value, E> {
        Err(in_quotes(number))
    }
}

/// What is said of one attribute.
struct Fact<'p> {
    plan: &'p Plan,
    /// The service, as far as it is said: nothing, or one that the policy does not know, or its place.
    service: Option<Option<usize>>,
    nth: usize,
}

enum ValueIds {
    Number(u16),
    /// Fields of a service that is not said yet.
    Early(Vec<String>),
}

impl<'de> DeserializeSeed<'de> for Fact<'_> {
    type Value = ValueIds;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<ValueIds, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Fact<'_> {
    type Value = ValueIds;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value as text, or a list of values")
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<ValueIds, E> {
        let one = &self.plan.policy().attributes[self.nth];
        if one.set {
            return Err(E::custom(InputError::NotAList(one.name.clone())));
        }
        self.plan.value(self.nth, value).map(ValueIds::Number).map_err(E::custom)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<ValueIds, A::Error> {
        let (plan, nth) = (self.plan, self.nth);
        let one = &plan.policy().attributes[nth];
        if !one.set {
            return Err(A::Error::custom(InputError::NotAValue(one.name.clone())));
        }
        if self.service.is_none() && plan.policy().fields == Some(nth) {
            let mut names = Vec::new();
            while let Some(name) = values.next_element_seed(Word)? {
                names.push(name.into_owned());
            }
            return Ok(ValueIds::Early(names));
        }
        let service = self.service.flatten().unwrap_or(usize::MAX);
        let mut subset = Subset::default();
        while let Some(value) = values.next_element_seed(Word)? {
            subset = subset.with(plan.member(service, nth, &value).map_err(A::Error::custom)?);
        }
        Ok(ValueIds::Number(plan.numbered(service, nth, subset)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<ValueIds, E> {
        Err(in_quotes(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<ValueIds, E> {
        Err(in_quotes(number))
    }
}

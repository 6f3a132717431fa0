//! A request as data straight to numbers: each name is looked up as it is read, and none is kept.

use std::borrow::Cow;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use crate::decide::request::{FACT, Fact, FactVisitor, LIST, in_quotes, members_of};
use crate::decide::request_ids::{PlanNames, RequestIds};
use crate::decide::resolve::{Resolver, Stated};
use crate::plan::Plan;
use crate::plan::table::ValueIds;
use crate::policy::Moment;
use crate::space::Subset;

/// Reads requests, as [`Request`](crate::Request) has them as data, into the numbers of a plan. `at` may also be an instant,
/// `2023-06-28T23:30:00Z`: the clock of the policy says on which day it is.
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
    /// Reads requests as data into this plan's numbers. Nothing is put on the heap if `service` comes before `fields`
    /// and no text has escapes.
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
        let mut stated = ValueIds::default();
        let mut are_stated = 0_u32;
        // Fields that come before the service: which fields there are depends on the service.
        let mut early: Option<(usize, Fact)> = None;
        while let Some(name) = map.next_key_seed(Word)? {
            let twice = match &*name {
                "service" => {
                    let name = map.next_value_seed(Word)?;
                    service.replace(plan.table().service(plan.policy(), &name)).is_some()
                }
                "at" => {
                    let text = map.next_value_seed(Word)?;
                    let received: Moment = text.parse().map_err(A::Error::custom)?;
                    at.replace(received.day(plan.policy().clock())).is_some()
                }
                _ => {
                    let names = PlanNames { plan, service: service.flatten() };
                    let attribute = names.attribute(&name).map_err(A::Error::custom)?;
                    let keep_fields = service.is_none();
                    let number = match map.next_value_seed(StatedReader { names, attribute, keep_fields })? {
                        Read::Stated(stated) => names.number(attribute, stated),
                        Read::Fields(fields) => {
                            early = Some((attribute, fields));
                            0
                        }
                    };
                    stated.state(attribute, number);
                    let bit = 1 << attribute;
                    are_stated & bit != 0 || {
                        are_stated |= bit;
                        false
                    }
                }
            };
            if twice {
                return Err(A::Error::custom(format!("`{name}` is said twice")));
            }
        }
        let service = service.ok_or_else(|| A::Error::missing_field("service"))?;
        let at = at.ok_or_else(|| A::Error::missing_field("at"))?;
        let names = PlanNames { plan, service };
        if let Some((attribute, fields)) = early {
            let fields = names.stated(attribute, &fields).map_err(A::Error::custom)?;
            stated.state(attribute, names.number(attribute, fields));
        }
        Ok(names.request(at, stated))
    }
}

/// Reads a text: a name, or a value. A number is an error: as a number, 4.10 and 4.1 are the same.
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

/// Reads what is stated of one attribute.
struct StatedReader<'p> {
    names: PlanNames<'p>,
    attribute: usize,
    /// Whether the service is not known so far, so that fields are kept by name.
    keep_fields: bool,
}

/// What is stated of one attribute, as far as it can be resolved.
enum Read {
    Stated(Stated),
    /// Fields of a service that is not known so far.
    Fields(Fact),
}

impl<'de> DeserializeSeed<'de> for StatedReader<'_> {
    type Value = Read;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Read, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for StatedReader<'_> {
    type Value = Read;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(FACT)
    }

    fn visit_str<E: Error>(self, value: &str) -> Result<Read, E> {
        let value = self.names.value(self.attribute, value).map_err(E::custom)?;
        Ok(Read::Stated(Stated::Value(value)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, values: A) -> Result<Read, A::Error> {
        self.names.require_set(self.attribute).map_err(A::Error::custom)?;
        if self.keeps_names() {
            return FactVisitor.visit_seq(values).map(Read::Fields);
        }
        self.list().visit_seq(values).map(|subset| Read::Stated(Stated::Subset(subset)))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Read, A::Error> {
        self.names.require_set(self.attribute).map_err(A::Error::custom)?;
        if self.keeps_names() {
            return FactVisitor.visit_map(map).map(Read::Fields);
        }
        let (mut present, mut absent) = (None, None);
        while let Some(key) = map.next_key_seed(Word)? {
            let list = members_of(&key, &mut present, &mut absent)?;
            if list.replace(map.next_value_seed(self.list())?).is_some() {
                return Err(A::Error::custom(format!("`{key}` is said twice")));
            }
        }
        let (present, absent) = (present.unwrap_or_default(), absent.unwrap_or_default());
        let members = self.names.members(self.attribute, present, absent).map_err(A::Error::custom)?;
        Ok(Read::Stated(Stated::Members(members)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Read, E> {
        Err(in_quotes(number))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Read, E> {
        Err(in_quotes(number))
    }
}

impl<'p> StatedReader<'p> {
    /// Whether the service that has these fields is not known so far.
    fn keeps_names(&self) -> bool {
        self.keep_fields && self.names.policy().fields == Some(self.attribute)
    }

    fn list(&self) -> SubsetReader<'p> {
        SubsetReader { names: self.names, attribute: self.attribute }
    }
}

/// Reads a list of values of a set attribute.
struct SubsetReader<'p> {
    names: PlanNames<'p>,
    attribute: usize,
}

impl<'de> DeserializeSeed<'de> for SubsetReader<'_> {
    type Value = Subset;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Subset, D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for SubsetReader<'_> {
    type Value = Subset;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(LIST)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut values: A) -> Result<Subset, A::Error> {
        let mut subset = Subset::default();
        while let Some(value) = values.next_element_seed(Word)? {
            subset = subset.with(self.names.member(self.attribute, &value).map_err(A::Error::custom)?);
        }
        Ok(subset)
    }
}

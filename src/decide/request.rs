//! What a gateway states about one message, by name.

use std::fmt;

use jiff::civil::Date;
use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::policy::clock::written_date;

/// One message, for one device, as facts. What is not stated is unknown; there are no defaults.
///
/// ```
/// use meterwarden::{Date, Request};
///
/// let request = Request::new("8.4", Date::constant(2023, 6, 29))
///     .value("role", "IS")
///     .set("fields", ["ESMEVariant"]);
/// assert_eq!(request.service, "8.4");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The Service Reference Variant, as written: `4.1` is not `4.10`.
    pub service: String,
    /// The day on which the message was received. The rules in force on that day decide. [`Clock::day`](crate::policy::Clock::day)
    /// is the day of an instant.
    pub at: Date,
    /// The attributes that are stated, in the order in which they were stated.
    pub facts: Vec<(String, Fact)>,
}

/// What a request states of one attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fact {
    /// `"status": "Commissioned"`
    Value(String),
    /// `"fields": ["ESMEVariant"]`: all values; an empty list states that there are none.
    Set(Vec<String>),
    /// `"relation": {"present": ["registered"], "absent": ["nominated"]}`: single values of a set attribute. A value in
    /// neither list is not stated.
    Members {
        /// The values that are in the set.
        present: Vec<String>,
        /// The values that are not in the set.
        absent: Vec<String>,
    },
}

impl Request {
    /// A request that states only the service and the date.
    pub fn new(service: impl Into<String>, at: Date) -> Self {
        Self { service: service.into(), at, facts: Vec::new() }
    }

    /// States the value of a plain attribute.
    #[must_use]
    pub fn value(mut self, attribute: impl Into<String>, value: impl Into<String>) -> Self {
        self.facts.push((attribute.into(), Fact::Value(value.into())));
        self
    }

    /// States single values of a set attribute: that these are present, and those absent. All others are not stated.
    #[must_use]
    pub fn members<V: Into<String>>(
        mut self,
        attribute: impl Into<String>,
        present: impl IntoIterator<Item = V>,
        absent: impl IntoIterator<Item = V>,
    ) -> Self {
        let present = present.into_iter().map(Into::into).collect();
        let absent = absent.into_iter().map(Into::into).collect();
        self.facts.push((attribute.into(), Fact::Members { present, absent }));
        self
    }

    /// States all values of a set attribute.
    #[must_use]
    pub fn set<V: Into<String>>(
        mut self,
        attribute: impl Into<String>,
        values: impl IntoIterator<Item = V>,
    ) -> Self {
        let values = values.into_iter().map(Into::into).collect();
        self.facts.push((attribute.into(), Fact::Set(values)));
        self
    }
}

impl Request {
    /// The request as one line of JSON: `{"service": "8.4", "at": "2023-06-29"}`.
    pub fn to_json(&self) -> String {
        let entry = |name: &str, value: String| format!("{}: {value}", json_text(name));
        let mut entries = vec![entry("service", json_text(&self.service))];
        entries.push(entry("at", json_text(&self.at.to_string())));
        entries.extend(self.facts.iter().map(|(name, fact)| entry(name, fact.to_json())));
        format!("{{{}}}", entries.join(", "))
    }
}

impl Fact {
    fn to_json(&self) -> String {
        match self {
            Self::Value(value) => json_text(value),
            Self::Set(values) => json_list(values),
            Self::Members { present, absent } => {
                format!("{{\"{PRESENT}\": {}, \"{ABSENT}\": {}}}", json_list(present), json_list(absent))
            }
        }
    }
}

/// The keys of a set of which single values are stated.
pub(super) const PRESENT: &str = "present";
pub(super) const ABSENT: &str = "absent";

fn json_list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| json_text(text)).collect();
    format!("[{}]", texts.join(", "))
}

/// A text as a JSON string. The engine has no JSON library.
fn json_text(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

impl Serialize for Request {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.facts.len() + 2))?;
        map.serialize_entry("service", &self.service)?;
        map.serialize_entry("at", &self.at.to_string())?;
        for (name, fact) in &self.facts {
            map.serialize_entry(name, fact)?;
        }
        map.end()
    }
}

impl Serialize for Fact {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Value(value) => value.serialize(serializer),
            Self::Set(values) => values.serialize(serializer),
            Self::Members { present, absent } => {
                let mut map = serializer.serialize_map(Some(2))?;
                map.serialize_entry(PRESENT, present)?;
                map.serialize_entry(ABSENT, absent)?;
                map.end()
            }
        }
    }
}

impl<'de> Deserialize<'de> for Request {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RequestVisitor)
    }
}

struct RequestVisitor;

impl<'de> Visitor<'de> for RequestVisitor {
    type Value = Request;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a request: an object with `service`, `at` and attributes")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Request, A::Error> {
        let (mut service, mut at) = (None::<String>, None::<String>);
        let mut facts: Vec<(String, Fact)> = Vec::with_capacity(map.size_hint().unwrap_or(16));
        while let Some(name) = map.next_key::<String>()? {
            let twice = match name.as_str() {
                "service" => service.replace(map.next_value::<Text>()?.0).is_some(),
                "at" => at.replace(map.next_value::<Text>()?.0).is_some(),
                _ => facts.iter().any(|(stated, _)| *stated == name),
            };
            if twice {
                return Err(de::Error::custom(format!("`{name}` is said twice")));
            }
            if !matches!(name.as_str(), "service" | "at") {
                facts.push((name, map.next_value()?));
            }
        }
        let service = service.ok_or_else(|| de::Error::missing_field("service"))?;
        let at = at.ok_or_else(|| de::Error::missing_field("at"))?;
        let not_a_date = || format!("`{at}` is not a date such as 2023-06-29");
        let at = written_date(&at).ok_or_else(|| de::Error::custom(not_a_date()))?;
        Ok(Request { service, at, facts })
    }
}

impl<'de> Deserialize<'de> for Fact {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FactVisitor)
    }
}

pub(super) struct FactVisitor;

impl<'de> Visitor<'de> for FactVisitor {
    type Value = Fact;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(FACT)
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Fact, E> {
        Ok(Fact::Value(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Fact, E> {
        Ok(Fact::Value(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<Fact, A::Error> {
        TextsVisitor.visit_seq(seq).map(|values| Fact::Set(values.0))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Fact, A::Error> {
        let (mut present, mut absent) = (None, None);
        while let Some(Text(key)) = map.next_key()? {
            let list = members_of(&key, &mut present, &mut absent)?;
            if list.replace(map.next_value::<Texts>()?.0).is_some() {
                return Err(de::Error::custom(format!("`{key}` is said twice")));
            }
        }
        Ok(Fact::Members { present: present.unwrap_or_default(), absent: absent.unwrap_or_default() })
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Fact, E> {
        Err(in_quotes(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Fact, E> {
        Err(in_quotes(number))
    }
}

/// What a fact is as data.
pub(super) const FACT: &str = "a value as text, a list of values, or an object with `present` and `absent`";

/// What a set is as data.
pub(super) const LIST: &str = "a list of values";

/// The list of a key.
pub(super) fn members_of<'l, T, E: de::Error>(
    key: &str,
    present: &'l mut T,
    absent: &'l mut T,
) -> Result<&'l mut T, E> {
    match key {
        PRESENT => Ok(present),
        ABSENT => Ok(absent),
        _ => Err(de::Error::custom(format!("`{key}` is neither `{PRESENT}` nor `{ABSENT}`"))),
    }
}

/// A list of texts.
struct Texts(Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(TextsVisitor)
    }
}

struct TextsVisitor;

impl<'de> Visitor<'de> for TextsVisitor {
    type Value = Texts;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(LIST)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Texts, A::Error> {
        let mut values = Vec::with_capacity(seq.size_hint().unwrap_or(4));
        while let Some(Text(value)) = seq.next_element()? {
            values.push(value);
        }
        Ok(Texts(values))
    }
}

/// A text. A number is an error with its own message.
struct Text(String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(TextVisitor)
    }
}

struct TextVisitor;

impl Visitor<'_> for TextVisitor {
    type Value = Text;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, value: &str) -> Result<Text, E> {
        Ok(Text(value.to_owned()))
    }

    fn visit_string<E: de::Error>(self, value: String) -> Result<Text, E> {
        Ok(Text(value))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<Text, E> {
        Err(in_quotes(number))
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<Text, E> {
        Err(in_quotes(number))
    }
}

/// The error for a number where a text is expected: as numbers, 4.10 and 4.1 are the same.
pub(crate) fn in_quotes<E: de::Error>(number: impl fmt::Display) -> E {
    de::Error::custom(format!("{number} is a number here; write it in quotes, as in \"4.10\""))
}

//! A YAML text as a tree of nodes with their lines and columns. Scalars are kept as written: `4.10` is not `4.1`, and
//! `1` is not a number.

use std::fmt;

use serde::de::{self, Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_yaml::{Location, Spanned};

/// What is wrong with a YAML text, and where. Lines and columns count from 1.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}, column {column}: {message}")]
pub struct YamlError {
    /// The line.
    pub line: usize,
    /// The column.
    pub column: usize,
    /// One lower-case sentence without a full stop.
    pub message: String,
}

/// A node of a YAML text, with the line and column at which it begins.
#[derive(Clone, Debug)]
pub(crate) struct Node {
    pub(crate) line: usize,
    pub(crate) column: usize,
    pub(crate) kind: Kind,
}

/// The content of a node.
#[derive(Clone, Debug)]
pub(crate) enum Kind {
    Null,
    Scalar(String),
    List(Vec<Node>),
    /// Pairs of key and value, in the order of the text. No key appears twice.
    Map(Vec<(Node, Node)>),
}

/// Reads one YAML document.
pub(crate) fn parse(text: &str) -> Result<Node, YamlError> {
    let options = serde_yaml::options! { with_snippet: false };
    let parsed: Spanned<Value> = serde_yaml::from_str_with_options(text, options).map_err(|error| {
        let (line, column) = error.location().map_or((1, 1), |at| place(&at));
        YamlError { line, column, message: message(&error) }
    })?;
    Ok(node(parsed, text))
}

/// The message of the YAML library, without its position and its advice to programmers.
fn message(error: &serde_yaml::Error) -> String {
    if let serde_yaml::Error::DuplicateMappingKey { key: Some(key), .. } = error.without_snippet() {
        return format!("`{key}` appears twice");
    }
    let text = error.render();
    let line = text.lines().next().unwrap_or_default();
    line.split_once(" at line ").map_or(line, |(sentence, _)| sentence).to_owned()
}

fn place(at: &Location) -> (usize, usize) {
    let number = |n: u64| usize::try_from(n).unwrap_or(usize::MAX).max(1);
    (number(at.line()), number(at.column()))
}

fn node(parsed: Spanned<Value>, text: &str) -> Node {
    let (line, column) = place(&parsed.referenced);
    let kind = match parsed.value {
        Value::Null => Kind::Null,
        Value::Text(text) => Kind::Scalar(text),
        Value::Typed => Kind::Scalar(as_written(text, &parsed.defined)),
        Value::List(items) => Kind::List(items.into_iter().map(|item| node(item, text)).collect()),
        Value::Map(pairs) => {
            Kind::Map(pairs.into_iter().map(|(key, value)| (node(key, text), node(value, text))).collect())
        }
    };
    Node { line, column, kind }
}

/// A plain scalar as the author wrote it.
fn as_written(text: &str, at: &Location) -> String {
    let span = at.span();
    let bytes = span.byte_offset().zip(span.byte_len());
    let range = bytes.and_then(|(start, len)| {
        let start = usize::try_from(start).ok()?;
        Some(start..start + usize::try_from(len).ok()?)
    });
    range.and_then(|range| text.get(range)).unwrap_or_default().trim().to_owned()
}

/// A node as the YAML library parses it. A plain scalar that it takes for a number or a boolean is only marked as
/// `Typed`; its text is then copied from the source, so that `4.10` stays `4.10`.
enum Value {
    Null,
    Text(String),
    Typed,
    List(Vec<Spanned<Value>>),
    Map(Vec<(Spanned<Value>, Spanned<Value>)>),
}

impl<'de> Deserialize<'de> for Value {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(ValueVisitor)
    }
}

struct ValueVisitor;

impl<'de> Visitor<'de> for ValueVisitor {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("YAML")
    }

    fn visit_unit<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E: de::Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<Value, E> {
        Ok(Value::Typed)
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<Value, E> {
        Ok(Value::Typed)
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<Value, E> {
        Ok(Value::Typed)
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<Value, E> {
        Ok(Value::Typed)
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Value, E> {
        Ok(Value::Text(text.to_owned()))
    }

    fn visit_string<E: de::Error>(self, text: String) -> Result<Value, E> {
        Ok(Value::Text(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = seq.next_element()? {
            items.push(item);
        }
        Ok(Value::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Value, A::Error> {
        let mut pairs = Vec::new();
        while let Some(pair) = map.next_entry()? {
            pairs.push(pair);
        }
        Ok(Value::Map(pairs))
    }
}

impl Node {
    pub(crate) fn error(&self, message: impl Into<String>) -> YamlError {
        YamlError { line: self.line, column: self.column, message: message.into() }
    }

    /// The text of a scalar.
    pub(crate) fn scalar(&self, what: &str) -> Result<&str, YamlError> {
        match &self.kind {
            Kind::Scalar(text) => Ok(text),
            Kind::Null => Err(self.error(format!("{what} is empty"))),
            Kind::List(_) | Kind::Map(_) => Err(self.error(format!("{what} must be one word or text"))),
        }
    }

    /// Whether the node is this scalar.
    pub(crate) fn is(&self, text: &str) -> bool {
        matches!(&self.kind, Kind::Scalar(written) if written == text)
    }

    /// The items of a list.
    pub(crate) fn list(&self, what: &str) -> Result<&[Self], YamlError> {
        match &self.kind {
            Kind::List(items) => Ok(items),
            _ => Err(self.error(format!("{what} must be a list"))),
        }
    }

    /// The pairs of a mapping.
    pub(crate) fn map(&self, what: &str) -> Result<&[(Self, Self)], YamlError> {
        match &self.kind {
            Kind::Map(pairs) => Ok(pairs),
            _ => Err(self.error(format!("{what} must be names with values, such as `status: Pending`"))),
        }
    }
}

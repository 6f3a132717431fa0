//! A request as a person writes it in YAML, before it is known to be whole.

use jiff::civil::Date;

use crate::yaml;
use crate::yaml::{Kind, Node, YamlError};
use meterwarden::decide::{Fact, Request, not_a_date, written_date};

/// What a YAML mapping says of a request.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) service: Option<String>,
    pub(crate) at: Option<Date>,
    pub(crate) facts: Vec<(String, Fact)>,
}

impl Draft {
    /// Adds what a mapping says; a later word on the same name replaces the earlier.
    pub(crate) fn add(&mut self, node: &Node) -> Result<(), YamlError> {
        for (key, value) in node.map("a request")? {
            self.say(key.scalar("a name")?, value)?;
        }
        Ok(())
    }

    /// Adds a word on one name, in place of an earlier one.
    pub(crate) fn say(&mut self, name: &str, value: &Node) -> Result<(), YamlError> {
        match name {
            "service" => self.service = Some(value.scalar("`service`")?.to_owned()),
            "at" => self.at = Some(date(value)?),
            _ => self.state(name, fact(name, value)?),
        }
        Ok(())
    }

    /// Adds what another draft says, in place of what this one says of the same names.
    pub(crate) fn replace(&mut self, other: &Self) {
        self.service = other.service.clone().or(self.service.take());
        self.at = other.at.or(self.at);
        for (name, fact) in &other.facts {
            self.state(name, fact.clone());
        }
    }

    fn state(&mut self, name: &str, fact: Fact) {
        self.remove(name);
        self.facts.push((name.to_owned(), fact));
    }

    /// Leaves an attribute unsaid.
    pub(crate) fn remove(&mut self, name: &str) -> bool {
        let before = self.facts.len();
        self.facts.retain(|(known, _)| known != name);
        self.facts.len() < before
    }

    /// The request, if it says its service and its date.
    pub(crate) fn finish(self, node: &Node) -> Result<Request, YamlError> {
        let missing = |what: &str| node.error(format!("the request does not say its `{what}`"));
        let service = self.service.ok_or_else(|| missing("service"))?;
        let at = self.at.ok_or_else(|| missing("at"))?;
        Ok(Request { service, at, facts: self.facts })
    }
}

fn date(node: &Node) -> Result<Date, YamlError> {
    let text = node.scalar("`at`")?;
    written_date(text).ok_or_else(|| node.error(not_a_date(text)))
}

fn fact(name: &str, node: &Node) -> Result<Fact, YamlError> {
    let text = |item: &Node| item.scalar(&format!("a value of `{name}`")).map(str::to_owned);
    match &node.kind {
        Kind::List(items) => Ok(Fact::Set(items.iter().map(text).collect::<Result<_, _>>()?)),
        _ => Ok(Fact::Value(text(node)?)),
    }
}

/// Reads requests from YAML: one mapping, or a list of them. Scalars are taken as written. `at` is used
/// where a request does not say its own date.
///
/// # Errors
///
/// The text is not YAML, or not a request; with the place.
///
/// ```
/// use meterwarden_authoring::requests_from_yaml;
///
/// let request = &requests_from_yaml("{ service: 4.10, at: 2026-01-01, role: IS }", None)?[0];
/// assert_eq!(request.service, "4.10");
/// # Ok::<(), meterwarden_authoring::YamlError>(())
/// ```
pub fn requests_from_yaml(text: &str, at: Option<Date>) -> Result<Vec<Request>, YamlError> {
    let node = yaml::parse(text)?;
    let one = |node: &Node| {
        let mut draft = Draft { at, ..Draft::default() };
        draft.add(node)?;
        draft.finish(node)
    };
    match &node.kind {
        Kind::List(items) => items.iter().map(one).collect(),
        _ => Ok(vec![one(&node)?]),
    }
}

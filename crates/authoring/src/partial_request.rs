//! A request as a person writes it in YAML, before it is complete.

use crate::yaml;
use crate::yaml::{Kind, Node, YamlError};
use meterwarden::decide::{Fact, Request};
use meterwarden::policy::{Clock, Moment};

/// The parts of a request that are stated so far. A service and a date make it complete.
#[derive(Clone, Debug, Default)]
pub(crate) struct PartialRequest {
    pub(crate) service: Option<String>,
    pub(crate) at: Option<Moment>,
    pub(crate) facts: Vec<(String, Fact)>,
}

impl PartialRequest {
    /// States what a mapping states. A later value of a name replaces the earlier one.
    pub(crate) fn state_all(&mut self, node: &Node) -> Result<(), YamlError> {
        for (key, value) in node.map("a request")? {
            self.state(key.scalar("a name")?, value)?;
        }
        Ok(())
    }

    /// States the service, the date or instant (`at`) or an attribute, in place of an earlier value.
    pub(crate) fn state(&mut self, name: &str, value: &Node) -> Result<(), YamlError> {
        match name {
            "service" => self.service = Some(value.scalar("`service`")?.to_owned()),
            "at" => self.at = Some(moment(value)?),
            _ => self.set_fact(name, fact(name, value)?),
        }
        Ok(())
    }

    /// States everything that another partial request states, in place of earlier values.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.service = other.service.clone().or(self.service.take());
        self.at = other.at.or(self.at);
        for (name, fact) in &other.facts {
            self.set_fact(name, fact.clone());
        }
    }

    fn set_fact(&mut self, name: &str, fact: Fact) {
        self.remove(name);
        self.facts.push((name.to_owned(), fact));
    }

    /// Removes an attribute. Whether the attribute was stated.
    pub(crate) fn remove(&mut self, name: &str) -> bool {
        let before = self.facts.len();
        self.facts.retain(|(attribute, _)| attribute != name);
        self.facts.len() < before
    }

    /// The complete request, if its service and its date are stated.
    pub(crate) fn complete(self, node: &Node, clock: &Clock) -> Result<Request, YamlError> {
        let missing = |what: &str| node.error(format!("the request does not state its `{what}`"));
        let service = self.service.ok_or_else(|| missing("service"))?;
        let at = self.at.ok_or_else(|| missing("at"))?;
        Ok(Request { service, at: at.day(clock), facts: self.facts })
    }
}

fn moment(node: &Node) -> Result<Moment, YamlError> {
    node.scalar("`at`")?.parse().map_err(|message: String| node.error(message))
}

fn fact(name: &str, node: &Node) -> Result<Fact, YamlError> {
    match &node.kind {
        Kind::List(items) => Ok(Fact::Set(values(name, items)?)),
        Kind::Map(_) => members(name, node),
        Kind::Null | Kind::Scalar(_) => Ok(Fact::Value(value(name, node)?)),
    }
}

/// Single values of a set attribute: `{ present: [registered], absent: [nominated] }`.
fn members(name: &str, node: &Node) -> Result<Fact, YamlError> {
    let (mut present, mut absent) = (Vec::new(), Vec::new());
    for (key, list) in node.map(&format!("`{name}`"))? {
        let word = key.scalar("a key")?;
        let members = match word {
            "present" => &mut present,
            "absent" => &mut absent,
            _ => return Err(key.error(format!("`{name}` has `present` and `absent`, not `{word}`"))),
        };
        *members = values(name, list.list(&format!("`{word}` of `{name}`"))?)?;
    }
    Ok(Fact::Members { present, absent })
}

fn values(name: &str, items: &[Node]) -> Result<Vec<String>, YamlError> {
    items.iter().map(|item| value(name, item)).collect()
}

fn value(name: &str, node: &Node) -> Result<String, YamlError> {
    node.scalar(&format!("a value of `{name}`")).map(str::to_owned)
}

/// Reads requests from YAML: one mapping, or a list of mappings. Scalars are taken as written. `at` is the receipt of a
/// request that does not state its own, and `clock` is that of the policy.
///
/// # Errors
///
/// The text is not YAML, or not a request. The error has the line and the column.
///
/// ```
/// use meterwarden::policy::Clock;
/// use meterwarden_authoring::requests_from_yaml;
///
/// let request = &requests_from_yaml("{ service: 4.10, at: 2026-01-01, role: IS }", &Clock::default(), None)?[0];
/// assert_eq!(request.service, "4.10");
/// # Ok::<(), meterwarden_authoring::YamlError>(())
/// ```
pub fn requests_from_yaml(text: &str, clock: &Clock, at: Option<Moment>) -> Result<Vec<Request>, YamlError> {
    let node = yaml::parse(text)?;
    let request = |node: &Node| {
        let mut partial = PartialRequest { at, ..PartialRequest::default() };
        partial.state_all(node)?;
        partial.complete(node, clock)
    };
    match &node.kind {
        Kind::List(items) => items.iter().map(request).collect(),
        _ => Ok(vec![request(&node)?]),
    }
}

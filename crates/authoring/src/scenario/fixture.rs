//! Fixtures: parts of requests that have a name, declared in any file of the folder and used in every one.

use std::collections::BTreeMap;

use super::file::{ScenarioError, Text};
use super::{Wrong, suggest, vocabulary};
use crate::partial_request::Draft;
use crate::yaml::{Kind, Node, YamlError};
use meterwarden::policy::Policy;

/// The fixtures of a folder. A *part* of a request is names with values, the name of a fixture, or a list of such
/// parts, of which a later one replaces what an earlier one says.
pub(super) struct Fixtures<'n> {
    declared: BTreeMap<&'n str, Declared<'n>>,
    /// What each comes to; nothing where something is wrong with it.
    drafts: BTreeMap<&'n str, Option<Draft>>,
    policy: Option<&'n Policy>,
    /// Whether every file could be read; if not, an unknown fixture may stand in one that could not.
    all_read: bool,
}

/// Where a fixture is declared, and as what.
struct Declared<'n> {
    path: &'n str,
    line: usize,
    part: &'n Node,
}

impl<'n> Fixtures<'n> {
    /// Those of some files; what is wrong with them goes to `found`.
    pub(super) fn of(
        texts: &[Text<'n>],
        policy: Option<&'n Policy>,
        all_read: bool,
        found: &mut Vec<ScenarioError>,
    ) -> Self {
        let mut fixtures = Self { declared: BTreeMap::new(), drafts: BTreeMap::new(), policy, all_read };
        for text in texts {
            for (name, part) in text.fixtures {
                if let Err(error) = fixtures.declare(text.path, name, part) {
                    found.push(ScenarioError { path: text.path.to_owned(), error });
                }
            }
        }
        let names: Vec<_> = fixtures.declared.keys().copied().collect();
        for name in names {
            fixtures.resolve(name, &mut Vec::new(), found);
        }
        fixtures
    }

    fn declare(&mut self, path: &'n str, name: &'n Node, part: &'n Node) -> Result<(), YamlError> {
        let text = name.scalar("the name of a fixture")?;
        if let Some(first) = self.declared.get(text) {
            let place = format!("{}:{}", first.path, first.line);
            return Err(name.error(format!("two fixtures are called `{text}`; the first is at {place}")));
        }
        self.declared.insert(text, Declared { path, line: name.line, part });
        Ok(())
    }

    /// Works out what a fixture comes to, and first what it is made of. `trail` are those that are waiting for it.
    fn resolve(&mut self, name: &'n str, trail: &mut Vec<&'n str>, found: &mut Vec<ScenarioError>) {
        let Some(&Declared { path, part, .. }) = self.declared.get(name) else { return };
        if self.drafts.contains_key(name) {
            return;
        }
        trail.push(name);
        let mut draft = Draft::default();
        let made = self.resolve_named_in(part, trail, found).and_then(|()| self.add(part, &mut draft));
        trail.pop();
        if let Err(Wrong::Here(error)) = &made {
            found.push(ScenarioError { path: path.to_owned(), error: error.clone() });
        }
        self.drafts.insert(name, made.is_ok().then_some(draft));
    }

    fn resolve_named_in(
        &mut self,
        part: &'n Node,
        trail: &mut Vec<&'n str>,
        found: &mut Vec<ScenarioError>,
    ) -> Result<(), Wrong> {
        for node in items(part) {
            let Kind::Scalar(name) = &node.kind else { continue };
            if let Some(first) = trail.iter().position(|waiting| waiting == name) {
                return Err(circle(node, &trail[first..]).into());
            }
            self.resolve(name, trail, found);
        }
        Ok(())
    }

    /// Adds what a part of a request says.
    pub(super) fn add(&self, part: &Node, draft: &mut Draft) -> Result<(), Wrong> {
        for node in items(part) {
            match &node.kind {
                Kind::Scalar(name) => draft.replace(self.draft(node, name)?),
                Kind::Map(pairs) => {
                    for (key, value) in pairs {
                        vocabulary::check(self.policy, key, value)?;
                    }
                    draft.add(node)?;
                }
                Kind::Null | Kind::List(_) => return Err(no_part(node).into()),
            }
        }
        Ok(())
    }

    fn draft(&self, node: &Node, name: &str) -> Result<&Draft, Wrong> {
        match self.drafts.get(name) {
            Some(draft) => draft.as_ref().ok_or(Wrong::Elsewhere),
            None if !self.all_read => Err(Wrong::Elsewhere),
            None => Err(self.unknown(node, name).into()),
        }
    }

    fn unknown(&self, node: &Node, name: &str) -> YamlError {
        let known = self.declared.keys().copied();
        let help = suggest::did_you_mean(name, known).unwrap_or_else(|| {
            "a fixture is declared under `fixtures`, in any scenario file of the folder".to_owned()
        });
        node.error(format!("there is no fixture `{name}`; {help}"))
    }
}

/// The names of fixtures in a part of a request.
pub(super) fn named(part: &Node) -> impl Iterator<Item = &str> {
    items(part).iter().filter_map(|node| match &node.kind {
        Kind::Scalar(name) => Some(name.as_str()),
        Kind::Null | Kind::Map(_) | Kind::List(_) => None,
    })
}

/// A list's items, or the one thing that stands in place of a list.
fn items(part: &Node) -> &[Node] {
    match &part.kind {
        Kind::List(items) => items,
        _ => std::slice::from_ref(part),
    }
}

fn no_part(node: &Node) -> YamlError {
    node.error("here must stand names with values, such as `status: Pending`, or the name of a fixture")
}

fn circle(node: &Node, trail: &[&str]) -> YamlError {
    let around: Vec<_> = trail.iter().chain(trail.first()).map(|name| format!("`{name}`")).collect();
    node.error(format!("a fixture cannot be made of itself: {}", around.join(" uses ")))
}

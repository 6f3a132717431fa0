//! Fixtures: parts of requests that have a name, declared in any file of the folder and used in every one.

use std::collections::{BTreeMap, BTreeSet};

use super::error::{PartError, ScenarioError};
use super::parsed_file::ParsedFile;
use super::vocabulary;
use crate::partial_request::PartialRequest;
use crate::yaml;
use crate::yaml::{Kind, Node, YamlError};
use meterwarden::base::suggest;
use meterwarden::policy::Policy;
use meterwarden::policy::source::Source;

/// The fixtures of a folder. A *part* of a request is names with values, the name of a fixture, or a list of such
/// parts. A later part of a list replaces what an earlier part states.
pub(super) struct Fixtures<'n> {
    declared: BTreeMap<&'n str, Declaration<'n>>,
    /// What each fixture states; `None` if something is wrong with it.
    resolved: BTreeMap<&'n str, Option<PartialRequest>>,
    policy: Option<&'n Policy>,
    /// Whether every file could be read. If not, an unknown fixture may be declared in a file that could not.
    all_read: bool,
}

/// The place and the content of a fixture.
struct Declaration<'n> {
    path: &'n str,
    line: usize,
    part: &'n Node,
}

impl<'n> Fixtures<'n> {
    /// The fixtures of these files. What is wrong with them is added to `errors`.
    pub(super) fn of(
        files: &[ParsedFile<'n>],
        policy: Option<&'n Policy>,
        all_read: bool,
        errors: &mut Vec<ScenarioError>,
    ) -> Self {
        let mut fixtures = Self { declared: BTreeMap::new(), resolved: BTreeMap::new(), policy, all_read };
        for file in files {
            for (name, part) in file.fixtures {
                if let Err(error) = fixtures.declare(file.path, name, part) {
                    errors.push(ScenarioError { path: file.path.to_owned(), error });
                }
            }
        }
        let names: Vec<_> = fixtures.declared.keys().copied().collect();
        for name in names {
            fixtures.resolve(name, &mut Vec::new(), errors);
        }
        fixtures
    }

    fn declare(&mut self, path: &'n str, name: &'n Node, part: &'n Node) -> Result<(), YamlError> {
        let text = name.scalar("the name of a fixture")?;
        if let Some(first) = self.declared.get(text) {
            let place = format!("{}:{}", first.path, first.line);
            return Err(name.error(format!("two fixtures are called `{text}`; the first is at {place}")));
        }
        self.declared.insert(text, Declaration { path, line: name.line, part });
        Ok(())
    }

    /// Resolves a fixture, and before it the fixtures that it names. `pending` are the fixtures that are being
    /// resolved, from the outermost to the innermost.
    fn resolve(&mut self, name: &'n str, pending: &mut Vec<&'n str>, errors: &mut Vec<ScenarioError>) {
        let Some(&Declaration { path, part, .. }) = self.declared.get(name) else { return };
        if self.resolved.contains_key(name) {
            return;
        }
        pending.push(name);
        let mut request = PartialRequest::default();
        let result = self.resolve_named_in(part, pending, errors).and_then(|()| self.add(part, &mut request));
        pending.pop();
        if let Err(PartError::Here(error)) = &result {
            errors.push(ScenarioError { path: path.to_owned(), error: error.clone() });
        }
        self.resolved.insert(name, result.is_ok().then_some(request));
    }

    fn resolve_named_in(
        &mut self,
        part: &'n Node,
        pending: &mut Vec<&'n str>,
        errors: &mut Vec<ScenarioError>,
    ) -> Result<(), PartError> {
        for node in items(part) {
            let Kind::Scalar(name) = &node.kind else { continue };
            if let Some(first) = pending.iter().position(|pending| pending == name) {
                return Err(circle(node, &pending[first..]).into());
            }
            self.resolve(name, pending, errors);
        }
        Ok(())
    }

    /// States in a request what a part states.
    pub(super) fn add(&self, part: &Node, request: &mut PartialRequest) -> Result<(), PartError> {
        for node in items(part) {
            match &node.kind {
                Kind::Scalar(name) => request.merge(self.resolved(node, name)?),
                Kind::Map(pairs) => {
                    for (key, value) in pairs {
                        vocabulary::check(self.policy, key, value)?;
                    }
                    request.state_all(node)?;
                }
                Kind::Null | Kind::List(_) => return Err(not_a_part(node).into()),
            }
        }
        Ok(())
    }

    fn resolved(&self, node: &Node, name: &str) -> Result<&PartialRequest, PartError> {
        match self.resolved.get(name) {
            Some(request) => request.as_ref().ok_or(PartError::Elsewhere),
            None if !self.all_read => Err(PartError::Elsewhere),
            None => Err(self.unknown_fixture(node, name).into()),
        }
    }

    fn unknown_fixture(&self, node: &Node, name: &str) -> YamlError {
        let known = self.declared.keys().copied();
        let help = suggest::did_you_mean(name, known).unwrap_or_else(|| {
            "a fixture is declared under `fixtures`, in any scenario file of the folder".to_owned()
        });
        node.error(format!("there is no fixture `{name}`; {help}"))
    }
}

/// A fixture that nothing names.
pub(crate) struct UnusedFixture<'s> {
    pub(crate) path: &'s str,
    pub(crate) name: String,
    /// The line and the column of its name, counted from 1.
    pub(crate) line: usize,
    pub(crate) column: usize,
}

/// The fixtures that no case and no other fixture of these files names. A file that cannot be read declares no fixture
/// and names none.
pub(crate) fn unused_fixtures(sources: &[Source]) -> Vec<UnusedFixture<'_>> {
    let roots: Vec<_> = sources
        .iter()
        .filter_map(|source| Some((source.path.as_str(), yaml::parse(&source.text).ok()?)))
        .collect();
    let files: Vec<_> =
        roots.iter().filter_map(|(path, root)| Some((*path, ParsedFile::of(path, root).ok()?))).collect();
    let parts = files.iter().flat_map(|(_, file)| file.request_parts());
    let named: BTreeSet<&str> = parts.flat_map(names_in).collect();
    let mut unused = Vec::new();
    for (path, file) in &files {
        for (name, _) in file.fixtures {
            let Ok(text) = name.scalar("a name") else { continue };
            if !named.contains(text) {
                let (line, column) = (name.line, name.column);
                unused.push(UnusedFixture { path, name: text.to_owned(), line, column });
            }
        }
    }
    unused
}

/// The names of fixtures in a part of a request.
fn names_in(part: &Node) -> impl Iterator<Item = &str> {
    items(part).iter().filter_map(|node| match &node.kind {
        Kind::Scalar(name) => Some(name.as_str()),
        Kind::Null | Kind::Map(_) | Kind::List(_) => None,
    })
}

/// The items of a list, or the single node that is written in place of a list.
fn items(part: &Node) -> &[Node] {
    match &part.kind {
        Kind::List(items) => items,
        _ => std::slice::from_ref(part),
    }
}

fn not_a_part(node: &Node) -> YamlError {
    node.error("expected names with values, such as `status: Pending`, or the name of a fixture")
}

fn circle(node: &Node, pending: &[&str]) -> YamlError {
    let names: Vec<_> = pending.iter().chain(pending.first()).map(|name| format!("`{name}`")).collect();
    node.error(format!("a fixture cannot be made of itself: {}", names.join(" uses ")))
}

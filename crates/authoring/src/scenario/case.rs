//! A case: what differs from the start, and what must come out.

use std::collections::BTreeMap;

use super::each::Each;
use super::expected::{Expected, Words};
use super::fixture::Fixtures;
use super::{Wrong, unknown};
use crate::partial_request::Draft;
use crate::yaml::{Node, YamlError};
use meterwarden::decide::request::Request;
use meterwarden::policy::Policy;

/// One case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What it is about, for people; no other case of the file has the same. Of one that says `each`, with the values
    /// that tell this one apart: `nobody else reads it [role=ED, status=Pending]`.
    pub name: String,
    /// The line it begins on.
    pub line: usize,
    /// The whole request: the start, and what differs.
    pub request: Request,
    /// What it must get.
    pub expected: Expected,
}

/// What a case is read against.
pub(super) struct Surroundings<'s, 'n> {
    pub(super) policy: Option<&'s Policy>,
    pub(super) fixtures: &'s Fixtures<'n>,
    /// What the file's `start` says; nothing where it is wrong, so that no request can be whole.
    pub(super) start: Option<Draft>,
}

/// The cases of a file, each combination of `each` spelt out, and what is wrong with others.
pub(super) fn all(nodes: &[Node], around: &Surroundings<'_, '_>) -> (Vec<Case>, Vec<Wrong>) {
    let (mut cases, mut wrong) = (Vec::with_capacity(nodes.len()), Vec::new());
    let mut names = BTreeMap::new();
    for node in nodes {
        let spelt_out = |written: Written<'_>| match around.start {
            Some(_) => written.spelt_out(node),
            None => Ok(Vec::new()),
        };
        match Written::of(node, around).and_then(spelt_out) {
            Ok(spelt_out) => {
                let twice = spelt_out.iter().find_map(|case| twice(&mut names, case));
                wrong.extend(twice.map(|message| Wrong::Here(node.error(message))));
                cases.extend(spelt_out);
            }
            Err(error) => wrong.push(error),
        }
    }
    (cases, wrong)
}

/// What is to be said of a case whose name is taken.
fn twice(names: &mut BTreeMap<String, usize>, case: &Case) -> Option<String> {
    let first = names.insert(case.name.clone(), case.line)?;
    Some(format!("two cases are called \"{}\"; the first is on line {first}", case.name))
}

/// A case as written, before `each` is spelt out.
struct Written<'n> {
    name: &'n str,
    draft: Draft,
    each: Each<'n>,
    expected: Expected,
}

const KEYS: &[&str] = &["name", "with", "without", "each", "expect", "rule", "code", "attribute", "needs"];

impl<'n> Written<'n> {
    fn of(node: &'n Node, around: &Surroundings<'_, '_>) -> Result<Self, Wrong> {
        let mut draft = around.start.clone().unwrap_or_default();
        let mut words = Words::default();
        let (mut name, mut each, mut touched) = (None, None, Vec::new());
        for (key, value) in node.map("a case")? {
            match key.scalar("a name")? {
                "name" => name = Some(value.scalar("`name`")?),
                "with" => {
                    around.fixtures.add(value, &mut draft)?;
                    touched.push(("with", value));
                }
                "without" => {
                    without(&mut draft, value, around.start.is_some())?;
                    touched.push(("without", value));
                }
                "each" => each = Some(value),
                word if words.take(word, key, value)? => {}
                other => return Err(unknown(key, other, KEYS).into()),
            }
        }
        let name = name.ok_or_else(|| node.error("the case has no `name`"))?;
        let each = each.map_or(Ok(Each::default()), |each| Each::of(each, &touched, around.policy))?;
        Ok(Self { name, draft, each, expected: words.expected(node)? })
    }

    /// A case for each combination, in the order in which one would write them out: the last attribute changes first.
    fn spelt_out(self, node: &Node) -> Result<Vec<Case>, Wrong> {
        let case = |combination: Vec<(&Node, &Node)>| {
            let mut draft = self.draft.clone();
            for (key, value) in &combination {
                draft.say(key.scalar("a name")?, value)?;
            }
            let name = format!("{}{}", self.name, super::each::label(&combination));
            Ok(Case { name, line: node.line, request: draft.finish(node)?, expected: self.expected.clone() })
        };
        self.each.combinations().map(case).collect::<Result<_, YamlError>>().map_err(Wrong::Here)
    }
}

/// Leaves attributes unsaid. Where the start is `known` they must have been said.
fn without(draft: &mut Draft, value: &Node, known: bool) -> Result<(), YamlError> {
    for name in value.list("`without`")? {
        let text = name.scalar("a name")?;
        if !draft.remove(text) && known {
            return Err(name.error(format!("the request does not say `{text}`, so it cannot be left out")));
        }
    }
    Ok(())
}

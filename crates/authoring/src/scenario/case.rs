//! A case: what differs from the start, and the expected outcome.

use std::collections::BTreeMap;

use super::each::Each;
use super::error::{PartError, unknown_key};
use super::expected::{Expectation, Expected};
use super::fixture::Fixtures;
use crate::partial_request::PartialRequest;
use crate::yaml::{Node, YamlError};
use meterwarden::decide::request::Request;
use meterwarden::policy::{Clock, Policy};

/// A test case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// What it is about, for people; unique in its file. The name of a case that comes from an `each` ends with its
    /// combination of values: `nobody else reads it [role=ED, status=Pending]`.
    pub name: String,
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// The complete request: the start, with what differs.
    pub request: Request,
    /// The expected outcome.
    pub expected: Expected,
}

/// What the cases of a file are read with.
pub(super) struct CaseContext<'s, 'n> {
    pub(super) policy: Option<&'s Policy>,
    pub(super) fixtures: &'s Fixtures<'n>,
    /// The file's `start`. `None` if it is wrong; then no request can be completed.
    pub(super) start: Option<PartialRequest>,
}

/// The cases of a file, with every combination of `each` expanded, and the errors in the others.
pub(super) fn read_cases(nodes: &[Node], context: &CaseContext<'_, '_>) -> (Vec<Case>, Vec<PartError>) {
    let (mut cases, mut errors) = (Vec::with_capacity(nodes.len()), Vec::new());
    let utc = Clock::default();
    let clock = context.policy.map_or(&utc, Policy::clock);
    let mut lines_by_name = BTreeMap::new();
    for node in nodes {
        let expand = |template: CaseTemplate<'_>| match context.start {
            Some(_) => template.expand(node, clock),
            None => Ok(Vec::new()),
        };
        match CaseTemplate::of(node, context).and_then(expand) {
            Ok(expanded) => {
                let duplicate = expanded.iter().find_map(|case| duplicate_name(&mut lines_by_name, case));
                errors.extend(duplicate.map(|message| PartError::Here(node.error(message))));
                cases.extend(expanded);
            }
            Err(error) => errors.push(error),
        }
    }
    (cases, errors)
}

/// The error message for a case whose name is taken.
fn duplicate_name(lines_by_name: &mut BTreeMap<String, usize>, case: &Case) -> Option<String> {
    let first = lines_by_name.insert(case.name.clone(), case.line)?;
    Some(format!("two cases are called \"{}\"; the first is on line {first}", case.name))
}

/// A case as written, before its `each` is expanded.
struct CaseTemplate<'n> {
    name: &'n str,
    request: PartialRequest,
    each: Each<'n>,
    expected: Expected,
}

const KEYS: &[&str] = &["name", "with", "without", "each", "expect", "rule", "code", "attribute", "needs"];

impl<'n> CaseTemplate<'n> {
    fn of(node: &'n Node, context: &CaseContext<'_, '_>) -> Result<Self, PartError> {
        let mut request = context.start.clone().unwrap_or_default();
        let mut expectation = Expectation::default();
        let (mut name, mut each, mut changes) = (None, None, Vec::new());
        for (key, value) in node.map("a case")? {
            match key.scalar("a name")? {
                "name" => name = Some(value.scalar("`name`")?),
                "with" => {
                    context.fixtures.add(value, &mut request)?;
                    changes.push(("with", value));
                }
                "without" => {
                    remove_attributes(&mut request, value, context.start.is_some())?;
                    changes.push(("without", value));
                }
                "each" => each = Some(value),
                word if expectation.take(word, key, value)? => {}
                word => return Err(unknown_key(key, word, KEYS).into()),
            }
        }
        let name = name.ok_or_else(|| node.error("the case has no `name`"))?;
        let each = each.map_or(Ok(Each::default()), |each| Each::of(each, &changes, context.policy))?;
        Ok(Self { name, request, each, expected: expectation.expected(node)? })
    }

    /// One case for each combination, in the order in which a person would write them: the last attribute changes
    /// first.
    fn expand(self, node: &Node, clock: &Clock) -> Result<Vec<Case>, PartError> {
        let case = |combination: Vec<(&Node, &Node)>| {
            let mut request = self.request.clone();
            for (key, value) in &combination {
                request.state(key.scalar("a name")?, value)?;
            }
            let name = format!("{}{}", self.name, super::each::label(&combination));
            Ok(Case {
                name,
                line: node.line,
                request: request.complete(node, clock)?,
                expected: self.expected.clone(),
            })
        };
        self.each.combinations().map(case).collect::<Result<_, YamlError>>().map_err(PartError::Here)
    }
}

/// Removes the attributes of a `without` list. If the start could be read, they must have been stated.
fn remove_attributes(request: &mut PartialRequest, list: &Node, start_read: bool) -> Result<(), YamlError> {
    for name in list.list("`without`")? {
        let text = name.scalar("a name")?;
        if !request.remove(text) && start_read {
            return Err(name.error(format!("the request does not state `{text}`, so it cannot be left out")));
        }
    }
    Ok(())
}

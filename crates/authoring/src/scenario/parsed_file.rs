//! The sections of a scenario file: `fixtures`, `start` and `cases`.

use super::error::unknown_key;
use crate::yaml::{Node, YamlError};

/// A scenario file as written.
pub(super) struct ParsedFile<'n> {
    pub(super) path: &'n str,
    /// Each fixture's name and the part of a request that it stands for.
    pub(super) fixtures: &'n [(Node, Node)],
    pub(super) start: Option<&'n Node>,
    pub(super) cases: &'n [Node],
}

impl<'n> ParsedFile<'n> {
    pub(super) fn of(path: &'n str, root: &'n Node) -> Result<Self, YamlError> {
        let (mut start, mut fixtures, mut cases) = (None, None, None);
        for (key, value) in root.map("a scenario file")? {
            match key.scalar("a name")? {
                "fixtures" => fixtures = Some(value.map("`fixtures`")?),
                "start" => start = Some(value),
                "cases" => cases = Some(value.list("`cases`")?),
                name => return Err(unknown_key(key, name, &["fixtures", "start", "cases"])),
            }
        }
        if cases.is_none() && fixtures.is_none() {
            return Err(root.error("a scenario file needs `cases`"));
        }
        Ok(Self { path, fixtures: fixtures.unwrap_or_default(), start, cases: cases.unwrap_or_default() })
    }

    /// Every part of a request in the file: its `start`, the `with` of its cases, and its fixtures.
    pub(super) fn request_parts(&self) -> impl Iterator<Item = &'n Node> {
        let with = |case: &'n Node| case.map("").unwrap_or_default().iter().find(|(key, _)| key.is("with"));
        let of_cases = self.cases.iter().filter_map(with).map(|(_, part)| part);
        self.start.into_iter().chain(of_cases).chain(self.fixtures.iter().map(|(_, part)| part))
    }
}

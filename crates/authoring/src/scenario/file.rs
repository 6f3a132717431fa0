//! A `*.scenarios.yaml` file, and the files of a folder read together.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use super::case::{self, Case, Surroundings};
use super::fixture::{self, Fixtures};
use super::{Wrong, unknown};
use crate::partial_request::Draft;
use crate::yaml;
use crate::yaml::{Node, YamlError};
use meterwarden::base::parallel;
use meterwarden::policy::Policy;
use meterwarden::policy::source::Source;

/// A scenario file: a shared starting point, and cases that say what differs from it.
#[derive(Clone, Debug)]
pub struct ScenarioFile {
    /// Its path under the policy's folder.
    pub path: String,
    /// Its cases, in the order of the text; one that says `each` stands here once for each combination.
    pub cases: Vec<Case>,
}

/// A scenario file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{}:{}: {}", error.line, error.column, error.message)]
pub struct ScenarioError {
    /// Its path under the policy's folder.
    pub path: String,
    /// What is wrong, and where.
    pub error: YamlError,
}

/// Reads the scenario files of a folder together, on so many threads. Every case ends up with a whole request.
///
/// # Errors
///
/// Everything that their authors have to mend: a text that is not YAML, or not scenarios.
///
/// ```
/// use std::num::NonZeroUsize;
/// use meterwarden_authoring::scenario;
/// use meterwarden::{Policy, Source};
///
/// let policy = Policy::from_sources(vec![Source::new("a.rules", r#"
///     attribute role "User Role" { refuse E2 "not for this User Role"  IS ED }
///     service 4.1 "Read" { permit supplier "the supplier" { role IS  source "a table" } }
/// "#)])?;
/// let text = Source::new("a.scenarios.yaml", "
/// start: { service: 4.1, at: 2026-01-01 }
/// cases:
///   - name: nobody else reads it
///     each: { role: { not: IS } }
///     expect: refuse
///     code: E2
/// ");
/// let files = scenario::read(&policy, &[text], NonZeroUsize::MIN).map_err(|mut found| found.remove(0))?;
/// assert_eq!(files[0].cases[0].name, "nobody else reads it [role=ED]");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read(
    policy: &Policy,
    sources: &[Source],
    threads: NonZeroUsize,
) -> Result<Vec<ScenarioFile>, Vec<ScenarioError>> {
    let sources: Vec<_> = sources.iter().map(|one| (one.path.as_str(), one.text.as_str())).collect();
    read_with(Some(policy), &sources, threads)
}

impl ScenarioFile {
    /// Reads a scenario file by itself: without the fixtures of other files, and without `any` and `not`, which
    /// only a policy spells out. [`read`] has both.
    ///
    /// # Errors
    ///
    /// The text is not YAML, or not scenarios: the first place at which it is not.
    pub fn parse(path: &str, text: &str) -> Result<Self, ScenarioError> {
        let empty = || Self { path: path.to_owned(), cases: Vec::new() };
        match read_with(None, &[(path, text)], NonZeroUsize::MIN) {
            Ok(mut files) => Ok(files.pop().unwrap_or_else(empty)),
            Err(found) => found.into_iter().next().map_or_else(|| Ok(empty()), Err),
        }
    }
}

fn read_with(
    policy: Option<&Policy>,
    sources: &[(&str, &str)],
    threads: NonZeroUsize,
) -> Result<Vec<ScenarioFile>, Vec<ScenarioError>> {
    let mut found = Vec::new();
    let trees = parallel::map(sources, threads, |(path, text)| (*path, yaml::parse(text)));
    let mut texts = Vec::new();
    for (path, tree) in &trees {
        match tree.as_ref().map_err(Clone::clone).and_then(|tree| Text::of(path, tree)) {
            Ok(text) => texts.push(text),
            Err(error) => found.push(ScenarioError { path: (*path).to_owned(), error }),
        }
    }
    let all_read = found.is_empty();
    let fixtures = Fixtures::of(&texts, policy, all_read, &mut found);
    let files: Vec<_> = texts.iter().map(|text| text.file(policy, &fixtures, &mut found)).collect();
    if found.is_empty() {
        return Ok(files);
    }
    found.sort_by(|a, b| {
        (&a.path, a.error.line, a.error.column).cmp(&(&b.path, b.error.line, b.error.column))
    });
    Err(found)
}

/// The fixtures that no case and no other fixture of these files names: the path of each, its name, and where it stands.
/// A file that cannot be read has none and names none.
pub(crate) fn unused_fixtures(sources: &[Source]) -> Vec<(&str, String, [usize; 2])> {
    let trees: Vec<_> =
        sources.iter().filter_map(|one| Some((one.path.as_str(), yaml::parse(&one.text).ok()?))).collect();
    let texts: Vec<_> =
        trees.iter().filter_map(|(path, tree)| Some((*path, Text::of(path, tree).ok()?))).collect();
    let named: BTreeSet<&str> =
        texts.iter().flat_map(|(_, text)| text.parts()).flat_map(fixture::named).collect();
    let mut unused = Vec::new();
    for (path, text) in &texts {
        for (name, _) in text.fixtures {
            if let Some(word) = name.scalar("a name").ok().filter(|word| !named.contains(word)) {
                unused.push((*path, word.to_owned(), [name.line, name.column]));
            }
        }
    }
    unused
}

/// A scenario file as written.
pub(super) struct Text<'n> {
    pub(super) path: &'n str,
    /// Each fixture's name, and what it says.
    pub(super) fixtures: &'n [(Node, Node)],
    start: Option<&'n Node>,
    cases: &'n [Node],
}

impl<'n> Text<'n> {
    fn of(path: &'n str, root: &'n Node) -> Result<Self, YamlError> {
        let (mut start, mut fixtures, mut cases) = (None, None, None);
        for (key, value) in root.map("a scenario file")? {
            match key.scalar("a name")? {
                "fixtures" => fixtures = Some(value.map("`fixtures`")?),
                "start" => start = Some(value),
                "cases" => cases = Some(value.list("`cases`")?),
                other => return Err(unknown(key, other, &["fixtures", "start", "cases"])),
            }
        }
        if cases.is_none() && fixtures.is_none() {
            return Err(root.error("a scenario file needs `cases`"));
        }
        Ok(Self { path, fixtures: fixtures.unwrap_or_default(), start, cases: cases.unwrap_or_default() })
    }

    /// Every part of a request that it describes.
    fn parts(&self) -> impl Iterator<Item = &'n Node> {
        let of_case =
            |case: &'n Node| case.map("").unwrap_or_default().iter().find(|(key, _)| key.is("with"));
        let with = self.cases.iter().filter_map(of_case).map(|(_, part)| part);
        self.start.into_iter().chain(with).chain(self.fixtures.iter().map(|(_, part)| part))
    }

    /// Its cases; what is wrong with it goes to `found`.
    fn file(
        &self,
        policy: Option<&Policy>,
        fixtures: &Fixtures<'_>,
        found: &mut Vec<ScenarioError>,
    ) -> ScenarioFile {
        let mut start = Draft::default();
        let started = self.start.map_or(Ok(()), |node| fixtures.add(node, &mut start));
        let (start, mut wrong) = match started {
            Ok(()) => (Some(start), Vec::new()),
            Err(error) => (None, vec![error]),
        };
        let (cases, wrong_cases) = case::all(self.cases, &Surroundings { policy, fixtures, start });
        wrong.extend(wrong_cases);
        for wrong in wrong {
            if let Wrong::Here(error) = wrong {
                found.push(ScenarioError { path: self.path.to_owned(), error });
            }
        }
        ScenarioFile { path: self.path.to_owned(), cases }
    }
}

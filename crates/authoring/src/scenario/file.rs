//! A `*.scenarios.yaml` file, and the files of a folder read together.

use std::num::NonZeroUsize;

use super::case::{self, Case, CaseContext};
use super::error::{PartError, ScenarioError};
use super::fixture::Fixtures;
use super::parsed_file::ParsedFile;
use crate::partial_request::PartialRequest;
use crate::yaml;
use meterwarden::base::parallel;
use meterwarden::policy::Policy;
use meterwarden::policy::source::Source;

/// A scenario file: a shared start, and cases that state what differs from it.
#[derive(Clone, Debug)]
pub struct ScenarioFile {
    /// Its path under the policy's folder.
    pub path: String,
    /// Its cases, in the order of the text. A case with `each` is here once for each combination.
    pub cases: Vec<Case>,
}

/// Reads the scenario files of a folder together, on at most `threads` threads. Every case gets a complete request.
///
/// # Errors
///
/// Everything that the authors of the files must fix, in the order of the files: a text that is not YAML, or not
/// scenarios.
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
/// let files = scenario::read(&policy, &[text], NonZeroUsize::MIN).map_err(|mut errors| errors.remove(0))?;
/// assert_eq!(files[0].cases[0].name, "nobody else reads it [role=ED]");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read(
    policy: &Policy,
    sources: &[Source],
    threads: NonZeroUsize,
) -> Result<Vec<ScenarioFile>, Vec<ScenarioError>> {
    let sources: Vec<_> = sources.iter().map(|source| (source.path.as_str(), source.text.as_str())).collect();
    read_with(Some(policy), &sources, threads)
}

impl ScenarioFile {
    /// Reads a scenario file by itself: without the fixtures of other files, and without `any` and `not`, which need a
    /// policy, and with the days of UTC. [`read`] has both.
    ///
    /// # Errors
    ///
    /// The text is not YAML, or not scenarios. The error is the first in the text.
    pub fn parse(path: &str, text: &str) -> Result<Self, ScenarioError> {
        let empty = || Self { path: path.to_owned(), cases: Vec::new() };
        match read_with(None, &[(path, text)], NonZeroUsize::MIN) {
            Ok(mut files) => Ok(files.pop().unwrap_or_else(empty)),
            Err(errors) => errors.into_iter().next().map_or_else(|| Ok(empty()), Err),
        }
    }
}

fn read_with(
    policy: Option<&Policy>,
    sources: &[(&str, &str)],
    threads: NonZeroUsize,
) -> Result<Vec<ScenarioFile>, Vec<ScenarioError>> {
    let mut errors = Vec::new();
    let roots = parallel::map(sources, threads, |(path, text)| (*path, yaml::parse(text)));
    let mut parsed_files = Vec::new();
    for (path, root) in &roots {
        match root.as_ref().map_err(Clone::clone).and_then(|root| ParsedFile::of(path, root)) {
            Ok(file) => parsed_files.push(file),
            Err(error) => errors.push(ScenarioError { path: (*path).to_owned(), error }),
        }
    }
    let all_read = errors.is_empty();
    let fixtures = Fixtures::of(&parsed_files, policy, all_read, &mut errors);
    let files: Vec<_> =
        parsed_files.iter().map(|file| scenario_file(file, policy, &fixtures, &mut errors)).collect();
    if errors.is_empty() {
        return Ok(files);
    }
    errors.sort_by(|a, b| {
        (&a.path, a.error.line, a.error.column).cmp(&(&b.path, b.error.line, b.error.column))
    });
    Err(errors)
}

/// The cases of a parsed file. What is wrong with the file is added to `errors`.
fn scenario_file(
    file: &ParsedFile<'_>,
    policy: Option<&Policy>,
    fixtures: &Fixtures<'_>,
    errors: &mut Vec<ScenarioError>,
) -> ScenarioFile {
    let mut start = PartialRequest::default();
    let (start, start_error) = match file.start.map_or(Ok(()), |part| fixtures.add(part, &mut start)) {
        Ok(()) => (Some(start), None),
        Err(error) => (None, Some(error)),
    };
    let (cases, case_errors) = case::read_cases(file.cases, &CaseContext { policy, fixtures, start });
    for error in start_error.into_iter().chain(case_errors) {
        if let PartError::Here(error) = error {
            errors.push(ScenarioError { path: file.path.to_owned(), error });
        }
    }
    ScenarioFile { path: file.path.to_owned(), cases }
}

//! What came of the cases: for people, and as data.

use std::fmt;

use serde::Serialize;

use super::{Case, ScenarioFile};
use meterwarden::decide::request::Request;

/// What came of the cases of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The path of the file.
    pub path: String,
    /// How many cases got what they expect.
    pub passed: usize,
    /// The others, in order.
    pub failed: Vec<Failed>,
}

/// A case that did not get what it expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Which case of its file: `file.cases[failed.case]`.
    pub case: usize,
    /// The file and the line of the case.
    pub place: String,
    /// Its name.
    pub name: String,
    /// What it expects, as a person reads it.
    pub expected: String,
    /// What it got, as a person reads it.
    pub got: String,
    /// Why, where the request could be decided.
    pub because: String,
}

impl Report {
    pub(super) fn of(file: &ScenarioFile) -> Self {
        Self { path: file.path.clone(), ..Self::default() }
    }

    /// Counts one more case.
    pub(super) fn add(&mut self, failed: Option<Failed>) {
        match failed {
            Some(failed) => self.failed.push(failed),
            None => self.passed += 1,
        }
    }

    /// Every case of the file that it reports on, and how it failed if it did.
    pub fn cases<'r>(
        &'r self,
        file: &'r ScenarioFile,
    ) -> impl Iterator<Item = (&'r Case, Option<&'r Failed>)> {
        let mut failed = self.failed.iter().peekable();
        file.cases.iter().enumerate().map(move |(nth, case)| (case, failed.next_if(|one| one.case == nth)))
    }
}

/// What came of all cases, as data.
#[derive(Clone, Debug, Serialize)]
pub struct Results<'r> {
    /// The fingerprint of the policy.
    pub policy: &'r str,
    /// How many cases got what they expect.
    pub passed: usize,
    /// How many did not.
    pub failed: usize,
    /// Every case, by file and in order.
    pub cases: Vec<CaseResult<'r>>,
}

/// What came of one case, as data.
#[derive(Clone, Debug, Serialize)]
pub struct CaseResult<'r> {
    /// The path of its file under the policy's folder.
    pub file: &'r str,
    /// The line it begins on.
    pub line: usize,
    /// Its name.
    pub name: &'r str,
    /// The service that it asks about.
    pub service: &'r str,
    /// Whether it got what it expects.
    pub passed: bool,
    /// How it failed.
    #[serde(flatten)]
    pub failure: Option<Failure<'r>>,
}

/// How a case failed, as data.
#[derive(Clone, Debug, Serialize)]
pub struct Failure<'r> {
    /// What it expects, as a person reads it.
    pub expected: &'r str,
    /// What it got, as a person reads it.
    pub got: &'r str,
    /// Why, where the request could be decided.
    pub because: &'r str,
    /// Its whole request, to be decided or explained on its own.
    pub request: &'r Request,
}

impl<'r> Results<'r> {
    /// The reports of some files, in the same order.
    pub fn of(policy: &'r str, files: &'r [ScenarioFile], reports: &'r [Report]) -> Self {
        let cases = files.iter().zip(reports).flat_map(|(file, report)| {
            report.cases(file).map(|(case, failed)| CaseResult::of(&file.path, case, failed))
        });
        Self {
            policy,
            passed: reports.iter().map(|report| report.passed).sum(),
            failed: reports.iter().map(|report| report.failed.len()).sum(),
            cases: cases.collect(),
        }
    }
}

impl<'r> CaseResult<'r> {
    fn of(file: &'r str, case: &'r Case, failed: Option<&'r Failed>) -> Self {
        let Case { name, line, request, .. } = case;
        let failure = failed.map(|failed| Failure {
            expected: &failed.expected,
            got: &failed.got,
            because: &failed.because,
            request,
        });
        Self { file, line: *line, name, service: &request.service, passed: failed.is_none(), failure }
    }
}

impl Failed {
    /// What it expects and what it got, without why.
    pub fn brief(&self) -> String {
        format!("{}: {}\n  expected  {}\n  got       {}", self.place, self.name, self.expected, self.got)
    }
}

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.brief())?;
        for line in self.because.lines() {
            let indent = if line.is_empty() { "" } else { "    " };
            write!(f, "\n{indent}{line}")?;
        }
        Ok(())
    }
}

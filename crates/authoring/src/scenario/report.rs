//! The results of cases: as text for people, and as data.

use std::fmt;

use serde::Serialize;

use super::{Case, ScenarioFile};
use meterwarden::decide::request::Request;

/// The results of the cases of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The path of the file.
    pub path: String,
    /// The number of cases that passed.
    pub passed: usize,
    /// The cases that failed, in order.
    pub failed: Vec<Failed>,
}

/// A case that failed: the decision is not what it expects.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Its index in its file: `file.cases[failed.case]`.
    pub case: usize,
    /// The file and the line of the case.
    pub place: String,
    /// Its name.
    pub name: String,
    /// What it expects, as text.
    pub expected: String,
    /// What it got, as text.
    pub got: String,
    /// Why it got that; empty if the request could not be decided.
    pub because: String,
}

impl Report {
    pub(super) fn of(file: &ScenarioFile) -> Self {
        Self { path: file.path.clone(), ..Self::default() }
    }

    /// Adds the result of the next case: `None` if it passed.
    pub(super) fn add(&mut self, failed: Option<Failed>) {
        match failed {
            Some(failed) => self.failed.push(failed),
            None => self.passed += 1,
        }
    }

    /// Every case of the file that the report is about, with its failure if it failed.
    pub fn cases<'r>(
        &'r self,
        file: &'r ScenarioFile,
    ) -> impl Iterator<Item = (&'r Case, Option<&'r Failed>)> {
        let mut failed = self.failed.iter().peekable();
        file.cases
            .iter()
            .enumerate()
            .map(move |(index, case)| (case, failed.next_if(|failed| failed.case == index)))
    }
}

/// The results of all cases, as data.
#[derive(Clone, Debug, Serialize)]
pub struct Results<'r> {
    /// The fingerprint of the policy.
    pub policy: &'r str,
    /// The number of cases that passed.
    pub passed: usize,
    /// The number of cases that failed.
    pub failed: usize,
    /// Every case, by file and in order.
    pub cases: Vec<CaseResult<'r>>,
}

/// The result of one case, as data.
#[derive(Clone, Debug, Serialize)]
pub struct CaseResult<'r> {
    /// The path of its file under the policy's folder.
    pub file: &'r str,
    /// The line on which it begins, counted from 1.
    pub line: usize,
    /// Its name.
    pub name: &'r str,
    /// The service of its request.
    pub service: &'r str,
    /// Whether it passed.
    pub passed: bool,
    /// How it failed.
    #[serde(flatten)]
    pub failure: Option<Failure<'r>>,
}

/// How a case failed, as data.
#[derive(Clone, Debug, Serialize)]
pub struct Failure<'r> {
    /// What it expects, as text.
    pub expected: &'r str,
    /// What it got, as text.
    pub got: &'r str,
    /// Why it got that; empty if the request could not be decided.
    pub because: &'r str,
    /// Its complete request, which can be decided or explained by itself.
    pub request: &'r Request,
}

impl<'r> Results<'r> {
    /// The results of these files. `reports` are in the order of `files`.
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
    /// What it expects and what it got, without the reason.
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

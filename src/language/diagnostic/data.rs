//! Findings as data: what `check --format json` writes.

use serde::Serialize;

use super::{Diagnostic, Diagnostics, Severity};
use crate::decide::request::Request;
use crate::policy::source::Span;

/// One finding as data.
#[derive(Clone, Debug, Serialize)]
pub struct Finding<'a> {
    code: &'static str,
    severity: Severity,
    message: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<&'a str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    because: Vec<Because<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    help: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    witness: Option<&'a Request>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fix: Vec<Replacement<'a>>,
}

/// Where a finding is: the file, the line and the column, both counted from 1, the column in characters.
#[derive(Clone, Debug, Serialize)]
struct Place<'a> {
    path: &'a str,
    line: usize,
    column: usize,
}

#[derive(Clone, Debug, Serialize)]
struct Because<'a> {
    why: &'a str,
    #[serde(flatten)]
    place: Place<'a>,
}

/// An edit: `text` replaces the text from a place to the end line and column, which are excluded.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Replacement<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    end_line: usize,
    end_column: usize,
    text: &'a str,
}

impl Diagnostics {
    /// The findings as data, for JSON.
    pub fn to_data(&self) -> Vec<Finding<'_>> {
        self.found.iter().map(|finding| self.data(finding)).collect()
    }

    fn data<'a>(&'a self, finding: &'a Diagnostic) -> Finding<'a> {
        let because = finding.because.iter().map(|(span, why)| Because { why, place: self.place(*span) });
        let fix = finding.fix.iter().map(|edit| self.replacement(edit.span, &edit.text));
        Finding {
            code: finding.code.name(),
            severity: finding.code.severity(),
            message: &finding.message,
            place: self.place(finding.span),
            label: finding.label.as_deref(),
            because: because.collect(),
            help: finding.help.as_deref(),
            witness: finding.witness.as_ref(),
            fix: fix.collect(),
        }
    }

    fn place(&self, span: Span) -> Place<'_> {
        let region = self.region(span);
        Place { path: region.path, line: region.start.0, column: region.start.1 }
    }

    fn replacement<'a>(&'a self, span: Span, text: &'a str) -> Replacement<'a> {
        let (end_line, end_column) = self.region(span).end;
        Replacement { place: self.place(span), end_line, end_column, text }
    }

    /// Where a span begins and ends.
    pub(super) fn region(&self, span: Span) -> Region<'_> {
        let Some(source) = self.sources.get(span.file as usize) else {
            return Region { path: "", start: (1, 1), end: (1, 1) };
        };
        let place = |byte: u32| source.line_column(byte as usize);
        Region { path: &source.path, start: place(span.start), end: place(span.end) }
    }
}

/// A part of a file, by lines and columns counted from 1; the end is the place after the last character.
pub(super) struct Region<'a> {
    pub(super) path: &'a str,
    pub(super) start: (usize, usize),
    pub(super) end: (usize, usize),
}

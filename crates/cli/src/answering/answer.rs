//! An answer, as data.

use meterwarden::{Date, Decision, Outcome};
use meterwarden_analysis::Explanation;
use meterwarden_duis::Eui64;
use serde::Serialize;

use crate::exit::Exit;

/// A verdict and what it is about.
#[derive(Debug, Serialize)]
pub(super) struct Answer<'p> {
    #[serde(flatten)]
    pub(super) subject: Subject,
    #[serde(flatten)]
    pub(super) verdict: Verdict<'p>,
}

/// What of an input a verdict is about.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Subject {
    /// The whole input: it holds one request, or cannot be used
    Input {},
    /// One of several requests of a file, or one of its lines, counted from 1. JSON does not show the number: its
    /// reader counts the answers.
    Number {
        #[serde(skip)]
        number: u64,
    },
    /// One device of a DUIS message. Of the roles that the sender may have, the role is the one with the best outcome.
    #[serde(rename_all = "kebab-case")]
    Device {
        request_id: String,
        originator: Eui64,
        service: &'static str,
        device: Option<Eui64>,
        /// What else the message names for this answer.
        #[serde(skip_serializing_if = "Option::is_none")]
        detail: Option<String>,
        role: Option<String>,
    },
}

/// The verdict: a decision, a decision with its explanation, or an error.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Verdict<'p> {
    Decision(Decision<'p>),
    Explanation(Box<Explanation<'p>>),
    Error(InputError),
}

/// `{"error": "…", "line": 7}`: why a request or a message cannot be used, and where.
#[derive(Debug, Default, Serialize)]
pub(super) struct InputError {
    /// The message.
    pub(super) error: String,
    /// The file. An error in a request line has only the number of the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) file: Option<String>,
    /// The number of the request, if the file has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) request: Option<u64>,
    /// The line, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) line: Option<u64>,
    /// The column, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) column: Option<u64>,
}

impl InputError {
    pub(super) fn new(error: impl Into<String>) -> Self {
        Self { error: error.into(), ..Self::default() }
    }

    /// The place, as it is written before the message: `home.xml: line 3, column 7: `.
    pub(super) fn place(&self) -> String {
        let file = self.file.as_deref().map(|file| if file == "-" { "standard input" } else { file });
        let file = file.map(|file| format!("{file}: "));
        let place = match (self.line, self.column) {
            (Some(line), Some(column)) => format!("line {line}, column {column}: "),
            (Some(line), None) => format!("line {line}: "),
            (None, Some(column)) => format!("column {column}: "),
            (None, None) => String::new(),
        };
        file.unwrap_or_default() + &place
    }
}

impl Verdict<'_> {
    /// The exit code of this verdict alone.
    pub(super) fn exit(&self) -> Exit {
        match self.decision().map(|decision| &decision.outcome) {
            Some(Outcome::Permit { .. }) => Exit::Fine,
            Some(Outcome::Refuse(_)) => Exit::Refused,
            Some(Outcome::Undetermined { .. }) => Exit::Undetermined,
            None => Exit::Unusable,
        }
    }

    /// The date of receipt, which chooses the law; an error has none.
    pub(super) fn date(&self) -> Option<Date> {
        self.decision().map(|decision| decision.at)
    }

    fn decision(&self) -> Option<&Decision<'_>> {
        match self {
            Self::Decision(decision) => Some(decision),
            Self::Explanation(explanation) => Some(explanation.decision()),
            Self::Error(_) => None,
        }
    }
}

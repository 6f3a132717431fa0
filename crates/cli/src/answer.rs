//! One answer, as data.

use meterwarden::{Date, Decision, Outcome};
use meterwarden_analysis::Explanation;
use meterwarden_duis::Eui64;
use serde::Serialize;
use serde::ser::Serializer;

use crate::exit::Exit;

/// An answer and what it is about.
#[derive(Debug, Serialize)]
pub(crate) struct Answer<'p> {
    #[serde(flatten)]
    pub(crate) about: About,
    #[serde(flatten)]
    pub(crate) verdict: Verdict<'p>,
}

/// Which of several questions of one input was answered.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum About {
    /// There is one only.
    Input {},
    /// A request of several in one file, or on one line, counted from 1. Answers as data are counted by whoever reads them.
    Number {
        #[serde(skip)]
        number: u64,
    },
    /// A DUIS message asks for each of its devices, in the role of its sender with the best prospects.
    Device {
        #[serde(serialize_with = "text")]
        device: Option<Eui64>,
        role: Option<String>,
    },
}

/// The answer itself.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Verdict<'p> {
    Decision(Decision<'p>),
    Explanation(Box<Explanation<'p>>),
    Unusable(Unusable),
}

/// `{"error": "…", "line": 7}`: a request or a message that cannot be used.
#[derive(Debug, Default, Serialize)]
pub(crate) struct Unusable {
    /// What is wrong.
    pub(crate) error: String,
    /// The file. A line is told by its number alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) file: Option<String>,
    /// Which request of several in one file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) request: Option<u64>,
    /// The line, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) line: Option<u64>,
    /// The column, counted from 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) column: Option<u64>,
}

fn text<S: Serializer>(device: &Option<Eui64>, serializer: S) -> Result<S::Ok, S::Error> {
    match device {
        Some(device) => serializer.collect_str(device),
        None => serializer.serialize_none(),
    }
}

impl Unusable {
    pub(crate) fn new(error: impl Into<String>) -> Self {
        Self { error: error.into(), ..Self::default() }
    }

    /// Where it stands, in front of what is wrong: `home.xml: line 3, column 7: `.
    pub(crate) fn place(&self) -> String {
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
    /// What it makes of the exit code.
    pub(crate) fn exit(&self) -> Exit {
        match self.decision().map(|decision| &decision.outcome) {
            Some(Outcome::Permit { .. }) => Exit::Fine,
            Some(Outcome::Refuse(_)) => Exit::Refused,
            Some(Outcome::Undetermined { .. }) => Exit::Undetermined,
            None => Exit::Unusable,
        }
    }

    /// The date that chose the law.
    pub(crate) fn at(&self) -> Option<Date> {
        self.decision().map(|decision| decision.at)
    }

    fn decision(&self) -> Option<&Decision<'_>> {
        match self {
            Self::Decision(decision) => Some(decision),
            Self::Explanation(explanation) => Some(explanation.decision()),
            Self::Unusable(_) => None,
        }
    }
}

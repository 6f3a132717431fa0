//! An answer for programs. docs/formats.md describes its keys.

use std::io::{self, Write};

use meterwarden::{Date, Policy};
use meterwarden_analysis::ask::Answer;
use serde::Serialize;

use super::result::AskResult;
use crate::json;

#[derive(Serialize)]
struct AskOutput<'a> {
    at: Option<Date>,
    policy: &'a str,
    #[serde(rename = "where")]
    clauses: &'a [String],
    about: &'a [String],
    #[serde(flatten)]
    answer: &'a Answer,
}

pub(super) fn write(result: &AskResult<'_>, policy: &Policy, out: &mut impl Write) -> io::Result<()> {
    let output = AskOutput {
        at: result.question.at,
        policy: policy.fingerprint(),
        clauses: &result.clauses,
        about: &result.question.about,
        answer: result.answer,
    };
    json::write(&output, out)
}

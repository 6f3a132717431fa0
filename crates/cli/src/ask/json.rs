//! An answer for programs. docs/formats.md says what its keys mean.

use std::io::{self, Write};

use meterwarden::{Date, Policy};
use meterwarden_analysis::ask::Answer;
use serde::Serialize;

use super::told::Told;

#[derive(Serialize)]
struct Whole<'a> {
    at: Option<Date>,
    policy: &'a str,
    #[serde(rename = "where")]
    clauses: &'a [String],
    about: &'a [String],
    #[serde(flatten)]
    answer: &'a Answer,
}

pub(super) fn write(told: &Told<'_>, policy: &Policy, out: &mut impl Write) -> io::Result<()> {
    let whole = Whole {
        at: told.question.at,
        policy: policy.fingerprint(),
        clauses: &told.clauses,
        about: &told.question.about,
        answer: told.answer,
    };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}

//! A difference for programs. docs/formats.md says what its keys mean.

use std::io::{self, Write};

use meterwarden_analysis::diff::Diff;
use serde::Serialize;

use super::heading::{Direction, Heading};

#[derive(Serialize)]
struct Whole<'d> {
    change: Direction,
    compared: &'d [String; 2],
    #[serde(flatten)]
    diff: &'d Diff,
}

pub(super) fn write(diff: &Diff, heading: &Heading, out: &mut impl Write) -> io::Result<()> {
    let whole = Whole { change: heading.direction, compared: &heading.compared, diff };
    serde_json::to_writer_pretty(&mut *out, &whole)?;
    writeln!(out)
}

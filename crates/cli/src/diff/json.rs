//! A difference for programs. docs/formats.md describes its keys.

use std::io::{self, Write};

use meterwarden_analysis::diff::Diff;
use serde::Serialize;

use super::heading::{Direction, Heading};
use crate::json;

#[derive(Serialize)]
struct DiffOutput<'d> {
    change: Direction,
    compared: &'d [String; 2],
    #[serde(flatten)]
    diff: &'d Diff,
}

pub(super) fn write(diff: &Diff, heading: &Heading, out: &mut impl Write) -> io::Result<()> {
    json::write(&DiffOutput { change: heading.direction, compared: &heading.compared, diff }, out)
}

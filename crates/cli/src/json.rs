//! Output for programs: one JSON value, indented, with a line end.

use std::io::{self, Write};

use serde::Serialize;

pub(crate) fn write(data: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, data)?;
    writeln!(out)
}

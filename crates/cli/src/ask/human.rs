//! An answer for a terminal.

use std::io::{self, Write};

use meterwarden_analysis::ask::{ServiceAnswer, Stated, TimeAnswer};

use super::told::{INSTEAD, NOTHING, Told};
use crate::terminal::{Colour, one_line, painted};

pub(super) fn write(told: &Told<'_>, colour: bool, out: &mut impl Write) -> io::Result<()> {
    for line in &told.heading {
        writeln!(out, "{}", one_line(line))?;
    }
    if !told.clauses.is_empty() {
        writeln!(out, "where {}", one_line(&told.clauses.join("; ")))?;
    }
    writeln!(out)?;
    for (nth, one) in told.answer.services.iter().enumerate() {
        if nth > 0 && !told.is_short() {
            writeln!(out)?;
        }
        service(told, one, colour, out)?;
    }
    if told.answer.services.is_empty() {
        writeln!(out, "{}", painted(NOTHING, colour.then_some(Colour::Red)))?;
        writeln!(out, "{INSTEAD}")?;
    }
    writeln!(out, "\n{}", told.count())
}

fn service(told: &Told<'_>, one: &ServiceAnswer, colour: bool, out: &mut impl Write) -> io::Result<()> {
    let title = one_line(&Told::service(one));
    writeln!(out, "{}", painted(&title, colour.then_some(Colour::Green)))?;
    for (nth, time) in one.times.iter().enumerate() {
        let when = told.time(time);
        if nth > 0 && !told.is_short() {
            writeln!(out)?;
        }
        if let Some(when) = &when {
            writeln!(out, "  {when}")?;
        }
        regions(told, time, if when.is_some() { "    " } else { "  " }, out)?;
    }
    Ok(())
}

fn regions(told: &Told<'_>, time: &TimeAnswer, indent: &str, out: &mut impl Write) -> io::Result<()> {
    for (nth, region) in time.regions.iter().enumerate() {
        if nth > 0 && !told.is_short() {
            writeln!(out)?;
        }
        write_region(told, time, region, indent, out)?;
    }
    Ok(())
}

/// A region; in a short answer on one line.
fn write_region(
    told: &Told<'_>,
    time: &TimeAnswer,
    region: &Stated,
    indent: &str,
    out: &mut impl Write,
) -> io::Result<()> {
    let lines = told.lines(time, region);
    if told.is_short() {
        return match lines.as_slice() {
            [] => Ok(()),
            lines => writeln!(out, "{indent}{}", one_line(&lines.join("; "))),
        };
    }
    for line in lines {
        writeln!(out, "{indent}{}", one_line(&line))?;
    }
    writeln!(out, "{indent}  by {}", one_line(&region.rules.join(", ")))
}

//! An answer for a terminal.

use std::io::{self, Write};

use meterwarden_analysis::ask::{AnswerRegion, ServiceAnswer, TimeAnswer};

use super::result::{AskResult, NEXT_COMMANDS, NOTHING};
use crate::terminal::{Colour, one_line, painted};

pub(super) fn write(result: &AskResult<'_>, colour: bool, out: &mut impl Write) -> io::Result<()> {
    for line in &result.heading {
        writeln!(out, "{}", one_line(line))?;
    }
    if !result.clauses.is_empty() {
        writeln!(out, "where {}", one_line(&result.clauses.join("; ")))?;
    }
    writeln!(out)?;
    for (index, service) in result.answer.services.iter().enumerate() {
        separate(result, index, out)?;
        write_service(result, service, colour, out)?;
    }
    if result.answer.services.is_empty() {
        writeln!(out, "{}", painted(NOTHING, colour.then_some(Colour::Red)))?;
        writeln!(out, "{NEXT_COMMANDS}")?;
    }
    writeln!(out, "\n{}", result.service_count())
}

/// Writes an empty line before every item except the first; a short answer has none.
fn separate(result: &AskResult<'_>, index: usize, out: &mut impl Write) -> io::Result<()> {
    if index > 0 && !result.is_short() { writeln!(out) } else { Ok(()) }
}

fn write_service(
    result: &AskResult<'_>,
    service: &ServiceAnswer,
    colour: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let title = one_line(&AskResult::service_title(service));
    writeln!(out, "{}", painted(&title, colour.then_some(Colour::Green)))?;
    for (index, time) in service.times.iter().enumerate() {
        separate(result, index, out)?;
        let words = result.time(time);
        if let Some(words) = &words {
            writeln!(out, "  {words}")?;
        }
        let indent = if words.is_some() { "    " } else { "  " };
        for (index, region) in time.regions.iter().enumerate() {
            separate(result, index, out)?;
            write_region(result, time, region, indent, out)?;
        }
    }
    Ok(())
}

/// Writes a region; in a short answer, on one line.
fn write_region(
    result: &AskResult<'_>,
    time: &TimeAnswer,
    region: &AnswerRegion,
    indent: &str,
    out: &mut impl Write,
) -> io::Result<()> {
    let lines = result.lines(time, region);
    if result.is_short() {
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

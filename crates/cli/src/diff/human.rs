//! A difference for a terminal.

use std::io::{self, Write};

use meterwarden_analysis::diff::Diff;

use super::heading::{Direction, Heading};
use crate::changes::human::{HumanStyle, service};
use crate::changes::sections;
use crate::terminal::{Colour, one_line, painted};

const CODES_HINT: &str = "; --codes shows which";

/// With `codes`, changes of response codes are shown region by region.
pub(super) fn write(
    diff: &Diff,
    heading: &Heading,
    codes: bool,
    colour: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let style = HumanStyle { codes, timed: diff.dates.is_none(), colour, codes_hint: CODES_HINT };
    write_heading(heading, colour, out)?;
    let (changed, recoded) = sections::partition(&diff.services);
    for change in changed.iter().chain(recoded.iter().filter(|_| codes)) {
        writeln!(out)?;
        service(change, style, out)?;
    }
    if !recoded.is_empty() && !codes {
        writeln!(out, "\n{}{CODES_HINT}", sections::only_codes_differ(recoded.len()))?;
        for change in recoded {
            let summary = sections::code_summary(change).unwrap_or_default();
            writeln!(out, "  {}: {}", one_line(&sections::service_title(change)), one_line(&summary))?;
        }
    }
    if diff.services.iter().any(|change| !sections::sections(change, codes).is_empty()) {
        let words = heading.explain_hint.words(|command| format!("`{command}`"));
        writeln!(out, "\neach line in braces {}", one_line(&words))?;
    }
    Ok(())
}

fn write_heading(heading: &Heading, colour: bool, out: &mut impl Write) -> io::Result<()> {
    let [before, after] = &heading.compared;
    writeln!(out, "before: {}\nafter:  {}", one_line(before), one_line(after))?;
    let direction_colour = match heading.direction {
        Direction::Same => None,
        Direction::Narrower => Some(Colour::Red),
        Direction::Wider => Some(Colour::Green),
        Direction::Both => Some(Colour::Yellow),
    };
    let direction = painted(heading.direction.words(), direction_colour.filter(|_| colour));
    writeln!(out, "{direction}: {}", heading.summary)?;
    match heading.note {
        Some(note) => writeln!(out, "{note}"),
        None => Ok(()),
    }
}

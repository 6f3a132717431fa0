//! A difference for a terminal.

use std::io::{self, Write};

use meterwarden_analysis::diff::{Diff, Region, ServiceDiff};

use super::heading::{Direction, Heading};
use super::told::{self, Change, Group, Section};
use crate::region;
use crate::terminal::{Colour, one_line, painted};

/// What to show, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Look {
    /// Whether the changes of codes are shown region by region.
    pub(crate) codes: bool,
    /// Whether a region has a time of its own.
    pub(crate) timed: bool,
    pub(crate) colour: bool,
    /// What is said of codes that are only counted.
    pub(crate) hint: &'static str,
}

pub(super) fn write(diff: &Diff, heading: &Heading, look: Look, out: &mut impl Write) -> io::Result<()> {
    let [before, after] = &heading.compared;
    writeln!(out, "before: {}\nafter:  {}", one_line(before), one_line(after))?;
    let paint = match heading.direction {
        Direction::Same => None,
        Direction::Narrower => Some(Colour::Red),
        Direction::Wider => Some(Colour::Green),
        Direction::Both => Some(Colour::Yellow),
    };
    let direction = painted(heading.direction.words(), paint.filter(|_| look.colour));
    writeln!(out, "{direction}: {}", heading.summary)?;
    if let Some(note) = heading.note {
        writeln!(out, "{note}")?;
    }
    let (permits, recoded) = told::apart(&diff.services);
    for one in permits.iter().chain(recoded.iter().filter(|_| look.codes)) {
        writeln!(out)?;
        service(one, look, out)?;
    }
    if !recoded.is_empty() && !look.codes {
        writeln!(out, "\n{}{}", told::recoded_alone(recoded.len()), look.hint)?;
        for one in recoded {
            let codes = told::codes(one).unwrap_or_default();
            writeln!(out, "  {}: {}", one_line(&told::service(one)), one_line(&codes))?;
        }
    }
    if diff.services.iter().any(|one| !told::sections(one, look.codes).is_empty()) {
        let words = heading.explaining.words(|command| format!("`{command}`"));
        writeln!(out, "\neach line in braces {}", one_line(&words))?;
    }
    Ok(())
}

/// All that changes in a service.
pub(crate) fn service(one: &ServiceDiff, look: Look, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", one_line(&told::service(one)))?;
    let sections = told::sections(one, look.codes);
    for (nth, part) in sections.iter().enumerate() {
        between(nth, out)?;
        section(part, look, out)?;
    }
    match told::codes(one) {
        Some(codes) if !look.codes => {
            between(sections.len(), out)?;
            writeln!(out, "  another response code: {}{}", one_line(&codes), look.hint)
        }
        _ => Ok(()),
    }
}

/// An empty line before all but the first.
fn between(nth: usize, out: &mut impl Write) -> io::Result<()> {
    if nth == 0 { Ok(()) } else { writeln!(out) }
}

fn section(section: &Section<'_>, look: Look, out: &mut impl Write) -> io::Result<()> {
    let paint = paint(section.change).filter(|_| look.colour);
    writeln!(out, "  {}", painted(&section.title, paint))?;
    for (nth, group) in section.groups.iter().enumerate() {
        between(nth, out)?;
        causes(group, out)?;
        for (nth, region) in group.regions.iter().enumerate() {
            between(nth, out)?;
            write_region(region, section.change, look, out)?;
        }
    }
    match &section.unshown {
        Some(unshown) => writeln!(out, "\n    and {unshown}"),
        None => Ok(()),
    }
}

fn causes(group: &Group<'_>, out: &mut impl Write) -> io::Result<()> {
    for (nth, cause) in group.causes.iter().enumerate() {
        let word = if nth == 0 { "because" } else { "and    " };
        writeln!(out, "    {word} {}", one_line(&told::does(cause)))?;
        for line in told::says(cause).into_iter().chain(told::origin(cause)) {
            writeln!(out, "            {}", one_line(line))?;
        }
    }
    Ok(())
}

fn write_region(region: &Region, change: Change, look: Look, out: &mut impl Write) -> io::Result<()> {
    let paint = paint(change).filter(|_| look.colour);
    let title = format!("{} {}", change.sign(), title(region, look.timed));
    writeln!(out, "    {}", painted(&title, paint))?;
    for clause in region::clauses(&region.clauses) {
        writeln!(out, "        {}", one_line(clause))?;
    }
    writeln!(out, "      {}", one_line(&region.witness.to_json()))
}

/// `from 2023-06-29: 12 cases`
pub(super) fn title(region: &Region, timed: bool) -> String {
    let cases = region::cases(&region.cases);
    if timed { format!("{}: {cases}", region::time(region.from, region.until)) } else { cases }
}

/// A line a region, for those who want to see what changes and not why.
pub(crate) fn short(one: &ServiceDiff, indent: &str, colour: bool, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{indent}{}", one_line(&told::service(one)))?;
    for section in told::sections(one, false) {
        let sign = painted(&section.change.sign().to_string(), paint(section.change).filter(|_| colour));
        for region in section.groups.iter().flat_map(|group| &group.regions) {
            let clauses = region::clauses(&region.clauses).join("; ");
            writeln!(out, "{indent}  {sign} {}: {}", region::cases(&region.cases), one_line(&clauses))?;
        }
        if let Some(unshown) = &section.unshown {
            writeln!(out, "{indent}  {sign} {unshown}")?;
        }
    }
    let recoded = told::recoded(one);
    if recoded.is_zero() {
        return Ok(());
    }
    let sign = painted("~", paint(Change::Recodes).filter(|_| colour));
    writeln!(out, "{indent}  {sign} {}: refused with another response code", region::cases(&recoded))
}

fn paint(change: Change) -> Option<Colour> {
    match change {
        Change::Opens => Some(Colour::Green),
        Change::Closes => Some(Colour::Red),
        Change::Recodes => Some(Colour::Yellow),
    }
}

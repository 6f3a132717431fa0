//! The changes of a service for a terminal.

use std::io::{self, Write};

use meterwarden_analysis::diff::{Region, ServiceDiff};

use super::sections::{self, CauseGroup, Change, Section};
use crate::region;
use crate::terminal::{Colour, one_line, painted};

/// What of a service's changes is shown, and how.
#[derive(Clone, Copy, Debug)]
pub(crate) struct HumanStyle {
    /// Whether changes of response codes are shown region by region, and not only counted.
    pub(crate) codes: bool,
    /// Whether a region has a time of its own.
    pub(crate) timed: bool,
    pub(crate) colour: bool,
    /// What follows changes of response codes that are only counted.
    pub(crate) codes_hint: &'static str,
}

/// Writes all changes of a service.
pub(crate) fn service(diff: &ServiceDiff, style: HumanStyle, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", one_line(&sections::service_title(diff)))?;
    let sections = sections::sections(diff, style.codes);
    for (index, part) in sections.iter().enumerate() {
        separate(index, out)?;
        section(part, style, out)?;
    }
    match sections::code_summary(diff) {
        Some(codes) if !style.codes => {
            separate(sections.len(), out)?;
            writeln!(out, "  another response code: {}{}", one_line(&codes), style.codes_hint)
        }
        _ => Ok(()),
    }
}

/// Writes an empty line before every item except the first.
fn separate(index: usize, out: &mut impl Write) -> io::Result<()> {
    if index == 0 { Ok(()) } else { writeln!(out) }
}

fn section(section: &Section<'_>, style: HumanStyle, out: &mut impl Write) -> io::Result<()> {
    let colour = colour(section.change).filter(|_| style.colour);
    writeln!(out, "  {}", painted(&section.title, colour))?;
    for (index, group) in section.groups.iter().enumerate() {
        separate(index, out)?;
        causes(group, out)?;
        for (index, region) in group.regions.iter().enumerate() {
            separate(index, out)?;
            write_region(region, section.change, style, out)?;
        }
    }
    match &section.unshown {
        Some(unshown) => writeln!(out, "\n    and {unshown}"),
        None => Ok(()),
    }
}

fn causes(group: &CauseGroup<'_>, out: &mut impl Write) -> io::Result<()> {
    for (index, cause) in group.causes.iter().enumerate() {
        let word = if index == 0 { "because" } else { "and    " };
        writeln!(out, "    {word} {}", one_line(&sections::effect(cause)))?;
        for line in sections::rule_text(cause).into_iter().chain(sections::origin(cause)) {
            writeln!(out, "            {}", one_line(line))?;
        }
    }
    Ok(())
}

fn write_region(region: &Region, change: Change, style: HumanStyle, out: &mut impl Write) -> io::Result<()> {
    let colour = colour(change).filter(|_| style.colour);
    let title = format!("{} {}", change.sign(), sections::region_title(region, style.timed));
    writeln!(out, "    {}", painted(&title, colour))?;
    for clause in region::clauses(&region.clauses) {
        writeln!(out, "        {}", one_line(clause))?;
    }
    writeln!(out, "      {}", one_line(&region.witness.to_json()))
}

/// Writes one line a region: what changes, without the causes and the example requests.
pub(crate) fn service_in_short(
    diff: &ServiceDiff,
    indent: &str,
    with_colour: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    let sign_of =
        |change: Change| painted(&change.sign().to_string(), colour(change).filter(|_| with_colour));
    writeln!(out, "{indent}{}", one_line(&sections::service_title(diff)))?;
    for section in sections::sections(diff, false) {
        let sign = sign_of(section.change);
        for region in section.groups.iter().flat_map(|group| &group.regions) {
            let clauses = region::clauses(&region.clauses).join("; ");
            writeln!(out, "{indent}  {sign} {}: {}", region::requests(&region.cases), one_line(&clauses))?;
        }
        if let Some(unshown) = &section.unshown {
            writeln!(out, "{indent}  {sign} {unshown}")?;
        }
    }
    let recoded = sections::recoded(diff);
    if recoded.is_zero() {
        return Ok(());
    }
    let sign = sign_of(Change::Recodes);
    writeln!(out, "{indent}  {sign} {}: refused with another response code", region::requests(&recoded))
}

fn colour(change: Change) -> Option<Colour> {
    match change {
        Change::Opens => Some(Colour::Green),
        Change::Closes => Some(Colour::Red),
        Change::Recodes => Some(Colour::Yellow),
    }
}

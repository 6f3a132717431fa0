//! A timeline for a terminal.

use std::io::{self, Write};

use meterwarden_analysis::diff::ServiceDiff;
use meterwarden_analysis::timeline::{Comparison, Moment, Status};

use super::words::{BEGINNING, NOTHING_CHANGES, modifications, moments_shown, status};
use crate::changes::human::{self as changes, HumanStyle};
use crate::terminal::{Colour, one_line, painted};
use crate::versions::loaded::LoadedVersion;

/// How a timeline is shown.
#[derive(Clone, Copy, Debug)]
pub(super) struct TimelineStyle {
    /// Whether everything is shown that `diff` shows, and not only a line for each region.
    pub(super) long: bool,
    pub(super) colour: bool,
}

pub(super) fn write(
    version: &LoadedVersion,
    moments: &[Moment],
    style: TimelineStyle,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "{}", one_line(&version.name))?;
    if moments.is_empty() {
        return writeln!(out, "{NOTHING_CHANGES}");
    }
    for moment in moments {
        writeln!(out, "\n{}", title(moment))?;
        services(&moment.services, "  ", style, out)?;
    }
    Ok(())
}

pub(super) fn write_compared(
    versions: [&LoadedVersion; 2],
    comparison: &Comparison,
    style: TimelineStyle,
    out: &mut impl Write,
) -> io::Result<()> {
    let [before, after] = versions.map(|version| one_line(&version.name));
    writeln!(out, "before: {before}\nafter:  {after}")?;
    if comparison.dates.is_empty() && comparison.beginning.is_empty() {
        return writeln!(out, "{NOTHING_CHANGES}, before and after");
    }
    if !comparison.beginning.is_empty() {
        let colour = Some(Colour::Yellow).filter(|_| style.colour);
        writeln!(out, "\n{}", painted(BEGINNING, colour))?;
        services(&comparison.beginning, "    ", style, out)?;
    }
    for date in &comparison.dates {
        let colour = status_colour(date.status).filter(|_| style.colour);
        writeln!(out, "\n{}", painted(&format!("{}: {}", date.date, status(date.status)), colour))?;
        for (version, moment) in moments_shown(date) {
            let version = version.map(|version| format!("{version}: ")).unwrap_or_default();
            let modifications = modifications(moment);
            if !(version.is_empty() && modifications.is_empty()) {
                writeln!(out, "  {version}{}", one_line(&modifications))?;
            }
            services(&moment.services, "    ", style, out)?;
        }
    }
    Ok(())
}

fn status_colour(status: Status) -> Option<Colour> {
    match status {
        Status::Same => None,
        Status::New => Some(Colour::Green),
        Status::Gone => Some(Colour::Red),
        Status::Different => Some(Colour::Yellow),
    }
}

/// `2023-06-29  MP125 Correcting …`
fn title(moment: &Moment) -> String {
    format!("{}  {}", moment.date, one_line(&modifications(moment))).trim_end().to_owned()
}

fn services(
    services: &[ServiceDiff],
    indent: &str,
    style: TimelineStyle,
    out: &mut impl Write,
) -> io::Result<()> {
    for (index, service) in services.iter().enumerate() {
        if style.long {
            let separator = if index == 0 { "" } else { "\n" };
            write!(out, "{separator}{}", indented(&long_service(service, style)?, indent))?;
        } else {
            changes::service_in_short(service, indent, style.colour, out)?;
        }
    }
    Ok(())
}

/// A service as `diff` shows it.
fn long_service(service: &ServiceDiff, style: TimelineStyle) -> io::Result<String> {
    let mut text = Vec::new();
    let style = HumanStyle { codes: false, timed: false, colour: style.colour, codes_hint: "" };
    changes::service(service, style, &mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn indented(text: &str, indent: &str) -> String {
    let line = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("{indent}{line}\n") };
    text.lines().map(line).collect()
}

//! A timeline for a terminal.

use std::io::{self, Write};

use meterwarden_analysis::diff::ServiceDiff;
use meterwarden_analysis::timeline::{Compared, Comparison, Moment, Status};

use crate::diff::human as diff;
use crate::side::Side;
use crate::terminal::{Colour, one_line, painted};

/// How to show it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// All that `diff` shows, and not only a line a region.
    pub(super) long: bool,
    pub(super) colour: bool,
}

/// What is said where nothing ever changes.
pub(super) const NOTHING: &str = "what is permitted is the same on every date";

/// Before the first date on which anything changes, where two versions differ there.
pub(super) const BEGINNING: &str = "from the beginning: different, before any date";

pub(super) fn alone(side: &Side, moments: &[Moment], look: Look, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{}", one_line(&side.name))?;
    if moments.is_empty() {
        return writeln!(out, "{NOTHING}");
    }
    for moment in moments {
        writeln!(out, "\n{}", title(moment))?;
        services(&moment.services, "  ", look, out)?;
    }
    Ok(())
}

pub(super) fn compared(
    sides: [&Side; 2],
    found: &Comparison,
    look: Look,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "before: {}\nafter:  {}", one_line(&sides[0].name), one_line(&sides[1].name))?;
    if found.dates.is_empty() && found.beginning.is_empty() {
        return writeln!(out, "{NOTHING}, before and after");
    }
    if !found.beginning.is_empty() {
        let colour = Some(Colour::Yellow).filter(|_| look.colour);
        writeln!(out, "\n{}", painted(BEGINNING, colour))?;
        services(&found.beginning, "    ", look, out)?;
    }
    for one in &found.dates {
        let colour = match one.status {
            Status::Same => None,
            Status::New => Some(Colour::Green),
            Status::Gone => Some(Colour::Red),
            Status::Different => Some(Colour::Yellow),
        };
        let word = format!("{}: {}", one.date, word(one.status));
        writeln!(out, "\n{}", painted(&word, colour.filter(|_| look.colour)))?;
        for (side, moment) in sides_shown(one) {
            let side = side.map(|side| format!("{side}: ")).unwrap_or_default();
            let named = named(moment);
            if !(side.is_empty() && named.is_empty()) {
                writeln!(out, "  {side}{}", one_line(&named))?;
            }
            services(&moment.services, "    ", look, out)?;
        }
    }
    Ok(())
}

/// The moments of a date that are to be shown: of what is the same, one.
pub(super) fn sides_shown(one: &Compared) -> Vec<(Option<&'static str>, &Moment)> {
    let (before, after) = (one.before.as_ref(), one.after.as_ref());
    match one.status {
        Status::Same | Status::New => after.into_iter().map(|moment| (None, moment)).collect(),
        Status::Gone => before.into_iter().map(|moment| (None, moment)).collect(),
        Status::Different => {
            let before = before.into_iter().map(|moment| (Some("before"), moment));
            before.chain(after.into_iter().map(|moment| (Some("after"), moment))).collect()
        }
    }
}

pub(super) fn word(status: Status) -> &'static str {
    match status {
        Status::Same => "the same in both",
        Status::New => "new, nothing changed on it before",
        Status::Gone => "gone, nothing changes on it any more",
        Status::Different => "different",
    }
}

/// `2023-06-29  MP125 Correcting …`
fn title(moment: &Moment) -> String {
    format!("{}  {}", moment.date, one_line(&named(moment))).trim_end().to_owned()
}

/// The modifications of a date.
pub(super) fn named(moment: &Moment) -> String {
    moment.modifications.join("; ")
}

fn services(services: &[ServiceDiff], indent: &str, look: Look, out: &mut impl Write) -> io::Result<()> {
    for (nth, one) in services.iter().enumerate() {
        if look.long {
            let before = if nth == 0 { "" } else { "\n" };
            write!(out, "{before}{}", indented(&whole(one, look)?, indent))?;
        } else {
            diff::short(one, indent, look.colour, out)?;
        }
    }
    Ok(())
}

/// A service as `diff` shows it.
fn whole(one: &ServiceDiff, look: Look) -> io::Result<String> {
    let mut text = Vec::new();
    let look = diff::Look { codes: false, timed: false, colour: look.colour, hint: "" };
    diff::service(one, look, &mut text)?;
    Ok(String::from_utf8_lossy(&text).into_owned())
}

fn indented(text: &str, indent: &str) -> String {
    let line = |line: &str| if line.is_empty() { "\n".to_owned() } else { format!("{indent}{line}\n") };
    text.lines().map(line).collect()
}

//! `meterwarden timeline`

mod human;
mod json;
mod markdown;
mod words;

use std::io::Write;

use meterwarden_analysis::timeline::{compare, timeline};

use crate::args::{self, TimelineFormat};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal;
use crate::versions::loaded::LoadedVersion;
use crate::versions::spec::VersionSpec;

/// Shows the timeline of one version, or compares the timelines of two.
pub(crate) fn run(arguments: &args::Timeline) -> Result<Exit, Failure> {
    let load = |version: &VersionSpec| match version.date {
        Some(date) => Err(has_date(version, &date.to_string())),
        None => LoadedVersion::load(version, &arguments.rules),
    };
    let before = load(&arguments.before.clone().unwrap_or_default())?;
    match &arguments.after {
        None => show(&before, arguments),
        Some(after) => show_compared([&before, &load(after)?], arguments),
    }?;
    Ok(Exit::Fine)
}

fn has_date(version: &VersionSpec, date: &str) -> Failure {
    Failure::Arguments(format!("a timeline is about every date; leave `@{date}` out of `{}`", version.text))
}

fn show(version: &LoadedVersion, arguments: &args::Timeline) -> Result<(), Failure> {
    let moments = timeline(&version.plan, &arguments.service)?;
    let mut out = terminal::stdout();
    match arguments.format {
        TimelineFormat::Human => human::write(version, &moments, style(arguments), &mut out)?,
        TimelineFormat::Markdown => out.write_all(markdown::comment(version, &moments).as_bytes())?,
        TimelineFormat::Json => json::write(version, &moments, &mut out)?,
    }
    Ok(out.flush()?)
}

fn show_compared(versions: [&LoadedVersion; 2], arguments: &args::Timeline) -> Result<(), Failure> {
    let comparison = compare(&versions[0].plan, &versions[1].plan, &arguments.service)?;
    let mut out = terminal::stdout();
    match arguments.format {
        TimelineFormat::Human => human::write_compared(versions, &comparison, style(arguments), &mut out)?,
        TimelineFormat::Markdown => {
            out.write_all(markdown::comment_compared(versions, &comparison).as_bytes())?;
        }
        TimelineFormat::Json => json::write_compared(versions, &comparison, &mut out)?,
    }
    Ok(out.flush()?)
}

fn style(arguments: &args::Timeline) -> human::TimelineStyle {
    human::TimelineStyle { long: arguments.long, colour: terminal::colour_of_answers() }
}

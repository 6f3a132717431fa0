//! `meterwarden timeline`

mod human;
mod markdown;

use std::io::Write;

use meterwarden_analysis::timeline::{Comparison, Moment, compare, timeline};
use serde::Serialize;

use crate::args::{self, TimelineFormat};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::side::Side;
use crate::version::Version;
use crate::{report, terminal};

/// Shows the timeline of one version, or those of two side by side.
pub(crate) fn run(arguments: &args::Timeline) -> Result<Exit, Failure> {
    let load = |version: &Version| match version.at {
        Some(date) => Err(dated(version, &date.to_string())),
        None => Side::load(version, &arguments.rules),
    };
    let before = load(&arguments.before.clone().unwrap_or_default())?;
    match &arguments.after {
        None => alone(&before, arguments),
        Some(after) => compared([&before, &load(after)?], arguments),
    }?;
    Ok(Exit::Fine)
}

fn dated(version: &Version, date: &str) -> Failure {
    let said = &version.text;
    Failure::Arguments(format!("a timeline is about every date; leave `@{date}` out of `{said}`"))
}

/// The timeline of one version, for programs.
#[derive(Serialize)]
struct Alone<'t> {
    of: &'t str,
    policy: &'t str,
    moments: &'t [Moment],
}

/// Those of two, for programs.
#[derive(Serialize)]
struct Together<'t> {
    compared: [&'t str; 2],
    policies: [&'t str; 2],
    #[serde(flatten)]
    found: &'t Comparison,
}

fn alone(side: &Side, arguments: &args::Timeline) -> Result<(), Failure> {
    let moments = timeline(&side.plan, &arguments.service)?;
    let mut out = terminal::stdout();
    match arguments.format {
        TimelineFormat::Human => human::alone(side, &moments, look(arguments), &mut out)?,
        TimelineFormat::Markdown => out.write_all(markdown::alone(side, &moments).as_bytes())?,
        TimelineFormat::Json => {
            let policy = side.plan.policy().fingerprint();
            report::json(&Alone { of: &side.name, policy, moments: &moments })?;
        }
    }
    Ok(out.flush()?)
}

fn compared(sides: [&Side; 2], arguments: &args::Timeline) -> Result<(), Failure> {
    let found = compare(&sides[0].plan, &sides[1].plan, &arguments.service)?;
    let mut out = terminal::stdout();
    match arguments.format {
        TimelineFormat::Human => human::compared(sides, &found, look(arguments), &mut out)?,
        TimelineFormat::Markdown => out.write_all(markdown::compared(sides, &found).as_bytes())?,
        TimelineFormat::Json => {
            let compared = sides.map(|side| side.name.as_str());
            let policies = sides.map(|side| side.plan.policy().fingerprint());
            report::json(&Together { compared, policies, found: &found })?;
        }
    }
    Ok(out.flush()?)
}

fn look(arguments: &args::Timeline) -> human::Look {
    human::Look { long: arguments.long, colour: terminal::colour_of_answers() }
}

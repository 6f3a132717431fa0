//! `meterwarden diff`

mod heading;
mod explain_hint;
mod human;
mod markdown;
mod html;
mod json;

use std::io::{self, Write};

use meterwarden_analysis::diff::{Diff, Wanted, diff_of};

use crate::args::{self, DiffFormat, FailOn};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::versions::loaded::LoadedVersion;
use crate::{scenario_files, terminal};
use heading::{Direction, Heading};

/// Compares two versions.
pub(crate) fn run(arguments: &args::Diff) -> Result<Exit, Failure> {
    let before = LoadedVersion::load(&arguments.before, &arguments.rules)?;
    let after = LoadedVersion::load(&arguments.after, &arguments.rules)?;
    let wanted = Wanted {
        services: arguments.service.clone(),
        code_regions: arguments.codes || arguments.format == DiffFormat::Json,
        threads: Some(scenario_files::threads()),
    };
    let diff = diff_of(before.for_diff(), after.for_diff(), &wanted)?;
    let heading = Heading::new(&diff, [&before, &after]);
    let mut out = terminal::stdout();
    write(&diff, &heading, arguments, &mut out)?;
    out.flush()?;
    Ok(exit(heading.direction, arguments.fail_on))
}

fn write(diff: &Diff, heading: &Heading, arguments: &args::Diff, out: &mut impl Write) -> io::Result<()> {
    let codes = arguments.codes;
    match arguments.format {
        DiffFormat::Human => human::write(diff, heading, codes, terminal::colour_of_answers(), out),
        DiffFormat::Markdown => out.write_all(markdown::comment(diff, heading, codes).as_bytes()),
        DiffFormat::Json => json::write(diff, heading, out),
        DiffFormat::Html => html::write(diff, heading, codes, out),
    }
}

/// The exit code: the direction, or with `--fail-on`, the direction if it is one that fails.
fn exit(direction: Direction, fail_on: Option<FailOn>) -> Exit {
    let (widens, narrows) = match direction {
        Direction::Same => (false, false),
        Direction::Narrower => (false, true),
        Direction::Wider => (true, false),
        Direction::Both => (true, true),
    };
    let fails = match fail_on {
        None | Some(FailOn::Any) => true,
        Some(FailOn::Widen) => widens,
        Some(FailOn::Narrow) => narrows,
        Some(FailOn::Never) => false,
    };
    if fails { direction.exit() } else { Exit::Fine }
}

//! `meterwarden diff`

mod heading;
pub(crate) mod explaining;
pub(crate) mod human;
pub(crate) mod markdown;
mod html;
mod json;
pub(crate) mod told;

use std::io::{self, Write};

use meterwarden_analysis::diff::{Diff, Wanted, diff_of};

use crate::args::{self, DiffFormat, FailOn};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::side::Side;
use crate::{scenarios, terminal};
use heading::{Direction, Heading};

/// Compares two versions.
pub(crate) fn run(arguments: &args::Diff) -> Result<Exit, Failure> {
    let before = Side::load(&arguments.before, &arguments.rules)?;
    let after = Side::load(&arguments.after, &arguments.rules)?;
    let wanted = Wanted {
        services: arguments.service.clone(),
        code_regions: arguments.codes || arguments.format == DiffFormat::Json,
        threads: Some(scenarios::threads()),
    };
    let diff = diff_of(before.version(), after.version(), &wanted)?;
    let heading = Heading::of(&diff, [&before, &after]);
    let mut out = terminal::stdout();
    write(&diff, &heading, arguments, &mut out)?;
    out.flush()?;
    Ok(exit(heading.direction, arguments.fail_on))
}

fn write(diff: &Diff, heading: &Heading, arguments: &args::Diff, out: &mut impl Write) -> io::Result<()> {
    let codes = arguments.codes;
    match arguments.format {
        DiffFormat::Human => {
            let colour = terminal::colour_of_answers();
            let look =
                human::Look { codes, timed: diff.dates.is_none(), colour, hint: "; --codes shows which" };
            human::write(diff, heading, look, out)
        }
        DiffFormat::Markdown => out.write_all(markdown::page(diff, heading, codes).as_bytes()),
        DiffFormat::Json => json::write(diff, heading, out),
        DiffFormat::Html => html::write(diff, heading, codes, out),
    }
}

/// What a script learns: the direction, or, of a gate, whether it is one that is stopped.
fn exit(direction: Direction, gate: Option<FailOn>) -> Exit {
    let (widens, narrows) = match direction {
        Direction::Same => (false, false),
        Direction::Narrower => (false, true),
        Direction::Wider => (true, false),
        Direction::Both => (true, true),
    };
    let stopped = match gate {
        None | Some(FailOn::Any) => true,
        Some(FailOn::Widen) => widens,
        Some(FailOn::Narrow) => narrows,
        Some(FailOn::Never) => false,
    };
    if stopped { direction.exit() } else { Exit::Fine }
}

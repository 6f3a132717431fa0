//! `meterwarden completions`: what a shell needs to complete arguments, generated from the arguments.

use std::io::Write;

use clap::CommandFactory;

use crate::args::{Arguments, Completions, NAME};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::terminal;

/// Writes the completions of a shell.
pub(crate) fn run(arguments: &Completions) -> Result<Exit, Failure> {
    // Into memory first: the generator panics where it cannot write.
    let mut text = Vec::new();
    clap_complete::generate(arguments.shell, &mut Arguments::command(), NAME, &mut text);
    let mut out = terminal::stdout();
    out.write_all(&text)?;
    out.flush()?;
    Ok(Exit::Fine)
}

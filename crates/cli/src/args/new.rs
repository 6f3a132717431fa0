//! What `new` takes.

use std::path::PathBuf;

use clap::Args;

/// The arguments of `new`.
#[derive(Args, Debug)]
pub(crate) struct New {
    /// The folder to begin in; it is made where there is none
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

pub(super) const NEW: &str = "\
Example:
  meterwarden new heating

Everything in it is an example to be replaced. Nothing that is there already is overwritten: if any
of the files is there, none is written.

Exit code:
  0  written
  1  a file is there already, or cannot be written";

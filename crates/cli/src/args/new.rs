//! The arguments of `new`.

use std::path::PathBuf;

use clap::Args;

/// The arguments of `new`.
#[derive(Args, Debug)]
pub(crate) struct New {
    /// The folder for the policy; it is created if it does not exist
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,
}

pub(super) const HELP: &str = "\
Example:
  meterwarden new heating

Everything in the files is an example for you to replace. No file is overwritten: if any of the
files exists, none is written.

Exit code:
  0  written
  1  a file exists already, or cannot be written";

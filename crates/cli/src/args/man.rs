//! The arguments of `man`.

use std::path::PathBuf;

use clap::Args;

/// The arguments of `man`.
#[derive(Args, Debug)]
pub(crate) struct Man {
    /// Write every page into this folder [default: write the first page to standard output]
    #[arg(long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}

pub(super) const HELP: &str = "\
Examples:
  meterwarden man | man -l -
  meterwarden man --output ~/.local/share/man/man1";

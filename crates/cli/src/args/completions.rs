//! What `completions` and `man` take.

use std::path::PathBuf;

use clap::Args;

/// The arguments of `completions`.
#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// Which shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

/// The arguments of `man`.
#[derive(Args, Debug)]
pub(crate) struct Man {
    /// Write every page into this folder; left out, the first page is written to standard output
    #[arg(long, value_name = "DIR")]
    pub(crate) output: Option<PathBuf>,
}

pub(super) const COMPLETIONS: &str = "\
Examples:
  meterwarden completions bash > ~/.local/share/bash-completion/completions/meterwarden
  meterwarden completions zsh > ~/.zfunc/_meterwarden
  meterwarden completions fish > ~/.config/fish/completions/meterwarden.fish";

pub(super) const MAN: &str = "\
Examples:
  meterwarden man | man -l -
  meterwarden man --output ~/.local/share/man/man1";

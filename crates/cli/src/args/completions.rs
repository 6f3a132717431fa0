//! The arguments of `completions`.

use clap::Args;

/// The arguments of `completions`.
#[derive(Args, Debug)]
pub(crate) struct Completions {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub(crate) shell: clap_complete::Shell,
}

pub(super) const HELP: &str = "\
Examples:
  meterwarden completions bash > ~/.local/share/bash-completion/completions/meterwarden
  meterwarden completions zsh > ~/.zfunc/_meterwarden
  meterwarden completions fish > ~/.config/fish/completions/meterwarden.fish";

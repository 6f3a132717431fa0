//! What `scenarios` takes.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Rules;

/// The arguments of `scenarios`.
#[derive(Args, Debug)]
pub(crate) struct Scenarios {
    #[command(subcommand)]
    pub(crate) command: ScenariosCommand,
}

/// What can be done about scenarios.
#[derive(Debug, Subcommand)]
pub(crate) enum ScenariosCommand {
    /// Write scenarios for what no case shows yet, to be reviewed
    #[command(after_help = SUGGEST)]
    Suggest(Suggest),
}

/// The arguments of `scenarios suggest`.
#[derive(Args, Debug)]
pub(crate) struct Suggest {
    /// Only for these services (8.4, 8.* or `tag critical`) and rules (8.4/pending-correction)
    #[arg(value_name = "SERVICE|RULE")]
    pub(crate) only: Vec<String>,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// For everything that can be shown, as if there were no scenarios yet
    #[arg(long)]
    pub(crate) all: bool,
    /// Where to write them, left out standard output; a file that is there is not overwritten
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

const SUGGEST: &str = "\
Examples:
  meterwarden scenarios suggest 8.4 --rules rules
  meterwarden scenarios suggest --rules rules --output suggested.scenarios.yaml

The cases are few, not the fewest that there could be. Each expects what the rules answer today:
read it against their source, then move it to where it belongs.

Exit code:
  0  written, if there was anything to suggest
  1  the rules or a scenario file could not be used, or nothing could be written";

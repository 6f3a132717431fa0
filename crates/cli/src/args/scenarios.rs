//! The arguments of `scenarios`.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::Rules;

/// The arguments of `scenarios`.
#[derive(Args, Debug)]
pub(crate) struct Scenarios {
    #[command(subcommand)]
    pub(crate) command: ScenariosCommand,
}

/// The commands about scenarios.
#[derive(Debug, Subcommand)]
pub(crate) enum ScenariosCommand {
    /// Write scenarios for what no case covers, for review
    #[command(after_help = HELP)]
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
    /// For everything that a case can cover, as if there were no scenarios
    #[arg(long)]
    pub(crate) all: bool,
    /// The file to write, which must not exist [default: standard output]
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

const HELP: &str = "\
Examples:
  meterwarden scenarios suggest 8.4 --rules rules
  meterwarden scenarios suggest --rules rules --output suggested.scenarios.yaml

The number of cases is small, but not always the smallest possible. Each case expects what the rules
answer now: compare it with the source of the rules, then move it to the scenario file where it
belongs.

Exit code:
  0  the cases are written, or there is nothing to suggest
  1  the rules or a scenario file could not be used, or nothing could be written";

//! The arguments of `compile`.

use std::path::PathBuf;

use clap::Args;

use super::AnyRules;

/// The arguments of `compile`.
#[derive(Args, Debug)]
pub(crate) struct Compile {
    #[command(flatten)]
    pub(crate) rules: AnyRules,
    /// The file to write; an existing file is replaced
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

pub(super) const HELP: &str = "\
Examples:
  meterwarden compile --rules rules --output rules.mwplan
  meterwarden decide --rules rules.mwplan message.xml --inventory street.yaml --at 2023-06-29

The file, called a plan, holds the checked policy with its rule files, and the decision table. A
gateway loads it without the parser. A file that is damaged, cut off or not a plan is not loaded.
The same rules always give the same bytes.

Exit code:
  0  written
  1  the policy could not be used, or the file could not be written";

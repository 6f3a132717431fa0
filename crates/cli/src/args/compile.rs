//! What `compile` takes.

use std::path::PathBuf;

use clap::Args;

use super::AnyRules;

/// The arguments of `compile`.
#[derive(Args, Debug)]
pub(crate) struct Compile {
    #[command(flatten)]
    pub(crate) rules: AnyRules,
    /// The file to write; one that is there is replaced
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: PathBuf,
}

pub(super) const COMPILE: &str = "\
Examples:
  meterwarden compile --rules rules --output rules.mwplan
  meterwarden decide --rules rules.mwplan message.xml --inventory street.yaml --at 2023-06-29

The file holds the checked policy, its rule files included, and the table that decides. A gateway
reads it without the parser; what is damaged, cut off or no plan is refused. The same rules are the
same bytes.

Exit code:
  0  written
  1  the policy could not be used, or the file could not be written";

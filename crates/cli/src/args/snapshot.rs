//! The arguments of `snapshot`.

use std::path::PathBuf;

use clap::Args;

use super::Rules;

/// The arguments of `snapshot`.
#[derive(Args, Debug)]
pub(crate) struct Snapshot {
    /// Only these services: 8.4, 8.* or `tag critical`
    #[arg(value_name = "SERVICE")]
    pub(crate) services: Vec<String>,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Compare with the stored snapshots, and show the differences
    #[arg(long, group = "stored")]
    pub(crate) check: bool,
    /// Write the snapshots that differ, and remove those of services that are gone
    #[arg(long, group = "stored")]
    pub(crate) update: bool,
    /// The folder of the snapshots [default: `outcomes` in the folder of the rules]
    #[arg(long, value_name = "DIR", requires = "stored")]
    pub(crate) output: Option<PathBuf>,
}

pub(super) const HELP: &str = "\
Examples:
  meterwarden snapshot 8.4 --rules rules
  meterwarden snapshot --check --rules rules
  meterwarden snapshot --update --rules rules

A snapshot is a page that lists what the rules permit for one service: the permitted requests in the
largest possible boxes, each below the dates on which it holds. It does not depend on how the rules
are written. If an edit changes what is permitted, the lines of those requests change. Store the
snapshots beside the rules, and review their changes. Snapshots have no response codes: use
scenarios for those.

Exit code:
  0  shown or written; with --check: no snapshot differs
  1  the rules or the snapshots cannot be used
  2  with --check: a snapshot differs, is missing, or is of a service that is gone";

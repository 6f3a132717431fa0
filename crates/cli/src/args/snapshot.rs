//! What `snapshot` takes.

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
    /// Compare with the pages that are kept, and show the difference
    #[arg(long, group = "kept")]
    pub(crate) check: bool,
    /// Write the pages that differ, and remove those of services that are gone
    #[arg(long, group = "kept")]
    pub(crate) update: bool,
    /// The folder that keeps the pages; left out, `outcomes` in the folder of the rules
    #[arg(long, value_name = "DIR", requires = "kept")]
    pub(crate) output: Option<PathBuf>,
}

pub(super) const SNAPSHOT: &str = "\
Examples:
  meterwarden snapshot 8.4 --rules rules
  meterwarden snapshot --check --rules rules
  meterwarden snapshot --update --rules rules

A page is what the rules permit for one service: the permitted requests in the largest boxes there
are, each below the time for which it holds. How the rules say it makes no difference, and a change
of the rules changes the lines of what it permits or no longer permits. Keep the pages beside the
rules, and read what changes in them. Response codes are not on the pages: scenarios say those.

Exit code:
  0  shown, written, or as the pages say
  1  the rules or the pages cannot be used
  2  with --check: a page differs, is missing, or is left over";

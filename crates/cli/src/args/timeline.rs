//! What `timeline` takes.

use clap::{Args, ValueEnum};

use super::{Rules, service};
use crate::version::{self, Version};

/// The arguments of `timeline`.
#[derive(Args, Debug)]
pub(crate) struct Timeline {
    /// A version of the rules: a folder, git:REVISION, without:MODIFICATION, with:MODIFICATION, or several of them, joined
    /// by commas; left out, the policy of --rules
    #[arg(value_name = "BEFORE", value_parser = version::argument())]
    pub(crate) before: Option<Version>,
    /// Another, to be compared with the first: what was known to change, and what is
    #[arg(value_name = "AFTER", value_parser = version::argument())]
    pub(crate) after: Option<Version>,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Only these services: 8.4, 8.* or `tag critical`; may be given several times
    #[arg(long, value_name = "SERVICE", value_parser = service)]
    pub(crate) service: Vec<String>,
    /// Show of each change all that `diff` shows, and not only a line a region
    #[arg(long)]
    pub(crate) long: bool,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: TimelineFormat,
}

/// How to write a timeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TimelineFormat {
    /// For a person at a terminal
    #[default]
    Human,
    /// For a pull request
    Markdown,
    /// For programs
    Json,
}

pub(super) const TIMELINE: &str = "\
Examples:
  meterwarden timeline --rules rules
  meterwarden timeline --rules rules --service 8.4 --long
  meterwarden timeline git:main rules
  meterwarden timeline without:MP125 rules --format markdown > comment.md

Every date on which what the rules answer changes, the modifications that come into force on it, and
what changes in each service: + is newly permitted, - no longer, ~ refused with another code.

Of two versions every date is marked as the same in both, new, gone, or different: what was known to
come into force, and what is. `meterwarden diff --help` says how versions are named; a date is no
part of them here.

Exit code:
  0  shown
  1  a version could not be used";

//! What `diff` takes.

use clap::{Args, ValueEnum};

use super::{Rules, service};
use crate::version::{self, Version};

/// The arguments of `diff`.
#[derive(Args, Debug)]
pub(crate) struct Diff {
    /// What it was: a folder of rules, git:REVISION, @DATE, without:MODIFICATION, with:MODIFICATION, or several of them,
    /// joined by commas
    #[arg(value_name = "BEFORE", value_parser = version::argument())]
    pub(crate) before: Version,
    /// What it is, said in the same way
    #[arg(value_name = "AFTER", value_parser = version::argument())]
    pub(crate) after: Version,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Only these services: 8.4, 8.* or `tag critical`; may be given several times
    #[arg(long, value_name = "SERVICE", value_parser = service)]
    pub(crate) service: Vec<String>,
    /// Show which refusals have another response code, and not only how many
    #[arg(long)]
    pub(crate) codes: bool,
    /// End with 0 unless this happened: a gate for CI, or none
    #[arg(long, value_enum, value_name = "CHANGE")]
    pub(crate) fail_on: Option<FailOn>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: DiffFormat,
}

/// What a gate stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Something is permitted that was not
    Widen,
    /// Something is no longer permitted
    Narrow,
    /// Either
    Any,
    /// Nothing: whatever changes, it is only to be shown
    Never,
}

/// How to write a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For a person at a terminal
    #[default]
    Human,
    /// For a comment on a pull request
    Markdown,
    /// For programs
    Json,
    /// A page to read, in one file
    Html,
}

pub(super) const DIFF: &str = "\
Examples:
  meterwarden diff git:main rules
  meterwarden diff git:main rules --format markdown > comment.md
  meterwarden diff git:main rules --fail-on widen
  meterwarden diff @2023-06-28 @2023-06-29 --rules rules --service '8.*'
  meterwarden diff without:MP125 with:MP125 --rules rules
  meterwarden diff git:v1.2:smart/rules@2023-06-28 ../other/rules,without:MP125

Every request that one permits and the other does not, exactly, in regions as large as can be: a
region is all requests that agree with its clauses, for a time. Regions may overlap; the counts
above them count a request once, whenever it is permitted. A request that is shown can be pasted
into the command that the last line names.

A version says where the rules are, on which date, and with which modifications:
  rules, ../other/rules    a folder
  git:main                 a revision: the folder of --rules, or `rules`, as it is there
  git:main:other/rules     another folder, from the root of the repository
  @2023-06-28              a date; said of one version, it counts for both. Left out: every date
  without:MP125            as if the modification were never in force
  with:MP125               as if it were in force on every date, although it is only proposed
Without a folder or a revision it is the policy of --rules, or the one that is built in.

Exit code:
  0  the same is permitted; response codes may differ
  1  a version could not be used
  2  narrower: less is permitted
  3  wider: more is permitted
  4  both: something more and something less
With --fail-on it is 0 unless what is named happened.";

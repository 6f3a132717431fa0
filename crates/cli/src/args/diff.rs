//! The arguments of `diff`.

use clap::{Args, ValueEnum};

use super::{Rules, service};
use crate::versions::spec::{self, VersionSpec};

/// The arguments of `diff`.
#[derive(Args, Debug)]
pub(crate) struct Diff {
    /// The version before: a folder of rules, git:REVISION, @DATE, without:MODIFICATION, with:MODIFICATION, or several
    /// of them, joined by commas
    #[arg(value_name = "BEFORE", value_parser = spec::argument())]
    pub(crate) before: VersionSpec,
    /// The version after, written in the same way
    #[arg(value_name = "AFTER", value_parser = spec::argument())]
    pub(crate) after: VersionSpec,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Only these services: 8.4, 8.* or `tag critical`; may be given several times
    #[arg(long, value_name = "SERVICE", value_parser = service)]
    pub(crate) service: Vec<String>,
    /// Show which refusals have another response code, not only how many
    #[arg(long)]
    pub(crate) codes: bool,
    /// Exit with 0 unless this change happened, as a gate for CI
    #[arg(long, value_enum, value_name = "CHANGE")]
    pub(crate) fail_on: Option<FailOn>,
    /// The output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: DiffFormat,
}

/// The changes that a gate stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum FailOn {
    /// Some request is newly permitted
    Widen,
    /// Some request is no longer permitted
    Narrow,
    /// Either
    Any,
    /// Nothing: changes are only shown
    Never,
}

/// The formats of a difference.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum DiffFormat {
    /// For a person at a terminal
    #[default]
    Human,
    /// For a comment on a pull request
    Markdown,
    /// For programs
    Json,
    /// An HTML page in one file
    Html,
}

pub(super) const HELP: &str = "\
Examples:
  meterwarden diff git:main rules
  meterwarden diff git:main rules --format markdown > comment.md
  meterwarden diff git:main rules --fail-on widen
  meterwarden diff @2023-06-28 @2023-06-29 --rules rules --service '8.*'
  meterwarden diff without:MP125 with:MP125 --rules rules
  meterwarden diff git:v1.2:smart/rules@2023-06-28 ../other/rules,without:MP125

`diff` shows every request that one version permits and the other does not. The result is exact, in
the largest possible regions. A region is the set of all requests that agree with its clauses, for a
stretch of time. Regions may overlap; the counts above them count a request once, for all dates. The
last line names the command that explains the example requests.

A version states where the rules are, on which date, and with which modifications:
  rules, ../other/rules    a folder
  git:main                 a revision: the folder of --rules, or `rules`, at that revision
  git:main:other/rules     another folder, from the root of the repository
  @2023-06-28              a date; if one version has a date, it is the date of both. Without a
                           date, every date is compared
  without:MP125            as if the modification were never in force
  with:MP125               as if it were in force on every date, even if it is only proposed
Without a folder or a revision, the policy is that of --rules, or the built-in one.

Exit code:
  0  the same requests are permitted; response codes may differ
  1  a version could not be used
  2  narrower: some requests are no longer permitted
  3  wider: some requests are newly permitted
  4  both narrower and wider
With --fail-on, the exit code is 0 unless the named change happened.";

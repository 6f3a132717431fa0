//! The arguments of `timeline`.

use clap::{Args, ValueEnum};

use super::{Rules, service};
use crate::versions::spec::{self, VersionSpec};

/// The arguments of `timeline`.
#[derive(Args, Debug)]
pub(crate) struct Timeline {
    /// A version of the rules: a folder, git:REVISION, without:MODIFICATION, with:MODIFICATION, or several of them,
    /// joined by commas [default: the policy of --rules]
    #[arg(value_name = "BEFORE", value_parser = spec::argument())]
    pub(crate) before: Option<VersionSpec>,
    /// Another version, which is compared with the first
    #[arg(value_name = "AFTER", value_parser = spec::argument())]
    pub(crate) after: Option<VersionSpec>,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Only these services: 8.4, 8.* or `tag critical`; may be given several times
    #[arg(long, value_name = "SERVICE", value_parser = service)]
    pub(crate) service: Vec<String>,
    /// Show each change as `diff` does, not only one line for each region
    #[arg(long)]
    pub(crate) long: bool,
    /// The output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: TimelineFormat,
}

/// The formats of a timeline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum TimelineFormat {
    /// For a person at a terminal
    #[default]
    Human,
    /// For a comment on a pull request
    Markdown,
    /// For programs
    Json,
}

pub(super) const HELP: &str = "\
Examples:
  meterwarden timeline --rules rules
  meterwarden timeline --rules rules --service 8.4 --long
  meterwarden timeline git:main rules
  meterwarden timeline without:MP125 rules --format markdown > comment.md

`timeline` shows every date on which the answers of the rules change, the modifications that come
into force on that date, and the changes of each service: + newly permitted, - newly refused, ~
refused with another response code.

With two versions, each date is marked as the same in both, new, gone, or different. `meterwarden
diff --help` describes how to name a version; here a version has no date.

Exit code:
  0  shown
  1  a version could not be used";

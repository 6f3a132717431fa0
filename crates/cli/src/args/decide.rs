//! The arguments of `decide`.

use std::path::PathBuf;

use clap::Args;
use meterwarden::policy::Moment;

use super::{AnyRules, Format};

/// The arguments of `decide`, which `explain` takes too.
#[derive(Args, Debug)]
pub(crate) struct Decide {
    /// DUIS messages (.xml), request files (.json, .yaml), files with a request as JSON on each line (.jsonl), or `-`
    /// for standard input: a DUIS message or request lines
    #[arg(required = true, value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) rules: AnyRules,
    /// What DUIS messages do not state about parties and devices: an inventory file (YAML) or a Read Inventory (8.2)
    /// response (XML); may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) inventory: Vec<PathBuf>,
    /// The date or instant of receipt, which selects the rules in force, for requests that do not state their own; a time
    /// inside a message is never used [default: now]
    #[arg(long, value_name = "WHEN")]
    pub(crate) at: Option<Moment>,
    /// The output format: for people, or for programs as one JSON object a line
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

pub(super) const HELP: &str = "\
Examples:
  meterwarden decide message.xml --inventory street.yaml --at 2023-06-29
  gateway | meterwarden decide - --format json

A request names its service and the values of attributes; an attribute that is left out is unknown:
  {\"service\": \"8.4\", \"at\": \"2023-06-29\", \"role\": \"IS\", \"relation\": [\"registered\"]}

Request lines are answered in order, each as soon as it is read. A line that cannot be used gets an
error as its answer.

Exit code, the highest of all answers:
  0  permitted
  1  an input or the policy could not be used
  2  refused
  3  undetermined: enforce it as a refusal";

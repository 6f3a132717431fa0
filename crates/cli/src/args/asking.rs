//! What `decide` and `explain` take.

use std::path::PathBuf;

use clap::Args;
use meterwarden::Date;

use super::{AnyRules, Format, attribute, date};

/// The arguments of `decide` and of `explain`.
#[derive(Args, Debug)]
pub(crate) struct Asking {
    /// DUIS messages (.xml), request files (.json, .yaml), files with a request as JSON on each line (.jsonl), or `-` for
    /// standard input: a DUIS message or request lines
    #[arg(required = true, value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) rules: AnyRules,
    /// What DUIS messages do not say of parties and devices: an inventory file (YAML) or a Read Inventory (8.2) response
    /// (XML); may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) inventory: Vec<PathBuf>,
    /// The date of receipt, which chooses the law, where a request does not state its own; left out, today (UTC). A date
    /// inside of a message never counts
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) at: Option<Date>,
    /// Whether to write for people or, as a JSON object a line, for programs
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// The arguments of `explain`.
#[derive(Args, Debug)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) asking: Asking,
    /// Look for the least change in what the message itself says: the attributes that the vocabulary marks `sender`
    #[arg(long)]
    pub(crate) sender: bool,
    /// Look for the least change in these attributes
    #[arg(long, value_name = "ATTRIBUTE,…", value_delimiter = ',', value_parser = attribute, conflicts_with = "sender")]
    pub(crate) changing: Vec<String>,
}

pub(super) const DECIDE: &str = "\
Examples:
  meterwarden decide message.xml --inventory street.yaml --at 2023-06-29
  gateway | meterwarden decide - --format json

A request names its service and what is known of it; what is left out is unknown:
  {\"service\": \"8.4\", \"at\": \"2023-06-29\", \"role\": \"IS\", \"relation\": [\"registered\"]}

Request lines are answered in order, each as soon as it is read; a line that cannot be used gets an
error in its place.

Exit code, of several the highest:
  0  permitted
  1  an input or the policy could not be used
  2  refused
  3  undetermined: to be enforced as a refusal";

pub(super) const EXPLAIN: &str = "\
Examples:
  meterwarden explain message.xml --inventory street.yaml --at 2023-06-29
  meterwarden explain request.json --format json
  meterwarden explain message.xml --inventory street.yaml --changing status,device

Of what is not permitted it shows the least change that would have it permitted, proved: with fewer
attributes other than they are, whatever they were, it would not be. What is unsaid and has to be
said counts as one.

Exit code, of several the highest:
  0  permitted
  1  an input or the policy could not be used
  2  refused
  3  undetermined: to be enforced as a refusal";

//! The arguments of `explain`.

use clap::Args;

use super::{Decide, attribute};

/// The arguments of `explain`.
#[derive(Args, Debug)]
pub(crate) struct Explain {
    #[command(flatten)]
    pub(crate) inputs: Decide,
    /// Find the least change in what the message itself states: the attributes that the vocabulary marks `sender`
    #[arg(long)]
    pub(crate) sender: bool,
    /// Find the least change in these attributes
    #[arg(long, value_name = "ATTRIBUTE,…", value_delimiter = ',', value_parser = attribute, conflicts_with = "sender")]
    pub(crate) changing: Vec<String>,
}

pub(super) const HELP: &str = "\
Examples:
  meterwarden explain message.xml --inventory street.yaml --at 2023-06-29
  meterwarden explain request.json --format json
  meterwarden explain message.xml --inventory street.yaml --changing status,device

If a request is not permitted, `explain` shows the least change with which it would be permitted. It is
proved that no change of fewer attributes would be enough. To state an attribute that the request
does not state counts as one change.

Exit code, the highest of all answers:
  0  permitted
  1  an input or the policy could not be used
  2  refused
  3  undetermined: enforce it as a refusal";

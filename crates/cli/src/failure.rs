//! What stops the command before it can answer.

use std::io;
use std::path::PathBuf;

use meterwarden::{Diagnostics, LoadError, PlanError, UnknownModification};
use meterwarden_analysis::diff::DiffError;
use meterwarden_duis::InventoryError;

use crate::versions::git::GitError;

/// Why there is no answer at all. A message or a request that cannot be used is not a failure: it gets an answer
/// with the error.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The rules cannot be read, or have errors
    #[error(transparent)]
    Rules(#[from] LoadError),
    /// `--inventory nowhere.yaml`
    #[error("cannot read `{}`: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    /// A file that cannot be written
    #[error("cannot write `{}`: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    /// `--inventory request.xml`
    #[error("the inventory `{}` cannot be used: {}", path.display(), without_heading(source))]
    Inventory { path: PathBuf, source: Box<InventoryError> },
    /// Inventory files that do not go together
    #[error("the inventory cannot be used: {0}")]
    WholeInventory(Box<InventoryError>),
    /// `--rules` of a folder without a scenario, or a filter that no case matches
    #[error("{0}")]
    NoScenario(String),
    /// Arguments that do not fit together, or mean nothing
    #[error("{0}")]
    Arguments(String),
    /// Snapshots that cannot be stored in the folder that was named
    #[error("{0}")]
    Snapshot(String),
    /// `new` where a file is already
    #[error("`{}` exists already, and no file is overwritten; name a folder without it", .0.display())]
    Exists(PathBuf),
    /// `--service 8.44`
    #[error(transparent)]
    UnknownService(#[from] meterwarden_analysis::UnknownService),
    /// `matrix --columns statsu`
    #[error(transparent)]
    Question(#[from] meterwarden_analysis::matrix::QuestionError),
    /// `ask 'statsu Pending'`
    #[error(transparent)]
    Ask(#[from] meterwarden_analysis::ask::AskError),
    /// `explain --changing statsu`
    #[error(transparent)]
    Changing(#[from] meterwarden_analysis::counterfactual::CounterfactualError),
    /// `matrix --format html --where relation=registered,nominated`
    #[error(
        "the HTML page takes one value of the set attribute `{0}`: name one, or show the attribute as columns"
    )]
    SeveralOfSet(String),
    /// The rules of one of two versions have errors.
    #[error("{findings}")]
    Version { version: String, findings: Diagnostics },
    /// `--rules rules.mwplan`, where the file is damaged
    #[error("`{}`: {source}", path.display())]
    Plan { path: PathBuf, source: PlanError },
    /// `diff main rules`, where no folder is called `main`
    #[error("{0}")]
    NoVersion(String),
    /// `diff git:nowhere rules`
    #[error("`{version}`: {source}")]
    Revision { version: String, source: GitError },
    /// `diff without:MP152 rules`
    #[error("`{version}`: {source}")]
    Modification { version: String, source: UnknownModification },
    /// Two policies that cannot be compared
    #[error(transparent)]
    Diff(#[from] DiffError),
    /// The answer cannot be written, for example because the pipe is closed
    #[error("cannot write the answer: {0}")]
    Output(#[from] io::Error),
}

/// The text of an inventory's error; a YAML error has a heading of its own, which is left out.
fn without_heading(error: &InventoryError) -> String {
    let text = error.to_string();
    text.strip_prefix("error: ").unwrap_or(&text).to_owned()
}

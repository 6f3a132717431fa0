//! What stops the command before it can answer.

use std::io;
use std::path::PathBuf;

use meterwarden::{Diagnostics, LoadError, PlanError, UnknownModification};
use meterwarden_analysis::diff::DiffError;
use meterwarden_duis::InventoryError;

use crate::git::GitError;

/// Why there is no answer at all. A message or a request that cannot be used is no failure: it gets an answer that says so.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    /// The rules cannot be read, or their author has something to mend.
    #[error(transparent)]
    Rules(#[from] LoadError),
    /// `--inventory nowhere.yaml`
    #[error("cannot read `{}`: {source}", path.display())]
    Read { path: PathBuf, source: io::Error },
    /// A file that is to be written, and cannot be
    #[error("cannot write `{}`: {source}", path.display())]
    Write { path: PathBuf, source: io::Error },
    /// `--inventory request.xml`
    #[error("`{}` is no inventory: {}", path.display(), without_heading(source))]
    Inventory { path: PathBuf, source: InventoryError },
    /// `--rules` of a folder without a scenario, or a filter that none matches
    #[error("{0}")]
    NoScenario(String),
    /// Arguments that do not fit together, or say nothing
    #[error("{0}")]
    Arguments(String),
    /// Pages that cannot be kept where they are asked for
    #[error("{0}")]
    Snapshot(String),
    /// `new` where something is already
    #[error("`{}` is there already; name a folder without it, for nothing is overwritten", .0.display())]
    InTheWay(PathBuf),
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
        "`{0}` is a set attribute, and a page is about one of its values at a time: name one, or show it as columns"
    )]
    SeveralOfSet(String),
    /// The author of the rules of one version of several has something to mend.
    #[error("{found}")]
    Version { version: String, found: Diagnostics },
    /// `--rules rules.mwplan`, and it is no plan
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
    /// The answer cannot be written. A closed pipe is one.
    #[error("cannot write the answer: {0}")]
    Output(#[from] io::Error),
}

/// What is wrong with an inventory; a YAML error has a heading of its own.
fn without_heading(wrong: &InventoryError) -> String {
    let text = wrong.to_string();
    text.strip_prefix("error: ").unwrap_or(&text).to_owned()
}

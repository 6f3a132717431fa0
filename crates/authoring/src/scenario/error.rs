//! Errors of scenario files.

use crate::yaml::{Node, YamlError};
use meterwarden::base::suggest;

/// A scenario file that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{path}:{}:{}: {}", error.line, error.column, error.message)]
pub struct ScenarioError {
    /// Its path under the policy's folder.
    pub path: String,
    /// What is wrong, and where.
    pub error: YamlError,
}

/// An error in a part of a scenario file.
#[derive(Clone, Debug)]
pub(super) enum PartError {
    /// The part itself is wrong.
    Here(YamlError),
    /// The part names a fixture that is wrong, or that may be declared in a file that cannot be read. The error is
    /// reported there.
    Elsewhere,
}

impl From<YamlError> for PartError {
    fn from(error: YamlError) -> Self {
        Self::Here(error)
    }
}

/// The error for a key that is not one of the known keys.
pub(super) fn unknown_key(key: &Node, name: &str, known: &[&str]) -> YamlError {
    let help = suggest::did_you_mean(name, known.iter().copied())
        .unwrap_or_else(|| format!("known are {}", suggest::join(known, "and")));
    key.error(format!("`{name}` is not known here; {help}"))
}

//! How the command ends.

use std::process::ExitCode;

/// The exit code: what a script learns without reading the output. Where a command has several results, the highest
/// applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Permitted, or no finding
    #[default]
    Fine = 0,
    /// The input or the policy could not be used
    Unusable = 1,
    /// Refused, a test failed, or a file is not formatted
    Refused = 2,
    /// What the request states does not decide
    Undetermined = 3,
    /// Of two versions, each permits something that the other does not
    Both = 4,
}

impl Exit {
    /// `ask`: no request that agrees with the question is permitted.
    pub(crate) const NOTHING: Self = Self::Refused;
    /// `diff`: the version after permits less, and nothing more.
    pub(crate) const NARROWER: Self = Self::Refused;
    /// `diff`: the version after permits more, and nothing less.
    pub(crate) const WIDER: Self = Self::Undetermined;
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

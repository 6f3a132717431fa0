//! How the command ends.

use std::process::ExitCode;

/// What a script learns from the command without reading its output. Of several, the highest applies.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Exit {
    /// Permitted, or nothing found.
    #[default]
    Fine = 0,
    /// The input or the policy could not be used.
    Unusable = 1,
    /// Refused, a test failed, or a file is not laid out.
    Refused = 2,
    /// The facts stated do not decide.
    Undetermined = 3,
    /// Of two versions, each permits what the other does not.
    Both = 4,
}

impl Exit {
    /// Nothing is permitted of what was asked about.
    pub(crate) const NOTHING: Self = Self::Refused;
    /// Of two versions, the one after permits less, and nothing more.
    pub(crate) const NARROWER: Self = Self::Refused;
    /// Of two versions, the one after permits more, and nothing less.
    pub(crate) const WIDER: Self = Self::Undetermined;
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

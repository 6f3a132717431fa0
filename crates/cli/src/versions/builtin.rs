//! The policy that ships, built into the command by build.rs.

use meterwarden::Source;

mod files {
    include!(concat!(env!("OUT_DIR"), "/builtin.rs"));
}

/// The rule files.
pub(crate) fn rules() -> Vec<Source> {
    files::RULES.iter().map(|(path, text)| Source::new(*path, *text)).collect()
}

/// The scenario files beside the rule files.
pub(crate) fn scenarios() -> Vec<Source> {
    files::SCENARIOS.iter().map(|(path, text)| Source::new(*path, *text)).collect()
}

//! The policy that ships, built into the command by build.rs.

use meterwarden::Source;

mod files {
    include!(concat!(env!("OUT_DIR"), "/builtin.rs"));
}

/// The rule files.
pub(crate) fn rules() -> Vec<Source> {
    files::RULES.iter().map(|(path, text)| Source::new(*path, *text)).collect()
}

/// The scenario files beside them, each with its path.
pub(crate) fn scenarios() -> &'static [(&'static str, &'static str)] {
    files::SCENARIOS
}

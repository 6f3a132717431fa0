//! The scenario files beside the rules.

use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread::available_parallelism;

use meterwarden::{LoadError, Policy, Source, files, relative};
use meterwarden_authoring::scenario::{ScenarioError, ScenarioFile, read};

use crate::args::Rules;
use crate::versions::builtin_scenarios;

/// The scenario files of a policy, in the order of their paths.
#[derive(Debug, Default)]
pub(crate) struct ScenarioFiles {
    pub(crate) files: Vec<ScenarioFile>,
    /// Why the files cannot be used; then `files` is empty.
    pub(crate) errors: Vec<ScenarioError>,
}

impl ScenarioFiles {
    /// Reads the scenario files of a folder, or the built-in ones.
    pub(crate) fn read(rules: &Rules, policy: &Policy) -> Result<Self, LoadError> {
        Ok(match read(policy, &texts(rules)?, threads()) {
            Ok(files) => Self { files, ..Self::default() },
            Err(errors) => Self { errors, ..Self::default() },
        })
    }
}

/// The number of threads that the machine runs at once.
pub(crate) fn threads() -> NonZeroUsize {
    available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// The texts of the scenario files of a folder, or of the built-in ones.
pub(crate) fn texts(rules: &Rules) -> Result<Vec<Source>, LoadError> {
    let Some(folder) = &rules.folder else { return Ok(builtin_scenarios()) };
    let text = |path: PathBuf| match fs::read_to_string(&path) {
        Ok(text) => Ok(Source::new(relative(folder, &path), text)),
        Err(source) => Err(LoadError::Read { path, source }),
    };
    files(folder, "scenarios.yaml")?.into_iter().map(text).collect()
}

//! The scenario files that stand beside the rules.

use std::fs;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::thread::available_parallelism;

use meterwarden::{LoadError, Policy, Source, files, relative};
use meterwarden_authoring::scenario::{ScenarioError, ScenarioFile, read};

use crate::args::Rules;
use crate::builtin;

/// Those of a policy, in path order.
#[derive(Debug, Default)]
pub(crate) struct Scenarios {
    pub(crate) files: Vec<ScenarioFile>,
    /// Why they cannot be used. Then there are no files.
    pub(crate) unusable: Vec<ScenarioError>,
}

impl Scenarios {
    /// Reads those of a folder, or the built-in ones.
    pub(crate) fn read(rules: &Rules, policy: &Policy) -> Result<Self, LoadError> {
        Ok(match read(policy, &texts(rules)?, threads()) {
            Ok(files) => Self { files, ..Self::default() },
            Err(unusable) => Self { unusable, ..Self::default() },
        })
    }
}

/// As many threads as the machine runs at once.
pub(crate) fn threads() -> NonZeroUsize {
    available_parallelism().unwrap_or(NonZeroUsize::MIN)
}

/// The texts of those of a folder, or of the built-in ones.
pub(crate) fn texts(rules: &Rules) -> Result<Vec<Source>, LoadError> {
    let Some(folder) = &rules.folder else {
        let built_in = builtin::scenarios().iter();
        return Ok(built_in.map(|(path, text)| Source::new(*path, *text)).collect());
    };
    let text = |path: PathBuf| match fs::read_to_string(&path) {
        Ok(text) => Ok(Source::new(relative(folder, &path), text)),
        Err(source) => Err(LoadError::Read { path, source }),
    };
    files(folder, "scenarios.yaml")?.into_iter().map(text).collect()
}

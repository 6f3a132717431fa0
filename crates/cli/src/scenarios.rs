//! The scenario files that stand beside the rules.

use std::fs;

use meterwarden::scenario::{ScenarioError, ScenarioFile};
use meterwarden::{LoadError, files, relative};

use crate::args::Rules;
use crate::builtin;

/// Those of a policy, in path order.
#[derive(Debug, Default)]
pub(crate) struct Scenarios {
    pub(crate) files: Vec<ScenarioFile>,
    /// Why the others cannot be used.
    pub(crate) unusable: Vec<ScenarioError>,
}

impl Scenarios {
    /// Reads those of a folder, or the built-in ones.
    pub(crate) fn read(rules: &Rules) -> Result<Self, LoadError> {
        let mut scenarios = Self::default();
        let Some(folder) = &rules.folder else {
            builtin::scenarios().iter().for_each(|(path, text)| scenarios.add(path, text));
            return Ok(scenarios);
        };
        for path in files(folder, "scenarios.yaml")? {
            let text = fs::read_to_string(&path);
            let text = text.map_err(|source| LoadError::Read { path: path.clone(), source })?;
            scenarios.add(&relative(folder, &path), &text);
        }
        Ok(scenarios)
    }

    fn add(&mut self, path: &str, text: &str) {
        match ScenarioFile::parse(path, text) {
            Ok(file) => self.files.push(file),
            Err(wrong) => self.unusable.push(wrong),
        }
    }
}

//! The scenarios that stand beside the shipped rules.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};

use meterwarden::{Plan, Source, files, relative};
use meterwarden_authoring::scenario::{ScenarioFile, read};

/// All of them, spelt out.
pub(crate) fn scenarios(plan: &Plan) -> Vec<ScenarioFile> {
    let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/rules"));
    let text = |path: &PathBuf| Source::new(relative(folder, path), std::fs::read_to_string(path).unwrap());
    let sources: Vec<Source> = files(folder, "scenarios.yaml").unwrap().iter().map(text).collect();
    read(plan.policy(), &sources, NonZeroUsize::MIN).unwrap_or_else(|found| panic!("{}", found[0]))
}

//! The policy that ships, as the tests use it.

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use meterwarden::{Plan, Policy, Source, compile, files, relative};
use meterwarden_authoring::scenario::{ScenarioFile, read};

/// The folder that holds it.
pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");

/// The shipped policy, compiled.
pub(crate) fn plan() -> Plan {
    compile(Arc::new(Policy::load(FOLDER).unwrap()))
}

/// The scenarios that ship with the rules, with every `each` written out.
pub(crate) fn scenarios(plan: &Plan) -> Vec<ScenarioFile> {
    let folder = Path::new(FOLDER);
    let text = |path: &PathBuf| Source::new(relative(folder, path), std::fs::read_to_string(path).unwrap());
    let sources: Vec<Source> = files(folder, "scenarios.yaml").unwrap().iter().map(text).collect();
    read(plan.policy(), &sources, NonZeroUsize::MIN).unwrap_or_else(|errors| panic!("{}", errors[0]))
}

//! The policy of a folder of rules, or the one that is built in.

use std::path::Path;
use std::sync::Arc;

use meterwarden::{LoadError, Plan, Policy, compile};

use super::builtin;
use crate::args::Rules;

/// The policy as a person calls it: ``the rules in `rules` ``, `the built-in policy`.
pub(crate) fn name(rules: &Rules) -> String {
    match &rules.folder {
        Some(folder) => format!("the rules in `{}`", folder.display()),
        None => "the built-in policy".to_owned(),
    }
}

/// The name, and a hint if the built-in policy was used beside a folder `rules`.
pub(crate) fn name_with_hint(rules: &Rules) -> String {
    name(rules) + &hint(rules.folder.is_none(), "")
}

/// That the folder `rules` was not read, and how to have it read. `rest` is what `--rules` takes after the folder.
pub(super) fn hint(built_in: bool, rest: &str) -> String {
    match built_in && Path::new("rules").is_dir() {
        true => format!(" (the folder `rules` here was not read; to use it, add --rules rules{rest})"),
        false => String::new(),
    }
}

/// The policy, checked.
pub(crate) fn load(rules: &Rules) -> Result<Policy, LoadError> {
    match &rules.folder {
        Some(folder) => Policy::load(folder),
        None => Ok(Policy::from_sources(builtin::rules())?),
    }
}

/// The policy's plan, ready to decide.
pub(crate) fn plan(rules: &Rules) -> Result<Plan, LoadError> {
    Ok(compile(Arc::new(load(rules)?)))
}

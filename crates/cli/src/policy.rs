//! Which policy decides: the one of a folder, or the one that ships.

use std::path::Path;
use std::sync::Arc;

use meterwarden::{LoadError, Plan, Policy, compile};

use crate::args::Rules;
use crate::builtin;

/// The policy as a person calls it, and, where it is the built-in one beside a folder of rules, that those were not read.
pub(crate) fn named(rules: &Rules) -> String {
    let unread = rules.folder.is_none() && Path::new("rules").is_dir();
    let note =
        if unread { " (the folder `rules` here was not read; for that say --rules rules)" } else { "" };
    called(rules) + note
}

/// The same without a word on what was not read.
pub(crate) fn called(rules: &Rules) -> String {
    match &rules.folder {
        Some(folder) => format!("the rules in `{}`", folder.display()),
        None => "the built-in policy".to_owned(),
    }
}

/// The policy, checked.
pub(crate) fn load(rules: &Rules) -> Result<Policy, LoadError> {
    match &rules.folder {
        Some(folder) => Policy::load(folder),
        None => Ok(Policy::from_sources(builtin::rules())?),
    }
}

/// The policy, ready to decide.
pub(crate) fn plan(rules: &Rules) -> Result<Plan, LoadError> {
    Ok(compile(Arc::new(load(rules)?)))
}

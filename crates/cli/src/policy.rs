//! Which policy decides: the one of a folder, a version of it, or the one that ships.

use std::path::Path;
use std::sync::Arc;

use meterwarden::{LoadError, Plan, Policy, compile};

use crate::args::{AnyRules, Rules};
use crate::builtin;
use crate::failure::Failure;
use crate::side::Side;

/// The policy as a person calls it, and, where it is the built-in one beside a folder of rules, that those were not read.
pub(crate) fn named(rules: &Rules) -> String {
    called(rules) + &unread(rules.folder.is_none(), "")
}

fn unread(built_in: bool, changed: &str) -> String {
    match built_in && Path::new("rules").is_dir() {
        true => format!(" (the folder `rules` here was not read; for that say --rules rules{changed})"),
        false => String::new(),
    }
}

/// Any version of a policy, ready to decide, and what a person calls it: as `named` does.
pub(crate) fn version(rules: &AnyRules) -> Result<(String, Plan), Failure> {
    let said = rules.version.clone().unwrap_or_default();
    let Side { name, plan, .. } =
        Side::load(&said, &Rules { folder: None }).map_err(|wrong| match wrong {
            // There is one version alone, so that it need not be named.
            Failure::Version { found, .. } => LoadError::Rules(found).into(),
            wrong => wrong,
        })?;
    let changed = if said.text.is_empty() { String::new() } else { format!(",{}", said.text) };
    Ok((name + &unread(said.place.is_none(), &changed), plan))
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

//! One side of a comparison: a version of the rules, looked up and ready to decide.

use std::path::Path;
use std::sync::Arc;

use meterwarden::{Date, LoadError, Plan, Policy, compile, diff};

use crate::args::Rules;
use crate::failure::Failure;
use crate::version::{Place, Version};
use crate::{git, policy};

/// A version, and what it is called.
pub(crate) struct Side {
    /// `the rules in `rules` at `main`, without MP125`
    pub(crate) name: String,
    pub(crate) plan: Plan,
    pub(crate) at: Option<Date>,
}

impl Side {
    /// Looks a version up; what it leaves out is as `--rules` says.
    pub(crate) fn load(version: &Version, rules: &Rules) -> Result<Self, Failure> {
        let (name, policy) = match &version.place {
            None => (policy::called(rules), policy::load(rules).map_err(|wrong| unusable(version, wrong))?),
            Some(Place::Folder(folder)) => {
                let rules = Rules { folder: Some(is_folder(folder)?.to_owned()) };
                (policy::called(&rules), policy::load(&rules).map_err(|wrong| unusable(version, wrong))?)
            }
            Some(Place::Git { revision, folder }) => {
                at_revision(version, revision, folder.as_deref(), rules)?
            }
        };
        let unknown = |source| Failure::Modification { version: version.text.clone(), source };
        let policy = policy.without(&names(&version.without)).map_err(unknown)?;
        let policy = policy.with(&names(&version.with)).map_err(unknown)?;
        let name = name + &modifications(version);
        Ok(Self { name, plan: compile(Arc::new(policy)), at: version.at })
    }

    /// It, for the comparison.
    pub(crate) fn version(&self) -> diff::Version<'_> {
        diff::Version { plan: &self.plan, at: self.at }
    }
}

/// Of two versions it must be clear whose findings they are.
fn unusable(version: &Version, wrong: LoadError) -> Failure {
    match wrong {
        LoadError::Rules(found) if !version.text.is_empty() => {
            Failure::Version { version: version.text.clone(), found }
        }
        wrong => wrong.into(),
    }
}

fn names(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// Who names a branch without saying so is told how to.
fn is_folder(folder: &Path) -> Result<&Path, Failure> {
    if folder.exists() { Ok(folder) } else { Err(Failure::NoVersion(folder.to_owned())) }
}

fn at_revision(
    version: &Version,
    revision: &str,
    folder: Option<&str>,
    rules: &Rules,
) -> Result<(String, Policy), Failure> {
    let standard = rules.folder.as_deref().unwrap_or(Path::new("rules"));
    let wanted = git::Wanted { revision, folder, standard };
    let files =
        git::rules(wanted).map_err(|source| Failure::Revision { version: version.text.clone(), source })?;
    let policy = Policy::from_bytes(files).map_err(|found| unusable(version, found.into()))?;
    let folder = match folder {
        Some("") => ".".to_owned(),
        Some(folder) => folder.to_owned(),
        None => standard.display().to_string(),
    };
    Ok((format!("the rules in `{folder}` at `{revision}`"), policy))
}

/// `, without MP125, with MP105`
fn modifications(version: &Version) -> String {
    let said = |how: &str, names: &[String]| match names {
        [] => String::new(),
        [name] => format!(", {how} {name}"),
        [first @ .., last] => format!(", {how} {} and {last}", first.join(", ")),
    };
    said("without", &version.without) + &said("with", &version.with)
}

//! A version of the rules that was found, checked and compiled.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use meterwarden::{Date, LoadError, Plan, PlanError, Policy, compile};
use meterwarden_analysis::diff::Version as DiffVersion;

use super::spec::{self, RulesPlace, VersionSpec};
use super::{explain_command, git, policy};
use crate::args::{AnyRules, Rules};
use crate::failure::Failure;

/// A version with its plan, and what it is called.
pub(crate) struct LoadedVersion {
    /// ``the rules in `rules` at `main`, without MP125``
    pub(crate) name: String,
    /// The command that explains a request by this version.
    pub(crate) explain_command: String,
    pub(crate) plan: Plan,
    /// The date that the version names, of receipt and of the law.
    pub(crate) date: Option<Date>,
}

impl LoadedVersion {
    /// Loads a version; what it does not name is taken from `--rules`.
    pub(crate) fn load(version: &VersionSpec, rules: &Rules) -> Result<Self, Failure> {
        let (name, plan) = named_plan(version, rules)?;
        let name = name + &modification_words(version);
        let explain_command = explain_command::command(version, rules);
        Ok(Self { name, explain_command, plan, date: version.date })
    }

    /// The version as the comparison takes it.
    pub(crate) fn for_diff(&self) -> DiffVersion<'_> {
        DiffVersion { plan: &self.plan, at: self.date }
    }
}

/// The plan that `--rules VERSION` names, and what a person calls it, with a hint if a folder `rules` was not read.
pub(crate) fn load_any(rules: &AnyRules) -> Result<(String, Plan), Failure> {
    let version = rules.version.clone().unwrap_or_default();
    let loaded = LoadedVersion::load(&version, &Rules { folder: None });
    let LoadedVersion { name, plan, .. } = loaded.map_err(|failure| match failure {
        // There is only one version, so that the message need not name it.
        Failure::Version { findings, .. } => LoadError::Rules(findings).into(),
        failure => failure,
    })?;
    let rest = if version.text.is_empty() { String::new() } else { format!(",{}", version.text) };
    Ok((name + &policy::hint(version.place.is_none(), &rest), plan))
}

/// The plan of a version, and what its rules are called.
fn named_plan(version: &VersionSpec, rules: &Rules) -> Result<(String, Plan), Failure> {
    let usable = |policy: Result<Policy, LoadError>| policy.map_err(|error| failure_of(version, error));
    let (name, policy) = match &version.place {
        None => (policy::name(rules), usable(policy::load(rules))?),
        Some(RulesPlace::Folder(file)) if file.is_file() => {
            let plan = read_plan(file)?;
            let name = format!("the plan in `{}`", file.display());
            if version.without.is_empty() && version.with.is_empty() {
                return Ok((name, plan));
            }
            (name, plan.policy().clone())
        }
        Some(RulesPlace::Folder(folder)) => {
            let rules = Rules { folder: Some(existing_folder(folder)?.to_owned()) };
            (policy::name(&rules), usable(policy::load(&rules))?)
        }
        Some(RulesPlace::Git { revision, folder }) => {
            policy_at_revision(version, revision, folder.as_deref(), rules)?
        }
    };
    Ok((name, compile(Arc::new(with_modifications(version, policy)?))))
}

/// Reads a file that `compile` wrote.
fn read_plan(file: &Path) -> Result<Plan, Failure> {
    let bytes = fs::read(file).map_err(|source| Failure::Read { path: file.to_owned(), source })?;
    Plan::from_bytes(&bytes).map_err(|source| match source {
        PlanError::NotAPlan => Failure::NoVersion(format!(
            "`{}` is a file, but not a plan that `meterwarden compile` wrote; name the folder of rules",
            file.display()
        )),
        source => Failure::Plan { path: file.to_owned(), source },
    })
}

/// The policy with and without the modifications that a version names.
fn with_modifications(version: &VersionSpec, policy: Policy) -> Result<Policy, Failure> {
    let unknown = |source| Failure::Modification { version: version.text.clone(), source };
    match (as_strs(&version.without), as_strs(&version.with)) {
        (without, with) if without.is_empty() && with.is_empty() => Ok(policy),
        (without, with) => policy.without(&without).and_then(|policy| policy.with(&with)).map_err(unknown),
    }
}

/// Why the rules of a version cannot be used. With two versions, the failure names the one that has the findings.
fn failure_of(version: &VersionSpec, error: LoadError) -> Failure {
    match error {
        LoadError::Rules(findings) if !version.text.is_empty() => {
            Failure::Version { version: version.text.clone(), findings }
        }
        error => error.into(),
    }
}

fn as_strs(names: &[String]) -> Vec<&str> {
    names.iter().map(String::as_str).collect()
}

/// The folder, or a hint: a person may have meant a branch, a modification or a date.
fn existing_folder(folder: &Path) -> Result<&Path, Failure> {
    if folder.is_dir() { Ok(folder) } else { Err(Failure::NoVersion(no_folder(folder))) }
}

fn no_folder(path: &Path) -> String {
    let name = path.display().to_string();
    let help = match () {
        () if spec::read_date(&name).is_some() => format!("for a date, write @{name}"),
        () if is_like_a_modification(&name) => {
            format!("write without:{name} or with:{name}, or git:{name} for a revision")
        }
        () => format!("for a revision of the repository, write git:{name}"),
    };
    format!("there is no folder `{name}`; {help}")
}

/// `MP125`, `CHANGE-1`
fn is_like_a_modification(name: &str) -> bool {
    let has = |is_kind: fn(&u8) -> bool| name.bytes().any(|byte| is_kind(&byte));
    let is_name =
        name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || b"-_".contains(&byte));
    is_name && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit)
}

fn policy_at_revision(
    version: &VersionSpec,
    revision: &str,
    folder: Option<&str>,
    rules: &Rules,
) -> Result<(String, Policy), Failure> {
    let default_folder = rules.folder.as_deref().unwrap_or(Path::new("rules"));
    let files = git::rule_files(git::RevisionFolder { revision, folder, default_folder })
        .map_err(|source| Failure::Revision { version: version.text.clone(), source })?;
    let policy = Policy::from_bytes(files).map_err(|findings| failure_of(version, findings.into()))?;
    let folder = match folder {
        Some("") => ".".to_owned(),
        Some(folder) => folder.to_owned(),
        None => default_folder.display().to_string(),
    };
    Ok((format!("the rules in `{folder}` at `{revision}`"), policy))
}

/// `, without MP125, with MP105`
fn modification_words(version: &VersionSpec) -> String {
    let words = |preposition: &str, names: &[String]| match names {
        [] => String::new(),
        [name] => format!(", {preposition} {name}"),
        [names @ .., last] => format!(", {preposition} {} and {last}", names.join(", ")),
    };
    words("without", &version.without) + &words("with", &version.with)
}

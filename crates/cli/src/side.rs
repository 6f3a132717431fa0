//! One side of a comparison: a version of the rules, looked up and ready to decide.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use meterwarden::{Date, LoadError, Plan, PlanError, Policy, compile};
use meterwarden_analysis::diff::Version as Compared;

use crate::args::Rules;
use crate::failure::Failure;
use crate::version::{self, Place, Version};
use crate::{diff, git, policy};

/// A version, and what it is called.
pub(crate) struct Side {
    /// `the rules in `rules` at `main`, without MP125`
    pub(crate) name: String,
    /// The command by which it explains a request.
    pub(crate) explain: String,
    pub(crate) plan: Plan,
    pub(crate) at: Option<Date>,
}

impl Side {
    /// Looks a version up; what it leaves out is as `--rules` says.
    pub(crate) fn load(version: &Version, rules: &Rules) -> Result<Self, Failure> {
        let (name, plan) = plan(version, rules)?;
        let name = name + &modifications(version);
        let explain = diff::explaining::command(version, rules);
        Ok(Self { name, explain, plan, at: version.at })
    }

    /// It, for the comparison.
    pub(crate) fn version(&self) -> Compared<'_> {
        Compared { plan: &self.plan, at: self.at }
    }
}

/// The plan of a version, and what its rules are called.
fn plan(version: &Version, rules: &Rules) -> Result<(String, Plan), Failure> {
    let usable = |read: Result<Policy, LoadError>| read.map_err(|wrong| unusable(version, wrong));
    let (name, policy) = match &version.place {
        None => (policy::called(rules), usable(policy::load(rules))?),
        Some(Place::Folder(file)) if file.is_file() => {
            let plan = compiled(file)?;
            let name = format!("the plan in `{}`", file.display());
            if version.without.is_empty() && version.with.is_empty() {
                return Ok((name, plan));
            }
            (name, plan.policy().clone())
        }
        Some(Place::Folder(folder)) => {
            let rules = Rules { folder: Some(is_folder(folder)?.to_owned()) };
            (policy::called(&rules), usable(policy::load(&rules))?)
        }
        Some(Place::Git { revision, folder }) => at_revision(version, revision, folder.as_deref(), rules)?,
    };
    Ok((name, compile(Arc::new(as_if(version, policy)?))))
}

/// What `compile` wrote.
fn compiled(file: &Path) -> Result<Plan, Failure> {
    let bytes = fs::read(file).map_err(|source| Failure::Read { path: file.to_owned(), source })?;
    Plan::from_bytes(&bytes).map_err(|source| match source {
        PlanError::NotAPlan => Failure::NoVersion(format!(
            "`{}` is a file, and no plan that `meterwarden compile` wrote; name the folder of rules",
            file.display()
        )),
        source => Failure::Plan { path: file.to_owned(), source },
    })
}

/// The policy with and without the modifications that a version says.
fn as_if(version: &Version, policy: Policy) -> Result<Policy, Failure> {
    let unknown = |source| Failure::Modification { version: version.text.clone(), source };
    match (names(&version.without), names(&version.with)) {
        (without, with) if without.is_empty() && with.is_empty() => Ok(policy),
        (without, with) => policy.without(&without).and_then(|policy| policy.with(&with)).map_err(unknown),
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

/// Who names a branch without saying so is told how to, and so is who names a modification, a date or a file.
fn is_folder(folder: &Path) -> Result<&Path, Failure> {
    if folder.is_dir() { Ok(folder) } else { Err(Failure::NoVersion(no_folder(folder))) }
}

fn no_folder(path: &Path) -> String {
    let name = path.display().to_string();
    let way_out = match () {
        () if version::read_date(&name).is_some() => format!("for a date say @{name}"),
        () if is_like_a_modification(&name) => {
            format!("say without:{name} or with:{name}, or git:{name} for a revision")
        }
        () => format!("if it is a revision of the repository, say git:{name}"),
    };
    format!("there is no folder `{name}`; {way_out}")
}

/// `MP125`, `CHANGE-1`
fn is_like_a_modification(name: &str) -> bool {
    let has = |what: fn(&u8) -> bool| name.bytes().any(|one| what(&one));
    let whole =
        name.bytes().all(|one| one.is_ascii_uppercase() || one.is_ascii_digit() || b"-_".contains(&one));
    whole && has(u8::is_ascii_uppercase) && has(u8::is_ascii_digit)
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

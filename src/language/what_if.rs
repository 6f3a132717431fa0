//! A policy as it would be if a modification were in force on every date, or on none: what its rules say of it stays as
//! it is written, only its date is another.

use crate::base::suggest;
use crate::language::check::as_if;
use crate::policy::{Edge, Policy};

/// A modification that the policy's register does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the policy has no modification `{name}`; {help}")]
pub struct UnknownModification {
    /// What was asked for.
    pub name: String,
    /// What may have been meant, or what there is.
    pub help: String,
}

impl Policy {
    /// The policy without some modifications: what is `since` one of them is not in force on any date, what is `until`
    /// it is.
    ///
    /// # Errors
    ///
    /// The register has no modification of that name.
    pub fn without(&self, modifications: &[&str]) -> Result<Self, UnknownModification> {
        self.as_if(modifications, Edge::Never, "without")
    }

    /// The policy with some modifications in force on every date, proposed ones too.
    ///
    /// # Errors
    ///
    /// The register has no modification of that name.
    pub fn with(&self, modifications: &[&str]) -> Result<Self, UnknownModification> {
        self.as_if(modifications, Edge::Start, "with")
    }

    fn as_if(&self, modifications: &[&str], date: Edge, how: &str) -> Result<Self, UnknownModification> {
        let mut dates: Vec<Edge> = self.modifications.iter().map(|one| one.effective).collect();
        for name in modifications {
            dates[self.modification(name)?] = date;
        }
        let mut policy = as_if(self, &dates);
        policy.fingerprint = modifications
            .iter()
            .fold(self.fingerprint.clone(), |fingerprint, name| format!("{fingerprint} {how} {name}"));
        Ok(policy)
    }

    fn modification(&self, name: &str) -> Result<usize, UnknownModification> {
        let known = || self.modifications.iter().map(|one| one.name.as_str());
        known().position(|one| one == name).ok_or_else(|| UnknownModification {
            name: name.to_owned(),
            help: suggest::did_you_mean(name, known())
                .unwrap_or_else(|| format!("there is {}", known().collect::<Vec<_>>().join(", "))),
        })
    }
}

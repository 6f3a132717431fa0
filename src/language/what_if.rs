//! A policy as it would be if a modification were in force on every date, or on no date. The rules that name the
//! modification stay as they are written; only its date changes.

use crate::base::suggest;
use crate::language::check::with_dates;
use crate::policy::{Edge, Policy};

/// A modification that the policy's register does not have.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the policy has no modification `{name}`; {help}")]
pub struct UnknownModification {
    /// The name that was asked for.
    pub name: String,
    /// A similar name, or the names that exist.
    pub help: String,
}

impl Policy {
    /// The policy without some modifications: what is `since` one of them is never in force, and what is `until` one of
    /// them does not end with it.
    ///
    /// # Errors
    ///
    /// The register has no modification of that name.
    pub fn without(&self, modifications: &[&str]) -> Result<Self, UnknownModification> {
        self.with_date(modifications, Edge::Never, "without")
    }

    /// The policy with some modifications in force on every date. They may be proposed ones.
    ///
    /// # Errors
    ///
    /// The register has no modification of that name.
    pub fn with(&self, modifications: &[&str]) -> Result<Self, UnknownModification> {
        self.with_date(modifications, Edge::Start, "with")
    }

    fn with_date(&self, modifications: &[&str], date: Edge, how: &str) -> Result<Self, UnknownModification> {
        let mut dates: Vec<Edge> =
            self.modifications.iter().map(|modification| modification.effective).collect();
        for name in modifications {
            dates[self.modification(name)?] = date;
        }
        let mut policy = with_dates(self, &dates);
        policy.fingerprint = modifications
            .iter()
            .fold(self.fingerprint.clone(), |fingerprint, name| format!("{fingerprint} {how} {name}"));
        Ok(policy)
    }

    fn modification(&self, name: &str) -> Result<usize, UnknownModification> {
        let known = || self.modifications.iter().map(|modification| modification.name.as_str());
        known().position(|known| known == name).ok_or_else(|| UnknownModification {
            name: name.to_owned(),
            help: suggest::did_you_mean(name, known())
                .unwrap_or_else(|| format!("there is {}", known().collect::<Vec<_>>().join(", "))),
        })
    }
}

//! Names of rules, services and values in a sentence.

use meterwarden::base::suggest;
use meterwarden::policy::Policy;

/// The most names that a sentence lists.
const MOST: usize = 4;

/// `one`, `two` and `three`.
pub(super) fn list(names: &[&str]) -> String {
    if names.len() <= MOST {
        return suggest::join(&suggest::ticked(names), "and");
    }
    let first = names.get(..MOST - 1).unwrap_or_default();
    format!("{} and {} more", suggest::ticked(first).join(", "), names.len() - first.len())
}

/// The rules by name.
pub(super) fn rules(policy: &Policy, rules: &[usize]) -> String {
    let names: Vec<&str> =
        rules.iter().filter_map(|nth| policy.rules().get(*nth)).map(|rule| rule.name.as_str()).collect();
    list(&names)
}

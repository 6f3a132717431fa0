//! Lists of names in a sentence.

use crate::limits::MAX_LISTED_NAMES;
use meterwarden::base::suggest;
use meterwarden::policy::Policy;

/// The names of rules, which are given by their indices: `` `a`, `b` and `c` ``, or `` `a`, `b`, `c` and 7 more ``.
pub(super) fn rules(policy: &Policy, rules: &[usize]) -> String {
    let names: Vec<&str> = rules.iter().map(|index| policy.rules()[*index].name.as_str()).collect();
    if names.len() <= MAX_LISTED_NAMES {
        return suggest::join(&suggest::ticked(&names), "and");
    }
    let first = names.get(..MAX_LISTED_NAMES - 1).unwrap_or_default();
    format!("{} and {} more", suggest::ticked(first).join(", "), names.len() - first.len())
}

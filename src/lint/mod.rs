//! A policy that loads to what deserves a word: rules that do nothing, names that nobody uses, dates that leave
//! a gap. One finding a file.

use crate::compile::Plan;
use crate::diagnostic::{Diagnostic, Diagnostics};

/// Everything about a policy that is allowed and probably not meant, in the order of the text.
pub fn lint(plan: &Plan) -> Diagnostics {
    let policy = plan.policy();
    let found: Vec<Diagnostic> = Vec::new();
    Diagnostics::new(policy.sources().to_vec(), found)
}

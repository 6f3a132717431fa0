//! The files of a new policy: a small vocabulary, one change of the code, one service with one permit, scenarios, and
//! the checks that a repository runs. Everything in it is an example to replace, and passes all checks.

use std::sync::Arc;

use meterwarden::language::diagnostic::Diagnostics;
use meterwarden::plan::compile;
use meterwarden::policy::Policy;
use meterwarden::policy::source::Source;
use meterwarden_analysis::snapshot;

/// The folder of the rules, in the folder of the policy.
pub const RULES: &str = "rules";

/// The folder of the snapshots, in the folder of the rules.
pub const OUTCOMES: &str = "outcomes";

const RULE_FILES: [(&str, &str); 3] = [
    ("modifications.rules", include_str!("scaffold/modifications.rules")),
    ("settings.rules", include_str!("scaffold/settings.rules")),
    ("vocabulary.rules", include_str!("scaffold/vocabulary.rules")),
];

const OTHER_FILES: [(&str, &str); 4] = [
    ("README.md", include_str!("scaffold/README.md")),
    ("rules/settings.scenarios.yaml", include_str!("scaffold/settings.scenarios.yaml")),
    (".github/workflows/policy.yml", include_str!("scaffold/policy.yml")),
    (".pre-commit-config.yaml", include_str!("scaffold/pre-commit-config.yaml")),
];

/// The files, each as its path in the folder of the policy and its text: first the rules, then the other files, then
/// the snapshots.
///
/// # Errors
///
/// The errors of the rules; there are none, which a test checks.
pub fn files() -> Result<Vec<(String, String)>, Diagnostics> {
    let sources = RULE_FILES.iter().map(|(path, text)| Source::new(*path, *text));
    let plan = compile(Arc::new(Policy::from_sources(sources.collect())?));
    let rules = RULE_FILES.iter().map(|(path, text)| (format!("{RULES}/{path}"), (*text).to_owned()));
    let others = OTHER_FILES.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let snapshots = snapshot::pages(&plan).into_iter();
    let snapshots = snapshots.map(|(file, text)| (format!("{RULES}/{OUTCOMES}/{file}"), text));
    Ok(rules.chain(others).chain(snapshots).collect())
}

//! A policy to begin with: a small vocabulary, one change of the code, one service with one permit, scenarios, and the
//! checks that a repository runs. Everything in it is an example to be replaced, and all of it is in order.

use std::sync::Arc;

use meterwarden::language::diagnostic::Diagnostics;
use meterwarden::plan::compile;
use meterwarden::policy::Policy;
use meterwarden::policy::source::Source;
use meterwarden_analysis::snapshot;

/// The folder of the rules, in the folder that the policy begins with.
pub const RULES: &str = "rules";

/// The folder of the pages of outcomes, in that of the rules.
pub const OUTCOMES: &str = "outcomes";

const RULE_FILES: [(&str, &str); 3] = [
    ("modifications.rules", include_str!("scaffold/modifications.rules")),
    ("settings.rules", include_str!("scaffold/settings.rules")),
    ("vocabulary.rules", include_str!("scaffold/vocabulary.rules")),
];

const OTHERS: [(&str, &str); 4] = [
    ("README.md", include_str!("scaffold/README.md")),
    ("rules/settings.scenarios.yaml", include_str!("scaffold/settings.scenarios.yaml")),
    (".github/workflows/policy.yml", include_str!("scaffold/policy.yml")),
    (".pre-commit-config.yaml", include_str!("scaffold/pre-commit-config.yaml")),
];

/// The files, each by its path in a folder: first the rules, then what stands around them.
pub fn files() -> Result<Vec<(String, String)>, Diagnostics> {
    let sources = RULE_FILES.iter().map(|(path, text)| Source::new(*path, *text));
    let plan = compile(Arc::new(Policy::from_sources(sources.collect())?));
    let rules = RULE_FILES.iter().map(|(path, text)| (format!("{RULES}/{path}"), (*text).to_owned()));
    let others = OTHERS.iter().map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
    let pages = snapshot::pages(&plan).into_iter();
    let pages = pages.map(|(file, text)| (format!("{RULES}/{OUTCOMES}/{file}"), text));
    Ok(rules.chain(others).chain(pages).collect())
}

//! For authors of rules: findings and fixes, scenarios, coverage, mutants, suggestions, and a first policy.

mod yaml;
mod partial_request;
mod lint;
mod fix;
pub mod scenario;
pub mod coverage;
pub mod mutate;
pub mod suggest_scenarios;
pub mod scaffold;

pub use fix::{Fixed, Mended, findings, fix};
pub use lint::{is_likely_rule_file, lint, lint_meaning, lint_scenarios, lint_unread};
pub use partial_request::requests_from_yaml;
pub use yaml::YamlError;

//! Policies of a few lines with their scenarios, and snapshots that show both beside the result.

use std::num::NonZeroUsize;
use std::sync::Arc;

use meterwarden::{Plan, Policy, Source, compile};
use meterwarden_authoring::scenario;
use meterwarden_authoring::scenario::ScenarioFile;

/// The attributes of the small policies.
pub(crate) const VOCABULARY: &str = r#"
attribute role "role" { refuse E2 "not for this role"  IS ED OU }
attribute status "status" { refuse E5 "not in this status"  Pending Commissioned Suspended }
"#;

/// A service with one rule.
pub(crate) const READ: &str = r#"
service 1 "Read" {
    permit supplier "the supplier reads a device in service" {
        role    IS
        status  Commissioned
        source  "s"
    }
}
"#;

/// Scenarios that cover half of that rule.
pub(crate) const READ_ONCE: &str = "
start: { service: 1, at: 2026-01-01, role: IS, status: Commissioned }
cases:
  - name: the supplier reads it
    expect: permit
  - name: nobody else does
    with: { role: ED }
    expect: refuse
    code: E2
";

/// A policy and its scenarios.
pub(crate) struct SmallPolicy {
    pub(crate) plan: Plan,
    pub(crate) files: Vec<ScenarioFile>,
}

impl SmallPolicy {
    pub(crate) fn new(rules: &str, scenarios: &str) -> Self {
        let sources = vec![Source::new("vocabulary.rules", VOCABULARY), Source::new("rules.rules", rules)];
        let policy = Policy::from_sources(sources).unwrap_or_else(|errors| panic!("{errors}"));
        let plan = compile(Arc::new(policy));
        let files = vec![read(&plan, scenarios)];
        Self { plan, files }
    }
}

/// A scenario file without errors.
pub(crate) fn read(plan: &Plan, scenarios: &str) -> ScenarioFile {
    let source = [Source::new("rules.scenarios.yaml", scenarios)];
    let read = scenario::read(plan.policy(), &source, NonZeroUsize::MIN);
    read.unwrap_or_else(|errors| panic!("{}\n{scenarios}", errors[0])).remove(0)
}

/// The parts below each other, each with its title.
pub(crate) fn page(parts: &[(&str, &str)]) -> String {
    let part = |(title, text): &(&str, &str)| format!("──── {title}\n{}\n", text.trim_matches('\n'));
    parts.iter().map(part).collect()
}

/// Rule files after each other.
pub(crate) fn text(sources: &[Source]) -> String {
    let files = sources.iter().map(|source| format!("// {}\n{}", source.path, source.text));
    files.collect::<Vec<_>>().join("\n")
}

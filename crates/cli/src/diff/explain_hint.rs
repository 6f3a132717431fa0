//! How the example requests of a difference are explained.

use meterwarden_analysis::diff::{Diff, KnownBy, Region, ServiceDiff};

use crate::versions::loaded::LoadedVersion;

/// The commands that explain a request: by the version before, by the version after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ExplainHint {
    pub(super) before: String,
    pub(super) after: String,
    /// Whether some requests use words that the version after does not have.
    needs_before: bool,
}

impl ExplainHint {
    pub(super) fn new(diff: &Diff, versions: [&LoadedVersion; 2]) -> Self {
        let [before, after] = versions.map(|version| version.explain_command.clone());
        let is_unknown_after = |region: &Region| versions[1].plan.decide(&region.witness).is_err();
        let needs_before = diff
            .services
            .iter()
            .any(|service| service.known == KnownBy::Before || regions(service).any(is_unknown_after));
        Self { needs_before: needs_before && before != after, before, after }
    }

    /// The predicate of the sentence below a difference; `quote` marks a command as code.
    pub(super) fn words(&self, quote: impl Fn(&str) -> String) -> String {
        let after = format!("paste it into {} to see why it is permitted or refused now", quote(&self.after));
        let before = if self.needs_before {
            format!("; if that does not know its words, paste it into {}", quote(&self.before))
        } else {
            String::new()
        };
        format!("is an example request of its region: {after}{before}")
    }
}

fn regions(service: &ServiceDiff) -> impl Iterator<Item = &Region> {
    let codes = service.codes.iter().map(|change| &change.part);
    [&service.wider, &service.narrower].into_iter().chain(codes).flat_map(|part| &part.regions)
}

//! A timeline for programs. docs/formats.md describes its keys.

use std::io::{self, Write};

use meterwarden_analysis::timeline::{Comparison, Moment};
use serde::Serialize;

use crate::json;
use crate::versions::loaded::LoadedVersion;

#[derive(Serialize)]
struct TimelineOutput<'t> {
    of: &'t str,
    policy: &'t str,
    moments: &'t [Moment],
}

#[derive(Serialize)]
struct ComparisonOutput<'t> {
    compared: [&'t str; 2],
    policies: [&'t str; 2],
    #[serde(flatten)]
    comparison: &'t Comparison,
}

pub(super) fn write(version: &LoadedVersion, moments: &[Moment], out: &mut impl Write) -> io::Result<()> {
    let policy = version.plan.policy().fingerprint();
    json::write(&TimelineOutput { of: &version.name, policy, moments }, out)
}

pub(super) fn write_compared(
    versions: [&LoadedVersion; 2],
    comparison: &Comparison,
    out: &mut impl Write,
) -> io::Result<()> {
    let compared = versions.map(|version| version.name.as_str());
    let policies = versions.map(|version| version.plan.policy().fingerprint());
    json::write(&ComparisonOutput { compared, policies, comparison }, out)
}

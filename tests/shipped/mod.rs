//! The policy that ships, as the tests use it.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::sync::Arc;

use meterwarden::{Plan, Policy, compile};

/// The folder that holds it.
pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/rules");

/// The shipped policy, compiled.
pub(crate) fn plan() -> Plan {
    compile(Arc::new(Policy::load(FOLDER).unwrap()))
}

//! Which policy the numbers of a request are of.

use super::Policy;

/// Which policy numbers are of: the same rule files have the same.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stamp(u64);

impl Stamp {
    /// No policy's: what says so is never permitted.
    pub const FOREIGN: Self = Self(0);

    /// The stamp of a policy: FNV-1a of its fingerprint, never 0.
    pub fn of(policy: &Policy) -> Self {
        // FNV-1a: the fingerprint tells one version from another, this tells it at a glance.
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        Self(policy.fingerprint().bytes().fold(0xcbf2_9ce4_8422_2325, mix).max(1))
    }
}

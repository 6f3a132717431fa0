//! Which policy the numbers of a request belong to.

/// Which policy numbers belong to. Two policies from the same rule files have the same stamp.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stamp(u64);

impl Stamp {
    /// The stamp of no policy. A request with it is never permitted.
    pub const FOREIGN: Self = Self(0);

    /// The stamp of a policy with this fingerprint: the fingerprint's FNV-1a hash, never 0.
    pub fn of(fingerprint: &str) -> Self {
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
        Self(fingerprint.bytes().fold(0xcbf2_9ce4_8422_2325, mix).max(1))
    }
}

//! A [`Plan`] as a file: written where rules are parsed and checked, read where they need not be.
//!
//! ```text
//! "MWPLAN\r\n" · format (2 bytes) · digest of the rest (8 bytes) · policy · decision table
//! ```
//!
//! A number has seven bits in each byte, and a list or a text follows its length. Nothing that is read is trusted. The
//! digest detects damage. Then every number is checked against the list that it is an index into. So a file that
//! `meterwarden compile` did not write is refused, or it is a different policy, and can do no other harm.

mod policy;
mod validity;

use std::fmt;
use std::sync::Arc;

use crate::base::wire::{Reader, Wire};
use crate::plan::Plan;
use crate::plan::table::DecisionTable;
use crate::policy::Policy;

/// The first bytes. They contain a Windows line end, so a transfer that converts line ends is detected.
const MAGIC: &[u8; 8] = b"MWPLAN\r\n";

/// The format that this version writes and reads. It changes with what is stored.
const FORMAT: u16 = 5;

/// Why bytes are not a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanError {
    /// The bytes do not begin as a plan does.
    NotAPlan,
    /// The plan is in another format: compile the rules again.
    OtherFormat {
        /// The format of the plan.
        found: u16,
    },
    /// The plan is cut off, or was changed after it was written.
    Damaged,
    /// The bytes are undamaged but contradict each other, so compiling rules did not write them.
    Inconsistent,
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAPlan => f.write_str("this is not a compiled plan"),
            Self::OtherFormat { found } => write!(
                f,
                "this plan is in format {found}, and this version reads format {FORMAT}: compile the rules again"
            ),
            Self::Damaged => f.write_str("this plan is damaged: cut off, or changed since it was written"),
            Self::Inconsistent => {
                f.write_str("this plan is inconsistent: it was not written by compiling rules")
            }
        }
    }
}

impl std::error::Error for PlanError {}

/// The bytes of a plan file.
pub(super) fn write(plan: &Plan) -> Vec<u8> {
    let mut body = Vec::new();
    plan.policy().write(&mut body);
    plan.table().write(&mut body);
    let mut bytes = MAGIC.to_vec();
    bytes.extend(FORMAT.to_le_bytes());
    bytes.extend(digest(&body).to_le_bytes());
    bytes.extend(body);
    bytes
}

/// The plan from the bytes of a plan file.
pub(super) fn read(bytes: &[u8]) -> Result<Plan, PlanError> {
    let rest = bytes.strip_prefix(MAGIC).ok_or(PlanError::NotAPlan)?;
    let (format, rest) = rest.split_first_chunk().ok_or(PlanError::Damaged)?;
    let found = u16::from_le_bytes(*format);
    if found != FORMAT {
        return Err(PlanError::OtherFormat { found });
    }
    let (expected, body) = rest.split_first_chunk().ok_or(PlanError::Damaged)?;
    if u64::from_le_bytes(*expected) != digest(body) {
        return Err(PlanError::Damaged);
    }
    read_body(body).ok_or(PlanError::Inconsistent)
}

fn read_body(body: &[u8]) -> Option<Plan> {
    let mut reader = Reader::new(body);
    let policy = Policy::read(&mut reader).filter(validity::policy)?;
    let table = DecisionTable::read(&mut reader, &policy)?;
    reader.is_empty().then(|| Plan::new(Arc::new(policy), table))
}

/// FNV-1a over words of eight bytes. It detects damage, not intent.
fn digest(body: &[u8]) -> u64 {
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23);
    let (words, rest) = body.as_chunks::<8>();
    let hash = words.iter().map(|word| u64::from_le_bytes(*word)).fold(0xcbf2_9ce4_8422_2325, mix);
    rest.iter().map(|byte| u64::from(*byte)).fold(mix(hash, body.len() as u64), mix)
}

//! A [`Plan`] as a file: written where rules are parsed and checked, read where they need not be.
//!
//! ```text
//! "MWPLAN\r\n" · format (2 bytes) · digest of what follows (8 bytes) · policy · index
//! ```
//!
//! Numbers are written seven bits a byte, lists and texts behind their length. Nothing that is read is trusted: the digest
//! tells damage, and every number is checked against what it is a place in, so that a file which no `meterwarden compile`
//! wrote can be refused or can mean another policy, and nothing else.

mod table;
mod policy;
mod valid;

use std::fmt;
use std::sync::Arc;

use crate::base::wire::{Reader, Wire};
use crate::plan::Plan;
use crate::plan::table::DecisionTable;
use crate::policy::Policy;

/// The first bytes. A line end as Windows has it, so that a transfer as text shows.
const MAGIC: &[u8; 8] = b"MWPLAN\r\n";

/// The format that this version writes and reads. It changes when what is stored does.
const FORMAT: u16 = 3;

/// Why bytes are not a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum PlanError {
    /// They do not begin as a plan does.
    NotAPlan,
    /// They are a plan in another format: compile the rules again.
    OtherFormat {
        /// The format that they say.
        found: u16,
    },
    /// They are not what was written: cut off, or changed on the way.
    Damaged,
    /// They are whole, but no plan: what they say does not fit together.
    Inconsistent,
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotAPlan => f.write_str("this is no compiled plan"),
            Self::OtherFormat { found } => write!(
                f,
                "this plan is in format {found}, and this version reads format {FORMAT}: compile the rules again"
            ),
            Self::Damaged => f.write_str("this plan is damaged: cut off, or changed since it was written"),
            Self::Inconsistent => {
                f.write_str("this plan does not fit together: it was not written by compiling rules")
            }
        }
    }
}

impl std::error::Error for PlanError {}

impl Plan {
    /// The plan as bytes, with the policy that it is the plan of, rule files included. The same plan is the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut body = Vec::new();
        self.policy().write(&mut body);
        self.index().write(&mut body);
        let mut bytes = MAGIC.to_vec();
        bytes.extend(FORMAT.to_le_bytes());
        bytes.extend(digest(&body).to_le_bytes());
        bytes.extend(body);
        bytes
    }

    /// The plan that these bytes are. It answers as the plan that was written does, to the letter.
    ///
    /// ```
    /// # use std::sync::Arc;
    /// # use meterwarden::{Date, Plan, PlanError, Policy, Request, Source, compile};
    /// # let rules = r#"
    /// #     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
    /// #     service 4.2 "Read Instantaneous Export Registers" {
    /// #         permit reading "anybody reads" { status Commissioned  source "row 4.2" }
    /// #     }"#;
    /// let plan = compile(Arc::new(Policy::from_sources(vec![Source::new("example.rules", rules)])?));
    /// let mut bytes = plan.to_bytes();
    /// let request = Request::new("4.2", Date::constant(2026, 1, 1)).value("status", "Pending");
    /// assert_eq!(Plan::from_bytes(&bytes)?.decide(&request)?, plan.decide(&request)?);
    ///
    /// bytes.pop();
    /// assert_eq!(Plan::from_bytes(&bytes).unwrap_err(), PlanError::Damaged);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// They are not a plan, or not in this version's format, or not what was written.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, PlanError> {
        let rest = bytes.strip_prefix(MAGIC).ok_or(PlanError::NotAPlan)?;
        let (format, rest) = rest.split_first_chunk().ok_or(PlanError::Damaged)?;
        let found = u16::from_le_bytes(*format);
        if found != FORMAT {
            return Err(PlanError::OtherFormat { found });
        }
        let (said, body) = rest.split_first_chunk().ok_or(PlanError::Damaged)?;
        if u64::from_le_bytes(*said) != digest(body) {
            return Err(PlanError::Damaged);
        }
        Self::from_body(body).ok_or(PlanError::Inconsistent)
    }

    fn from_body(body: &[u8]) -> Option<Self> {
        let mut reader = Reader::new(body);
        let policy = Policy::read(&mut reader)?;
        let index = DecisionTable::read(&mut reader)?;
        if !reader.is_empty() || !valid::policy(&policy) {
            return None;
        }
        let index = index.named(&policy);
        index.fits(&policy).then(|| Self::new(Arc::new(policy), index))
    }
}

/// FNV-1a over words of eight bytes: it tells damage, not intent.
fn digest(bytes: &[u8]) -> u64 {
    let mix = |hash: u64, word: u64| (hash ^ word).wrapping_mul(0x0000_0100_0000_01b3).rotate_left(23);
    let (words, rest) = bytes.as_chunks::<8>();
    let hash = words.iter().map(|word| u64::from_le_bytes(*word)).fold(0xcbf2_9ce4_8422_2325, mix);
    rest.iter().map(|byte| u64::from(*byte)).fold(mix(hash, bytes.len() as u64), mix)
}

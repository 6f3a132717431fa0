#![doc = include_str!("../README.md")]
//!
//! # The pipeline
//!
//! ```text
//! &Source ──parse──▶ ast::File ──check──▶ Policy ──compile──▶ Plan ──decide(&Request)──▶ Decision
//!              │          │         │                          │
//!         Diagnostics  format   Diagnostics                    ├──verdict(&RequestIds)──▶ Verdict: the table, by numbers
//!                                                              └──to_bytes, from_bytes: a file, read without `parse`
//! ```
//!
//! A stage is a verb and a file; what flows is a noun and a type. `parse` and `check` report every mistake, so that a
//! `Policy` is always consistent and `compile` cannot fail. `decide` fails only if a request is not about the policy,
//! such as one with an unknown service. What reads a plan without deciding is in other crates: questions, differences
//! and explanations in `meterwarden-analysis`, lint and scenarios in `meterwarden-authoring`, messages in
//! `meterwarden-duis`.
//!
//! The engine contains no word of the domain and reads no clock and no network. Only [`Policy::load`] and the functions
//! beside it read files.

#![deny(missing_docs)]

pub mod base;
pub mod policy;
pub mod space;
pub mod plan;
pub mod decide;
#[cfg(feature = "parse")]
pub mod language;
pub mod limits;
mod reload;

/// Runs the code in docs/embedding.md.
#[cfg(doctest)]
#[doc = include_str!("../docs/embedding.md")]
mod embedding {}

pub use jiff::{Timestamp, civil::Date};

pub use decide::{
    AttributeId, Batch, Decision, Fact, InputError, MemberId, Outcome, OwnedDecision, Refusal, Request,
    RequestIds, RequestReader, ServiceId, ValueId, Verdict,
};
#[cfg(feature = "parse")]
pub use language::{
    check::check,
    diagnostic::{Code, Diagnostic, Diagnostics},
    format::{FormatError, format},
    load::{LoadError, every_file, files, relative},
    parse::{Parsed, parse, parse_clause},
    what_if::UnknownModification,
};
pub use plan::{Plan, PlanError, compile};
pub use policy::{Policy, Source, Span};
pub use reload::{PlanReader, PlanStore};

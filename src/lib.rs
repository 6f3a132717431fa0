#![doc = include_str!("../README.md")]
//!
//! # The pipeline
//!
//! ```text
//! &Source ──parse──▶ ast::File ──check──▶ Policy ──compile──▶ Plan ──decide(&Request)──▶ Decision
//!              │          │         │                          │
//!         Diagnostics  format   Diagnostics                    ├──verdict(&RequestIds)──▶ Verdict: the table, by numbers
//!                                                              ├──to_bytes, from_bytes: a file, read without `parse`
//!                                                              ├──explain(&Request)──▶ Explanation
//!                                                              ├──lint─────▶ Diagnostics ──fix──▶ the files, mended
//!                                                              ├──outcomes, snapshot, matrix: what is permitted
//!                                                              ├──ask, permitted, remedies: who may, and what would do
//!                                                              ├──diff, timeline: what an edit or a date changes
//!                                                              └──scenario, coverage, mutate, propose: whether it is tested
//! ```
//!
//! A stage is a verb and a file; what flows is a noun and a type. `parse` and `check` report every mistake;
//! after `check` nothing can be wrong any more, and `lint` says what is probably not meant. The engine holds no word
//! of the domain, reads no clock and no network, and only [`Policy::load`] and its neighbours read files.

#![deny(missing_docs)]

pub mod base;
pub mod policy;
pub mod space;
pub mod plan;
pub mod decide;
#[cfg(feature = "parse")]
pub mod language;
mod reload;

/// What docs/embedding.md shows is run.
#[cfg(doctest)]
#[doc = include_str!("../docs/embedding.md")]
mod embedding {}

pub use jiff::civil::Date;

pub use decide::{
    AttributeId, Batch, Decision, Fact, InputError, Outcome, Refusal, Request, RequestIds, RequestReader,
    ServiceId, ValueId, Verdict,
};
#[cfg(feature = "parse")]
pub use language::{
    check::check,
    diagnostic::{Code, Diagnostic, Diagnostics},
    format::{FormatError, format},
    load::{LoadError, every_file, files, relative},
    parse::{Parsed, parse},
    what_if::UnknownModification,
};
pub use plan::{Plan, PlanError, compile};
pub use policy::{Policy, Source, Span};
pub use reload::{PlanReader, PlanStore};

#![doc = include_str!("../README.md")]
//!
//! # The pipeline
//!
//! ```text
//! &Source ──parse──▶ ast::File ──check──▶ Policy ──compile──▶ Plan ──decide(&Request)──▶ Decision
//!              │          │         │                          │
//!         Diagnostics  format   Diagnostics                    ├──explain(&Request)──▶ Explanation
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

// The pipeline, in the order in which a rule file goes through it.
pub mod source;
pub mod diagnostic;
pub mod ast;
mod keywords;
mod parse;
mod format;
mod check;
pub mod policy;
mod selector;
mod fingerprint;
mod as_if;
mod compile;
mod index;
mod region;
mod words;
pub mod request;
mod resolved;
mod verdict;
mod batch;
mod reading;
mod decide;
mod warden;
mod explain;

// For authors and reviewers: what the rules come to, what is odd about them, and whether it is tested.
mod lint;
mod fix;
mod outcome;
pub mod snapshot;
pub mod matrix;
mod permitted;
pub mod remedy;
pub mod ask;
pub mod diff;
pub mod timeline;
pub mod scenario;
pub mod coverage;
pub mod mutate;
pub mod propose;
pub mod scaffold;

// What several of them need.
mod load;
mod decode;
mod suggest;
mod example;
mod order;
mod yaml;

/// What docs/embedding.md shows is run.
#[cfg(doctest)]
#[doc = include_str!("../docs/embedding.md")]
mod embedding {}

pub use jiff::civil::Date;

pub use as_if::UnknownModification;
pub use batch::Batch;
pub use check::check;
pub use compile::{Plan, compile};
pub use decide::{Decision, InputError, Outcome, Refusal};
pub use diagnostic::{Code, Diagnostic, Diagnostics};
pub use explain::Explanation;
pub use fix::{Fixed, Mended, findings, fix};
pub use format::{FormatError, format};
pub use lint::{lint, lint_meaning, lint_scenarios, lint_unread, may_be_meant};
pub use load::{LoadError, every_file, files, relative};
pub use parse::{Parsed, parse};
pub use permitted::{Explodes, Permitted};
pub use policy::Policy;
pub use reading::Reading;
pub use request::{Fact, Request};
pub use resolved::{AttributeId, Resolved, ServiceId, ValueId};
pub use selector::UnknownService;
pub use source::{Source, Span};
pub use verdict::Verdict;
pub use warden::{Warden, Watch};
pub use yaml::YamlError;

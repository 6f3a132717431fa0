#![doc = include_str!("../README.md")]
//!
//! # The pipeline
//!
//! ```text
//! &Source ──parse──▶ ast::File ──check──▶ Policy ──compile──▶ Plan ──decide(&Request)──▶ Decision
//!              │          │         │                          │
//!         Diagnostics  format   Diagnostics                    ├──verdict(&Resolved)──▶ Verdict: the table, by numbers
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
#![cfg_attr(
    not(feature = "parse"),
    expect(
        dead_code,
        unused_imports,
        reason = "what is said of a policy as a whole is left out, and what it stands on is not"
    )
)]

// The pipeline, in the order in which a rule file goes through it.
pub mod source;
#[cfg(feature = "parse")]
pub mod diagnostic;
#[cfg(feature = "parse")]
pub mod ast;
#[cfg(feature = "parse")]
mod keywords;
#[cfg(feature = "parse")]
mod parse;
#[cfg(feature = "parse")]
mod format;
#[cfg(feature = "parse")]
mod check;
pub mod policy;
mod item;
mod spans;
mod window;
#[cfg(feature = "parse")]
mod selector;
#[cfg(feature = "parse")]
mod fingerprint;
#[cfg(feature = "parse")]
mod as_if;
mod compile;
mod index;
mod region;
mod words;
pub mod request;
mod resolved;
mod codes;
mod verdict;
mod batch;
mod reading;
mod decide;
mod warden;
mod stored;
#[cfg(feature = "parse")]
mod explain;

// For authors and reviewers: what the rules come to, what is odd about them, and whether it is tested.
#[cfg(feature = "parse")]
mod lint;
#[cfg(feature = "parse")]
mod fix;
#[cfg(feature = "parse")]
mod outcome;
#[cfg(feature = "parse")]
pub mod snapshot;
#[cfg(feature = "parse")]
pub mod matrix;
#[cfg(feature = "parse")]
mod permitted;
#[cfg(feature = "parse")]
pub mod remedy;
#[cfg(feature = "parse")]
pub mod ask;
#[cfg(feature = "parse")]
pub mod diff;
#[cfg(feature = "parse")]
pub mod timeline;
#[cfg(feature = "parse")]
pub mod scenario;
#[cfg(feature = "parse")]
pub mod coverage;
#[cfg(feature = "parse")]
pub mod mutate;
#[cfg(feature = "parse")]
pub mod propose;
#[cfg(feature = "parse")]
pub mod scaffold;

// What several of them need.
#[cfg(feature = "parse")]
mod load;
#[cfg(feature = "parse")]
mod decode;
mod suggest;
#[cfg(feature = "parse")]
mod example;
#[cfg(feature = "parse")]
mod order;
mod parallel;
#[cfg(feature = "parse")]
mod yaml;
#[cfg(feature = "parse")]
mod draft;

/// What docs/embedding.md shows is run.
#[cfg(doctest)]
#[doc = include_str!("../docs/embedding.md")]
mod embedding {}

pub use jiff::civil::Date;

#[cfg(feature = "parse")]
pub use as_if::UnknownModification;
pub use batch::Batch;
#[cfg(feature = "parse")]
pub use check::check;
pub use compile::{Plan, compile};
pub use decide::{Decision, InputError, Outcome, Refusal};
#[cfg(feature = "parse")]
pub use diagnostic::{Code, Diagnostic, Diagnostics};
#[cfg(feature = "parse")]
pub use explain::Explanation;
#[cfg(feature = "parse")]
pub use fix::{Fixed, Mended, findings, fix};
#[cfg(feature = "parse")]
pub use format::{FormatError, format};
#[cfg(feature = "parse")]
pub use lint::{lint, lint_meaning, lint_scenarios, lint_unread, may_be_meant};
#[cfg(feature = "parse")]
pub use load::{LoadError, every_file, files, relative};
#[cfg(feature = "parse")]
pub use parse::{Parsed, parse};
#[cfg(feature = "parse")]
pub use permitted::{Explodes, Permitted};
pub use policy::Policy;
pub use reading::Reading;
pub use request::{Fact, Request};
pub use resolved::{AttributeId, Resolved, ServiceId, ValueId};
#[cfg(feature = "parse")]
pub use selector::UnknownService;
pub use source::{Source, Span};
pub use stored::PlanError;
pub use verdict::Verdict;
pub use warden::{Warden, Watch};
#[cfg(feature = "parse")]
pub use yaml::YamlError;

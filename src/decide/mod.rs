//! [`Plan`](crate::Plan) and [`Request`] to [`Decision`].
//!
//! ```text
//! JSON ──request_json──▶ RequestIds ──verdict──▶ Verdict        the table: numbers, nothing on the heap
//!                           ▲                       │
//! Request ──request_ids─────┘                       ▼
//!    │                                           Decision       by name
//!    │                                              ▲
//!    └──facts──▶ Facts ──checks, partial──▶ Outcome─┘           the rules: where the table does not decide
//! ```
//!
//! Both ways look names up by `resolve`.

pub mod request;
mod resolve;
mod input_error;
mod request_ids;
mod request_json;
mod verdict;
mod batch;
mod facts;
mod checks;
mod partial;
mod interpret;
mod decision;
mod owned_decision;

pub use batch::Batch;
pub use decision::{ALTERNATIVES_SEPARATOR, SERVICE, attribute_at};
pub use decision::{Decision, Outcome, Refusal};
pub use facts::{Facts, check_terms, facts};
pub use input_error::InputError;
pub use interpret::decide_in;
pub use owned_decision::OwnedDecision;
pub use request::{Fact, Request};
pub use request_ids::{AttributeId, MemberId, RequestIds, ServiceId, ValueId};
pub use request_json::RequestReader;
pub use verdict::Verdict;

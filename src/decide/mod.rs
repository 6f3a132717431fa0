//! [`Plan`](crate::Plan) and [`Request`] to [`Decision`].

pub mod request;
mod input_error;
mod decision;
pub(crate) mod request_ids;
mod request_json;
mod verdict;
mod batch;
mod resolve;
mod facts;
mod checks;
mod partial;
mod interpret;

pub use batch::Batch;
pub use decision::{Decision, Outcome, Refusal};
pub use decision::{SERVICE, attribute_at};
pub use facts::{Facts, facts, vocabulary};
pub use input_error::InputError;
pub use interpret::decide_in;
pub use request::{Fact, Request, not_a_date, written_date};
pub use request_ids::{AttributeId, RequestIds, ServiceId, ValueId};
pub use request_json::RequestReader;
pub use verdict::Verdict;

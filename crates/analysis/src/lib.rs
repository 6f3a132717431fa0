//! Exact questions about a [`Plan`](meterwarden::Plan): what is permitted, why, since when, and what an edit changes.

pub mod service_order;
mod service_selector;
pub mod witness;
pub mod count;
mod permitted_set;
pub mod counterfactual;
pub mod ask;
pub mod explain;
pub mod diff;
pub mod timeline;
pub mod matrix;
mod outcome;
pub mod snapshot;

pub use ask::ask;
pub use counterfactual::counterfactuals;
pub use diff::diff;
pub use explain::{Explanation, explain};
pub use matrix::{Atlas, atlas, matrix};
pub use outcome::outcomes;
pub use permitted_set::{Permitted, TooComplex, permitted};
pub use service_selector::{UnknownService, selected};

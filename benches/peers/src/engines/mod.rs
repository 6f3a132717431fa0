//! One file an engine.

pub(crate) mod by_hand;
pub(crate) mod meterwarden;
mod words;

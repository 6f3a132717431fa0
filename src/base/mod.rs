//! What every other module may use: bit sets, bytes, threads, similar names.

pub mod bit_set;
pub mod interner;
pub(crate) mod order;
pub mod parallel;
pub mod suggest;
pub(crate) mod wire;

//! What every other module may use: bit sets, bytes, threads, similar names.

pub mod bit_set;
pub mod interner;
pub mod order;
pub mod parallel;
pub mod suggest;
pub mod wire;

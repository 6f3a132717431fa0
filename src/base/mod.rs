//! What every other folder may use: bit sets, bytes, threads, names that are near.

pub mod bit_set;
pub mod interner;
pub mod parallel;
pub mod suggest;
pub(crate) mod wire;

//! How the changes of a service are written. `diff` and `timeline` share it.

pub(crate) mod human;
pub(crate) mod markdown;
pub(crate) mod sections;

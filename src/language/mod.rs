//! Rules as text: parsing, checking and formatting them. The functions are at the top of the crate: `parse`, `check`,
//! `format`, [`Policy::load`](crate::Policy::load). This module has their types: the syntax tree and the findings.

pub mod ast;
pub mod diagnostic;
pub(crate) mod parse;
pub(crate) mod check;
pub(crate) mod format;
pub(crate) mod load;
pub(crate) mod what_if;
mod encoding;
mod fingerprint;
mod keywords;
mod trees;

pub use format::differs_in_blanks_only;

//! Rules as text: reading, checking and formatting them.

pub mod diagnostic;
pub mod ast;
pub mod keywords;
pub mod parse;
pub mod check;
pub mod format;
mod encoding;
mod fingerprint;
pub mod load;
pub mod what_if;

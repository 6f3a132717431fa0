//! The tests of the crate: one program, with a module for each subject.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

mod common;

mod answers;
mod corpus;
mod hostile;
mod inventory;
mod messages;
mod monotony;
mod never_panics;
mod relation;
mod services;
mod templates;
mod times;
mod well_formed;

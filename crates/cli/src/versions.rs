//! Versions of the rules: which one an argument names, its policy and plan, and the command that explains its requests.

mod builtin;
pub(crate) mod explain_command;
pub(crate) mod git;
pub(crate) mod loaded;
pub(crate) mod policy;
pub(crate) mod spec;

pub(crate) use builtin::scenarios as builtin_scenarios;

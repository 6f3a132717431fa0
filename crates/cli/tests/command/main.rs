//! The command as a person or a gateway uses it: run as a process, on the inputs in `tests/inputs` or in a folder of
//! its own.

// How tests run the command.
mod run;
mod sandbox;

// The subcommands.
mod help;
mod measurements;
mod decide;
mod streaming;
mod check_and_test;
mod watch;
mod fmt;
mod matrix;
mod selectors;
mod snapshot;
mod new;
mod compile;
mod completions;
mod diff;
mod timeline;
mod ask;

// The documentation.
mod docs;
mod modifications;
mod readme;

//! The command as a person or a gateway meets it: run as a process, on inputs of our own in `tests/cases`.

mod page;
mod help;
mod measured;
mod decide;
mod streaming;
mod policy;
mod watching;
mod fmt;
mod matrix;
mod readme;
mod workshop;
mod docs;
mod selectors;
mod snapshot;
mod new;
mod compile;
mod completions;
mod diff;
mod timeline;
mod modifications;
mod ask;

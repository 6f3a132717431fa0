//! The command `meterwarden`. The libraries know rules, requests and messages; this crate adds the arguments, the files
//! and the terminal. Each subcommand has a file of its own, here and in `args`.

// The arguments.
mod args;
mod clause;

// The subcommands.
mod check;
mod decide;
mod explain;
mod test;
mod scenarios;
mod fmt;
mod snapshot;
mod matrix;
mod ask;
mod diff;
mod timeline;
mod compile;
mod new;
mod completions;
mod man;

// What several subcommands share: what they read, ...
mod versions;
mod scenario_files;
mod answering;
mod receipt;
// ... how they word their output, ...
mod changes;
mod comment;
mod json;
mod markup;
mod region;
mod wording;
// ... and how they write it and end.
mod limits;
mod replace;
mod terminal;
mod failure;
mod exit;

use std::process::ExitCode;

use args::{Arguments, Command};
use clap::Parser;
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(usage) => return terminal::usage(&usage).into(),
    };
    let result = match &arguments.command {
        Command::Check(arguments) => check::run(arguments),
        Command::Decide(arguments) => decide::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Test(arguments) => test::run(arguments),
        Command::Scenarios(arguments) => scenarios::run(arguments),
        Command::Fmt(arguments) => fmt::run(arguments),
        Command::Snapshot(arguments) => snapshot::run(arguments),
        Command::Matrix(arguments) => matrix::run(arguments),
        Command::Ask(arguments) => ask::run(arguments),
        Command::Diff(arguments) => diff::run(arguments),
        Command::Timeline(arguments) => timeline::run(arguments),
        Command::Compile(arguments) => compile::run(arguments),
        Command::New(arguments) => new::run(arguments),
        Command::Completions(arguments) => completions::run(arguments),
        Command::Man(arguments) => man::run(arguments),
    };
    result.unwrap_or_else(|failure| terminal::report(&failure)).into()
}

//! The command `meterwarden`. Everything that it knows of rules and messages stands in the libraries; here are the
//! arguments, the files and the terminal.

mod args;
mod check;
mod assumptions;
mod fix;
mod report;
mod decide;
mod explain;
mod test;
mod measured;
mod suggest;
mod junit;
mod watch;
mod fmt;
mod replace;
mod snapshot;
mod page_folder;
mod new;
mod compile;
mod completions;
mod matrix;
mod ask;
mod clause;
mod diff;
mod timeline;
mod region;
mod markup;
mod version;
mod side;
mod git;
mod builtin;
mod policy;
mod scenarios;
mod input;
mod lines;
mod request_file;
mod dated;
mod receipt;
mod message;
mod session;
mod answer;
mod answers;
mod exit;
mod failure;
mod terminal;

use std::process::ExitCode;

use args::{Arguments, Command, ScenariosCommand};
use clap::Parser;
use mimalloc::MiMalloc;

#[global_allocator]
static ALLOCATOR: MiMalloc = MiMalloc;

fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(usage) => return terminal::usage(&usage).into(),
    };
    let done = match &arguments.command {
        Command::Check(arguments) => check::run(arguments),
        Command::Decide(arguments) => decide::run(arguments),
        Command::Explain(arguments) => explain::run(arguments),
        Command::Test(arguments) => test::run(arguments),
        Command::Scenarios(arguments) => match &arguments.command {
            ScenariosCommand::Suggest(arguments) => suggest::run(arguments),
        },
        Command::Fmt(arguments) => fmt::run(arguments),
        Command::Snapshot(arguments) => snapshot::run(arguments),
        Command::Compile(arguments) => compile::run(arguments),
        Command::New(arguments) => new::run(arguments),
        Command::Completions(arguments) => completions::completions(arguments),
        Command::Man(arguments) => completions::man(arguments),
        Command::Matrix(arguments) => matrix::run(arguments),
        Command::Ask(arguments) => ask::run(arguments),
        Command::Diff(arguments) => diff::run(arguments),
        Command::Timeline(arguments) => timeline::run(arguments),
    };
    done.unwrap_or_else(|failure| terminal::report(&failure)).into()
}

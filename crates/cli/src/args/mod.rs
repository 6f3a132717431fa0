//! The arguments, and what `--help` says of them: a file for each command.

mod check;
mod ask;
mod asking;
mod test;
mod scenarios;
mod fmt;
mod snapshot;
mod matrix;
mod diff;
mod timeline;
mod compile;
mod new;
mod completions;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use meterwarden::Date;

pub(crate) use ask::{Ask, AskFormat};
pub(crate) use asking::{Asking, Explain};
pub(crate) use check::{Check, Findings};
pub(crate) use compile::Compile;
pub(crate) use completions::{Completions, Man};
pub(crate) use diff::{Diff, DiffFormat, FailOn};
pub(crate) use fmt::Fmt;
pub(crate) use matrix::{Matrix, MatrixFormat};
pub(crate) use new::New;
pub(crate) use scenarios::{Scenarios, ScenariosCommand, Suggest};
pub(crate) use snapshot::Snapshot;
pub(crate) use test::{Measure, Measures, Minimum, ReportFormat, Test};
pub(crate) use timeline::{Timeline, TimelineFormat};

use crate::version::{self, Version};

/// Which Service Requests GB smart metering allows, and why.
#[derive(Debug, Parser)]
#[command(name = "meterwarden", version, term_width = 100, after_help = OVERVIEW)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check rule files, and say everything that their author has to mend
    #[command(after_help = check::CHECK)]
    Check(Check),
    /// Decide messages and requests: permit, refuse, or undetermined
    #[command(after_help = asking::DECIDE)]
    Decide(Asking),
    /// Decide, and say why: the rule and its source, or what a permit would have taken
    #[command(after_help = asking::EXPLAIN)]
    Explain(Explain),
    /// Run the scenarios that stand beside the rules
    #[command(after_help = test::TEST)]
    Test(Test),
    /// Work on the scenarios themselves
    Scenarios(Scenarios),
    /// Lay rule files out, so that there is one way to write a rule
    #[command(after_help = fmt::FMT)]
    Fmt(Fmt),
    /// Show what the rules permit, or compare it with the pages that are kept beside them
    #[command(after_help = snapshot::SNAPSHOT)]
    Snapshot(Snapshot),
    /// Show who may send what: services by roles, by statuses, or any two attributes
    #[command(after_help = matrix::MATRIX)]
    Matrix(Matrix),
    /// Ask who may, what, and since when, with any part of a request left open: the exact answer
    #[command(after_help = ask::ASK)]
    Ask(Ask),
    /// Show what an edit, a date or a modification changes: all that is newly permitted or refused
    #[command(after_help = diff::DIFF)]
    Diff(Diff),
    /// Show every date on which what is permitted changes, and through which modification
    #[command(after_help = timeline::TIMELINE)]
    Timeline(Timeline),
    /// Check a policy, and write the plan that a gateway loads without its rule files
    #[command(after_help = compile::COMPILE)]
    Compile(Compile),
    /// Begin a policy: a folder with a vocabulary, a service, a scenario, and checks for a repository
    #[command(after_help = new::NEW)]
    New(New),
    /// Write what a shell needs to complete this command's arguments
    #[command(after_help = completions::COMPLETIONS)]
    Completions(Completions),
    /// Write the manual pages
    #[command(after_help = completions::MAN)]
    Man(Man),
}

/// Which policy, where its files are read themselves.
#[derive(Args, Debug)]
pub(crate) struct Rules {
    /// The folder of the rule files; left out, the policy that is built in
    #[arg(id = "rules", long = "rules", value_name = "DIR", value_parser = version::folder_argument())]
    pub(crate) folder: Option<PathBuf>,
}

/// Which policy, where any version of one can answer.
#[derive(Args, Debug)]
pub(crate) struct AnyRules {
    /// The folder of the rule files, or a version of them as `diff` takes it, without a date: git:HEAD,
    /// rules,with:MODIFICATION, without:MODIFICATION; or a file that `compile` wrote; left out, the policy that is built in
    #[arg(id = "rules", long = "rules", value_name = "VERSION", value_parser = version::argument_without_date())]
    pub(crate) version: Option<Version>,
}

/// `--service '*'` is asked for by those who mean every service.
fn service(text: &str) -> Result<String, String> {
    match text.trim() {
        "*" => Err("for every service say `all`, or leave it out".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

/// Who is to read it: people, or programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Human,
    Json,
}

fn date(text: &str) -> Result<Date, String> {
    let date = text.parse().ok().filter(|date: &Date| date.to_string() == text);
    date.ok_or_else(|| "not a date such as 2023-06-29".to_owned())
}

/// The name of an attribute in a list: blanks behind a comma are free.
fn attribute(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() { Err("the name of an attribute is missing".to_owned()) } else { Ok(name.to_owned()) }
}

const OVERVIEW: &str = "\
Example:
  meterwarden decide message.xml --inventory street.yaml --at 2023-06-29

Exit code, of several the highest:
  0  permitted, or nothing found
  1  the input or the policy could not be used
  2  refused, or a test failed
  3  undetermined: to be enforced as a refusal
`meterwarden diff` says what its own mean.";

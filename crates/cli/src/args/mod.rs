//! The arguments and their `--help`, a file for each subcommand.

mod check;
mod ask;
mod decide;
mod explain;
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
mod man;

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use meterwarden::Date;

pub(crate) use ask::{Ask, AskFormat};
pub(crate) use check::{Check, Findings};
pub(crate) use compile::Compile;
pub(crate) use completions::Completions;
pub(crate) use decide::Decide;
pub(crate) use diff::{Diff, DiffFormat, FailOn};
pub(crate) use explain::Explain;
pub(crate) use fmt::Fmt;
pub(crate) use man::Man;
pub(crate) use matrix::{Matrix, MatrixFormat};
pub(crate) use new::New;
pub(crate) use scenarios::{Scenarios, ScenariosCommand, Suggest};
pub(crate) use snapshot::Snapshot;
pub(crate) use test::{Measure, Measures, Minimum, ReportFormat, Test};
pub(crate) use timeline::{Timeline, TimelineFormat};

use crate::versions::spec::{self, VersionSpec};

/// The name of the command.
pub(crate) const NAME: &str = "meterwarden";

/// Decides which Service Requests the rules of GB smart metering permit, and explains why
#[derive(Debug, Parser)]
#[command(name = NAME, version, term_width = 100, after_help = OVERVIEW)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// The subcommands.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Check a folder of rules: errors and warnings
    #[command(after_help = check::HELP)]
    Check(Check),
    /// Decide messages and requests: permitted, refused or undetermined
    #[command(after_help = decide::HELP)]
    Decide(Decide),
    /// Decide messages and requests, and explain the decision: its rule and source, or the least change that would have
    /// it permitted
    #[command(after_help = explain::HELP)]
    Explain(Explain),
    /// Run the scenarios beside the rules
    #[command(after_help = test::HELP)]
    Test(Test),
    /// Work on the scenarios
    Scenarios(Scenarios),
    /// Format rule files in the standard layout
    #[command(after_help = fmt::HELP)]
    Fmt(Fmt),
    /// Show what the rules permit, or compare it with the stored snapshots
    #[command(after_help = snapshot::HELP)]
    Snapshot(Snapshot),
    /// Show who may send what: services by roles, by statuses, or any two attributes
    #[command(after_help = matrix::HELP)]
    Matrix(Matrix),
    /// Answer exactly what is permitted, with any part of a request left open: who, what, and since when
    #[command(after_help = ask::HELP)]
    Ask(Ask),
    /// Compare two versions of the rules, dates or modifications: every request that is newly permitted or refused
    #[command(after_help = diff::HELP)]
    Diff(Diff),
    /// Show every date on which the permitted requests change, and the modifications that change them
    #[command(after_help = timeline::HELP)]
    Timeline(Timeline),
    /// Check a policy and write its plan, which a gateway loads without the rule files
    #[command(after_help = compile::HELP)]
    Compile(Compile),
    /// Create a first policy: a folder with a vocabulary, a service, a scenario and CI checks
    #[command(after_help = new::HELP)]
    New(New),
    /// Write the completions of this command for a shell
    #[command(after_help = completions::HELP)]
    Completions(Completions),
    /// Write the manual pages
    #[command(after_help = man::HELP)]
    Man(Man),
}

/// Which policy, for commands that read its rule files.
#[derive(Args, Debug)]
pub(crate) struct Rules {
    /// The folder of the rule files [default: the built-in policy]
    #[arg(id = "rules", long = "rules", value_name = "DIR", value_parser = spec::folder_argument())]
    pub(crate) folder: Option<PathBuf>,
}

/// Which policy, for commands that take any version of the rules.
#[derive(Args, Debug)]
pub(crate) struct AnyRules {
    /// The folder of the rule files, a version of them as `diff` takes it, but without a date (git:HEAD,
    /// rules,with:MODIFICATION, without:MODIFICATION), or a file that `compile` wrote [default: the built-in policy]
    #[arg(id = "rules", long = "rules", value_name = "VERSION", value_parser = spec::argument_without_date())]
    pub(crate) version: Option<VersionSpec>,
}

/// A selector of services. `*` alone is an error: a person who writes it means every service.
fn service(text: &str) -> Result<String, String> {
    match text.trim() {
        "*" => Err("for every service, write `all` or leave the option out".to_owned()),
        _ => Ok(text.to_owned()),
    }
}

/// The formats of answers: for people, or for programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Human,
    Json,
}

fn date(text: &str) -> Result<Date, String> {
    spec::read_date(text).ok_or_else(|| "not a date such as 2023-06-29".to_owned())
}

/// The name of an attribute in a list, without the blanks around it.
fn attribute(text: &str) -> Result<String, String> {
    let name = text.trim();
    if name.is_empty() { Err("the name of an attribute is missing".to_owned()) } else { Ok(name.to_owned()) }
}

const OVERVIEW: &str = "\
Example:
  meterwarden decide message.xml --inventory street.yaml --at 2023-06-29

Exit code, the highest that applies:
  0  permitted, or no findings
  1  the input or the policy could not be used
  2  refused, or a test failed
  3  undetermined: enforce it as a refusal
`meterwarden diff --help` lists the exit codes of `diff`.";

//! What `test` takes.

use clap::{Args, ValueEnum};

use super::{Rules, service};

/// The arguments of `test`.
#[derive(Args, Debug)]
pub(crate) struct Test {
    /// Run only cases that have one of these texts in their name or in the path of their file
    #[arg(value_name = "TEXT")]
    pub(crate) texts: Vec<String>,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Run only cases about these services: 8.4, 8.* or `tag critical`; may be given several times
    #[arg(long, value_name = "SERVICE", value_parser = service)]
    pub(crate) service: Vec<String>,
    /// Run only cases of files with this text in their path; may be given several times
    #[arg(long, value_name = "TEXT")]
    pub(crate) file: Vec<String>,
    /// List the cases, each spelt out, and run none
    #[arg(long, conflicts_with_all = ["watch", "format"])]
    pub(crate) list: bool,
    /// Run again whenever a rule file or a scenario file changes, until Ctrl-C
    #[arg(long, requires = "rules", conflicts_with = "format")]
    pub(crate) watch: bool,
    /// Count the cases of each file, and say of every failure why, of those of one `each` too
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// Whether to write for people, as one JSON object, or as JUnit XML
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) measures: Measures,
}

/// What `test` measures of the scenarios.
#[derive(Args, Debug)]
pub(crate) struct Measures {
    /// Say which rules and clauses no case shows, and how much of the space of requests the cases pin
    #[arg(long)]
    pub(crate) coverage: bool,
    /// Change every clause, value and date of the rules in turn, and name the changes that no case notices
    #[arg(long)]
    pub(crate) mutate: bool,
    /// Fail below a percentage of rules, clauses, space or mutants, such as rules=100,clauses=80
    #[arg(long, value_name = "WHAT=PERCENT", value_delimiter = ',', value_parser = minimum)]
    pub(crate) min: Vec<Minimum>,
}

/// `rules=100`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Minimum {
    pub(crate) of: Measure,
    /// In tenths of a percent.
    pub(crate) permille: u64,
}

/// What can be asked to be at least so much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measure {
    Rules,
    Clauses,
    Space,
    Mutants,
}

/// Who is to read what came of the cases: people, programs, or a CI server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    #[default]
    Human,
    Json,
    Junit,
}

fn minimum(text: &str) -> Result<Minimum, String> {
    let (name, percent) = text.split_once('=').ok_or("not a minimum such as rules=100")?;
    let of = Measure::from_str(name, false)
        .map_err(|_| "one of rules, clauses, space and mutants has a minimum")?;
    let (whole, tenth) = percent.split_once('.').unwrap_or((percent, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number =
        (digits(whole) && digits(tenth) && tenth.len() == 1).then(|| format!("{whole}{tenth}").parse());
    match number {
        Some(Ok(permille @ 0..=1000)) => Ok(Minimum { of, permille }),
        _ => {
            Err("a percentage is a number from 0 to 100, with one digit behind the point at most".to_owned())
        }
    }
}

pub(super) const TEST: &str = "\
Examples:
  meterwarden test --rules rules
  meterwarden test --rules rules --service 8.4 --watch
  meterwarden test --rules rules --format junit > scenarios.xml
  meterwarden test --rules rules --coverage --min rules=100,clauses=80
  meterwarden test --rules rules --mutate --service 8.4

Scenario files have names that end in .scenarios.yaml, and stand anywhere in the folder.

Exit code:
  0  every case got what it expects
  1  the rules or a scenario file could not be used, or no case was run
  2  a case did not get what it expects, or something is below its --min";

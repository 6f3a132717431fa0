//! The arguments of `test`.

use clap::{Args, ValueEnum};

use super::{Rules, service};

/// The arguments of `test`.
#[derive(Args, Debug)]
pub(crate) struct Test {
    /// Run only cases with one of these texts in their name or in the path of their file
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
    /// List the cases without running them; an `each` is listed case by case
    #[arg(long, conflicts_with_all = ["watch", "format"])]
    pub(crate) list: bool,
    /// Run again whenever a rule file or a scenario file changes, until Ctrl-C
    #[arg(long, requires = "rules", conflicts_with = "format")]
    pub(crate) watch: bool,
    /// Show the number of cases of each file, and the reasons for every failure, also within an `each`
    #[arg(long, short)]
    pub(crate) verbose: bool,
    /// The output format: for people, one JSON object, or JUnit XML
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: ReportFormat,
    #[command(flatten)]
    pub(crate) measures: Measures,
}

/// The measurements of the scenarios.
#[derive(Args, Debug)]
pub(crate) struct Measures {
    /// Show the rules and clauses that no case covers, and the share of the request space that the cases pin
    #[arg(long)]
    pub(crate) coverage: bool,
    /// Change each clause, value and date of the rules, one at a time, and show the changes that no case notices
    #[arg(long)]
    pub(crate) mutate: bool,
    /// Fail if a percentage of rules, clauses, space or mutants is lower than this, such as rules=100,clauses=80
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

/// The measures that can have a minimum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Measure {
    Rules,
    Clauses,
    Space,
    Mutants,
}

/// The formats of the results.
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
        .map_err(|_| "a minimum is for one of rules, clauses, space and mutants")?;
    let (whole, tenth) = percent.split_once('.').unwrap_or((percent, "0"));
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let number =
        (is_number(whole) && is_number(tenth) && tenth.len() == 1).then(|| format!("{whole}{tenth}").parse());
    match number {
        Some(Ok(permille @ 0..=1000)) => Ok(Minimum { of, permille }),
        _ => Err("a percentage is a number from 0 to 100, with at most one digit after the point".to_owned()),
    }
}

pub(super) const HELP: &str = "\
Examples:
  meterwarden test --rules rules
  meterwarden test --rules rules --service 8.4 --watch
  meterwarden test --rules rules --format junit > scenarios.xml
  meterwarden test --rules rules --coverage --min rules=100,clauses=80
  meterwarden test --rules rules --mutate --service 8.4

The names of scenario files end in .scenarios.yaml. They may be anywhere in the folder of the rules.

Exit code:
  0  every case passed
  1  the rules or a scenario file could not be used, or no case was run
  2  a case failed, or a measure is below its --min";

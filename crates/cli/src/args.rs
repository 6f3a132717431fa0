//! The arguments, and what `--help` says of them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};
use meterwarden::Date;

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
    #[command(after_help = CHECK)]
    Check(Check),
    /// Decide messages and requests: permit, refuse, or undetermined
    #[command(after_help = DECIDE)]
    Decide(Asking),
    /// Decide, and say why: the rule and its source, or what a permit would have taken
    #[command(after_help = EXPLAIN)]
    Explain(Asking),
    /// Run the scenarios that stand beside the rules
    #[command(after_help = TEST)]
    Test(Test),
    /// Work on the scenarios themselves
    Scenarios(Scenarios),
    /// Lay rule files out, so that there is one way to write a rule
    #[command(after_help = FMT)]
    Fmt(Fmt),
}

/// Which policy.
#[derive(Args, Debug)]
pub(crate) struct Rules {
    /// The folder of the rule files; left out, the policy that is built in
    #[arg(id = "rules", long = "rules", value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,
}

/// The arguments of `check`.
#[derive(Args, Debug)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// List the rules and conditions that rest on an assumption, with what they assume
    #[arg(long)]
    pub(crate) assumptions: bool,
    /// Mend what has one safe answer, in the rule files themselves, then say what is left
    #[arg(long, requires = "rules")]
    pub(crate) fix: bool,
    /// Exit with 2 where there are warnings
    #[arg(long)]
    pub(crate) strict: bool,
    /// Show the page of a finding: what to avoid, what to prefer, and why
    #[arg(long, value_name = "CODE", exclusive = true)]
    pub(crate) explain: Option<String>,
    /// For people, for programs, for code hosts, or as commands of a GitHub workflow
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Findings,
}

/// Who is to read findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Findings {
    #[default]
    Human,
    Json,
    Sarif,
    Github,
}

/// The arguments of `decide` and of `explain`.
#[derive(Args, Debug)]
pub(crate) struct Asking {
    /// DUIS messages (.xml), request files (.json, .yaml), files with a request as JSON on each line (.jsonl), or `-` for
    /// standard input: a DUIS message or request lines
    #[arg(required = true, value_name = "FILE")]
    pub(crate) inputs: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// What DUIS messages do not say of parties and devices: an inventory file (YAML) or a Read Inventory (8.2) response
    /// (XML); may be given several times
    #[arg(long, value_name = "FILE")]
    pub(crate) inventory: Vec<PathBuf>,
    /// The date of receipt, which chooses the law, where a request does not state its own; left out, today (UTC). A date
    /// inside of a message never counts
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) at: Option<Date>,
    /// Whether to write for people or, as a JSON object a line, for programs
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Format,
}

/// The arguments of `test`.
#[derive(Args, Debug)]
pub(crate) struct Test {
    /// Run only cases that have one of these texts in their name or in the path of their file
    #[arg(value_name = "TEXT")]
    pub(crate) texts: Vec<String>,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// Run only cases about this service, or about a family of them such as `6.*`; may be given several times
    #[arg(long, value_name = "SERVICE")]
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

/// The arguments of `scenarios`.
#[derive(Args, Debug)]
pub(crate) struct Scenarios {
    #[command(subcommand)]
    pub(crate) command: ScenariosCommand,
}

/// What can be done about scenarios.
#[derive(Debug, Subcommand)]
pub(crate) enum ScenariosCommand {
    /// Write scenarios for what no case shows yet, to be reviewed
    #[command(after_help = SUGGEST)]
    Suggest(Suggest),
}

/// The arguments of `scenarios suggest`.
#[derive(Args, Debug)]
pub(crate) struct Suggest {
    /// Only for this service, such as 8.4, or this rule, such as 8.4/pending-correction
    #[arg(value_name = "SERVICE|RULE")]
    pub(crate) only: Option<String>,
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// For everything that can be shown, as if there were no scenarios yet
    #[arg(long)]
    pub(crate) all: bool,
    /// Where to write them, left out standard output; a file that is there is not overwritten
    #[arg(long, short, value_name = "FILE")]
    pub(crate) output: Option<PathBuf>,
}

/// Who is to read what came of the cases: people, programs, or a CI server.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum ReportFormat {
    #[default]
    Human,
    Json,
    Junit,
}

/// The arguments of `fmt`.
#[derive(Args, Debug)]
pub(crate) struct Fmt {
    /// Folders of rule files, rule files, or `-` for standard input to standard output; left out, the folder `rules` here
    #[arg(value_name = "PATH")]
    pub(crate) paths: Vec<PathBuf>,
    /// Write nothing; list the files that are not laid out
    #[arg(long)]
    pub(crate) check: bool,
    /// Write nothing; show what would change, as a patch
    #[arg(long)]
    pub(crate) diff: bool,
}

/// Who is to read it: people, or programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Format {
    #[default]
    Human,
    Json,
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

fn date(text: &str) -> Result<Date, String> {
    let date = text.parse().ok().filter(|date: &Date| date.to_string() == text);
    date.ok_or_else(|| "not a date such as 2023-06-29".to_owned())
}

const OVERVIEW: &str = "\
Example:
  meterwarden decide message.xml --inventory street.yaml --at 2023-06-29

Exit code, of several the highest:
  0  permitted, or nothing found
  1  the input or the policy could not be used
  2  refused, or a test failed
  3  undetermined: to be enforced as a refusal";

const CHECK: &str = "\
Examples:
  meterwarden check --rules rules
  meterwarden check --rules rules --fix
  meterwarden check --explain unused-value
  meterwarden check --assumptions

A comment directly above a rule, a line or any other item says that a warning is meant there:
  // allow unused-value: the inventory states it, though no rule asks

Exit code:
  0  no errors; there may be warnings
  1  the rules or a scenario file cannot be used
  2  with --strict, warnings";

const DECIDE: &str = "\
Examples:
  meterwarden decide message.xml --inventory street.yaml --at 2023-06-29
  gateway | meterwarden decide - --format json

A request names its service and what is known of it; what is left out is unknown:
  {\"service\": \"8.4\", \"at\": \"2023-06-29\", \"role\": \"IS\", \"relation\": [\"registered\"]}

Request lines are answered in order, each as soon as it is read; a line that cannot be used gets an
error in its place.

Exit code, of several the highest:
  0  permitted
  1  an input or the policy could not be used
  2  refused
  3  undetermined: to be enforced as a refusal";

const EXPLAIN: &str = "\
Examples:
  meterwarden explain message.xml --inventory street.yaml --at 2023-06-29
  meterwarden explain request.json --format json

Exit code, of several the highest:
  0  permitted
  1  an input or the policy could not be used
  2  refused
  3  undetermined: to be enforced as a refusal";

const TEST: &str = "\
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

const FMT: &str = "\
Examples:
  meterwarden fmt
  meterwarden fmt rules/vocabulary.rules
  meterwarden fmt --check rules
  meterwarden fmt - < draft.rules

Only blanks and line breaks change. No word and no comment is lost, moved or altered; a layout that
does not read back as the same rules, comment by comment, is never written. Lines end with a line
feed, and a byte order mark is dropped. A file that does not parse is left as it is.

Exit code, of several the highest:
  0  every file is laid out
  1  a file could not be read, parsed or written
  2  with --check or --diff: a file is not laid out";

const SUGGEST: &str = "\
Examples:
  meterwarden scenarios suggest 8.4 --rules rules
  meterwarden scenarios suggest --rules rules --output suggested.scenarios.yaml

The cases are few, not the fewest that there could be. Each expects what the rules answer today:
read it against their source, then move it to where it belongs.

Exit code:
  0  written, if there was anything to suggest
  1  the rules or a scenario file could not be used, or nothing could be written";

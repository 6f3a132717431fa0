//! What `check` takes.

use clap::{Args, ValueEnum};

use super::Rules;

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

pub(super) const CHECK: &str = "\
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

//! The arguments of `check`.

use clap::{Args, ValueEnum};

use super::Rules;

/// The arguments of `check`.
#[derive(Args, Debug)]
pub(crate) struct Check {
    #[command(flatten)]
    pub(crate) rules: Rules,
    /// List the rules and conditions that rest on an assumption, with the assumption
    #[arg(long)]
    pub(crate) assumptions: bool,
    /// Fix what is unambiguous in the rule files, then report the remaining findings
    #[arg(long, requires = "rules")]
    pub(crate) fix: bool,
    /// Exit with 2 if there are warnings
    #[arg(long)]
    pub(crate) strict: bool,
    /// Show the page of a finding: what it means, and how to fix it
    #[arg(long, value_name = "CODE", exclusive = true)]
    pub(crate) explain: Option<String>,
    /// The output format: for people, for programs, for code hosts (SARIF), or as commands of a GitHub workflow
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: Findings,
}

/// The formats of findings.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum Findings {
    #[default]
    Human,
    Json,
    Sarif,
    Github,
}

pub(super) const HELP: &str = "\
Examples:
  meterwarden check --rules rules
  meterwarden check --rules rules --fix
  meterwarden check --explain unused-value
  meterwarden check --assumptions

A comment directly above a rule, a line or another item silences a warning about it, with a reason:
  // allow unused-value: the inventory states it, though no rule asks

Exit code:
  0  no errors; there may be warnings
  1  the rules or a scenario file have errors
  2  with --strict: no errors, but warnings";

//! The arguments of `ask`.

use clap::{Args, ValueEnum};
use meterwarden::policy::Moment;

use super::{AnyRules, attribute, service};
use crate::clause::{Clause, clause};

/// The arguments of `ask`.
#[derive(Args, Debug)]
pub(crate) struct Ask {
    /// What is known of the request, one clause an argument, in the words of the language: 'status live', 'device not
    /// CHF', 'fields only ESMEVariant', 'relation none'. Attributes without a clause are left open
    #[arg(value_name = "CLAUSE", value_parser = clause)]
    pub(crate) clauses: Vec<Clause>,
    #[command(flatten)]
    pub(crate) rules: AnyRules,
    /// Only these services: 8.4, 8.* or `tag critical`; may be given several times
    #[arg(long, value_name = "SERVICE", value_parser = service)]
    pub(crate) service: Vec<String>,
    /// The date or instant of receipt, which selects the rules in force [default: now]
    #[arg(long, value_name = "WHEN")]
    pub(crate) at: Option<Moment>,
    /// Ask about every date; the answer states from when and until when
    #[arg(long, conflicts_with = "at")]
    pub(crate) every_date: bool,
    /// Answer with these attributes only: a value is listed if some request with it is permitted
    #[arg(long, value_name = "ATTRIBUTE,…", value_delimiter = ',', value_parser = attribute)]
    pub(crate) about: Vec<String>,
    /// The output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: AskFormat,
}

/// The formats of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum AskFormat {
    /// For a person at a terminal
    #[default]
    Human,
    /// For a comment on a pull request
    Markdown,
    /// For programs
    Json,
}

pub(super) const HELP: &str = "\
Examples:
  who may update the ESME Variant of a commissioned ESME, on this date?
    meterwarden ask 'fields only ESMEVariant' 'status Commissioned' 'device ESME' \\
      --service 8.4 --at 2023-06-29
  the short answer, roles only
    meterwarden ask 'fields only ESMEVariant' 'status Commissioned' 'device ESME' \\
      --service 8.4 --at 2023-06-29 --about role
  what may an Electricity Distributor send?
    meterwarden ask 'role ED' --about role
  since when may it read the switch data of a device in service?
    meterwarden ask 'role ED' 'status Commissioned' --service 7.7 --every-date

A clause is one argument: an attribute and a list of values. `not` may come before the list; for a
set attribute `only`, `includes`, `excludes` or `exactly` come before it, or `none` replaces it. The
name of a group means its values. If two clauses are about one attribute, both must hold.

The answer is exact: it lists every permitted request that agrees with the question, in the largest
possible regions. A region is the set of all requests that agree with its clauses and with those of
the question. Regions may overlap.

Elements of a body that a service does not declare are always refused. They are ignored unless a
clause is about elements. Such a clause leaves out the services that declare no elements, because
their bodies are not checked, unless --service names the service.

Exit code:
  0  some request is permitted
  1  the question or the policy could not be used
  2  no request is permitted";

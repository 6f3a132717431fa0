//! What `ask` takes.

use clap::{Args, ValueEnum};
use meterwarden::Date;

use super::{AnyRules, attribute, date, service};
use crate::clause::{Clause, clause};

/// The arguments of `ask`.
#[derive(Args, Debug)]
pub(crate) struct Ask {
    /// What is known of the request, a clause each in the words of the language: 'status live', 'device not CHF',
    /// 'fields only ESMEVariant', 'relation none'. Whatever is not said is open
    #[arg(value_name = "CLAUSE", value_parser = clause)]
    pub(crate) clauses: Vec<Clause>,
    #[command(flatten)]
    pub(crate) rules: AnyRules,
    /// Only these services: 8.4, 8.* or `tag critical`; may be given several times
    #[arg(long, value_name = "SERVICE", value_parser = service)]
    pub(crate) service: Vec<String>,
    /// The date that chooses the law; left out, today (UTC)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) at: Option<Date>,
    /// Ask about every date: since when, and until when
    #[arg(long, conflicts_with = "at")]
    pub(crate) every_date: bool,
    /// Let the answer speak of these attributes alone: a value is in it if anything at all of the others goes with it
    #[arg(long, value_name = "ATTRIBUTE,…", value_delimiter = ',', value_parser = attribute)]
    pub(crate) about: Vec<String>,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: AskFormat,
}

/// How to write what is permitted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum AskFormat {
    /// For a person at a terminal
    #[default]
    Human,
    /// For a pull request
    Markdown,
    /// For programs
    Json,
}

pub(super) const ASK: &str = "\
Examples:
  who may update the ESME Variant of a commissioned ESME, on this date?
    meterwarden ask 'fields only ESMEVariant' 'status Commissioned' 'device ESME' \\
      --service 8.4 --at 2023-06-29
  the short answer, in roles alone
    meterwarden ask 'fields only ESMEVariant' 'status Commissioned' 'device ESME' \\
      --service 8.4 --at 2023-06-29 --about role
  what may an Electricity Distributor send?
    meterwarden ask 'role ED' --about role
  since when may it read the switch data of a device in service?
    meterwarden ask 'role ED' 'status Commissioned' --service 7.7 --every-date

A clause is one argument: an attribute and a list, or `not`, of a set attribute `only`, `includes`,
`excludes`, `exactly` and a list, or `none`. A group stands for its values. Of an attribute that is
said twice, both must hold.

The answer is exact: all that is permitted of what the question leaves open, in regions as large as
can be. A region is all requests that agree with its clauses beside those of the question; regions
may overlap. With --about, a value is in the answer if anything at all of the rest goes with it.

Elements of a body that a service does not declare are always refused, and left out of account where
no clause asks for them. A clause that asks for elements leaves out the services that declare none,
whose body is not looked at, unless --service names one of them.

Exit code:
  0  something of it is permitted
  1  the question or the policy could not be used
  2  nothing of it is permitted";

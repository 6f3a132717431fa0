//! The arguments of `matrix`.

use clap::{Args, ValueEnum};
use meterwarden::Date;
use meterwarden::policy::Moment;

use super::{AnyRules, date, service};

/// The arguments of `matrix`.
#[derive(Args, Debug)]
pub(crate) struct Matrix {
    #[command(flatten)]
    pub(crate) rules: AnyRules,
    /// The rows: `service`, or an attribute
    #[arg(long, value_name = "NAME", default_value = "service")]
    pub(crate) rows: String,
    /// The columns: an attribute, or `service` [default: the policy's first attribute]
    #[arg(long, value_name = "NAME")]
    pub(crate) columns: Option<String>,
    /// Only requests with one of these values, as in status=Pending,Commissioned; for a set attribute, with any of
    /// these values in the set, or `none` for the empty set; may be given several times
    #[arg(long = "where", value_name = "NAME=VALUE,…", value_parser = filter)]
    pub(crate) filters: Vec<(String, Vec<String>)>,
    /// Only these services: 8.4, 8.* or `tag critical`; may be given several times
    #[arg(long, value_name = "SERVICE", value_parser = service)]
    pub(crate) service: Vec<String>,
    /// The date or instant of receipt, which selects the rules in force [default: now]
    #[arg(long, value_name = "WHEN")]
    pub(crate) at: Option<Moment>,
    /// Mark the cells that differ from this date
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) against: Option<Date>,
    /// Only rows in which a cell differs
    #[arg(long, requires = "against")]
    pub(crate) changed: bool,
    /// Also list, for each row, the rules of its cells and what they require
    #[arg(long)]
    pub(crate) why: bool,
    /// The output format
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: MatrixFormat,
}

/// The formats of a matrix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MatrixFormat {
    /// For a person at a terminal
    #[default]
    Terminal,
    /// For a comment on a pull request
    Markdown,
    /// For a spreadsheet
    Csv,
    /// For programs, with the rules of each cell
    Json,
    /// An interactive HTML page in one file: any two attributes, and every date compared with the date before
    Html,
}

/// `status=Pending,Commissioned`
fn filter(text: &str) -> Result<(String, Vec<String>), String> {
    let (name, values) = text.split_once('=').ok_or("write it as in status=Pending,Commissioned")?;
    let values = values.split(',').map(str::trim).filter(|value| !value.is_empty());
    Ok((name.trim().to_owned(), values.map(str::to_owned).collect()))
}

pub(super) const HELP: &str = "\
Examples:
  meterwarden matrix
  meterwarden matrix --columns status --where role=IS --service '8.*'
  meterwarden matrix --at 2023-06-29 --against 2023-06-28 --changed --why
  meterwarden matrix --format html > matrix.html

A cell is about all requests with the values of its row and column. It is ● if all of them are
permitted, ◐ if it depends on the attributes that are left open, · if none is permitted. Elements
of a body that the service does not declare are always refused, and are ignored here.

Exit code:
  0  shown
  1  the question or the policy could not be used";

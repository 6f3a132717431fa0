//! What `matrix` takes.

use clap::{Args, ValueEnum};
use meterwarden::Date;

use super::{AnyRules, date, service};

/// The arguments of `matrix`.
#[derive(Args, Debug)]
pub(crate) struct Matrix {
    #[command(flatten)]
    pub(crate) rules: AnyRules,
    /// What the rows are by: `service`, or an attribute
    #[arg(long, value_name = "NAME", default_value = "service")]
    pub(crate) rows: String,
    /// What the columns are by: an attribute, or `service`; left out, the policy's first attribute
    #[arg(long, value_name = "NAME")]
    pub(crate) columns: Option<String>,
    /// Only what has one of these values, as in status=Pending,Commissioned; of a set attribute, what has any of these
    /// present, and `none` for nothing; may be given several times
    #[arg(long = "where", value_name = "NAME=VALUE,…", value_parser = filter)]
    pub(crate) filters: Vec<(String, Vec<String>)>,
    /// Only these services: 8.4, 8.* or `tag critical`; may be given several times
    #[arg(long, value_name = "SERVICE", value_parser = service)]
    pub(crate) service: Vec<String>,
    /// The date that chooses the law; left out, today (UTC)
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) at: Option<Date>,
    /// Mark what differs from this date
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub(crate) against: Option<Date>,
    /// Only rows in which something differs
    #[arg(long, requires = "against")]
    pub(crate) changed: bool,
    /// Also list, for each row, the rules behind its cells and what they take
    #[arg(long)]
    pub(crate) why: bool,
    /// How to write it
    #[arg(long, value_enum, default_value_t)]
    pub(crate) format: MatrixFormat,
}

/// How to write a matrix.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(crate) enum MatrixFormat {
    /// For a person at a terminal
    #[default]
    Terminal,
    /// For a pull request
    Markdown,
    /// For a spreadsheet
    Csv,
    /// For programs, with the rules of each cell
    Json,
    /// A page to explore, in one file: any two attributes, and every date compared with the one before
    Html,
}

/// `status=Pending,Commissioned`
fn filter(text: &str) -> Result<(String, Vec<String>), String> {
    let (name, values) = text.split_once('=').ok_or("say it as in status=Pending,Commissioned")?;
    let values = values.split(',').map(str::trim).filter(|value| !value.is_empty());
    Ok((name.trim().to_owned(), values.map(str::to_owned).collect()))
}

pub(super) const MATRIX: &str = "\
Examples:
  meterwarden matrix
  meterwarden matrix --columns status --where role=IS --service '8.*'
  meterwarden matrix --at 2023-06-29 --against 2023-06-28 --changed --why
  meterwarden matrix --format html > matrix.html

What is not said is open. A cell is ● where everything is permitted whatever the rest, ◐ where it
depends on the rest, · where nothing is. Elements of a body that the service does not declare are
always refused, and left out of account.

Exit code:
  0  shown
  1  the question or the policy could not be used";

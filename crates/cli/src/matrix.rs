//! `meterwarden matrix`

mod csv;
mod html;
mod json;
mod markdown;
mod symbols;
mod table;
mod why;

use std::io::{self, Write};

use meterwarden::Plan;
use meterwarden_analysis::matrix::{Matrix, Question};

use crate::args::{self, MatrixFormat};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::receipt::Receipt;
use crate::terminal;
use crate::versions::loaded::load_any;

/// Shows the matrix.
pub(crate) fn run(arguments: &args::Matrix) -> Result<Exit, Failure> {
    let (_, plan) = load_any(&arguments.rules)?;
    let question = question(arguments, &plan);
    let mut matrix = meterwarden_analysis::matrix(&plan, &question)?;
    if arguments.changed {
        matrix = matrix.only_changed();
    }
    if arguments.format == MatrixFormat::Html
        && let Some(attribute) = html::attribute_with_several_values(&matrix, &plan)
    {
        return Err(Failure::SeveralOfSet(attribute.to_owned()));
    }
    let mut out = terminal::stdout();
    write(&plan, &question, &matrix, arguments, &mut out)?;
    out.flush()?;
    Ok(Exit::Fine)
}

fn question(arguments: &args::Matrix, plan: &Plan) -> Question {
    Question {
        rows: arguments.rows.clone(),
        columns: arguments.columns.clone().unwrap_or_default(),
        filters: arguments.filters.clone(),
        services: arguments.service.clone(),
        at: Receipt::new(arguments.at, plan.policy().clock()).day,
        against: arguments.against,
        detail: arguments.why || arguments.format == MatrixFormat::Json,
    }
}

fn write(
    plan: &Plan,
    question: &Question,
    matrix: &Matrix<'_>,
    arguments: &args::Matrix,
    out: &mut impl Write,
) -> io::Result<()> {
    match arguments.format {
        MatrixFormat::Terminal => table::write(matrix, arguments.why, terminal::colour_of_answers(), out),
        MatrixFormat::Markdown => markdown::write(matrix, arguments.why, out),
        MatrixFormat::Csv => csv::write(matrix, out),
        MatrixFormat::Json => json::write(matrix, out),
        MatrixFormat::Html => html::write(plan, question, matrix, arguments.changed, out),
    }
}

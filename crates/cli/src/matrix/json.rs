//! A matrix for programs. docs/formats.md describes its keys.

use std::collections::BTreeMap;
use std::io::{self, Write};

use meterwarden_analysis::matrix::{Cell, Change, Detail, Heading, Matrix, RuleEntry, Verdict};
use serde::Serialize;

use crate::json;

#[derive(Serialize)]
struct MatrixOutput<'m> {
    policy: &'m str,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    against: Option<String>,
    #[serde(rename = "where", skip_serializing_if = "BTreeMap::is_empty")]
    filters: BTreeMap<&'m str, &'m Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    services: &'m Option<Vec<&'m str>>,
    rows: &'m Heading<'m>,
    columns: &'m Heading<'m>,
    cells: Vec<CellOutput<'m>>,
    rules: Vec<RuleEntry<'m>>,
}

#[derive(Serialize)]
struct CellOutput<'m> {
    row: &'m str,
    column: &'m str,
    verdict: Verdict,
    share: f64,
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<Verdict>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Change>,
    permits: Vec<String>,
    forbids: Vec<String>,
    #[serde(flatten, skip_serializing_if = "Option::is_none")]
    detail: Option<&'m Detail>,
}

pub(super) fn write(matrix: &Matrix<'_>, out: &mut impl Write) -> io::Result<()> {
    let output = MatrixOutput {
        policy: matrix.fingerprint(),
        at: matrix.at.to_string(),
        against: matrix.against.map(|date| date.to_string()),
        filters: matrix.filters.iter().map(|(name, values)| (*name, values)).collect(),
        services: &matrix.services,
        rows: &matrix.rows,
        columns: &matrix.columns,
        cells: cells(matrix),
        rules: matrix.rules(),
    };
    json::write(&output, out)
}

fn cells<'m>(matrix: &'m Matrix<'m>) -> Vec<CellOutput<'m>> {
    let rows = matrix.rows.values.iter().zip(&matrix.cells);
    let cells = rows.flat_map(|(row, cells)| {
        matrix
            .columns
            .values
            .iter()
            .zip(cells)
            .map(|(column, cell)| cell_output(matrix, &row.name, &column.name, cell))
    });
    cells.collect()
}

fn cell_output<'m>(matrix: &Matrix<'_>, row: &'m str, column: &'m str, cell: &'m Cell) -> CellOutput<'m> {
    let names = |rules: &[usize]| rules.iter().map(|index| matrix.rule(*index).name().to_owned()).collect();
    CellOutput {
        row,
        column,
        verdict: cell.verdict,
        share: cell.share,
        was: cell.was,
        change: cell.change,
        permits: names(&cell.permits),
        forbids: names(&cell.forbids),
        detail: cell.detail.as_ref(),
    }
}

//! A matrix for a comment on a pull request.

use std::io::{self, Write};

use meterwarden_analysis::matrix::Matrix;

use super::{symbols, why};
use crate::markup::markdown as text;

pub(super) fn write(matrix: &Matrix<'_>, with_why: bool, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "### {}\n", text(&symbols::title(matrix)))?;
    for line in symbols::conditions(matrix) {
        writeln!(out, "{}  ", text(&line))?;
    }
    let names: Vec<String> = matrix.columns.values.iter().map(|label| text(&label.name)).collect();
    writeln!(out, "\n| {} | {} |", text(matrix.rows.by), names.join(" | "))?;
    writeln!(out, "|:--|{}", ":-:|".repeat(names.len()))?;
    for (label, cells) in matrix.rows.values.iter().zip(&matrix.cells) {
        let cells: Vec<String> = cells
            .iter()
            .map(|cell| {
                let symbol = text(&symbols::cell(cell));
                if cell.change.is_some() { format!("**{symbol}**") } else { symbol }
            })
            .collect();
        let title = format!("{} {}", label.name, label.text);
        writeln!(out, "| {} | {} |", text(title.trim_end()), cells.join(" | "))?;
    }
    writeln!(out)?;
    for line in symbols::legend(matrix) {
        writeln!(out, "{}  ", text(line))?;
    }
    if let Some(differing) = symbols::differing(matrix) {
        writeln!(out, "{}", text(&differing))?;
    }
    if with_why { reasons(matrix, out) } else { Ok(()) }
}

/// The reasons for the cells, as lists.
fn reasons(matrix: &Matrix<'_>, out: &mut impl Write) -> io::Result<()> {
    for (row, label) in matrix.rows.values.iter().enumerate() {
        writeln!(out, "\n**{}**\n", text(format!("{} {}", label.name, label.text).trim_end()))?;
        if let Some(closed) = label.closed {
            writeln!(out, "closed: {}\n", text(closed))?;
        }
        for group in why::cell_groups(matrix, row) {
            let names: Vec<&str> = group.columns.iter().map(|label| label.name.as_str()).collect();
            writeln!(out, "- {} {}", text(&symbols::cell(group.cell)), text(&names.join(", ")))?;
            for line in why::lines(matrix, group.cell) {
                writeln!(out, "  - {}", text(&line))?;
            }
        }
    }
    writeln!(out, "\n| rule | text | source | assumed | in force |\n|:--|:--|:--|:--|:--|")?;
    for rule in matrix.rules() {
        let parts = [
            rule.name(),
            rule.text(),
            rule.source().unwrap_or(""),
            rule.assumed().unwrap_or(""),
            rule.in_force(),
        ];
        let parts: Vec<String> = parts.iter().map(|part| text(part)).collect();
        writeln!(out, "| {} |", parts.join(" | "))?;
    }
    Ok(())
}

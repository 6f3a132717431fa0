//! A matrix for a terminal.

use std::io::{self, Write};

use meterwarden_analysis::matrix::{Cell, Change, Label, Matrix, Verdict};

use super::{symbols, why};
use crate::limits::{COLUMN_NAME_CHARACTERS, ROW_TEXT_CHARACTERS};
use crate::terminal::{Colour, one_line, painted};

pub(super) fn write(
    matrix: &Matrix<'_>,
    with_why: bool,
    colour: bool,
    out: &mut impl Write,
) -> io::Result<()> {
    writeln!(out, "{}", symbols::title(matrix))?;
    for line in symbols::conditions(matrix) {
        writeln!(out, "{}", one_line(&line))?;
    }
    writeln!(out)?;
    match matrix.rows.values.as_slice() {
        [] => writeln!(out, "nothing to show")?,
        _ => rows(matrix, colour, out)?,
    }
    writeln!(out)?;
    for line in symbols::legend(matrix) {
        writeln!(out, "{line}")?;
    }
    if let Some(differing) = symbols::differing(matrix) {
        writeln!(out, "{differing}")?;
    }
    if with_why {
        why::write(matrix, out)?;
    }
    Ok(())
}

/// Writes the names of the columns, and the rows.
fn rows(matrix: &Matrix<'_>, colour: bool, out: &mut impl Write) -> io::Result<()> {
    let name_width = width(&matrix.rows.values, |label| one_line(&label.name));
    let text_width = width(&matrix.rows.values, |label| short(label.text));
    let margin = name_width + 2 + if text_width > 0 { text_width + 2 } else { 0 };
    let column_width = heading(matrix, margin, out)?;
    for (label, cells) in matrix.rows.values.iter().zip(&matrix.cells) {
        let mut line = format!("{:name_width$}  ", one_line(&label.name));
        if text_width > 0 {
            line.push_str(&format!("{:text_width$}  ", short(label.text)));
        }
        for cell in cells {
            let symbol = symbols::cell(cell);
            let blank = column_width.saturating_sub(symbol.chars().count());
            line.push_str(&painted(&symbol, cell_colour(cell).filter(|_| colour)));
            line.push_str(&" ".repeat(blank));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    Ok(())
}

/// Writes the names above the columns; returns the width of a column.
fn heading(matrix: &Matrix<'_>, margin: usize, out: &mut impl Write) -> io::Result<usize> {
    let names: Vec<String> = matrix.columns.values.iter().map(|label| one_line(&label.name)).collect();
    let blank = " ".repeat(margin);
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    if longest <= COLUMN_NAME_CHARACTERS {
        let width = longest.max(2) + 1;
        let line: String = names.iter().map(|name| format!("{name:width$}")).collect();
        writeln!(out, "{blank}{}", line.trim_end())?;
        return Ok(width);
    }
    // Steps: each name begins above its own column, and a line leads down from it.
    for (index, name) in names.iter().enumerate() {
        writeln!(out, "{blank}{}{name}", "│  ".repeat(index))?;
    }
    let step_width = 3;
    Ok(step_width)
}

fn width(labels: &[Label<'_>], text: impl Fn(&Label<'_>) -> String) -> usize {
    labels.iter().map(|label| text(label).chars().count()).max().unwrap_or(0)
}

/// A text that fits its column.
fn short(text: &str) -> String {
    let text = one_line(text);
    if text.chars().count() <= ROW_TEXT_CHARACTERS {
        return text;
    }
    let cut: String = text.chars().take(ROW_TEXT_CHARACTERS - 1).collect();
    format!("{}…", cut.trim_end())
}

fn cell_colour(cell: &Cell) -> Option<Colour> {
    match (cell.change, cell.verdict) {
        (Some(Change::Lost | Change::Narrowed), _) => Some(Colour::Red),
        (Some(Change::Changed), _) => Some(Colour::Yellow),
        (Some(Change::Gained | Change::Widened), _) => Some(Colour::Green),
        (None, Verdict::Always | Verdict::Sometimes) => Some(Colour::Green),
        (None, Verdict::Never) => None,
    }
}

//! A matrix for a terminal.

use std::io::{self, Write};

use meterwarden_analysis::matrix::{Cell, Change, Label, Matrix, Verdict};

use super::{symbols, why};
use crate::terminal::{Colour, one_line, painted};

/// Names up to this long stand above their column; longer ones on steps.
const SHORT: usize = 5;

/// The texts of rows are cut here.
const WIDEST: usize = 46;

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
    let names = width(&matrix.rows.values, |label| one_line(&label.name));
    let texts = width(&matrix.rows.values, |label| short(label.text));
    let margin = names + 2 + if texts > 0 { texts + 2 } else { 0 };
    let step = if matrix.rows.values.is_empty() { 0 } else { heading(matrix, margin, out)? };
    for (label, cells) in matrix.rows.values.iter().zip(&matrix.cells) {
        let mut line = format!("{:names$}  ", one_line(&label.name));
        if texts > 0 {
            line.push_str(&format!("{:texts$}  ", short(label.text)));
        }
        for cell in cells {
            let symbol = symbols::cell(cell);
            let blank = step.saturating_sub(symbol.chars().count());
            line.push_str(&painted(&symbol, paint(cell).filter(|_| colour)));
            line.push_str(&" ".repeat(blank));
        }
        writeln!(out, "{}", line.trim_end())?;
    }
    if matrix.rows.values.is_empty() {
        writeln!(out, "nothing to show")?;
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

/// The names above the columns; returns how wide a column is.
fn heading(matrix: &Matrix<'_>, margin: usize, out: &mut impl Write) -> io::Result<usize> {
    let names: Vec<String> = matrix.columns.values.iter().map(|label| one_line(&label.name)).collect();
    let blank = " ".repeat(margin);
    let longest = names.iter().map(|name| name.chars().count()).max().unwrap_or(0);
    if longest <= SHORT {
        let step = longest.max(2) + 1;
        let line: String = names.iter().map(|name| format!("{name:step$}")).collect();
        writeln!(out, "{blank}{}", line.trim_end())?;
        return Ok(step);
    }
    // Steps: each name begins above its own column, and a line leads down to it.
    let step = 3;
    for (nth, name) in names.iter().enumerate() {
        writeln!(out, "{blank}{}{name}", "│  ".repeat(nth))?;
    }
    Ok(step)
}

fn width(labels: &[Label<'_>], text: impl Fn(&Label<'_>) -> String) -> usize {
    labels.iter().map(|label| text(label).chars().count()).max().unwrap_or(0)
}

/// A text that fits its column.
fn short(text: &str) -> String {
    let text = one_line(text);
    if text.chars().count() <= WIDEST {
        return text;
    }
    let cut: String = text.chars().take(WIDEST - 1).collect();
    format!("{}…", cut.trim_end())
}

fn paint(cell: &Cell) -> Option<Colour> {
    match (cell.change, cell.verdict) {
        (Some(Change::Lost | Change::Narrowed), _) => Some(Colour::Red),
        (Some(Change::Changed), _) => Some(Colour::Yellow),
        (Some(Change::Gained | Change::Widened), _) => Some(Colour::Green),
        (None, Verdict::Always | Verdict::Sometimes) => Some(Colour::Green),
        (None, Verdict::Never) => None,
    }
}

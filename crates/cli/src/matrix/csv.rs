//! A matrix for a spreadsheet: a line for each row, words in the cells. RFC 4180, and no field that a spreadsheet would
//! take for a formula.

use std::io::{self, Write};

use meterwarden_analysis::matrix::{Cell, Matrix};

use super::symbols;

pub(super) fn write(matrix: &Matrix<'_>, out: &mut impl Write) -> io::Result<()> {
    let names = matrix.columns.values.iter().map(|label| label.name.as_str());
    line([matrix.rows.by, "text"].into_iter().chain(names), out)?;
    for (label, cells) in matrix.rows.values.iter().zip(&matrix.cells) {
        let cells: Vec<String> = cells.iter().map(cell_words).collect();
        let texts = [label.name.as_str(), label.text].into_iter();
        line(texts.chain(cells.iter().map(String::as_str)), out)?;
    }
    Ok(())
}

/// `sometimes`, `never (lost)`
fn cell_words(cell: &Cell) -> String {
    let verdict = symbols::verdict_word(cell.verdict);
    cell.change
        .map_or_else(|| verdict.to_owned(), |change| format!("{verdict} ({})", symbols::change_word(change)))
}

fn line<'t>(texts: impl Iterator<Item = &'t str>, out: &mut impl Write) -> io::Result<()> {
    let fields: Vec<String> = texts.map(field).collect();
    write!(out, "{}\r\n", fields.join(","))
}

/// A field, in quotes if it needs them. A field that begins like a formula gets an apostrophe before it.
fn field(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n']);
    let text = if formula { format!("'{text}") } else { text.to_owned() };
    if text.contains(['"', ',', '\n', '\r']) || text.starts_with(' ') || text.ends_with(' ') {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text
    }
}

#[cfg(test)]
mod tests {
    use super::field;

    #[test]
    fn fields_are_quoted_and_are_no_formulas() {
        for (text, written) in [
            ("plain", "plain"),
            ("8.4", "8.4"),
            ("a, b", "\"a, b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""),
            ("two\nlines", "\"two\nlines\""),
            ("=HYPERLINK(\"x\")", "\"'=HYPERLINK(\"\"x\"\")\""),
            ("+1", "'+1"),
            ("-1", "'-1"),
            ("@SUM", "'@SUM"),
            ("\tx", "'\tx"),
        ] {
            assert_eq!(field(text), written);
        }
    }
}

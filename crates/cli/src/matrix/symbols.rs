//! A matrix in symbols and words, for every format that is text.

use meterwarden_analysis::matrix::{Cell, Change, Matrix, Verdict};

pub(super) fn verdict(verdict: Verdict) -> char {
    match verdict {
        Verdict::Always => '●',
        Verdict::Sometimes => '◐',
        Verdict::Never => '·',
    }
}

pub(super) fn change(change: Change) -> char {
    match change {
        Change::Gained => '+',
        Change::Lost => '-',
        Change::Widened => '>',
        Change::Narrowed => '<',
        Change::Changed => '~',
    }
}

/// `◐+`
pub(super) fn cell(cell: &Cell) -> String {
    [Some(verdict(cell.verdict)), cell.change.map(change)].into_iter().flatten().collect()
}

/// `always`, `sometimes`, `never`
pub(super) fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Always => "always",
        Verdict::Sometimes => "sometimes",
        Verdict::Never => "never",
    }
}

/// `gained`
pub(super) fn change_word(change: Change) -> &'static str {
    match change {
        Change::Gained => "gained",
        Change::Lost => "lost",
        Change::Widened => "widened",
        Change::Narrowed => "narrowed",
        Change::Changed => "changed",
    }
}

/// `services by role on 2023-06-29`
pub(super) fn title(matrix: &Matrix<'_>) -> String {
    let plural = |name: &str| if name == "service" { "services".to_owned() } else { name.to_owned() };
    format!("{} by {} on {}", plural(matrix.rows.by), matrix.columns.by, matrix.at)
}

/// What the matrix is limited to and compared with, a line each.
pub(super) fn conditions(matrix: &Matrix<'_>) -> Vec<String> {
    let mut lines: Vec<String> = matrix
        .filters
        .iter()
        .map(|(name, values)| format!("where {name} is {}", values.join(" or ")))
        .collect();
    if matrix.rows.by != "service" && matrix.columns.by != "service" {
        lines.push(match &matrix.services {
            Some(services) => format!("for {}", services.join(", ")),
            None => "for all services together".to_owned(),
        });
    }
    lines.extend(matrix.against.map(|date| format!("compared with {date}")));
    lines
}

/// What the symbols mean.
pub(super) fn legend(matrix: &Matrix<'_>) -> Vec<&'static str> {
    let mut lines = vec!["● always permitted   ◐ depends on the attributes left open   · never permitted"];
    if matrix.against.is_some() {
        lines.push("+ gained   - lost   > widened   < narrowed   ~ partly gained, partly lost");
    }
    lines
}

/// `3 cells differ`
pub(super) fn differing(matrix: &Matrix<'_>) -> Option<String> {
    let date = matrix.against?;
    let count = matrix.cells.iter().flatten().filter(|cell| cell.change.is_some()).count();
    Some(match count {
        0 => format!("nothing differs from {date}"),
        1 => format!("1 cell differs from {date}"),
        _ => format!("{count} cells differ from {date}"),
    })
}

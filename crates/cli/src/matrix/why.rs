//! The reasons for the cells: which requests are permitted, in the author's words, and the rules with their sources.

use std::io::{self, Write};

use meterwarden_analysis::matrix::{Cell, Label, Matrix, RuleEntry};

use super::symbols;
use crate::terminal::one_line;

/// The columns of a row whose cells are the same, and that cell.
pub(super) struct CellGroup<'m> {
    pub(super) columns: Vec<&'m Label<'m>>,
    pub(super) cell: &'m Cell,
}

/// The cells of a row in groups of the same cells.
pub(super) fn cell_groups<'m>(matrix: &'m Matrix<'m>, row: usize) -> Vec<CellGroup<'m>> {
    let mut groups: Vec<CellGroup<'m>> = Vec::new();
    let cells = matrix.cells.get(row).map_or(&[][..], Vec::as_slice);
    for (column, cell) in matrix.columns.values.iter().zip(cells) {
        match groups.iter_mut().find(|group| group.cell == cell) {
            Some(group) => group.columns.push(column),
            None => groups.push(CellGroup { columns: vec![column], cell }),
        }
    }
    groups
}

pub(super) fn write(matrix: &Matrix<'_>, out: &mut impl Write) -> io::Result<()> {
    for (row, label) in matrix.rows.values.iter().enumerate() {
        writeln!(out, "\n{}", one_line(format!("{}  {}", label.name, label.text).trim_end()))?;
        if let Some(closed) = label.closed {
            writeln!(out, "  closed: {}", one_line(closed))?;
        }
        for group in cell_groups(matrix, row) {
            let names: Vec<&str> = group.columns.iter().map(|label| label.name.as_str()).collect();
            writeln!(out, "  {} {}", symbols::cell(group.cell), one_line(&names.join(", ")))?;
            for line in lines(matrix, group.cell) {
                writeln!(out, "       {}", one_line(&line))?;
            }
        }
    }
    writeln!(out)?;
    for rule in matrix.rules() {
        rule_lines(&rule, out)?;
    }
    Ok(())
}

/// A cell in lines: when it permits, or why it refuses, and the names of its rules.
pub(super) fn lines(matrix: &Matrix<'_>, cell: &Cell) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(detail) = &cell.detail {
        for when in &detail.when {
            if !when.is_empty() {
                lines.push(format!("where {}", when.join("; ")));
            }
        }
        if let Some(refusal) = &detail.refusal {
            lines.push(format!(
                "{} at {}: {}",
                refusal.code.as_deref().unwrap_or("no code"),
                refusal.attribute,
                refusal.reason
            ));
        }
    }
    let names = |rules: &[usize]| {
        rules.iter().map(|index| matrix.rule(*index).name().to_owned()).collect::<Vec<_>>().join(", ")
    };
    if !cell.permits.is_empty() {
        lines.push(format!("by {}", names(&cell.permits)));
    }
    if !cell.forbids.is_empty() {
        lines.push(format!("less {}", names(&cell.forbids)));
    }
    lines
}

fn rule_lines(rule: &RuleEntry<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out, "{} {}  {}", rule.effect, rule.name(), one_line(rule.text()))?;
    for clause in &rule.clauses {
        writeln!(out, "    {}", one_line(clause))?;
    }
    writeln!(out, "    in force {}", rule.in_force())?;
    for modification in rule.modifications() {
        writeln!(out, "    {}", one_line(modification))?;
    }
    for (label, text) in [("source", rule.source()), ("assumed", rule.assumed())] {
        if let Some(text) = text {
            writeln!(out, "    {label}: {}", one_line(text))?;
        }
    }
    writeln!(out, "    {}", rule.place())
}

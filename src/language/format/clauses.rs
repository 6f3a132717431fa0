//! The lines of a rule, and the alternatives of a condition: first words are padded, so that what follows is aligned.

use super::MARGIN;
use super::chunk::{Chunk, test_words, width};
use super::layout::Layout;
use super::page::Place;
use crate::language::ast::{Case, Clause, Covers, Effect, Name, Part, Rule, Selector};
use crate::policy::source::Span;

/// The number of blanks between two columns.
const BETWEEN: usize = 2;

/// The width of `case` and of the blanks after it.
const CASE: usize = 4 + BETWEEN;

impl<'t> Layout<'t> {
    pub(super) fn rule(&mut self, rule: &Rule, place: Place) {
        let effect = match rule.effect {
            Effect::Permit => "permit",
            Effect::Forbid => "forbid",
        };
        self.head(effect, &rule.name, rule.text.as_ref(), place);
        self.page.open();
        let widest = rule.parts.iter().map(|part| width(first_word(part))).max();
        let column = self.page.indent + widest.unwrap_or_default() + 2;
        for part in &rule.parts {
            self.part(part, column);
        }
        self.page.close();
    }

    /// Writes a line of a rule; what follows its first word begins at a column.
    fn part(&mut self, part: &Part, column: usize) {
        if let Part::Clause(clause) = part {
            return self.clause(clause, Place::Line, column);
        }
        self.page.word(first_word(part), Place::Line);
        self.page.hang = column;
        match part {
            Part::Covers(covers) => self.covers(covers, column),
            Part::Since(bound) | Part::Until(bound) => self.value(&bound.name, column),
            Part::When(name) | Part::Source(name) | Part::Assumed(name) => self.value(name, column),
            Part::Refuse(refuse) => {
                let mut refuse = self.words.refuse(refuse);
                refuse.words.remove(0);
                self.page.chunk(&refuse, Place::Column(column));
            }
            Part::Clause(_) => {}
        }
    }

    fn value(&mut self, name: &Name, column: usize) {
        self.page.word(self.words.name(name), Place::Column(column));
    }

    fn covers(&mut self, covers: &Covers, column: usize) {
        let chunks = |items: &[Selector]| -> Vec<Chunk<'_>> {
            items.iter().map(|item| self.words.selector(item)).collect()
        };
        let (items, except) = (chunks(&covers.items), chunks(&covers.except));
        self.page.list(&items, Place::Column(column), 0);
        if !except.is_empty() {
            self.page.hang = column;
            let width: usize = except.iter().map(|item| ", ".len() + item.width()).sum();
            self.page.word("except", Place::Fitting(1, "except".len() - 1 + width));
            self.page.list(&except, Place::After(1), 0);
        }
    }

    fn clause(&mut self, clause: &Clause, place: Place, column: usize) {
        self.page.word(self.words.name(&clause.attribute), place);
        self.page.hang = column;
        match test_words(&clause.test) {
            Ok((word, items)) => {
                if let Some(word) = word {
                    self.page.word(word, Place::Column(column));
                }
                let first = if word.is_some() { Place::After(1) } else { Place::Column(column) };
                let items: Vec<Chunk<'_>> = items.iter().map(|item| self.words.dated(item)).collect();
                self.page.list(&items, first, 0);
            }
            Err(Some(text)) => self.value(text, column),
            Err(None) => {}
        }
    }

    /// Writes the cases of a condition in columns. A case that does not fit on a line, or that has a comment in it, has
    /// a line for each clause.
    pub(super) fn cases(&mut self, cases: &[Case]) {
        let rows: Vec<Option<Row<'_>>> = cases.iter().map(|case| self.row(case)).collect();
        let margin = MARGIN.saturating_sub(self.page.indent + CASE);
        let widths = columns(&rows, margin);
        for (case, row) in cases.iter().zip(&rows) {
            self.page.hang = self.page.indent + CASE;
            self.page.word("case", Place::Line);
            match row {
                Some(row) => self.cells(row, &widths),
                None => self.broken_case(case),
            }
        }
    }

    /// The clauses of a case, if they fit on a line and there is no comment between them.
    fn row(&self, case: &Case) -> Option<Row<'t>> {
        let row: Row<'t> = case.clauses.iter().map(|clause| self.words.clause(clause)).collect();
        let fits = self.page.indent + CASE + width_of(&row, &[]) <= MARGIN;
        (fits && !self.has_comment(case.span)).then_some(row)
    }

    fn has_comment(&self, span: Span) -> bool {
        let next = self.comments.partition_point(|comment| comment.span.start < span.start);
        self.comments.get(next).is_some_and(|comment| comment.span.start < span.end)
    }

    fn cells(&mut self, row: &Row<'_>, widths: &[usize]) {
        let mut padding = 0;
        for (column, cell) in row.iter().enumerate() {
            self.page.chunk(cell, Place::After(padding + BETWEEN));
            padding = padding_of(column, cell, widths);
        }
    }

    fn broken_case(&mut self, case: &Case) {
        let indent = self.page.indent;
        self.page.indent += CASE;
        let widest = case.clauses.iter().map(|clause| width(&clause.attribute.text)).max();
        let column = self.page.indent + widest.unwrap_or_default() + BETWEEN;
        for (index, clause) in case.clauses.iter().enumerate() {
            let place = if index == 0 { Place::After(BETWEEN) } else { Place::Line };
            self.clause(clause, place, column);
        }
        self.page.indent = indent;
    }
}

/// The clauses of a case, each on one line.
type Row<'t> = Vec<Chunk<'t>>;

/// The widths of the columns of some cases. A column is a clause about the same attribute in all cases; the first that
/// differs ends the columns. There are none if the cases would then be wider than the margin.
fn columns(rows: &[Option<Row<'_>>], margin: usize) -> Vec<usize> {
    let mut widths = Vec::new();
    loop {
        let column = widths.len();
        let cells = || rows.iter().flatten().filter_map(|row| Some((row, row.get(column)?)));
        let mut attributes = cells().map(|(_, cell)| cell.words.first());
        let attribute = attributes.next();
        if !attributes.all(|next| Some(next) == attribute) {
            break;
        }
        let followed = cells().filter(|(row, _)| row.len() > column + 1);
        let Some(widest) = followed.map(|(_, cell)| cell.width()).max() else { break };
        widths.push(widest);
    }
    let fits = rows.iter().flatten().all(|row| width_of(row, &widths) <= margin);
    if fits { widths } else { Vec::new() }
}

/// The width of a case without its first word.
fn width_of(row: &Row<'_>, widths: &[usize]) -> usize {
    let cells = row.iter().enumerate().map(|(column, cell)| {
        let last = column + 1 == row.len();
        cell.width() + if last { 0 } else { padding_of(column, cell, widths) + BETWEEN }
    });
    cells.sum()
}

/// The number of blanks that fill a cell up to the width of its column.
fn padding_of(column: usize, cell: &Chunk<'_>, widths: &[usize]) -> usize {
    widths.get(column).map_or(0, |width| width.saturating_sub(cell.width()))
}

/// The word that a line of a rule begins with.
fn first_word(part: &Part) -> &str {
    match part {
        Part::Covers(_) => "services",
        Part::When(_) => "when",
        Part::Since(_) => "since",
        Part::Until(_) => "until",
        Part::Source(_) => "source",
        Part::Assumed(_) => "assumed",
        Part::Refuse(_) => "refuse",
        Part::Clause(clause) => &clause.attribute.text,
    }
}

//! The lines of a rule, and the cases of a condition: first words padded, so that what they ask for is aligned.

use super::MARGIN;
use super::chunk::{Chunk, asked, width};
use super::layout::Layout;
use super::page::Place;
use crate::language::ast::{Case, Clause, Covers, Effect, Name, Part, Rule, Selector};
use crate::policy::source::Span;

/// How many blanks stand between columns.
const BETWEEN: usize = 2;

/// How wide `case` is, and the blanks behind it.
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

    /// A line of a rule; what follows its first word begins at a column.
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
            let all: usize = except.iter().map(|one| ", ".len() + one.width()).sum();
            self.page.word("except", Place::Fitting(1, "except".len() - 1 + all));
            self.page.list(&except, Place::Behind(1), 0);
        }
    }

    fn clause(&mut self, clause: &Clause, place: Place, column: usize) {
        self.page.word(self.words.name(&clause.attribute), place);
        self.page.hang = column;
        match asked(&clause.test) {
            Ok((word, items)) => {
                if let Some(word) = word {
                    self.page.word(word, Place::Column(column));
                }
                let first = if word.is_some() { Place::Behind(1) } else { Place::Column(column) };
                let items: Vec<Chunk<'_>> = items.iter().map(|item| self.words.dated(item)).collect();
                self.page.list(&items, first, 0);
            }
            Err(Some(text)) => self.value(text, column),
            Err(None) => {}
        }
    }

    /// Cases are a table, if they fit; one that does not, or has a comment in it, has a line for each clause.
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

    /// The clauses of a case, if they fit on a line.
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
        for (nth, cell) in row.iter().enumerate() {
            self.page.chunk(cell, Place::Behind(padding + BETWEEN));
            padding = padding_of(nth, cell, widths);
        }
    }

    fn broken_case(&mut self, case: &Case) {
        let indent = self.page.indent;
        self.page.indent += CASE;
        let widest = case.clauses.iter().map(|clause| width(&clause.attribute.text)).max();
        let column = self.page.indent + widest.unwrap_or_default() + BETWEEN;
        for (nth, clause) in case.clauses.iter().enumerate() {
            let place = if nth == 0 { Place::Behind(BETWEEN) } else { Place::Line };
            self.clause(clause, place, column);
        }
        self.page.indent = indent;
    }
}

/// The clauses of a case, each on one line.
type Row<'t> = Vec<Chunk<'t>>;

/// How wide each column of a table of cases is, as long as all cases say the same attribute in it; none, if the table
/// is then wider than the margin.
fn columns(rows: &[Option<Row<'_>>], margin: usize) -> Vec<usize> {
    let mut widths = Vec::new();
    loop {
        let nth = widths.len();
        let cells = || rows.iter().flatten().filter_map(|row| Some((row, row.get(nth)?)));
        let mut attributes = cells().map(|(_, cell)| cell.words.first());
        let attribute = attributes.next();
        if !attributes.all(|another| Some(another) == attribute) {
            break;
        }
        let followed = cells().filter(|(row, _)| row.len() > nth + 1);
        let Some(widest) = followed.map(|(_, cell)| cell.width()).max() else { break };
        widths.push(widest);
    }
    let fits = rows.iter().flatten().all(|row| width_of(row, &widths) <= margin);
    if fits { widths } else { Vec::new() }
}

/// How wide a case is without its first word.
fn width_of(row: &Row<'_>, widths: &[usize]) -> usize {
    let cells = row.iter().enumerate().map(|(nth, cell)| {
        let last = nth + 1 == row.len();
        cell.width() + if last { 0 } else { padding_of(nth, cell, widths) + BETWEEN }
    });
    cells.sum()
}

/// How many blanks fill a cell up to the width of its column.
fn padding_of(nth: usize, cell: &Chunk<'_>, widths: &[usize]) -> usize {
    widths.get(nth).map_or(0, |column| column.saturating_sub(cell.width()))
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

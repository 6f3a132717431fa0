//! The marks that a merge leaves in a file if two people changed the same lines. A conflict is one mistake, whatever is
//! between its marks.

use std::ops::Range;

use super::{MOST_ERRORS, blank, span};
use crate::language::diagnostic::{Code, Diagnostic};

/// Two versions of the same lines, between marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Conflict {
    /// `<<<<<<< HEAD`
    start: Range<usize>,
    /// `=======`
    middle: Range<usize>,
    /// `>>>>>>> branch`
    end: Range<usize>,
    /// Where the second version begins, or the common ancestor before it.
    second: usize,
}

/// The conflicts of a text, in order; at most [`MOST_ERRORS`] of them.
pub(super) fn conflicts(text: &str) -> Vec<Conflict> {
    let mut conflicts = Vec::new();
    let (mut start, mut second, mut middle) = (None, None, None);
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if conflicts.len() == MOST_ERRORS {
            break;
        }
        let place = at..at + line.trim_end().len();
        at += line.len();
        match line.get(..7) {
            Some("<<<<<<<") => (start, second, middle) = (Some(place), None, None),
            Some("|||||||") => second = Some(place.start),
            Some("=======") if start.is_some() => middle = Some(place),
            Some(">>>>>>>") => {
                if let (Some(start), Some(middle)) = (start.take(), middle.take()) {
                    let second = second.take().unwrap_or(middle.start);
                    conflicts.push(Conflict { start, middle, end: place, second });
                }
            }
            _ => {}
        }
    }
    conflicts
}

impl Conflict {
    pub(super) fn describe(&self, file: u32) -> Diagnostic {
        Diagnostic::new(
            Code::Syntax,
            span(file, self.start.clone()),
            "a merge has left two versions of these lines",
        )
        .label("the first version begins here")
        .because(span(file, self.middle.clone()), "the second version begins here")
        .because(span(file, self.end.clone()), "and ends here")
        .help("keep the lines that are right, and drop the others and the three marks")
    }

    /// Overwrites everything but the first version with spaces.
    pub(super) fn keep_first(&self, text: &mut String) {
        blank(text, self.start.clone());
        blank(text, self.second());
    }

    /// The second version, its marks included.
    pub(super) fn second(&self) -> Range<usize> {
        self.second..self.end.end
    }
}

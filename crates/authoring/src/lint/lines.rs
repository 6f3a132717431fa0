//! A text by its lines.

use meterwarden::policy::source::Span;

/// The lines of a text, counted from 0.
pub(super) struct Lines<'t> {
    lines: Vec<&'t str>,
    /// `starts[n]` is the offset of the first byte of line `n`.
    starts: Vec<u32>,
}

impl<'t> Lines<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        let lines: Vec<&str> = text.split_inclusive('\n').collect();
        let mut starts = Vec::with_capacity(lines.len());
        let mut start = 0u32;
        for line in &lines {
            starts.push(start);
            start = start.saturating_add(u32::try_from(line.len()).unwrap_or(u32::MAX));
        }
        Self { lines, starts }
    }

    /// The line of a byte offset.
    pub(super) fn line(&self, offset: u32) -> usize {
        self.starts.partition_point(|start| *start <= offset).saturating_sub(1)
    }

    /// Whether a line has only a comment.
    pub(super) fn is_comment(&self, line: usize) -> bool {
        self.lines
            .get(line)
            .is_some_and(|line| line.trim_start_matches('\u{feff}').trim_start().starts_with("//"))
    }

    /// The first line after this one that is not only a comment.
    pub(super) fn after_comments(&self, line: usize) -> Option<usize> {
        (line + 1..self.lines.len()).find(|next| !self.is_comment(*next))
    }

    /// The text to remove with a comment: its whole line if the comment is alone on it, otherwise the comment with the
    /// blanks before it.
    pub(super) fn removal(&self, line: usize, comment: Span) -> Span {
        let start = self.starts.get(line).copied().unwrap_or(comment.start);
        let text = self.lines.get(line).copied().unwrap_or_default();
        if self.is_comment(line) {
            let byte_order_mark = u32::from(text.starts_with('\u{feff}')) * 3;
            let length = u32::try_from(text.len()).unwrap_or(u32::MAX);
            return Span { start: start + byte_order_mark, end: start.saturating_add(length), ..comment };
        }
        let before = text.get(..(comment.start - start) as usize).unwrap_or_default();
        let blanks = before.len() - before.trim_end().len();
        Span { start: comment.start - u32::try_from(blanks).unwrap_or(0), ..comment }
    }
}

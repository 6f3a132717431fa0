//! The text of a rule file, and places in it.

use std::sync::OnceLock;

/// One rule file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// The path under the policy's folder, with `/` between its parts.
    pub path: String,
    /// The text, as read.
    pub text: String,
}

impl Source {
    /// A rule file held in memory.
    pub fn new(path: impl Into<String>, text: impl Into<String>) -> Self {
        Self { path: path.into(), text: text.into() }
    }

    /// The line and the column of a byte, both counted from 1, the column in characters.
    pub fn line_column(&self, byte: usize) -> (usize, usize) {
        let before = self.text.get(..byte).unwrap_or(&self.text);
        let line = before.matches('\n').count() + 1;
        let start = before.rfind('\n').map_or(0, |at| at + 1);
        (line, before.get(start..).map_or(0, |rest| rest.chars().count()) + 1)
    }

    /// The first byte of each line.
    fn line_starts(&self) -> impl Iterator<Item = usize> {
        let newlines = self.text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n');
        std::iter::once(0).chain(newlines.map(|(at, _)| at + 1))
    }

    /// The byte at a line and a column, both counted from 1. If the line or the text is shorter, its end.
    pub fn byte(&self, line: usize, column: usize) -> usize {
        let before: usize = self.text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
        let line = self.text.get(before..).and_then(|rest| rest.lines().next()).unwrap_or_default();
        let inside = line.char_indices().nth(column.saturating_sub(1)).map_or(line.len(), |(at, _)| at);
        before + inside
    }
}

/// Where the lines of some sources begin. The lines of a source are computed once, at the first use.
#[derive(Clone, Debug, Default)]
pub struct Lines(Vec<OnceLock<Vec<usize>>>);

impl Lines {
    /// The lines of these sources.
    pub fn of(sources: &[Source]) -> Self {
        Self(sources.iter().map(|_| OnceLock::new()).collect())
    }

    /// The same as [`Source::line_column`] of the source at an index, without a scan of its whole text.
    pub fn line_column(&self, index: usize, source: &Source, byte: usize) -> (usize, usize) {
        let Some(starts) = self.0.get(index) else { return source.line_column(byte) };
        let starts = starts.get_or_init(|| source.line_starts().collect());
        let line = starts.partition_point(|start| *start <= byte);
        let start = line.checked_sub(1).and_then(|index| starts.get(index)).copied().unwrap_or_default();
        (line, source.text.get(start..byte).map_or(0, |rest| rest.chars().count()) + 1)
    }
}

/// A stretch of a rule file, in bytes: `sources[span.file].text[span.start..span.end]`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The index of the file in the policy's path order.
    pub file: u32,
    /// The first byte.
    pub start: u32,
    /// The byte after the last.
    pub end: u32,
}

impl Span {
    /// From the start of this span to the end of a later one.
    #[must_use]
    pub fn to(self, later: Self) -> Self {
        Self { end: later.end, ..self }
    }
}

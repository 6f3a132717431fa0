//! A position in a text.

use std::fmt;

/// A position in a message or an inventory file, counted as editors count.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// In bytes, from 0
    pub offset: usize,
    /// From 1
    pub line: usize,
    /// In characters, from 1
    pub column: usize,
}

impl Place {
    /// The place of a byte; an offset after the end means the end.
    pub(crate) fn of(bytes: &[u8], offset: usize) -> Self {
        Self { offset: 0, line: 1, column: 1 }.forward(bytes, offset)
    }

    /// The place of a byte that is here or after here. Of many bytes in their order, the text is counted once.
    pub(crate) fn forward(self, bytes: &[u8], offset: usize) -> Self {
        let offset = offset.min(bytes.len());
        let between = bytes.get(self.offset..offset).unwrap_or_default();
        let line = self.line + between.iter().filter(|byte| **byte == b'\n').count();
        let newline = between.iter().rposition(|byte| *byte == b'\n');
        // Every UTF-8 character has exactly one byte that is not a continuation byte (10xxxxxx).
        let starts_character = |byte: &&u8| **byte & 0b1100_0000 != 0b1000_0000;
        let on_line = between.iter().skip(newline.map_or(0, |newline| newline + 1));
        let column = newline.map_or(self.column, |_| 1) + on_line.filter(starts_character).count();
        Self { offset, line, column }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

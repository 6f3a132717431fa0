//! The lines of a text that may never end, read into one buffer.

use std::io::{self, BufRead, Read};

use super::input::InputText;
use crate::limits::REQUEST_LINE_BYTES;

/// The lines of a text.
pub(super) struct Lines<'r> {
    text: &'r mut dyn InputText,
    line: Vec<u8>,
    number: u64,
}

/// A line.
pub(super) enum Line<'l> {
    /// Its bytes, without the line end.
    Text(&'l [u8]),
    /// The line is longer than the limit, and was skipped.
    TooLong,
}

impl<'r> Lines<'r> {
    pub(super) fn new(text: &'r mut dyn InputText) -> Self {
        Self { text, line: Vec::new(), number: 0 }
    }

    /// Whether the next line can be read without waiting.
    pub(super) fn is_ready(&self) -> bool {
        self.text.has_line()
    }

    /// The next line and its number, counted from 1; `None` at the end of the text.
    pub(super) fn next(&mut self) -> io::Result<Option<(u64, Line<'_>)>> {
        self.line.clear();
        let limit = REQUEST_LINE_BYTES as u64 + 1;
        if Read::take(&mut *self.text, limit).read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.line.last() != Some(&b'\n') && self.line.len() > REQUEST_LINE_BYTES {
            self.text.skip_until(b'\n')?;
            return Ok(Some((self.number, Line::TooLong)));
        }
        let text = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        let byte_order_mark = if self.number == 1 { b"\xEF\xBB\xBF".as_slice() } else { b"" };
        Ok(Some((self.number, Line::Text(text.strip_prefix(byte_order_mark).unwrap_or(text)))))
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn lengths(text: &str) -> Vec<Option<usize>> {
        let mut text = BufReader::with_capacity(16, text.as_bytes());
        let mut lines = Lines::new(&mut text);
        let mut lengths = Vec::new();
        while let Some((number, line)) = lines.next().unwrap() {
            lengths.push(match line {
                Line::Text(text) => Some(text.len()),
                Line::TooLong => None,
            });
            assert_eq!(number, lengths.len() as u64);
        }
        lengths
    }

    #[test]
    fn lines_end_at_the_line_feed_or_the_end() {
        assert_eq!(lengths(""), []);
        assert_eq!(lengths("\n"), [Some(0)]);
        assert_eq!(lengths("\u{FEFF}a\n\nab"), [Some(1), Some(0), Some(2)]);
    }

    #[test]
    fn a_line_that_is_too_long_is_skipped() {
        let longest = "a".repeat(REQUEST_LINE_BYTES);
        assert_eq!(
            lengths(&format!("{longest}\n{longest}a\nab\n")),
            [Some(REQUEST_LINE_BYTES), None, Some(2)]
        );
        assert_eq!(lengths(&format!("{longest}aa")), [None]);
    }
}

//! Lines of a text that may have no end, one buffer for all.

use std::io::{self, BufRead, Read};

use crate::input::Reading;

/// The longest line. A request has under a thousand bytes.
const LONGEST: usize = 1024 * 1024;

/// The lines of a text.
pub(crate) struct Lines<'r> {
    text: &'r mut dyn Reading,
    line: Vec<u8>,
    number: u64,
}

/// What a line is.
pub(crate) enum Line<'l> {
    /// Its bytes, without the line end.
    Text(&'l [u8]),
    /// It was passed over.
    TooLong,
}

impl<'r> Lines<'r> {
    pub(crate) fn new(text: &'r mut dyn Reading) -> Self {
        Self { text, line: Vec::new(), number: 0 }
    }

    /// Whether the next line is here already.
    pub(crate) fn ready(&self) -> bool {
        self.text.has_line()
    }

    /// The next line and its number, counted from 1; nothing at the end of the text.
    pub(crate) fn next(&mut self) -> io::Result<Option<(u64, Line<'_>)>> {
        self.line.clear();
        let limit = LONGEST as u64 + 1;
        if Read::take(&mut *self.text, limit).read_until(b'\n', &mut self.line)? == 0 {
            return Ok(None);
        }
        self.number += 1;
        if self.line.last() != Some(&b'\n') && self.line.len() > LONGEST {
            self.text.skip_until(b'\n')?;
            return Ok(Some((self.number, Line::TooLong)));
        }
        let text = self.line.strip_suffix(b"\n").unwrap_or(&self.line);
        let mark = if self.number == 1 { b"\xEF\xBB\xBF".as_slice() } else { b"" };
        Ok(Some((self.number, Line::Text(text.strip_prefix(mark).unwrap_or(text)))))
    }
}

#[cfg(test)]
mod tests {
    use std::io::BufReader;

    use super::*;

    fn lengths(text: &str) -> Vec<Option<usize>> {
        let mut text = BufReader::with_capacity(16, text.as_bytes());
        let mut lines = Lines::new(&mut text);
        let mut found = Vec::new();
        while let Some((number, line)) = lines.next().unwrap() {
            found.push(match line {
                Line::Text(text) => Some(text.len()),
                Line::TooLong => None,
            });
            assert_eq!(number, found.len() as u64);
        }
        found
    }

    #[test]
    fn lines_end_at_the_line_feed_or_the_end() {
        assert_eq!(lengths(""), []);
        assert_eq!(lengths("\n"), [Some(0)]);
        assert_eq!(lengths("\u{FEFF}a\n\nab"), [Some(1), Some(0), Some(2)]);
    }

    #[test]
    fn a_line_too_long_is_passed_over() {
        let longest = "a".repeat(LONGEST);
        assert_eq!(lengths(&format!("{longest}\n{longest}a\nab\n")), [Some(LONGEST), None, Some(2)]);
        assert_eq!(lengths(&format!("{longest}aa")), [None]);
    }
}

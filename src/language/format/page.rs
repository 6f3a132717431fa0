//! The text that is being formatted: words are written one after the other, each with the comments before it.

use super::chunk::{Chunk, width};
use super::gaps::{Gap, Gaps};
use super::{INDENT, MARGIN};

/// Where a word goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// On the line, after this number of blanks.
    After(usize),
    /// On the line, at this column.
    Column(usize),
    /// On the line after the first number of blanks, if the second number of characters fits there; otherwise on the
    /// next line, at the hanging column.
    Fitting(usize, usize),
    /// On a line of its own. A blank line before it stays, if there is one.
    Line,
    /// On a line of its own, with a blank line before it or before its comments.
    Apart,
}

/// What has been written so far.
#[derive(Debug)]
pub(super) struct Page<'t> {
    gaps: Gaps<'t>,
    text: String,
    /// The number of characters of the last line.
    column: usize,
    /// Where lines begin.
    pub(super) indent: usize,
    /// Where a line goes on that was broken, at the margin or by a comment.
    pub(super) hang: usize,
    /// Whether nothing has been written between the last braces, or in the file.
    fresh: bool,
    /// Whether the text had another word than the tree.
    strayed: bool,
}

impl<'t> Page<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let out = String::with_capacity(text.len() + text.len() / 8);
        Self { gaps: Gaps::new(text), text: out, column: 0, indent: 0, hang: 0, fresh: true, strayed: false }
    }

    /// Writes a word, and the comments before it. Returns the column where the word begins.
    pub(super) fn word(&mut self, word: &str, place: Place) -> usize {
        let gap = self.gap(word);
        match place {
            Place::Line => self.own_line(&gap, false),
            Place::Apart => self.own_line(&gap, true),
            _ if !gap.comments.is_empty() => self.interrupted(&gap),
            Place::After(blanks) => self.blanks(blanks),
            Place::Column(column) => self.blanks(column.saturating_sub(self.column).max(1)),
            Place::Fitting(blanks, needed) if self.column + blanks + needed <= MARGIN => self.blanks(blanks),
            Place::Fitting(..) => self.line(false, self.hang),
        }
        let start = self.column;
        self.write(word);
        self.fresh = false;
        start
    }

    /// Writes words that stay together, the first of them at a place.
    pub(super) fn chunk(&mut self, chunk: &Chunk<'_>, place: Place) -> usize {
        let mut start = None;
        for (blanks, word) in &chunk.words {
            let place = start.map_or(place, |_| Place::After(*blanks));
            let column = self.word(word, place);
            start.get_or_insert(column);
        }
        start.unwrap_or(self.column)
    }

    /// Writes a list. It wraps at the margin, under its first item; after the last item, `after` characters must still
    /// fit.
    pub(super) fn list(&mut self, items: &[Chunk<'_>], first: Place, after: usize) {
        for (index, item) in items.iter().enumerate() {
            let last = index + 1 == items.len();
            if index == 0 {
                self.hang = self.chunk(item, first);
            } else {
                self.chunk(item, Place::Fitting(1, item.width() + if last { after } else { 1 }));
            }
            if !last {
                self.word(",", Place::After(0));
            }
        }
    }

    /// Whether there is a blank line or a comment before the next word, if the next word is `word`.
    pub(super) fn breaks_before(&self, word: &str) -> bool {
        let gap = self.gaps.peek(word);
        gap.is_some_and(|gap| gap.has_blank() || !gap.comments.is_empty())
    }

    /// Writes `{` at the end of the line.
    pub(super) fn open(&mut self) {
        self.hang = self.indent;
        self.word("{", Place::After(1));
        self.indent += INDENT;
        self.fresh = true;
    }

    /// Writes `}`, on a line of its own unless there is nothing between the braces.
    pub(super) fn close(&mut self) {
        let gap = self.gap("}");
        let empty = self.fresh && gap.comments.is_empty();
        self.comments(&gap, false);
        self.indent = self.indent.saturating_sub(INDENT);
        if !empty {
            self.line(false, self.indent);
        }
        self.write("}");
        self.fresh = false;
    }

    /// The whole text, if the file had the words of the tree and no others.
    pub(super) fn finish(mut self) -> Option<String> {
        let gap = self.gaps.end()?;
        self.comments(&gap, false);
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        (!self.strayed).then_some(self.text)
    }

    fn gap(&mut self, word: &str) -> Gap<'t> {
        let gap = self.gaps.before(word);
        self.strayed |= gap.is_none();
        gap.unwrap_or_default()
    }

    /// Writes the comments of a gap, and begins a new line.
    fn own_line(&mut self, gap: &Gap<'_>, apart: bool) {
        let commented = self.comments(gap, apart && !gap.has_blank());
        let blank =
            if commented { gap.blank } else { !self.fresh && (gap.blank || (apart && !gap.has_blank())) };
        self.line(blank, self.indent);
    }

    /// Writes comments, each where it was: after the word before it, or on a line of its own. A blank line before the
    /// first comment on a line of its own stays; with `apart`, one is written there. Returns whether there was such a
    /// comment.
    fn comments(&mut self, gap: &Gap<'_>, apart: bool) -> bool {
        let mut on_own_line = false;
        for comment in &gap.comments {
            if comment.trailing {
                self.blanks(2);
            } else {
                let blank = if on_own_line { comment.blank } else { !self.fresh && (comment.blank || apart) };
                self.line(blank, self.indent);
                on_own_line = true;
            }
            self.write(comment.text);
        }
        on_own_line
    }

    /// Writes comments in the middle of a line, and continues the line on the next.
    fn interrupted(&mut self, gap: &Gap<'_>) {
        for comment in &gap.comments {
            if comment.trailing {
                self.blanks(2);
            } else {
                self.line(comment.blank, self.hang);
            }
            self.write(comment.text);
        }
        self.line(false, self.hang);
    }

    fn line(&mut self, blank: bool, column: usize) {
        if !self.text.is_empty() {
            self.text.push_str(if blank { "\n\n" } else { "\n" });
        }
        self.column = 0;
        self.blanks(column);
    }

    fn blanks(&mut self, count: usize) {
        self.text.extend(std::iter::repeat_n(' ', count));
        self.column += count;
    }

    fn write(&mut self, word: &str) {
        self.text.push_str(word);
        self.column += width(word);
    }
}

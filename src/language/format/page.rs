//! The page that a file is laid out on: words put down one after the other, each with what stands before it.

use super::chunk::{Chunk, width};
use super::gaps::{Gap, Gaps};
use super::{INDENT, MARGIN};

/// Where a word goes.
#[derive(Clone, Copy, Debug)]
pub(super) enum Place {
    /// On the line, after so many blanks.
    Behind(usize),
    /// On the line, at this column.
    Column(usize),
    /// On the line after so many blanks if so many characters still fit, otherwise at the hanging column of the next.
    Fitting(usize, usize),
    /// On a line of its own. A blank line of the author's stays.
    Line,
    /// On a line of its own, with a blank line somewhere before it.
    Apart,
}

/// What has been laid out so far.
#[derive(Debug)]
pub(super) struct Page<'t> {
    gaps: Gaps<'t>,
    text: String,
    /// How many characters the last line has.
    column: usize,
    /// Where lines begin.
    pub(super) indent: usize,
    /// Where a line goes on that was broken, at the margin or by a comment.
    pub(super) hang: usize,
    /// Whether nothing stands yet between the last braces, or in the file.
    fresh: bool,
    /// Whether the text had another word than the tree.
    strayed: bool,
}

impl<'t> Page<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let out = String::with_capacity(text.len() + text.len() / 8);
        Self { gaps: Gaps::new(text), text: out, column: 0, indent: 0, hang: 0, fresh: true, strayed: false }
    }

    /// Puts a word down, and the comments before it. At which column it begins.
    pub(super) fn word(&mut self, word: &str, place: Place) -> usize {
        let gap = self.gap(word);
        match place {
            Place::Line => self.own_line(&gap, false),
            Place::Apart => self.own_line(&gap, true),
            _ if !gap.comments.is_empty() => self.interrupted(&gap),
            Place::Behind(blanks) => self.blanks(blanks),
            Place::Column(column) => self.blanks(column.saturating_sub(self.column).max(1)),
            Place::Fitting(blanks, needed) if self.column + blanks + needed <= MARGIN => self.blanks(blanks),
            Place::Fitting(..) => self.line(false, self.hang),
        }
        let start = self.column;
        self.write(word);
        self.fresh = false;
        start
    }

    /// Puts words down that belong together, the first of them at a place.
    pub(super) fn chunk(&mut self, chunk: &Chunk<'_>, place: Place) -> usize {
        let mut start = None;
        for (blanks, word) in &chunk.words {
            let place = start.map_or(place, |_| Place::Behind(*blanks));
            let column = self.word(word, place);
            start.get_or_insert(column);
        }
        start.unwrap_or(self.column)
    }

    /// Puts a list down. It wraps at the margin, under its first item; behind its last, so much must still fit.
    pub(super) fn list(&mut self, items: &[Chunk<'_>], first: Place, behind: usize) {
        for (nth, item) in items.iter().enumerate() {
            let last = nth + 1 == items.len();
            if nth == 0 {
                self.hang = self.chunk(item, first);
            } else {
                self.chunk(item, Place::Fitting(1, item.width() + if last { behind } else { 1 }));
            }
            if !last {
                self.word(",", Place::Behind(0));
            }
        }
    }

    /// Whether a blank line or a comment stands before the next word, which is this one.
    pub(super) fn breaks_before(&self, word: &str) -> bool {
        let gap = self.gaps.peek(word);
        gap.is_some_and(|gap| gap.has_blank() || !gap.comments.is_empty())
    }

    /// Opens a brace at the end of the line.
    pub(super) fn open(&mut self) {
        self.hang = self.indent;
        self.word("{", Place::Behind(1));
        self.indent += INDENT;
        self.fresh = true;
    }

    /// Closes it, on a line of its own unless there is nothing in it.
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

    /// The whole text, if it had the words of the tree and no others.
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

    /// Goes to a line of its own, past comments that stand before it.
    fn own_line(&mut self, gap: &Gap<'_>, apart: bool) {
        let own = self.comments(gap, apart && !gap.has_blank());
        let blank = if own { gap.blank } else { !self.fresh && (gap.blank || (apart && !gap.has_blank())) };
        self.line(blank, self.indent);
    }

    /// Puts comments down, each where it stood: behind the word before it, or on a line of its own. A blank line before
    /// the first of those stays, or is put there. Whether there were any of those.
    fn comments(&mut self, gap: &Gap<'_>, apart: bool) -> bool {
        let mut own = false;
        for comment in &gap.comments {
            if comment.trailing {
                self.blanks(2);
            } else {
                let blank = if own { comment.blank } else { !self.fresh && (comment.blank || apart) };
                self.line(blank, self.indent);
                own = true;
            }
            self.write(comment.text);
        }
        own
    }

    /// Puts comments down in the middle of a line, and goes on with it on the next.
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

//! What is between two words of a file: blanks, line breaks and comments.

/// What is between a word and the word before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Gap<'t> {
    pub(super) comments: Vec<Remark<'t>>,
    /// Whether there is a blank line right before the word.
    pub(super) blank: bool,
}

/// A comment, as it is in the text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remark<'t> {
    /// From the first slash, without the blanks at its end.
    pub(super) text: &'t str,
    /// Whether it is on the line of the word before it.
    pub(super) trailing: bool,
    /// Whether there is a blank line right before it.
    pub(super) blank: bool,
}

impl Gap<'_> {
    /// Whether there is a blank line anywhere in it.
    pub(super) fn has_blank(&self) -> bool {
        self.blank || self.comments.iter().any(|comment| comment.blank)
    }
}

/// The gaps of a text, in order. The caller knows the words between them, from the tree.
#[derive(Clone, Debug)]
pub(super) struct Gaps<'t> {
    /// The text that has not been read.
    rest: &'t str,
    /// Whether a word has been read.
    begun: bool,
}

impl<'t> Gaps<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text, begun: false }
    }

    /// The gap before the next word, if the next word is `word`.
    pub(super) fn before(&mut self, word: &str) -> Option<Gap<'t>> {
        let gap = self.gap();
        self.rest = self.rest.strip_prefix(word)?;
        self.begun = true;
        Some(gap)
    }

    /// The same as [`Gaps::before`], but reads nothing.
    pub(super) fn peek(&self, word: &str) -> Option<Gap<'t>> {
        self.clone().before(word)
    }

    /// The gap after the last word, if no word is left.
    pub(super) fn end(&mut self) -> Option<Gap<'t>> {
        let gap = self.gap();
        self.rest.is_empty().then_some(gap)
    }

    fn gap(&mut self) -> Gap<'t> {
        let mut comments = Vec::new();
        loop {
            let lines = self.skip_blanks();
            if !self.rest.starts_with("//") {
                return Gap { comments, blank: lines > 1 };
            }
            let (text, rest) = self.rest.split_at(self.rest.find('\n').unwrap_or(self.rest.len()));
            comments.push(Remark {
                text: text.trim_end(),
                trailing: lines == 0 && self.begun,
                blank: lines > 1,
            });
            self.rest = rest;
        }
    }

    /// Passes blanks and line breaks. Returns the number of line breaks.
    fn skip_blanks(&mut self) -> usize {
        let rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let (blanks, rest) = self.rest.split_at(self.rest.len() - rest.len());
        self.rest = rest;
        blanks.matches('\n').count()
    }
}

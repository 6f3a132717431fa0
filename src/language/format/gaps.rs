//! What stands between two words of a file: blanks, line breaks, comments.

/// What stands between a word and the one before it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Gap<'t> {
    pub(super) comments: Vec<Remark<'t>>,
    /// Whether a blank line stands right before the word.
    pub(super) blank: bool,
}

/// A comment as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Remark<'t> {
    /// From the first slash on, without blanks at its end.
    pub(super) text: &'t str,
    /// Whether it stands on the line of the word before it.
    pub(super) trailing: bool,
    /// Whether a blank line stands right before it.
    pub(super) blank: bool,
}

impl Gap<'_> {
    /// Whether a blank line stands anywhere in it.
    pub(super) fn has_blank(&self) -> bool {
        self.blank || self.comments.iter().any(|comment| comment.blank)
    }
}

/// The gaps of a text, in order. Which words stand between them the caller knows, from the tree.
#[derive(Clone, Debug)]
pub(super) struct Gaps<'t> {
    /// What has not been read.
    rest: &'t str,
    /// Whether a word has been read.
    begun: bool,
}

impl<'t> Gaps<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        Self { rest: text, begun: false }
    }

    /// What stands before the next word, if that is this one.
    pub(super) fn before(&mut self, word: &str) -> Option<Gap<'t>> {
        let gap = self.gap();
        self.rest = self.rest.strip_prefix(word)?;
        self.begun = true;
        Some(gap)
    }

    /// The same, without reading on.
    pub(super) fn peek(&self, word: &str) -> Option<Gap<'t>> {
        self.clone().before(word)
    }

    /// What stands behind the last word, if there is no other.
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

    /// How many line breaks were passed.
    fn skip_blanks(&mut self) -> usize {
        let rest = self.rest.trim_start_matches([' ', '\t', '\r', '\n']);
        let (blanks, rest) = self.rest.split_at(self.rest.len() - rest.len());
        self.rest = rest;
        blanks.matches('\n').count()
    }
}

//! The tokens of any text, whether it parses or not: to explain what is wrong with it, and to compare two layouts of
//! it.

use std::ops::Range;

/// A word, a text, a mark or a stray character.
#[derive(Clone, Copy, Debug)]
pub(in crate::language) struct Token<'t> {
    pub(super) kind: Kind,
    pub(in crate::language) text: &'t str,
    /// Its first byte.
    pub(in crate::language) at: usize,
    /// The number of its line in the range, counted from 0.
    pub(super) line: usize,
    /// How many bytes of its line are before it.
    pub(super) column: usize,
    /// Whether it is the first token of its line.
    pub(super) first: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// `status`, `4.6.1`, `6.*`, `2023-06-29`
    Word,
    /// `"…"`
    Text,
    /// `"…` up to the end of the line
    OpenText,
    /// `{`, `,`, `;`
    Mark,
    /// A character that is permitted only in a text or a comment: `–`
    Strange,
}

impl Token<'_> {
    pub(super) fn end(&self) -> usize {
        self.at + self.text.len()
    }

    pub(super) fn range(&self) -> Range<usize> {
        self.at..self.end()
    }

    /// Whether it is this word or mark.
    pub(super) fn is(&self, text: &str) -> bool {
        self.text == text
    }

    pub(super) fn is_word(&self) -> bool {
        self.kind == Kind::Word
    }

    /// Whether it is a word that an author chose, not a word of the language.
    pub(super) fn is_name(&self) -> bool {
        self.is_word() && !is_reserved(self.text)
    }
}

pub(super) fn is_reserved(word: &str) -> bool {
    crate::language::keywords::RESERVED.contains(&word)
}

/// The tokens of a range of the text, without comments.
pub(in crate::language) fn tokens(text: &str, range: Range<usize>) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut at = range.start;
    let mut indent = column(text, at);
    for (number, line) in text.get(range).unwrap_or_default().split_inclusive('\n').enumerate() {
        let before = tokens.len();
        tokens_of_line(line, at, number, &mut tokens);
        for token in tokens.iter_mut().skip(before) {
            token.column += indent;
        }
        at += line.len();
        indent = 0;
    }
    tokens
}

/// How many bytes of its line are before a byte.
pub(super) fn column(text: &str, at: usize) -> usize {
    let before = text.get(..at).unwrap_or_default();
    before.len() - before.rfind('\n').map_or(0, |newline| newline + 1)
}

fn tokens_of_line<'t>(line: &'t str, start: usize, number: usize, tokens: &mut Vec<Token<'t>>) {
    let mut column = 0;
    let mut first = true;
    while let Some(rest) = line.get(column..).filter(|rest| !rest.is_empty()) {
        let (kind, length) = match next(rest) {
            Next::Blank(length) => {
                column += length;
                continue;
            }
            Next::Comment => return,
            Next::Token(kind, length) => (kind, length),
        };
        let text = rest.get(..length).unwrap_or(rest);
        tokens.push(Token { kind, text, at: start + column, line: number, column, first });
        first = false;
        column += text.len();
    }
}

enum Next {
    Blank(usize),
    Comment,
    Token(Kind, usize),
}

fn next(rest: &str) -> Next {
    let Some(c) = rest.chars().next() else { return Next::Comment };
    match c {
        ' ' | '\t' | '\r' | '\n' => Next::Blank(1),
        '\u{feff}' => Next::Blank(c.len_utf8()),
        '/' if rest.starts_with("//") => Next::Comment,
        '"' => match rest.char_indices().skip(1).find(|(_, c)| *c == '"') {
            Some((close, _)) => Next::Token(Kind::Text, close + 1),
            None => Next::Token(Kind::OpenText, rest.trim_end().len()),
        },
        c if is_word(c) => Next::Token(Kind::Word, rest.find(|c| !is_word(c)).unwrap_or(rest.len())),
        c if c.is_ascii() => Next::Token(Kind::Mark, 1),
        c => Next::Token(Kind::Strange, c.len_utf8()),
    }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | '*')
}

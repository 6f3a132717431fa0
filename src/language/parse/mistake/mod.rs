//! A syntax error in the author's words. The most common mistakes have messages of their own.

mod braces;
mod characters;
mod habits;
mod headers;
mod lists;
mod names;
mod sentences;

use std::ops::Range;

use pest::error::Error;

use super::grammar::{self, Rule};
use super::span;
use super::tokens::{Kind, Token, is_reserved, tokens};
use crate::base::suggest;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy::source::Span;

/// The finding for a syntax error at a byte of a range of the text.
pub(super) fn describe(
    text: &str,
    file: u32,
    range: Range<usize>,
    error: &Error<Rule>,
    at: usize,
) -> Diagnostic {
    let stop = Stop::new(text, file, range, error, at);
    MISTAKES.iter().find_map(|mistake| mistake(&stop)).unwrap_or_else(|| unexpected(&stop))
}

/// Each function recognises one mistake. The first that recognises one wins, so they are in the order of how sure they
/// are.
const MISTAKES: &[fn(&Stop<'_>) -> Option<Diagnostic>] = &[
    habits::bullet,
    characters::strange,
    habits::after_a_text,
    headers::service,
    sentences::quoted_code,
    characters::quote,
    sentences::when_of_several,
    sentences::range,
    lists::brackets,
    habits::date,
    habits::other_word_for_a_date,
    names::date,
    habits::length_of_time,
    habits::group,
    headers::group,
    characters::mark,
    names::misspelt_selector,
    sentences::services,
    sentences::modification_with_a_blank,
    habits::every_value,
    names::family,
    names::dates_of_an_item,
    names::nameless,
    habits::number,
    habits::title,
    habits::when,
    names::with_blanks,
    sentences::article,
    sentences::other_first_word,
    lists::conjunction,
    habits::test_word_first,
    sentences::test_word_last,
    habits::word_after_the_attribute,
    lists::comma_missing,
    lists::comma_missing_before_a_line,
    lists::comma_missing_between_tags,
    lists::list_after_any,
    lists::comma_missing_here,
    lists::line_of_one_word,
    lists::comma_too_many,
    braces::opened_twice,
    braces::without_cases,
    braces::not_opened,
    braces::not_closed,
    braces::closes_nothing,
    lists::nothing_listed,
    names::misspelt_word,
    names::reserved,
    names::elsewhere,
];

/// Where the parser stopped, and the tokens around.
struct Stop<'t> {
    file: u32,
    /// The tokens of the item.
    tokens: Vec<Token<'t>>,
    /// The index of the token at which the parser stopped; past the last token if the item ends too early.
    here: usize,
    /// The byte at which it stopped.
    at: usize,
    /// The first token after the item, if it is on the same line.
    after: Option<Token<'t>>,
    /// The productions that were possible there.
    expected: Vec<Rule>,
}

impl<'t> Stop<'t> {
    fn new(text: &'t str, file: u32, range: Range<usize>, error: &Error<Rule>, at: usize) -> Self {
        let found = tokens(text, range.clone());
        let here = found.partition_point(|token| token.end() <= at);
        let line_end = |from: usize| {
            let rest = text.get(from..).unwrap_or_default();
            from + rest.find('\n').unwrap_or(rest.len())
        };
        let after = tokens(text, range.end..line_end(range.end)).into_iter().next();
        let ends = found.last().map_or(range.start, Token::end);
        let at = found.get(here).map_or(ends, |token| token.at.max(at));
        Self { file, here, at, after, expected: grammar::positives(error), tokens: found }
    }

    /// The token at which the parser stopped.
    fn here(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.here)
    }

    /// The token before it.
    fn before(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.here.checked_sub(1)?)
    }

    /// The token after it.
    fn next(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.here + 1)
    }

    /// What is found here, in the author's words.
    fn found(&self) -> String {
        match self.here().or(self.after.as_ref()) {
            Some(token) => format!("`{}`", shown(token.text)),
            None => "the end of the file".to_owned(),
        }
    }

    /// Whether any of these productions was possible here.
    fn expects(&self, any: &[Rule]) -> bool {
        self.expected.iter().any(|expected| any.contains(expected))
    }

    fn expects_name(&self) -> bool {
        self.expects(&[Rule::name, Rule::tags])
    }

    fn expects_value(&self) -> bool {
        self.expects(&[Rule::value, Rule::value_decl, Rule::list_item, Rule::items, Rule::listed])
    }

    fn expects_text(&self) -> bool {
        self.expects(&[Rule::text])
    }

    /// The tokens of the line of the token at an index, and the index of the first of them.
    fn line(&self, index: usize) -> (usize, &[Token<'t>]) {
        let Some(line) = self.tokens.get(index).map(|token| token.line) else { return (index, &[]) };
        let from = self.tokens.partition_point(|token| token.line < line);
        let to = self.tokens.partition_point(|token| token.line <= line);
        (from, self.tokens.get(from..to).unwrap_or_default())
    }

    /// The span of a range of bytes.
    fn span(&self, range: Range<usize>) -> Span {
        span(self.file, range)
    }

    /// The lines of the block that the parser was in, up to the line at which it stopped. The parser may stop lines
    /// after a mistake, if the words of the mistake are clauses by chance.
    fn lines(&self) -> impl Iterator<Item = &[Token<'t>]> {
        let from = lists::block_start(self);
        let (start, here) = self.line(self.here);
        let until = (start + here.len()).max(self.here).min(self.tokens.len());
        let body = self.tokens.get(from..until).unwrap_or_default();
        body.chunk_by(|a, b| a.line == b.line)
    }

    fn finding(&self, range: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Code::Syntax, span(self.file, range), message)
    }

    /// The token at which the parser stopped, as a range of bytes.
    fn place(&self) -> Range<usize> {
        self.here().or(self.after.as_ref()).map_or(self.at..self.at, Token::range)
    }
}

/// Every other mistake: what was found, and what was possible there.
fn unexpected(stop: &Stop<'_>) -> Diagnostic {
    let expected = suggest::either(&grammar::expected(&stop.expected));
    let message = match (stop.here(), stop.after) {
        (None, None) if expected.is_empty() => "the file ends too early".to_owned(),
        (None, None) => format!("expected {expected}, but the file ends here"),
        _ if expected.is_empty() => format!("{} cannot be used here", stop.found()),
        _ => format!("expected {expected}, found {}", stop.found()),
    };
    stop.finding(stop.place(), message)
}

/// A token as a message shows it: a long text is cut off.
fn shown(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(['…']).collect()
}

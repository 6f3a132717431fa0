//! A syntax error in the author's words. The commonest mistakes have sentences of their own.

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

/// What to say of a syntax error at a byte of a range of the text.
pub(super) fn describe(
    text: &str,
    file: u32,
    range: Range<usize>,
    error: &Error<Rule>,
    at: usize,
) -> Diagnostic {
    let scene = Scene::new(text, file, range, error, at);
    MISTAKES.iter().find_map(|mistake| mistake(&scene)).unwrap_or_else(|| unexpected(&scene))
}

/// Each knows one mistake, or says nothing. The first that speaks is right more often than those below it.
const MISTAKES: &[fn(&Scene<'_>) -> Option<Diagnostic>] = &[
    habits::bullet,
    characters::strange,
    habits::behind_a_text,
    headers::service,
    sentences::quoted_code,
    characters::quote,
    sentences::when_of_several,
    sentences::range,
    lists::brackets,
    habits::date,
    habits::other_word_for_a_date,
    names::date,
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
    habits::word_behind_the_attribute,
    lists::comma_missing,
    lists::comma_missing_before_a_line,
    lists::comma_missing_between_tags,
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

/// Where the parser stopped, and what stands around.
struct Scene<'t> {
    file: u32,
    /// The tokens of the item.
    tokens: Vec<Token<'t>>,
    /// The place of the token at which the parser stopped; past the last where the item ends too early.
    here: usize,
    /// Where it stopped.
    at: usize,
    /// The word behind the item, and where it stands.
    behind: Option<Token<'t>>,
    /// What could have stood there.
    expected: Vec<Rule>,
}

impl<'t> Scene<'t> {
    fn new(text: &'t str, file: u32, range: Range<usize>, error: &Error<Rule>, at: usize) -> Self {
        let found = tokens(text, range.clone());
        let here = found.partition_point(|token| token.end() <= at);
        let line_end = |from: usize| {
            let rest = text.get(from..).unwrap_or_default();
            from + rest.find('\n').unwrap_or(rest.len())
        };
        let behind = tokens(text, range.end..line_end(range.end)).into_iter().next();
        let ends = found.last().map_or(range.start, Token::end);
        let at = found.get(here).map_or(ends, |token| token.at.max(at));
        Self { file, here, at, behind, expected: grammar::positives(error), tokens: found }
    }

    /// The token at which the parser stopped.
    fn here(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.here)
    }

    /// The token before it.
    fn before(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.here.checked_sub(1)?)
    }

    /// The token behind it.
    fn next(&self) -> Option<&Token<'t>> {
        self.tokens.get(self.here + 1)
    }

    /// What is found here, in the author's words.
    fn found(&self) -> String {
        match self.here().or(self.behind.as_ref()) {
            Some(token) => format!("`{}`", shown(token.text)),
            None => "the end of the file".to_owned(),
        }
    }

    /// Whether any of these could have stood here.
    fn expects(&self, any: &[Rule]) -> bool {
        self.expected.iter().any(|expected| any.contains(expected))
    }

    fn expects_name(&self) -> bool {
        self.expects(&[Rule::name, Rule::tags])
    }

    fn expects_value(&self) -> bool {
        self.expects(&[Rule::value, Rule::value_decl, Rule::one, Rule::items, Rule::listed])
    }

    fn expects_text(&self) -> bool {
        self.expects(&[Rule::text])
    }

    /// The tokens of the line of the token at a place, and the place of the first of them.
    fn line(&self, nth: usize) -> (usize, &[Token<'t>]) {
        let Some(line) = self.tokens.get(nth).map(|token| token.line) else { return (nth, &[]) };
        let from = self.tokens.partition_point(|token| token.line < line);
        let to = self.tokens.partition_point(|token| token.line <= line);
        (from, self.tokens.get(from..to).unwrap_or_default())
    }

    /// A place in the file, for an edit.
    fn span(&self, range: Range<usize>) -> Span {
        span(self.file, range)
    }

    /// The lines of the block that the parser was in, up to the one at which it stopped. A mistake may show lines later,
    /// where its words read as clauses by chance.
    fn lines(&self) -> impl Iterator<Item = &[Token<'t>]> {
        let (from, _) = lists::rule_start(self);
        let (start, here) = self.line(self.here);
        let until = (start + here.len()).max(self.here).min(self.tokens.len());
        let body = self.tokens.get(from..until).unwrap_or_default();
        body.chunk_by(|a, b| a.line == b.line)
    }

    fn say(&self, range: Range<usize>, message: impl Into<String>) -> Diagnostic {
        Diagnostic::new(Code::Syntax, span(self.file, range), message)
    }

    /// The place at which the parser stopped.
    fn place(&self) -> Range<usize> {
        self.here().or(self.behind.as_ref()).map_or(self.at..self.at, Token::range)
    }
}

/// Everything else: what was found, and what could have stood there.
fn unexpected(scene: &Scene<'_>) -> Diagnostic {
    let expected = suggest::either(&grammar::expected(&scene.expected));
    let message = match (scene.here(), scene.behind) {
        (None, None) if expected.is_empty() => "the file ends too early".to_owned(),
        (None, None) => format!("expected {expected}, but the file ends here"),
        _ if expected.is_empty() => format!("{} cannot stand here", scene.found()),
        _ => format!("expected {expected}, found {}", scene.found()),
    };
    scene.say(scene.place(), message)
}

/// A token as a message shows it: a long text in part.
fn shown(text: &str) -> String {
    const MOST: usize = 40;
    if text.chars().count() <= MOST {
        return text.to_owned();
    }
    text.chars().take(MOST).chain(['…']).collect()
}

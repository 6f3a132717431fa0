//! Text to [`ast`](crate::ast). Every syntax error of a file is found in one run: a file that does not parse
//! is read item by item, and in a service rule by rule, so that only the broken piece is lost.

mod build;
mod grammar;
mod mistake;
mod outline;
mod tokens;

use std::ops::Range;

use pest::Parser;

use crate::ast::{Comment, File, Item};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Source, Span};
use outline::Piece;

/// After so many errors in one file the rest is not worth reading.
const MOST_ERRORS: usize = 50;

/// A rule file as far as it could be read, and what was wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// What could be read.
    pub file: File,
    /// The syntax errors.
    pub found: Vec<Diagnostic>,
    /// The words of what could not be read: a name among them may well be declared there.
    pub lost: Vec<String>,
}

/// Reads one rule file; `file` is its place in the policy's path order.
///
/// ```
/// use meterwarden::{Source, parse};
///
/// let parsed = parse(&Source::new("a.rules", "tag critical  tag"), 0);
/// assert_eq!(parsed.found.len(), 1);
/// assert_eq!(parsed.found[0].message, "nothing stands behind `tag`");
/// ```
pub fn parse(source: &Source, file: u32) -> Parsed {
    if u32::try_from(source.text.len()).is_err() {
        let found = Diagnostic::new(Code::TooLarge, span(file, 0..0), "this file is larger than 4 GiB");
        return Parsed { found: vec![found], ..Parsed::default() };
    }
    match grammar::Rules::parse(grammar::Rule::file, &source.text) {
        Ok(pairs) => {
            Parsed { file: build::file(pairs, &source.text, file, 0), found: Vec::new(), lost: Vec::new() }
        }
        Err(_) => in_pieces(&source.text, file),
    }
}

fn in_pieces(text: &str, file: u32) -> Parsed {
    let mut reader = Reader { text, headless: false, file, parsed: Parsed::default() };
    for piece in outline::pieces(text) {
        reader.piece(&piece);
    }
    reader.parsed.file.comments = comments(text, file);
    reader.parsed
}

/// What was read so far of a text that does not parse as a whole.
struct Reader<'t> {
    text: &'t str,
    /// Whether the line that began the last item could not be read, so that nothing knows its braces.
    headless: bool,
    file: u32,
    parsed: Parsed,
}

impl Reader<'_> {
    /// Reads an item, leaving out one broken rule after the other, and the whole of it if that does not help.
    fn piece(&mut self, piece: &Piece) {
        let offset = piece.range.start;
        let mut text = self.text.get(piece.range.clone()).unwrap_or_default().to_owned();
        let mut last = None;
        while self.parsed.found.len() < MOST_ERRORS {
            let error = match grammar::Rules::parse(grammar::Rule::file, &text) {
                Ok(pairs) => {
                    let read = build::file(pairs, self.text, self.file, offset);
                    self.headless &= matches!(read.items.as_slice(), [] | [Item::Rule(_)]);
                    self.parsed.file.items.extend(read.items);
                    return;
                }
                Err(error) => error,
            };
            let at = offset + grammar::place(&error);
            if last.is_some_and(|last| at <= last) {
                break; // leaving out a rule did not help, so the mistake is not in it
            }
            let stray =
                self.text.get(at..).is_some_and(|rest| rest.starts_with('}')) && at > piece.range.start;
            if !(stray && self.headless) {
                self.describe(piece.range.clone(), &error, at);
            }
            let Some(broken) = broken_rule(self.text, piece, at) else {
                self.lose_rules_before(at);
                self.rest_of_rules(piece, at);
                break;
            };
            self.lose(broken.clone());
            blank(&mut text, broken.start - offset..broken.end - offset);
            last = Some(at);
        }
        self.headless = piece.rules.is_empty();
        self.lose(piece.range.clone());
    }

    /// The service is lost; what is wrong with the rules behind the mistake is said all the same.
    fn rest_of_rules(&mut self, piece: &Piece, at: usize) {
        for rule in piece.rules.iter().filter(|rule| rule.start >= at) {
            let text = self.text.get(rule.clone()).unwrap_or_default();
            if let Err(error) = grammar::Rules::parse(grammar::Rule::rule, text) {
                self.describe(rule.clone(), &error, rule.start + grammar::place(&error));
            }
        }
    }

    /// A brace that closes nothing, and rules above that are indented further: the line of their service is missing.
    fn lose_rules_before(&mut self, at: usize) {
        if !self.text.get(at..).is_some_and(|rest| rest.starts_with('}')) {
            return;
        }
        let margin = tokens::column(self.text, at);
        while let Some(Item::Rule(rule)) = self.parsed.file.items.last() {
            let range = rule.span.start as usize..rule.span.end as usize;
            if tokens::column(self.text, range.start) <= margin {
                return;
            }
            self.parsed.file.items.pop();
            self.lose(range);
        }
    }

    fn describe(&mut self, range: Range<usize>, error: &pest::error::Error<grammar::Rule>, at: usize) {
        self.parsed.found.push(mistake::describe(self.text, self.file, range, error, at));
    }

    fn lose(&mut self, range: Range<usize>) {
        self.parsed.lost.extend(words(self.text.get(range).unwrap_or_default()));
    }
}

/// The rule of a service that an error at a byte is the fault of, or the text between two rules. Where the parser stops
/// at a rule's first word, the mistake is in the word itself, or before it.
fn broken_rule(text: &str, piece: &Piece, at: usize) -> Option<Range<usize>> {
    let misspelt =
        !text.get(at..).is_some_and(|rest| rest.starts_with("permit") || rest.starts_with("forbid"));
    if let Some(rule) = piece.rules.iter().find(|rule| rule.start == at).filter(|_| misspelt) {
        return Some(rule.clone());
    }
    if let Some(rule) = piece.rules.iter().find(|rule| rule.start < at && at <= rule.end) {
        return Some(rule.clone());
    }
    let before = piece.rules.iter().rfind(|rule| rule.end < at)?;
    let after = piece.rules.iter().find(|rule| at < rule.start)?;
    Some(before.end..after.start)
}

/// Overwrites a range with spaces, so that every other place stays where it is.
fn blank(text: &mut String, range: Range<usize>) {
    let Some(piece) = text.get(range.clone()) else { return };
    let blanks: String = piece.bytes().map(|byte| if byte == b'\n' { '\n' } else { ' ' }).collect();
    text.replace_range(range, &blanks);
}

/// The words of a text, as far as they can be names.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    text.split(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
}

/// Every comment of a text, read or not.
fn comments(text: &str, file: u32) -> Vec<Comment> {
    let mut found = Vec::new();
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some((start, body)) = comment(line) {
            found.push(build::comment(body, span(file, at + start..at + start + body.len())));
        }
        at += line.len();
    }
    found
}

/// The comment of a line, from the first `//` outside of quotes, and where it begins.
fn comment(line: &str) -> Option<(usize, &str)> {
    let mut quoted = false;
    let start = line.char_indices().map(|(at, c)| {
        quoted ^= c == '"';
        (at, quoted)
    });
    let starts: Vec<usize> = start.filter(|(_, quoted)| !quoted).map(|(at, _)| at).collect();
    let bodies = starts.into_iter().filter_map(|at| Some((at, line.get(at..)?)));
    let (at, body) = bodies.into_iter().find(|(_, body)| body.starts_with("//"))?;
    Some((at, body.trim_end()))
}

fn span(file: u32, range: Range<usize>) -> Span {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { file, start: byte(range.start), end: byte(range.end) }
}

//! Text to [`ast`](crate::language::ast). Every syntax error of a file is found in one run: a file that does not parse
//! is read item by item, and in a service rule by rule, so that only the broken piece is lost.

mod build;
mod conflict;
mod grammar;
mod mistake;
mod outline;
mod tokens;

use std::num::NonZeroUsize;
use std::ops::Range;

use pest::Parser;
use pest::iterators::Pair;

use crate::base::parallel;
use crate::language::ast::{Comment, File, Item, Rule};
use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy::source::{Source, Span};
use outline::Piece;

/// After so many errors in one file the rest is not worth reading.
const MOST_ERRORS: usize = 50;

/// A larger file is no rule file, or several; this is many times the size of a whole policy.
pub(crate) const MOST_BYTES: usize = 1 << 20;

/// Less text than this is parsed in the time that a thread needs to begin.
const WORTH_A_THREAD: usize = 1 << 14;

/// A rule file as far as it could be read, and what was wrong with it.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// What could be read.
    pub file: File,
    /// The syntax errors.
    pub found: Vec<Diagnostic>,
    /// The words of what could not be read: a name among them may well be declared there.
    pub lost: Vec<String>,
    /// The rules that could be read of services that could not.
    pub orphans: Vec<Rule>,
    /// The word that begins each declaration whose own name could not be read: any name of its kind may be declared there.
    pub nameless: Vec<String>,
    /// Whether all of it, or its end, could not be read, so that any name may be declared there.
    pub unread: bool,
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
    if source.text.len() > MOST_BYTES {
        return Parsed { found: vec![too_large(file)], unread: true, ..Parsed::default() };
    }
    if let Some(items) = items(&source.text, file) {
        let comments = comments(&source.text, file);
        return Parsed { file: File { items, comments }, ..Parsed::default() };
    }
    match conflict::conflicts(&source.text).as_slice() {
        [] => in_pieces(&source.text, file),
        conflicts => settled(&source.text, file, conflicts),
    }
}

/// How many threads to parse files on.
pub(crate) fn threads<'s>(files: impl Iterator<Item = &'s Source>) -> NonZeroUsize {
    parallel::threads(files.map(|source| source.text.len()).sum::<usize>() >= WORTH_A_THREAD)
}

/// The items of a text without a mistake.
fn items(text: &str, file: u32) -> Option<Vec<Item>> {
    let pairs = grammar::Rules::parse(grammar::Rule::file, text).ok()?;
    Some(pairs.flat_map(Pair::into_inner).filter_map(|pair| build::item(pair, text, file, 0)).collect())
}

/// Says that a file is not read because of its size.
pub(crate) fn too_large(file: u32) -> Diagnostic {
    Diagnostic::new(
        Code::TooLarge,
        span(file, 0..0),
        "this file is larger than 1 MiB, the most that a rule file may have",
    )
    .help("split it; or take it out of the folder, if it holds no rules")
}

/// A text with merge conflicts, as the first version of each would read.
fn settled(text: &str, file: u32, conflicts: &[conflict::Conflict]) -> Parsed {
    let mut settled = text.to_owned();
    for one in conflicts {
        one.settle(&mut settled);
    }
    let mut parsed = in_pieces(&settled, file);
    parsed.found.extend(conflicts.iter().map(|one| one.describe(file)));
    parsed.lost.extend(conflicts.iter().flat_map(|one| words(text.get(one.theirs()).unwrap_or_default())));
    parsed
}

fn in_pieces(text: &str, file: u32) -> Parsed {
    let mut reader = Reader { text, headless: false, cut: is_cut_off(text), file, parsed: Parsed::default() };
    let pieces = outline::pieces(text);
    for piece in &pieces {
        reader.piece(piece);
    }
    reader.parsed.unread |= pieces.len() == 1; // nothing in it begins an item: it is a file of another kind
    reader.parsed.file.comments = comments(text, file);
    reader.parsed
}

/// Whether a text ends in the middle of a quoted one or of a block, and not at a line's end: `source "MP1`.
fn is_cut_off(text: &str) -> bool {
    if text.ends_with('\n') {
        return false;
    }
    let tokens = tokens::tokens(text, 0..text.len());
    let open = tokens.iter().filter(|token| token.is("{")).count();
    let closed = tokens.iter().filter(|token| token.is("}")).count();
    tokens.last().is_some_and(|last| last.kind == tokens::Kind::OpenText || open > closed && !last.is("{"))
}

/// What was read so far of a text that does not parse as a whole.
struct Reader<'t> {
    text: &'t str,
    /// Whether the line that began the last item could not be read, so that nothing knows its braces.
    headless: bool,
    /// Whether the text ends in the middle of something, so that its end was lost.
    cut: bool,
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
                Ok(file) => {
                    let read = file.flat_map(Pair::into_inner);
                    let items = &mut self.parsed.file.items;
                    let before = items.len();
                    items.extend(read.filter_map(|pair| build::item(pair, self.text, self.file, offset)));
                    self.headless &= matches!(items.get(before..), Some([] | [Item::Rule(_)]));
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
            if self.cut && piece.range.end == self.text.len() {
                self.parsed.unread = true; // whatever else is missing may have stood in the lost rest
                break;
            }
            let Some(broken) = broken_rule(self.text, piece, at) else {
                self.lose_name(piece, at);
                self.lose_rules_before(at);
                self.rules_of_a_lost_service(piece, at);
                return;
            };
            self.lose(broken.clone());
            blank(&mut text, broken.start - offset..broken.end - offset);
            last = Some(at);
        }
        self.headless = piece.rules.is_empty();
        self.lose(piece.range.clone());
    }

    /// `condition "…" {`, `tag all "…"`: where the parser stops right behind the first word of an item, its name is lost.
    fn lose_name(&mut self, piece: &Piece, at: usize) {
        let mut tokens = tokens::tokens(self.text, piece.range.clone()).into_iter();
        let (Some(word), Some(name)) = (tokens.find(|token| !token.is("set")), tokens.next()) else { return };
        if name.at == at && grammar::ITEM_WORDS.contains(&word.text) {
            self.parsed.nameless.push(word.text.to_owned());
        }
    }

    /// The service is lost; its rules are read all the same, and what is wrong with those behind the mistake is said.
    fn rules_of_a_lost_service(&mut self, piece: &Piece, at: usize) {
        let mut behind = piece.range.start;
        for rule in &piece.rules {
            let text = self.text.get(rule.clone()).unwrap_or_default();
            match grammar::Rules::parse(grammar::Rule::rule, text) {
                Ok(read) => {
                    self.lose(behind..rule.start);
                    behind = rule.end;
                    let read = read.filter_map(|pair| build::item(pair, self.text, self.file, rule.start));
                    self.parsed.orphans.extend(read.filter_map(|item| match item {
                        Item::Rule(rule) => Some(rule),
                        _ => None,
                    }));
                }
                Err(error) if rule.start >= at => {
                    self.describe(rule.clone(), &error, rule.start + grammar::place(&error));
                }
                Err(_) => {}
            }
        }
        self.headless = piece.rules.is_empty();
        self.lose(behind..piece.range.end);
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
        let text = self.text.get(range).unwrap_or_default();
        let found: Vec<String> = words(text).collect();
        let joined = found.windows(2).map(|pair| pair.join("-")); // `tag on demand`
        self.parsed.lost.extend(joined);
        self.parsed.lost.extend(found);
    }
}

/// The rule of a service that an error at a byte is the fault of, or the text between two rules. Where the parser stops
/// at a rule's first word, the mistake is in the word itself, or before it.
fn broken_rule(text: &str, piece: &Piece, at: usize) -> Option<Range<usize>> {
    let word = tokens::tokens(text, at..piece.range.end.min(at + 80)).first().map(|token| token.text);
    let misspelt = !matches!(word, Some("permit" | "forbid"));
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
    if !text.contains("//") {
        return found;
    }
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
    let quoted = |at: usize| line.bytes().take(at).filter(|byte| *byte == b'"').count() % 2 == 1;
    let (at, _) = line.match_indices("//").find(|(at, _)| !quoted(*at))?;
    Some((at, line.get(at..)?.trim_end()))
}

fn span(file: u32, range: Range<usize>) -> Span {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { file, start: byte(range.start), end: byte(range.end) }
}

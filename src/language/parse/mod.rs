//! Text to [`ast`](crate::language::ast). Every syntax error of a file is reported in one run: a file that does not
//! parse is read item by item, and a service rule by rule, so that only the broken piece is lost.

mod build;
mod conflict;
mod grammar;
mod mistake;
mod outline;
pub(in crate::language) mod tokens;

use std::num::NonZeroUsize;
use std::ops::Range;

use pest::Parser;
use pest::iterators::Pair;

use crate::base::parallel;
use crate::language::ast::{Clause, Comment, File, Item, Rule};
use crate::language::diagnostic::{Code, Diagnostic};
use crate::limits::{MOST_ERRORS, MOST_FILE_BYTES, PARALLEL_BYTES};
use crate::policy::source::{Source, Span};
use outline::Piece;

/// A rule file as far as it could be read, and its syntax errors.
#[derive(Clone, Debug, Default)]
pub struct Parsed {
    /// What could be read.
    pub file: File,
    /// The syntax errors.
    pub found: Vec<Diagnostic>,
    /// What could not be read.
    pub unread: Unread,
}

/// What could not be read of a rule file. A name that seems to be unknown may be declared there, and is then not
/// reported.
#[derive(Clone, Debug, Default)]
pub struct Unread {
    /// The words of the text that could not be read.
    pub words: Vec<String>,
    /// The rules that could be read in services that could not.
    pub orphans: Vec<Rule>,
    /// The first word of each declaration whose name could not be read: it may declare any name of its kind.
    pub nameless: Vec<String>,
    /// Whether the end of the file, or all of it, could not be read: any name may be declared there.
    pub end: bool,
}

/// Parses one rule file; `file` is its index in the policy's path order.
///
/// ```
/// use meterwarden::{Source, parse};
///
/// let parsed = parse(&Source::new("a.rules", "tag critical  tag"), 0);
/// assert_eq!(parsed.found.len(), 1);
/// assert_eq!(parsed.found[0].message, "nothing follows `tag`");
/// ```
pub fn parse(source: &Source, file: u32) -> Parsed {
    if source.text.len() > MOST_FILE_BYTES {
        return unread(vec![too_large(file)]);
    }
    if let Some(items) = items(&source.text, file) {
        let comments = comments(&source.text, file);
        return Parsed { file: File { items, comments }, ..Parsed::default() };
    }
    match conflict::conflicts(&source.text).as_slice() {
        [] => in_pieces(&source.text, file),
        conflicts => first_versions(&source.text, file, conflicts),
    }
}

/// A file of which nothing could be read.
pub(crate) fn unread(found: Vec<Diagnostic>) -> Parsed {
    Parsed { found, unread: Unread { end: true, ..Unread::default() }, ..Parsed::default() }
}

/// Parses a clause that is typed alone, such as `status Pending`. The spans count from the start of the text.
///
/// # Errors
///
/// What is wrong with it.
pub fn parse_clause(text: &str) -> Result<Clause, Box<Diagnostic>> {
    match grammar::Rules::parse(grammar::Rule::lone_clause, text) {
        Ok(pairs) => Ok(build::lone_clause(pairs, text)),
        Err(error) => {
            let at = grammar::error_position(&error);
            Err(Box::new(mistake::describe(text, 0, 0..text.len(), &error, at)))
        }
    }
}

/// On how many threads to parse files.
pub(crate) fn threads<'s>(files: impl Iterator<Item = &'s Source>) -> NonZeroUsize {
    parallel::threads(files.map(|source| source.text.len()).sum::<usize>() >= PARALLEL_BYTES)
}

/// The items of a text without a mistake.
fn items(text: &str, file: u32) -> Option<Vec<Item>> {
    let pairs = grammar::Rules::parse(grammar::Rule::file, text).ok()?;
    Some(pairs.flat_map(Pair::into_inner).filter_map(|pair| build::item(pair, text, file, 0)).collect())
}

/// The finding for a file that is not read because of its size.
pub(crate) fn too_large(file: u32) -> Diagnostic {
    Diagnostic::new(
        Code::TooLarge,
        span(file, 0..0),
        "this file is larger than 1 MiB, the most that a rule file may have",
    )
    .help("split it; or take it out of the folder, if it contains no rules")
}

/// Parses a text with merge conflicts as if only the first version of each were there.
fn first_versions(text: &str, file: u32, conflicts: &[conflict::Conflict]) -> Parsed {
    let mut first = text.to_owned();
    for conflict in conflicts {
        conflict.keep_first(&mut first);
    }
    let mut parsed = in_pieces(&first, file);
    parsed.found.extend(conflicts.iter().map(|conflict| conflict.describe(file)));
    let second_versions = conflicts.iter().map(|conflict| text.get(conflict.second()).unwrap_or_default());
    parsed.unread.words.extend(second_versions.flat_map(words));
    parsed
}

/// Parses a text that does not parse as a whole.
fn in_pieces(text: &str, file: u32) -> Parsed {
    let mut reader = Reader { text, headless: false, cut: is_cut_off(text), file, parsed: Parsed::default() };
    let pieces = outline::pieces(text);
    for piece in &pieces {
        reader.piece(piece);
    }
    // If nothing in the text begins an item, it is a file of another kind.
    reader.parsed.unread.end |= pieces.len() == 1;
    reader.parsed.file.comments = comments(text, file);
    reader.parsed
}

/// Whether a text ends within quotes or within a block, and not at the end of a line: `source "MP1`.
fn is_cut_off(text: &str) -> bool {
    if text.ends_with('\n') {
        return false;
    }
    let tokens = tokens::tokens(text, 0..text.len());
    let open = tokens.iter().filter(|token| token.is("{")).count();
    let closed = tokens.iter().filter(|token| token.is("}")).count();
    tokens.last().is_some_and(|last| last.kind == tokens::Kind::OpenText || open > closed && !last.is("{"))
}

/// Reads a text that does not parse as a whole, piece by piece.
struct Reader<'t> {
    text: &'t str,
    /// Whether the first line of the last item could not be read. A closing brace after it may then belong to it.
    headless: bool,
    /// Whether the text is cut off, see [`is_cut_off`].
    cut: bool,
    file: u32,
    parsed: Parsed,
}

impl Reader<'_> {
    /// Reads an item without its broken rules. If it does not parse without them either, the whole item is lost.
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
            let at = offset + grammar::error_position(&error);
            if last.is_some_and(|last| at <= last) {
                break; // the item does not parse without the rule either, so the mistake is not in the rule
            }
            let stray =
                self.text.get(at..).is_some_and(|rest| rest.starts_with('}')) && at > piece.range.start;
            if !(stray && self.headless) {
                self.describe(piece.range.clone(), &error, at);
            }
            if self.cut && piece.range.end == self.text.len() {
                self.parsed.unread.end = true; // anything that is missing may have been in the part cut off
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

    /// `condition "…" {`, `tag all "…"`: if the parser stops right after the first word of an item, its name is lost.
    fn lose_name(&mut self, piece: &Piece, at: usize) {
        let mut tokens = tokens::tokens(self.text, piece.range.clone()).into_iter();
        let (Some(word), Some(name)) = (tokens.find(|token| !token.is("set")), tokens.next()) else { return };
        if name.at == at && grammar::ITEM_WORDS.contains(&word.text) {
            self.parsed.unread.nameless.push(word.text.to_owned());
        }
    }

    /// The service is lost, but its rules are read, and errors in the rules after the mistake are reported.
    fn rules_of_a_lost_service(&mut self, piece: &Piece, at: usize) {
        let mut lost_from = piece.range.start;
        for rule in &piece.rules {
            let text = self.text.get(rule.clone()).unwrap_or_default();
            match grammar::Rules::parse(grammar::Rule::rule, text) {
                Ok(read) => {
                    self.lose(lost_from..rule.start);
                    lost_from = rule.end;
                    let read = read.filter_map(|pair| build::item(pair, self.text, self.file, rule.start));
                    self.parsed.unread.orphans.extend(read.filter_map(|item| match item {
                        Item::Rule(rule) => Some(rule),
                        _ => None,
                    }));
                }
                Err(error) if rule.start >= at => {
                    self.describe(rule.clone(), &error, rule.start + grammar::error_position(&error));
                }
                Err(_) => {}
            }
        }
        self.headless = piece.rules.is_empty();
        self.lose(lost_from..piece.range.end);
    }

    /// If a brace closes nothing and the rules above it are indented further, the first line of their service is
    /// missing. The rules are then lost too.
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
        let words: Vec<String> = words(text).collect();
        let joined = words.windows(2).map(|pair| pair.join("-")); // `tag on demand` for `on-demand`
        self.parsed.unread.words.extend(joined);
        self.parsed.unread.words.extend(words);
    }
}

/// The rule of a service that causes an error at a byte, or the text between two rules that causes it. If the parser
/// stops at the first word of a rule, the mistake is this word, or it is before it.
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

/// Overwrites a range with spaces, so that the rest of the text keeps its byte positions.
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
    let mut comments = Vec::new();
    if !text.contains("//") {
        return comments;
    }
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        if let Some((start, body)) = comment(line) {
            comments.push(build::comment(body, span(file, at + start..at + start + body.len())));
        }
        at += line.len();
    }
    comments
}

/// The comment of a line, from the first `//` outside quotes, and where it begins.
fn comment(line: &str) -> Option<(usize, &str)> {
    let quoted = |at: usize| line.bytes().take(at).filter(|byte| *byte == b'"').count() % 2 == 1;
    let (at, _) = line.match_indices("//").find(|(at, _)| !quoted(*at))?;
    Some((at, line.get(at..)?.trim_end()))
}

fn span(file: u32, range: Range<usize>) -> Span {
    let byte = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { file, start: byte(range.start), end: byte(range.end) }
}

//! Where the items of a file that does not parse begin and end, by their first words and their indentation. So a
//! mistake in one item does not affect the next.

use std::ops::Range;

use super::grammar::ITEM_WORDS;
use super::tokens::{Kind, Token, is_reserved, tokens};
use crate::base::suggest;

/// An item of a file: from its first word to the first word of the next item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) range: Range<usize>,
    /// The rules in it, if it is a service.
    pub(super) rules: Vec<Range<usize>>,
}

/// The pieces of a text, without gaps. The first piece is the text before the first item, and may be empty.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let tokens = tokens(text, 0..text.len());
    let mut pieces = vec![Piece { range: 0..text.len(), rules: Vec::new() }];
    let starts = starts(&tokens);
    for (index, start) in starts.iter().enumerate() {
        let next = starts.get(index + 1).map_or(text.len(), |next| next.at);
        let Some(last) = pieces.last_mut() else { continue };
        if start.top {
            last.range.end = start.at;
            pieces.push(Piece { range: start.at..text.len(), rules: Vec::new() });
        } else {
            last.rules.push(start.at..end_of_rule(&tokens, start.at, next));
        }
    }
    pieces
}

struct Start {
    at: usize,
    /// Whether it begins an item of the file, not a rule of a service.
    top: bool,
}

/// The service that a line may belong to.
struct Service {
    /// How far the service is indented.
    margin: usize,
    /// How far its rules are indented, by the first of them.
    rules: Option<usize>,
    /// How many of the braces since its first line are open.
    depth: isize,
}

impl Service {
    fn holds(&self, column: usize) -> bool {
        column > self.margin || (self.depth > 0 && self.rules.is_none_or(|rules| rules == self.margin))
    }

    fn ends(&self, column: usize) -> bool {
        column <= self.margin && self.rules.is_some_and(|rules| rules > self.margin)
    }
}

fn starts(tokens: &[Token<'_>]) -> Vec<Start> {
    let mut starts = Vec::new();
    let mut service: Option<Service> = None;
    for line in tokens.chunk_by(|a, b| a.line == b.line) {
        let Some(first) = line.first() else { continue };
        let column = first.column;
        let inside = service.as_ref().is_some_and(|service| service.holds(column));
        match begins(line) {
            // Before the opening brace of a service, a line may be the rest of its tags.
            Some(Begins::Rule) if in_header(service.as_ref(), first) => {}
            Some(Begins::Rule) if inside => {
                starts.push(Start { at: first.at, top: false });
                if let Some(service) = &mut service {
                    service.rules.get_or_insert(column);
                }
            }
            // An item in the braces of a service is a mistake of that service.
            Some(_) if inside && service.as_ref().is_some_and(|service| service.depth > 0) => {}
            Some(begun) => {
                starts.push(Start { at: first.at, top: true });
                let begun_here = Service { margin: column, rules: None, depth: 0 };
                service = matches!(begun, Begins::Service).then_some(begun_here);
            }
            // If the rules of a service are indented, a word at the margin begins something else.
            None if first.is_word() && service.as_ref().is_some_and(|service| service.ends(column)) => {
                starts.push(Start { at: first.at, top: true });
                service = None;
            }
            None => {}
        }
        if let Some(service) = &mut service {
            service.depth += line.iter().map(depth).sum::<isize>();
        }
    }
    starts
}

fn in_header(service: Option<&Service>, first: &Token<'_>) -> bool {
    !is_reserved(first.text)
        && service.is_some_and(|service| {
            service.depth <= 0 && service.rules.is_none() && first.column > service.margin
        })
}

fn depth(token: &Token<'_>) -> isize {
    match (token.kind, token.text) {
        (Kind::Mark, "{") => 1,
        (Kind::Mark, "}") => -1,
        _ => 0,
    }
}

enum Begins {
    Service,
    Rule,
    Other,
}

/// What a line begins, even if its first word is misspelt.
fn begins(line: &[Token<'_>]) -> Option<Begins> {
    let first = line.first().filter(|first| first.is_word())?;
    let word = if is_reserved(first.text) { first.text } else { misspelt(line, first)? };
    match word {
        "service" => Some(Begins::Service),
        "permit" | "forbid" => Some(Begins::Rule),
        // In a list of selectors a line may begin with `tag` or `set` as well.
        "tag" if first.column > 0 && !line.iter().any(|token| token.kind == Kind::Text) => None,
        "set" if !line.get(1).is_some_and(|next| next.is("attribute")) => None,
        word => ITEM_WORDS.contains(&word).then_some(Begins::Other),
    }
}

/// The word that a misspelt first word most likely means: `premit x {`, `goup status live = …`.
fn misspelt(line: &[Token<'_>], first: &Token<'_>) -> Option<&'static str> {
    let opens = line.last().is_some_and(|last| last.is("{"));
    let near = suggest::nearest(first.text, ITEM_WORDS.iter().copied())
        .or_else(|| suggest::other_item(first.text).filter(|_| opens));
    match near {
        Some(near) if opens || first.column == 0 => Some(near),
        _ if opens && first.column == 0 => Some("attribute"),
        _ if opens => Some("permit"),
        _ => None,
    }
}

/// The end of a rule: its closing brace, if it has one before the next piece. A brace in the column of the rule's first
/// letter closes it, even if more braces are open.
fn end_of_rule(tokens: &[Token<'_>], start: usize, next: usize) -> usize {
    let from = tokens.partition_point(|token| token.at < start);
    let margin = tokens.get(from).map_or(0, |first| first.column);
    let mut open = 0;
    for token in tokens.iter().skip(from).take_while(|token| token.at < next) {
        open += depth(token);
        if token.is("}") && (open <= 0 || token.first && token.column == margin) {
            return token.end();
        }
    }
    next
}

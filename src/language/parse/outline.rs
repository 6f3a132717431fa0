//! Where the items of a file that does not parse begin and end, by their first words and their indentation.
//! A mistake in one item is then no mistake in the next.

use std::ops::Range;

use super::grammar::ITEM_WORDS;
use super::tokens::{Kind, Token, is_reserved, tokens};
use crate::base::suggest;

/// An item of a file: from its first word to that of the next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Piece {
    pub(super) range: Range<usize>,
    /// The rules in it, if it is a service.
    pub(super) rules: Vec<Range<usize>>,
}

/// The pieces of a text, without a gap between them.
pub(super) fn pieces(text: &str) -> Vec<Piece> {
    let tokens = tokens(text, 0..text.len());
    let mut pieces = vec![Piece { range: 0..text.len(), rules: Vec::new() }];
    let starts = starts(&tokens);
    for (nth, start) in starts.iter().enumerate() {
        let next = starts.get(nth + 1).map_or(text.len(), |next| next.at);
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

/// The service that a line may still belong to.
struct Service {
    /// How far the service is indented.
    margin: usize,
    /// How far its rules are, as the first of them shows.
    rules: Option<usize>,
    /// How many braces are open since it began.
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
            // Before the brace of a service a line may be the rest of its tags.
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
                let margin = Service { margin: column, rules: None, depth: 0 };
                service = matches!(begun, Begins::Service).then_some(margin);
            }
            // Where rules are indented, a word at the margin begins something else, whatever it is.
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

/// What a line begins, misspelt or not.
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

/// The word that a line most likely meant to begin with: `premit x {`, `goup status live = …`.
fn misspelt(line: &[Token<'_>], first: &Token<'_>) -> Option<&'static str> {
    let headed = line.last().is_some_and(|last| last.is("{"));
    let near = suggest::nearest(first.text, ITEM_WORDS.iter().copied())
        .or_else(|| suggest::other_item(first.text).filter(|_| headed));
    match near {
        Some(near) if headed || first.column == 0 => Some(near),
        _ if headed && first.column == 0 => Some("attribute"),
        _ if headed => Some("permit"),
        _ => None,
    }
}

/// The end of a rule: its closing brace, if it has one before the next piece begins. A brace below the rule's first
/// letter closes it, however many are open.
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

//! A layout proves itself: it has the same words in the same order, with the same comments between them.

use crate::language::ast::{File, Item};
use crate::language::parse::parse;
use crate::language::parse::tokens::tokens;
use crate::policy::source::Source;

/// Whether `formatted` is the same as `text`, except for blanks and line breaks. `file` is the tree of `text`.
pub(super) fn holds(file: &File, text: &str, formatted: &str) -> bool {
    if text == formatted {
        return true;
    }
    let parsed = parse(&Source::new("", formatted), 0);
    parsed.found.is_empty() && Content::new(file, text) == Content::new(&parsed.file, formatted)
}

/// What a text contains, whatever its layout.
#[derive(Debug, PartialEq)]
struct Content<'t> {
    /// Every word, text and mark. Blanks between them have no meaning, so they determine the tree.
    tokens: Vec<&'t str>,
    comments: Vec<PlacedComment<'t>>,
    /// The `///` lines of each item. A blank line between them and the item would cut them off.
    docs: Vec<&'t str>,
}

/// A comment, and where it is among the tokens.
#[derive(Debug, PartialEq)]
struct PlacedComment<'t> {
    text: &'t str,
    tokens_before: usize,
    /// Whether it is on the line of the token before it.
    trailing: bool,
}

impl<'t> Content<'t> {
    fn new(file: &'t File, text: &'t str) -> Self {
        let tokens = tokens(text, 0..text.len());
        let comments = file.comments.iter().map(|comment| {
            let (start, end) = (comment.span.start as usize, comment.span.end as usize);
            let line = text.get(..start).unwrap_or_default().rsplit('\n').next().unwrap_or_default();
            PlacedComment {
                text: text.get(start..end).unwrap_or_default(),
                tokens_before: tokens.partition_point(|token| token.at < start),
                trailing: !line.trim().is_empty(),
            }
        });
        Self {
            comments: comments.collect(),
            docs: file.items.iter().flat_map(docs).collect(),
            tokens: tokens.into_iter().map(|token| token.text).collect(),
        }
    }
}

/// The `///` lines of an item and of the rules in it.
fn docs(item: &Item) -> Vec<&str> {
    match item {
        Item::Attribute(attribute) => vec![&attribute.doc],
        Item::Group(group) => vec![&group.doc],
        Item::Tag(tag) => vec![&tag.doc],
        Item::Condition(condition) => vec![&condition.doc],
        Item::Modification(modification) => vec![&modification.doc],
        Item::Clock(clock) => vec![&clock.doc],
        Item::Rule(rule) => vec![&rule.doc],
        Item::Service(service) => [&service.doc]
            .into_iter()
            .chain(service.rules.iter().map(|rule| &rule.doc))
            .map(String::as_str)
            .collect(),
    }
}

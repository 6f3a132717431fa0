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
        Item::Rule(rule) => vec![&rule.doc],
        Item::Service(service) => [&service.doc]
            .into_iter()
            .chain(service.rules.iter().map(|rule| &rule.doc))
            .map(String::as_str)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "/// doc\npermit a { // first\n    role IS, // importer\n         ES\n}\n";

    fn same(formatted: &str) -> bool {
        holds(&parse(&Source::new("", TEXT), 0).file, TEXT, formatted)
    }

    #[test]
    fn blanks_may_differ() {
        assert!(same(TEXT));
        assert!(same("/// doc\npermit\na{ // first\nrole IS,// importer\nES}"));
    }

    /// Everything that a formatter may do wrong. Each line differs from a correct layout in one way.
    #[test]
    fn every_other_difference_is_found() {
        for (slip, from, to) in [
            ("a comment is lost", " // importer", ""),
            ("a comment is repeated", "// first", "// first\n// first"),
            ("a comment has another text", "// importer", "// Importer"),
            ("a comment has another blank in it", "// importer", "//  importer"),
            ("a comment has another slash", "// importer", "/// importer"),
            ("a comment is before its comma", "IS, // importer\n", "IS // importer\n,"),
            ("a comment is after the next word", ", // importer\n         ES", ", ES // importer"),
            ("a comment is on the line of the word before it", "/// doc\npermit a", "permit /// doc\na"),
            ("a comment is on a line of its own", "{ // first", "{\n// first"),
            (
                "two comments change places",
                "// first\n    role IS, // importer",
                "// importer\n    role IS, // first",
            ),
            ("a doc comment is cut off from its item", "/// doc\n", "/// doc\n\n"),
            ("a word is lost", "IS, // importer\n         ES", "IS // importer"),
            ("a word is repeated", "ES", "ES, ES"),
            ("a word is another word", "ES", "GS"),
            ("two words change places", "role IS, // importer\n         ES", "role ES, // importer\n IS"),
            ("a clause is added", "ES", "ES role any"),
            ("it does not parse", "{", "{{"),
            ("it is empty", TEXT, ""),
        ] {
            assert!(TEXT.contains(from), "{slip}");
            assert!(!same(&TEXT.replace(from, to)), "{slip}");
        }
    }
}

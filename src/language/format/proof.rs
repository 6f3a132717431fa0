//! A layout proves itself: it reads as the same tree, with the same comments between the same words.

use super::places;
use crate::language::ast::File;
use crate::language::parse::parse;
use crate::policy::source::Source;

/// Whether a text, which `file` is the tree of, and what would be printed for it say the same.
pub(super) fn holds(file: File, text: &str, laid_out: &str) -> bool {
    if text == laid_out {
        return true;
    }
    let parsed = parse(&Source::new("", laid_out), 0);
    parsed.found.is_empty() && Said::new(file, text) == Said::new(parsed.file, laid_out)
}

/// What a text says, however it is laid out.
#[derive(Debug, PartialEq)]
struct Said<'t> {
    /// The tree, its places counted in marks: the characters that are no blanks and in no comment. A comment thus has the
    /// place between two words.
    file: File,
    /// Each comment, and whether it stands on the line of the word before it.
    comments: Vec<(&'t str, bool)>,
}

impl<'t> Said<'t> {
    fn new(mut file: File, text: &'t str) -> Self {
        let comments = file.comments.iter().map(|comment| {
            let before = text.get(..comment.span.start as usize).unwrap_or_default();
            let line = before.rsplit('\n').next().unwrap_or_default();
            let written = text.get(comment.span.start as usize..comment.span.end as usize);
            (written.unwrap_or_default(), !line.trim().is_empty())
        });
        let comments = comments.collect();
        let marks = marks(&file, text);
        let marks_before = |byte: u32| marks.get(byte as usize).copied().unwrap_or(u32::MAX);
        places::of_file(&mut file, &mut |span| {
            span.start = marks_before(span.start);
            span.end = marks_before(span.end);
        });
        Self { file, comments }
    }
}

/// `marks[byte]`: how many marks stand before the byte.
fn marks(file: &File, text: &str) -> Vec<u32> {
    let mut comments = file.comments.iter().peekable();
    let mut marks = Vec::with_capacity(text.len() + 1);
    let mut count = 0;
    for (at, byte) in (0..).zip(text.bytes()) {
        marks.push(count);
        while comments.next_if(|comment| comment.span.end <= at).is_some() {}
        let in_comment = comments.peek().is_some_and(|comment| comment.span.start <= at);
        count += u32::from(!in_comment && !byte.is_ascii_whitespace());
    }
    marks.push(count);
    marks
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "/// doc\npermit a { // first\n    role IS, // importer\n         ES\n}\n";

    fn same(laid_out: &str) -> bool {
        holds(parse(&Source::new("", TEXT), 0).file, TEXT, laid_out)
    }

    #[test]
    fn only_blanks_may_differ() {
        assert!(same(TEXT));
        assert!(same("/// doc\npermit\na{ // first\nrole IS,// importer\nES}"));
    }

    /// Whatever a formatter may do wrong: each is one slip from a right layout.
    #[test]
    fn whatever_else_differs_is_found() {
        for (slip, from, to) in [
            ("a comment is lost", " // importer", ""),
            ("a comment is said twice", "// first", "// first\n// first"),
            ("a comment is another", "// importer", "// Importer"),
            ("a comment has another blank in it", "// importer", "//  importer"),
            ("a comment has another slash", "// importer", "/// importer"),
            ("a comment stands before its comma", "IS, // importer\n", "IS // importer\n,"),
            ("a comment stands behind the next word", ", // importer\n         ES", ", ES // importer"),
            ("a comment stands on the line of the word before it", "/// doc\npermit a", "permit /// doc\na"),
            ("a comment has a line of its own", "{ // first", "{\n// first"),
            (
                "two comments change places",
                "// first\n    role IS, // importer",
                "// importer\n    role IS, // first",
            ),
            ("a doc comment is none of the item", "/// doc\n", "/// doc\n\n"),
            ("a word is lost", "IS, // importer\n         ES", "IS // importer"),
            ("a word is said twice", "ES", "ES, ES"),
            ("a word is another", "ES", "GS"),
            ("two words change places", "role IS, // importer\n         ES", "role ES, // importer\n IS"),
            ("a clause is said twice", "ES", "ES role any"),
            ("it does not parse", "{", "{{"),
            ("it is empty", TEXT, ""),
        ] {
            assert!(TEXT.contains(from), "{slip}");
            assert!(!same(&TEXT.replace(from, to)), "{slip}");
        }
    }
}

//! Syntax errors that the vocabulary explains. `role Import Supplier` is a wrong list of words to the parser, but the
//! vocabulary has the value `IS` with the text "Import Supplier".

use super::names::{DeclaredAttribute, Names};
use crate::base::suggest;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::limits::MOST_VALUE_WORDS;
use crate::policy::source::{Source, Span};

/// A syntax error as the vocabulary explains it, if its line is a clause and some of its words together are a value.
/// Otherwise the syntax error as it is.
pub(super) fn with_values(error: Diagnostic, sources: &[Source], names: &Names<'_>) -> Diagnostic {
    explained(&error, sources, names).unwrap_or(error)
}

fn explained(error: &Diagnostic, sources: &[Source], names: &Names<'_>) -> Option<Diagnostic> {
    let text = sources.get(error.span.file as usize)?.text.as_str();
    let at = error.span.start as usize;
    let start = text.get(..at)?.rfind('\n').map_or(0, |newline| newline + 1);
    let line = text.get(start..)?.lines().next()?;
    let line = line.split("//").next().unwrap_or(line);
    let words = words(line, start);
    let from = words.iter().position(|(_, word)| attribute_named(word, names).is_some())?;
    let (begin, word) = *words.get(from)?;
    let attribute = attribute_named(word, names)?;
    let before = line.get(..begin - start)?;
    if words.first().is_some_and(|(_, word)| matches!(*word, "attribute" | "set" | "group"))
        || before.matches('"').count() % 2 == 1
    {
        return None; // a declaration, or the words of a text
    }
    if let (Some((_, "when")), Some((_, value))) = (words.get(from.wrapping_sub(1)), words.get(from + 1)) {
        return Some(clause_after_when(error, attribute, value, begin));
    }
    let after = line.get(begin + word.len() - start..)?;
    let mut at = begin + word.len();
    after.split_inclusive([',', '{', '}', ';']).find_map(|part| {
        let run = self::words(part.trim_end_matches([',', '{', '}', ';']), at);
        at += part.len();
        value_of_words(error, attribute, &run)
    })
}

/// `when relation registered`
fn clause_after_when(
    error: &Diagnostic,
    attribute: &DeclaredAttribute<'_>,
    value: &str,
    at: usize,
) -> Diagnostic {
    let clause = format!("{} {value}", attribute.name);
    let place = Span { start: byte(at), end: byte(at + attribute.name.len()), ..error.span };
    let message = format!("`when` names a condition, and `{}` is an attribute", attribute.name);
    let help =
        format!("drop `when`: write the clause on `{}` on a line of its own, `{clause} …`", attribute.name);
    Diagnostic::new(Code::Syntax, place, message).help(help)
}

/// Reports the first run of words, the longest first, that is a value or the text of a value.
fn value_of_words(
    error: &Diagnostic,
    attribute: &DeclaredAttribute<'_>,
    words: &[(usize, &str)],
) -> Option<Diagnostic> {
    let starts = 0..words.len();
    let mut runs = starts.flat_map(|first| {
        (first + 2..=words.len().min(first + MOST_VALUE_WORDS)).rev().map(move |last| first..last)
    });
    runs.find_map(|run| {
        let run = words.get(run)?;
        let written: Vec<&str> = run.iter().map(|(_, word)| *word).collect();
        let written = written.join(" ").trim_matches('"').to_owned();
        let (begin, end) = (run.first()?.0, run.last().map(|(at, word)| at + word.len())?);
        let span = Span { start: byte(begin), end: byte(end), ..error.span };
        if let Some(help) = attribute.described(&written) {
            let message = format!("`{written}` is no value of `{}`", attribute.name);
            return Some(Diagnostic::new(Code::Syntax, span, message).help(help));
        }
        let value = suggest::same(&written, attribute.values.iter().copied())?;
        let message = format!("`{written}` is written as one word");
        Some(Diagnostic::new(Code::Syntax, span, message).help(format!("write `{value}`")))
    })
}

fn byte(at: usize) -> u32 {
    u32::try_from(at).unwrap_or(u32::MAX)
}

fn attribute_named<'n, 'a>(word: &str, names: &'n Names<'a>) -> Option<&'n DeclaredAttribute<'a>> {
    let (index, _) = names.attribute_table.get(word)?;
    names.attributes.get(*index)
}

/// The words of a piece of a line, and where each begins.
fn words(line: &str, start: usize) -> Vec<(usize, &str)> {
    let mut words = Vec::new();
    let mut at = 0;
    for word in line.split_inclusive(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}' | ';')) {
        let bare = word.trim_end_matches(|c: char| c.is_whitespace() || matches!(c, ',' | '{' | '}' | ';'));
        if !bare.is_empty() {
            words.push((start + at, bare));
        }
        at += word.len();
    }
    words
}

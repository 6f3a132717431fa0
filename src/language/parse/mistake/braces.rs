//! Braces: not opened, not closed, or closed once too often.

use std::ops::Range;

use super::super::grammar::{ITEM_WORDS, Rule};
use super::{Stop, Token, span};
use crate::language::diagnostic::Diagnostic;

/// `permit x "…"` and then its first clause.
pub(super) fn not_opened(stop: &Stop<'_>) -> Option<Diagnostic> {
    let before = stop.before()?;
    let on_next_line = stop.here().is_none_or(|here| here.line > before.line);
    if !on_next_line || !stop.expects(&[Rule::open]) {
        return None;
    }
    let named = header(&stop.tokens, stop.here);
    let finding = stop.finding(before.end()..before.end(), format!("the `{{` of `{named}` is missing"));
    Some(finding.help("write `{` at the end of the line, and `}` after its last line"))
}

/// `permit x "…" {{`
pub(super) fn opened_twice(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| here.is("{"))?;
    stop.before().filter(|before| before.is("{"))?;
    Some(stop.finding(here.range(), "this brace is one too many").help("drop it"))
}

/// `condition c { source "x" }`
pub(super) fn without_cases(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| here.is("}") && stop.expects(&[Rule::kw_case, Rule::case]))?;
    let open = left_open(&stop.tokens, stop.here)?;
    let message = format!("`{}` has no case", header(&stop.tokens, open));
    Some(stop.finding(here.range(), message).help("say when it holds: `case role IS relation registered`"))
}

/// A brace that is still open where something else begins, or where the file ends.
pub(super) fn not_closed(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here();
    let begins =
        here.is_none_or(|here| ITEM_WORDS.contains(&here.text) || matches!(here.text, "fields" | "closed"));
    if !begins || !stop.expects(&[Rule::close, Rule::inside_end]) {
        return None;
    }
    let brace = left_open(&stop.tokens, stop.here)?;
    let open = stop.tokens.get(brace)?;
    let nested = here.is_some_and(|here| here.column > margin(&stop.tokens, brace) && !here.is("permit"));
    if nested && stop.expects(&[Rule::close]) && !here.is_some_and(|here| here.is("forbid")) {
        return None; // an item among the rules of a service
    }
    let message = format!("`{}` is not closed before {}", header(&stop.tokens, brace), stop.found());
    let next = here.or(stop.after.as_ref());
    let place = next.map_or(stop.at..stop.at, Token::range);
    Some(
        stop.finding(open.range(), message)
            .label("this brace is still open")
            .because(span(stop.file, place), "here a `}` is expected first")
            .help("close it with `}`"),
    )
}

/// A `}` with nothing to close.
pub(super) fn closes_nothing(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| here.is("}"))?;
    let braces = matched(&stop.tokens, stop.here);
    if !braces.open.is_empty() {
        return None;
    }
    let finding = stop.finding(here.range(), "this brace closes nothing");
    let Some((open, close)) = braces.too_early else { return Some(finding.help("drop it")) };
    let named = header(&stop.tokens, open);
    let place = stop.tokens.get(close)?.range();
    let why = format!("`{named}` is closed here already");
    Some(finding.because(span(stop.file, place), why).help("drop one of the two"))
}

/// The braces before a token.
#[derive(Default)]
struct Braces {
    /// The indices of the open braces.
    open: Vec<usize>,
    /// A brace that was closed by a brace further left, so that it may be the brace that is not closed.
    too_late: Option<usize>,
    /// An outer brace, and the brace further right that closed it.
    too_early: Option<(usize, usize)>,
}

fn matched(tokens: &[Token<'_>], until: usize) -> Braces {
    let mut braces = Braces::default();
    for (index, token) in tokens.iter().enumerate().take(until) {
        if token.is("{") {
            braces.open.push(index);
        } else if token.is("}")
            && let Some(open) = braces.open.pop()
        {
            let margin = margin(tokens, open);
            if token.first && token.column < margin {
                braces.too_late.get_or_insert(open);
            } else if token.first && token.column > margin {
                braces.too_early.get_or_insert((open, index));
            }
        }
    }
    braces
}

/// The open brace that most likely lacks its partner.
fn left_open(tokens: &[Token<'_>], until: usize) -> Option<usize> {
    let braces = matched(tokens, until);
    let innermost = braces.open.last()?;
    Some(braces.too_late.filter(|late| late > innermost).unwrap_or(*innermost))
}

/// How far the line of a token is indented.
fn margin(tokens: &[Token<'_>], index: usize) -> usize {
    let first = tokens.iter().take(index + 1).rfind(|token| token.first);
    first.map_or(0, |first| first.column)
}

/// Whether the last of some tokens is in a `fields` line.
fn is_inside_fields(tokens: &[Token<'_>]) -> bool {
    let begins = |token: &&Token<'_>| token.is("fields") || ITEM_WORDS.contains(&token.text);
    tokens.iter().rfind(begins).is_some_and(|word| word.is("fields"))
}

/// What a brace belongs to: `permit pending`.
fn header(tokens: &[Token<'_>], brace: usize) -> String {
    let before = tokens.get(..brace).unwrap_or_default();
    if let Some(element) = before.last().filter(|_| is_inside_fields(before)) {
        return element.text.to_owned();
    }
    let keyword = before.iter().rposition(|token| ITEM_WORDS.contains(&token.text) && !token.is("tag"));
    let range: Range<usize> = keyword.map_or(brace.saturating_sub(2)..brace, |keyword| keyword..keyword + 2);
    let words = before.get(range.start..range.end.min(before.len())).unwrap_or_default();
    words.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
}

//! Braces: not opened, not closed, or closed once too often.

use std::ops::Range;

use super::super::grammar::{ITEM_WORDS, Rule};
use super::{Scene, Token, span};
use crate::language::diagnostic::Diagnostic;

/// `permit x "…"` and then its first clause.
pub(super) fn not_opened(scene: &Scene<'_>) -> Option<Diagnostic> {
    let before = scene.before()?;
    let on_next_line = scene.here().is_none_or(|here| here.line > before.line);
    if !on_next_line || !scene.expects(&[Rule::open]) {
        return None;
    }
    let named = header(&scene.tokens, scene.here);
    let said = scene.say(before.end()..before.end(), format!("the `{{` of `{named}` is missing"));
    Some(said.help("write `{` at the end of the line, and `}` after its last line"))
}

/// `permit x "…" {{`
pub(super) fn opened_twice(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| here.is("{"))?;
    scene.before().filter(|before| before.is("{"))?;
    Some(scene.say(here.range(), "this brace is one too many").help("drop it"))
}

/// `condition c { source "x" }`
pub(super) fn without_cases(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| here.is("}") && scene.expects(&[Rule::kw_case, Rule::case]))?;
    let open = left_open(&scene.tokens, scene.here)?;
    let message = format!("`{}` has no case", header(&scene.tokens, open));
    Some(scene.say(here.range(), message).help("say when it holds: `case role IS relation registered`"))
}

/// A brace that is still open where something else begins, or where the file ends.
pub(super) fn not_closed(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here();
    let begins =
        here.is_none_or(|here| ITEM_WORDS.contains(&here.text) || matches!(here.text, "fields" | "closed"));
    if !begins || !scene.expects(&[Rule::close]) {
        return None;
    }
    let brace = left_open(&scene.tokens, scene.here)?;
    let open = scene.tokens.get(brace)?;
    let nested = here.is_some_and(|here| here.column > margin(&scene.tokens, brace) && !here.is("permit"));
    if nested && !here.is_some_and(|here| here.is("forbid")) {
        return None; // an item among the rules of a service
    }
    let message = format!("`{}` is not closed before {}", header(&scene.tokens, brace), scene.found());
    let behind = here.or(scene.behind.as_ref());
    let place = behind.map_or(scene.at..scene.at, Token::range);
    Some(
        scene
            .say(open.range(), message)
            .label("this brace is still open")
            .because(span(scene.file, place), "here a `}` is expected first")
            .help("close it with `}`"),
    )
}

/// A `}` with nothing to close.
pub(super) fn closes_nothing(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| here.is("}"))?;
    let braces = matched(&scene.tokens, scene.here);
    if !braces.open.is_empty() {
        return None;
    }
    let said = scene.say(here.range(), "this brace closes nothing");
    let Some((open, close)) = braces.too_early else { return Some(said.help("drop it")) };
    let named = header(&scene.tokens, open);
    let place = scene.tokens.get(close)?.range();
    let why = format!("`{named}` is closed here already");
    Some(said.because(span(scene.file, place), why).help("drop one of the two"))
}

/// The braces before a token.
#[derive(Default)]
struct Braces {
    /// The places of those still open.
    open: Vec<usize>,
    /// A brace that was closed by one that stands further left, so that it may well be the one not closed.
    too_late: Option<usize>,
    /// An outer brace and the one that closed it, which stands further right.
    too_early: Option<(usize, usize)>,
}

fn matched(tokens: &[Token<'_>], until: usize) -> Braces {
    let mut braces = Braces::default();
    for (nth, token) in tokens.iter().enumerate().take(until) {
        if token.is("{") {
            braces.open.push(nth);
        } else if token.is("}")
            && let Some(open) = braces.open.pop()
        {
            let margin = margin(tokens, open);
            if token.first && token.column < margin {
                braces.too_late.get_or_insert(open);
            } else if token.first && token.column > margin {
                braces.too_early.get_or_insert((open, nth));
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
fn margin(tokens: &[Token<'_>], nth: usize) -> usize {
    let first = tokens.iter().take(nth + 1).rfind(|token| token.first);
    first.map_or(0, |first| first.column)
}

/// What a brace belongs to: `permit pending`.
fn header(tokens: &[Token<'_>], brace: usize) -> String {
    let before = tokens.get(..brace).unwrap_or_default();
    let keyword = before.iter().rposition(|token| ITEM_WORDS.contains(&token.text) && !token.is("tag"));
    let range: Range<usize> = keyword.map_or(brace.saturating_sub(2)..brace, |keyword| keyword..keyword + 2);
    let words = before.get(range.start..range.end.min(before.len())).unwrap_or_default();
    words.iter().map(|word| word.text).collect::<Vec<_>>().join(" ")
}

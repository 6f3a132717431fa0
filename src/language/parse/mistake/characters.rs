//! Characters that a word processor, another language or a keyboard slipped in.

use super::{Kind, Rule, Scene, Token, shown};
use crate::language::diagnostic::Diagnostic;

/// `“like this”`, `2023–06–29`, a no-break space.
pub(super) fn strange(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here()?;
    let next = scene.next().filter(|next| next.at == here.end() && here.is_word());
    let token = [Some(here), next].into_iter().flatten().find(|token| is_strange(token))?;
    let c = token.text.chars().next()?;
    let place = token.at..token.at + c.len_utf8();
    let (message, help) = match c {
        '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '‚' | '′' | '″' | '\'' | '`' => {
            (format!("a text stands between straight quotes, and `{c}` is not one"), "write `\"` instead")
        }
        '‐'..='―' | '−' => (format!("`{c}` is a dash, not a hyphen"), "write `-` instead"),
        '…' => ("`…` cannot stand here".to_owned(), "write out what is meant"),
        c if c.is_whitespace() || is_invisible(c) => (
            format!("an invisible character stands here (U+{:04X})", u32::from(c)),
            "replace it by a space that you type",
        ),
        c if c.is_alphanumeric() => (
            format!("`{c}` (U+{:04X}) cannot be part of a name", u32::from(c)),
            "names are made of the letters A to Z, digits, `-` and `_`; only a text in quotes may hold others",
        ),
        c => (format!("`{c}` cannot stand here"), "drop it, or put it into a text in quotes"),
    };
    let said = scene.say(token.range(), message).help(help);
    Some(match meant(c) {
        Some(meant) => said.fix(scene.span(place), meant),
        None => said,
    })
}

/// What was meant by a character that can only mean one thing.
fn meant(c: char) -> Option<&'static str> {
    Some(match c {
        '“' | '”' | '„' | '«' | '»' | '″' => "\"",
        '‐'..='―' | '−' => "-",
        c if is_invisible(c) => "",
        c if c.is_whitespace() => " ",
        _ => return None,
    })
}

fn is_strange(token: &Token<'_>) -> bool {
    token.kind == Kind::Strange || token.is("'") || token.is("`")
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2064}')
}

/// `source "MP125`, `source MP125"`, `source MP125`: quotes that are missing, or without a partner.
pub(super) fn quote(scene: &Scene<'_>) -> Option<Diagnostic> {
    without_partner(scene).or_else(|| in_a_text(scene)).or_else(|| without_quotes(scene))
}

/// `"the word "any" is meant"`
fn in_a_text(scene: &Scene<'_>) -> Option<Diagnostic> {
    let (from, line) = scene.line(scene.here);
    let above = from.checked_sub(1).map(|above| scene.line(above).1).unwrap_or_default();
    let text = [above, line].into_iter().find_map(touching_text)?;
    let said = scene.say(text.end() - 1..text.end(), "the text ends at this quote");
    Some(said.help("a text cannot hold a quote; leave it out, or write `‘` and `’`"))
}

/// A text and what touches its end, marks aside, which may well stand there.
fn touching_text<'l, 't>(line: &'l [Token<'t>]) -> Option<&'l Token<'t>> {
    line.windows(2).find_map(|pair| match pair {
        [text, next] if text.kind == Kind::Text && next.at == text.end() && next.kind != Kind::Mark => {
            Some(text)
        }
        _ => None,
    })
}

/// `source MP125`
fn without_quotes(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| here.is_word())?;
    let before = scene.before().filter(|before| before.line == here.line)?;
    if scene.expected != [Rule::text] {
        return None;
    }
    let said =
        scene.say(here.range(), format!("`{}` takes a text in quotes, found `{}`", before.text, here.text));
    Some(said.help(format!("put what follows `{}` between straight quotes", before.text)))
}

fn without_partner(scene: &Scene<'_>) -> Option<Diagnostic> {
    let (from, line) = scene.line(scene.here);
    let open = line.iter().rfind(|token| token.kind == Kind::OpenText)?;
    let before = scene.here.checked_sub(1).filter(|before| *before >= from);
    let after_word = before.and_then(|before| scene.tokens.get(before)).is_some_and(Token::is_word);
    let here = scene.here()?;
    if here.kind == Kind::OpenText {
        if let Some((at, c)) = open.text.char_indices().find(|(_, c)| matches!(c, '“' | '”')) {
            let place = open.at + at..open.at + at + c.len_utf8();
            let message = format!("a text ends with a straight quote, and `{c}` is not one");
            let said = scene.say(place.clone(), message).help("write `\"` instead");
            return Some(said.fix(scene.span(place), "\""));
        }
        let said = scene.say(open.range(), "this text has no closing quote");
        return Some(said.help("end it with `\"` on the same line"));
    }
    if scene.expects_text() && after_word && here.is_word() {
        let said = scene.say(here.at..open.at + 1, "this text has no opening quote");
        return Some(said.help(format!("write `\"` before `{}`", here.text)));
    }
    let said = scene.say(open.at..open.at + 1, "this quote has no partner on its line");
    Some(said.help("a text begins and ends with `\"` on one line"))
}

fn takes_a_text(scene: &Scene<'_>) -> bool {
    scene.before().is_some_and(|before| matches!(before.text, "source" | "assumed" | "closed"))
}

/// `5 / 6`
fn between_words(scene: &Scene<'_>) -> bool {
    let line = scene.here().map(|here| here.line);
    let beside = [scene.before(), scene.next()];
    beside.iter().flatten().filter(|word| word.is_word() && Some(word.line) == line).count() == 2
        && scene.expects(&[Rule::comma])
}

/// `;`, `:`, `=`, `#`: what other languages write.
pub(super) fn mark(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here()?;
    if here.is_word() && here.text.ends_with('.') && scene.at > here.at {
        let said = scene.say(here.end() - 1..here.end(), "`.` has no meaning here");
        let dot = scene.span(here.end() - 1..here.end());
        return Some(said.help("drop it; nothing ends a line but the line's end").fix(dot, ""));
    }
    let after =
        scene.tokens.iter().skip(scene.here + 1).find(|token| token.is_word() || token.kind == Kind::Text);
    let pair = match (scene.before(), after) {
        (Some(before), Some(after)) if before.is_word() && after.line == here.line => {
            format!("`{} {}`", before.text, shown(after.text))
        }
        _ => "`status Pending`".to_owned(),
    };
    let help = match here.text {
        ";" if scene.next().is_none_or(|next| next.first) => {
            "drop it; nothing ends a line but the line's end".to_owned()
        }
        ";" => "drop it".to_owned(),
        ":" | "=" if takes_a_text(scene) && after.is_some_and(Token::is_word) => {
            "drop it, and put what follows in straight quotes".to_owned()
        }
        ":" | "=" => format!("drop it: {pair}"),
        "/" if between_words(scene) => "separate the items of a list with commas".to_owned(),
        "-" if scene.expects_text() => "put what it means in quotes: `IS \"Import Supplier\"`".to_owned(),
        "-" => "drop it".to_owned(),
        "#" | "/" | "--" | "\\" => "a comment begins with `//`".to_owned(),
        "&" | "|" | "+" => "separate the items of a list with commas".to_owned(),
        "!" => "say `not`: `status not Pending`".to_owned(),
        "<" | ">" | "~" | "@" | "$" | "%" | "^" | "?" => "drop it".to_owned(),
        _ => return None,
    };
    let said = scene.say(here.range(), format!("`{}` has no meaning here", here.text)).help(help);
    Some(match here.text {
        ";" | ":" | "=" => {
            let joined = scene.next().is_some_and(|next| next.at == here.end());
            said.fix(scene.span(here.range()), if joined { " " } else { "" })
        }
        _ => said,
    })
}

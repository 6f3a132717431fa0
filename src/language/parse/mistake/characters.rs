//! Characters that a word processor, another language or a keyboard inserts.

use super::{Kind, Rule, Stop, Token, shown};
use crate::language::diagnostic::Diagnostic;

/// `“like this”`, `2023–06–29`, a no-break space.
pub(super) fn strange(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here()?;
    let next = stop.next().filter(|next| next.at == here.end() && here.is_word());
    let token = [Some(here), next].into_iter().flatten().find(|token| is_strange(token))?;
    let c = token.text.chars().next()?;
    let place = token.at..token.at + c.len_utf8();
    let (message, help) = match c {
        '“' | '”' | '„' | '«' | '»' | '‘' | '’' | '‚' | '′' | '″' | '\'' | '`' => {
            (format!("a text is between straight quotes, and `{c}` is not one"), "write `\"` instead")
        }
        '‐'..='―' | '−' => (format!("`{c}` is a dash, not a hyphen"), "write `-` instead"),
        '…' => ("`…` cannot be used here".to_owned(), "write out what is meant"),
        c if c.is_whitespace() || is_invisible(c) => (
            format!("there is an invisible character here (U+{:04X})", u32::from(c)),
            "replace it by a space that you type",
        ),
        c if c.is_alphanumeric() => (
            format!("`{c}` (U+{:04X}) cannot be part of a name", u32::from(c)),
            "names are made of the letters A to Z, digits, `-` and `_`; only a text in quotes may hold others",
        ),
        c => (format!("`{c}` cannot be used here"), "drop it, or put it into a text in quotes"),
    };
    let finding = stop.finding(token.range(), message).help(help);
    Some(match meant(c) {
        Some(meant) => finding.fix(stop.span(place), meant),
        None => finding,
    })
}

/// The replacement of a character with one clear meaning.
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

/// `source "MP125`, `source MP125"`, `source MP125`: quotes that are missing or have no partner.
pub(super) fn quote(stop: &Stop<'_>) -> Option<Diagnostic> {
    without_partner(stop).or_else(|| in_a_text(stop)).or_else(|| without_quotes(stop))
}

/// `"the word "any" is meant"`
fn in_a_text(stop: &Stop<'_>) -> Option<Diagnostic> {
    let (from, line) = stop.line(stop.here);
    let above = from.checked_sub(1).map(|above| stop.line(above).1).unwrap_or_default();
    let text = [above, line].into_iter().find_map(touching_text)?;
    let finding = stop.finding(text.end() - 1..text.end(), "the text ends at this quote");
    Some(finding.help("a text cannot hold a quote; leave it out, or write `‘` and `’`"))
}

/// A text whose end touches a token other than a mark. Marks may touch it.
fn touching_text<'l, 't>(line: &'l [Token<'t>]) -> Option<&'l Token<'t>> {
    line.windows(2).find_map(|pair| match pair {
        [text, next] if text.kind == Kind::Text && next.at == text.end() && next.kind != Kind::Mark => {
            Some(text)
        }
        _ => None,
    })
}

/// `source MP125`
fn without_quotes(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| here.is_word())?;
    let before = stop.before().filter(|before| before.line == here.line)?;
    if stop.expected != [Rule::text] {
        return None;
    }
    let finding = stop
        .finding(here.range(), format!("`{}` takes a text in quotes, found `{}`", before.text, here.text));
    Some(finding.help(format!("put what follows `{}` between straight quotes", before.text)))
}

fn without_partner(stop: &Stop<'_>) -> Option<Diagnostic> {
    let (from, line) = stop.line(stop.here);
    let open = line.iter().rfind(|token| token.kind == Kind::OpenText)?;
    let before = stop.here.checked_sub(1).filter(|before| *before >= from);
    let after_word = before.and_then(|before| stop.tokens.get(before)).is_some_and(Token::is_word);
    let here = stop.here()?;
    if here.kind == Kind::OpenText {
        if let Some((at, c)) = open.text.char_indices().find(|(_, c)| matches!(c, '“' | '”')) {
            let place = open.at + at..open.at + at + c.len_utf8();
            let message = format!("a text ends with a straight quote, and `{c}` is not one");
            let finding = stop.finding(place.clone(), message).help("write `\"` instead");
            return Some(finding.fix(stop.span(place), "\""));
        }
        let finding = stop.finding(open.range(), "this text has no closing quote");
        return Some(finding.help("end it with `\"` on the same line"));
    }
    if stop.expects_text() && after_word && here.is_word() {
        let finding = stop.finding(here.at..open.at + 1, "this text has no opening quote");
        return Some(finding.help(format!("write `\"` before `{}`", here.text)));
    }
    let finding = stop.finding(open.at..open.at + 1, "this quote has no partner on its line");
    Some(finding.help("a text begins and ends with `\"` on one line"))
}

fn takes_a_text(stop: &Stop<'_>) -> bool {
    stop.before().is_some_and(|before| matches!(before.text, "source" | "assumed" | "closed"))
}

/// `5 / 6`
fn between_words(stop: &Stop<'_>) -> bool {
    let line = stop.here().map(|here| here.line);
    let beside = [stop.before(), stop.next()];
    beside.iter().flatten().filter(|word| word.is_word() && Some(word.line) == line).count() == 2
        && stop.expects(&[Rule::comma])
}

/// `;`, `:`, `=`, `#`: what other languages write.
pub(super) fn mark(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here()?;
    if here.is_word() && here.text.ends_with('.') && stop.at > here.at {
        let finding = stop.finding(here.end() - 1..here.end(), "`.` has no meaning here");
        let dot = stop.span(here.end() - 1..here.end());
        return Some(finding.help("drop it; nothing ends a line but the line's end").fix(dot, ""));
    }
    let after =
        stop.tokens.iter().skip(stop.here + 1).find(|token| token.is_word() || token.kind == Kind::Text);
    let pair = match (stop.before(), after) {
        (Some(before), Some(after)) if before.is_word() && after.line == here.line => {
            format!("`{} {}`", before.text, shown(after.text))
        }
        _ => "`status Pending`".to_owned(),
    };
    let help = match here.text {
        ";" if stop.next().is_none_or(|next| next.first) => {
            "drop it; nothing ends a line but the line's end".to_owned()
        }
        ";" => "drop it".to_owned(),
        ":" | "=" if takes_a_text(stop) && after.is_some_and(Token::is_word) => {
            "drop it, and put what follows in straight quotes".to_owned()
        }
        ":" | "=" if stop.next().is_some_and(|next| next.is("{")) => "drop it".to_owned(),
        ":" | "=" => format!("drop it: {pair}"),
        "/" if between_words(stop) => "separate the items of a list with commas".to_owned(),
        "-" if stop.expects_text() => "put what it means in quotes: `IS \"Import Supplier\"`".to_owned(),
        "-" => "drop it".to_owned(),
        "#" | "/" | "--" | "\\" => "a comment begins with `//`".to_owned(),
        "&" | "|" | "+" => "separate the items of a list with commas".to_owned(),
        "!" => "say `not`: `status not Pending`".to_owned(),
        "<" | ">" | "~" | "@" | "$" | "%" | "^" | "?" => "drop it".to_owned(),
        _ => return None,
    };
    let finding = stop.finding(here.range(), format!("`{}` has no meaning here", here.text)).help(help);
    Some(match here.text {
        ";" | ":" | "=" => {
            let joined = stop.next().is_some_and(|next| next.at == here.end());
            finding.fix(stop.span(here.range()), if joined { " " } else { "" })
        }
        _ => finding,
    })
}

//! Names and words: misspelt, reserved, with blanks in them, or in a wrong place.

use super::super::grammar::{self, Rule};
use super::{Kind, Stop, Token, is_reserved, shown};
use crate::base::suggest;
use crate::language::diagnostic::Diagnostic;

/// `since 29/06/2023`
pub(super) fn date(stop: &Stop<'_>) -> Option<Diagnostic> {
    let word = (0..=stop.here).rev().take(6).find(|index| {
        stop.tokens.get(*index).is_some_and(|token| matches!(token.text, "since" | "until" | "effective"))
    })?;
    let first =
        stop.tokens.get(word + 1).filter(|token| token.text.starts_with(|c: char| c.is_ascii_digit()))?;
    let touching = stop.tokens.get(word + 1..)?.windows(2).take_while(|pair| match pair {
        [a, b] => a.end() == b.at && (b.is_word() || matches!(b.text, "/" | ":")),
        _ => false,
    });
    let last = stop.tokens.get(word + 1 + touching.count())?;
    let whole = stop.tokens.get(word + 1..)?.iter().take_while(|token| token.at <= last.at);
    let whole: String = whole.map(|token| token.text).collect();
    if stop.at > last.end() || is_date(&whole) {
        return None;
    }
    let finding =
        stop.finding(first.at..last.end(), format!("`{whole}` is not a date as it is written here"));
    Some(finding.help("a date is year, month and day, with hyphens: `2023-06-29`"))
}

fn is_date(text: &str) -> bool {
    let widths: Vec<usize> = text.split('-').map(str::len).collect();
    widths == [4, 2, 2]
}

/// `6.2*`, `6*`, `*`
pub(super) fn family(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| here.is_word())?;
    let number = here.text.strip_suffix('*').or_else(|| here.text.strip_suffix(".x"))?;
    let number = number.strip_suffix('.').unwrap_or(number);
    let message = format!("`{}` is not a name of services", here.text);
    let help = match number {
        "" => "say `all` for every service".to_owned(),
        number if number.contains('*') => "write the star once, at the end: `6.*`".to_owned(),
        number => format!("write `{number}.*` for every service whose number starts with `{number}.`"),
    };
    Some(stop.finding(here.range(), message).help(help))
}

/// `ED (MP120)`
pub(super) fn dates_of_an_item(stop: &Stop<'_>) -> Option<Diagnostic> {
    if stop.expected == [Rule::kw_since, Rule::kw_until] && !stop.before()?.is("(") {
        if let Some(comma) = stop.here().filter(|here| here.is(",")) {
            let finding =
                stop.finding(comma.range(), "there is no comma between `since` and `until` of an item");
            return Some(finding.help("drop the comma: `(since 2021-01-01 until 2023-06-29)`"));
        }
        let open = stop.tokens.iter().take(stop.here).rfind(|token| token.is("("))?;
        let finding = stop.finding(open.range(), "this bracket is not closed");
        return Some(finding.help("close it with `)` after the date or the modification"));
    }
    if let Some(finding) = without_brackets(stop) {
        return Some(finding);
    }
    let before = stop.before().filter(|before| before.is("("))?;
    let here = stop.here()?;
    let item = stop.here.checked_sub(2).and_then(|item| stop.tokens.get(item)).map_or("ED", |item| item.text);
    let finding = stop.finding(before.at..here.end(), "the brackets after an item contain its dates");
    Some(finding.help(format!("say `since` or `until`: `{item} (since MP120)`")))
}

/// `11.2 since MP105, 11.3`
fn without_brackets(stop: &Stop<'_>) -> Option<Diagnostic> {
    stop.here().filter(|here| here.is(","))?;
    let [item, word, date] = stop.tokens.get(stop.here.checked_sub(3)?..stop.here)? else { return None };
    if !matches!(word.text, "since" | "until") || word.first {
        return None;
    }
    let finding = stop.finding(word.at..date.end(), "the dates of an item are in brackets after it");
    Some(finding.help(format!("write `{} ({} {})`", item.text, word.text, date.text)))
}

/// `permit "why" {`, or a text among the values of an attribute without a value before it
pub(super) fn nameless(stop: &Stop<'_>) -> Option<Diagnostic> {
    if let Some(text) = stop.here().filter(|here| {
        here.kind == Kind::Text
            && stop.expects(&[Rule::value_decl, Rule::value])
            && stop.expects(&[Rule::close])
    }) {
        let finding = stop.finding(text.range(), "this text belongs to no value");
        return Some(finding.help("the value comes before its text: `Pending \"pre-notified\"`"));
    }
    let before = stop.before().filter(|before| grammar::ITEM_WORDS.contains(&before.text))?;
    stop.here().filter(|here| here.kind == Kind::Text && (stop.expects_name() || stop.expects_value()))?;
    let (what, example) = if before.is("service") { ("number", "8.4") } else { ("name", "some-name") };
    let text = stop.here().map_or_else(String::new, |text| shown(text.text));
    if let Some(name) = stop.next().filter(|next| next.is_word() && !is_reserved(next.text)) {
        let finding = stop.finding(name.range(), format!("the {what} comes before the text"));
        return Some(finding.help(format!("write `{} {} {text}`", before.text, name.text)));
    }
    let finding = stop.finding(before.range(), format!("this `{}` has no {what}", before.text));
    Some(finding.help(format!("the {what} comes first: `{} {example} {text}`", before.text)))
}

/// `permit esme variant "…"`, `when responsible supplier`: a name is one word.
pub(super) fn with_blanks(stop: &Stop<'_>) -> Option<Diagnostic> {
    header(stop).or_else(|| when(stop))
}

fn header(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| here.is_word() && !is_reserved(here.text))?;
    let (from, line) = stop.line(stop.here);
    if !stop.expects(&[Rule::open]) && !line.first().is_some_and(|first| first.is("tag")) {
        return None;
    }
    let keyword = line.iter().rposition(|token| grammar::ITEM_WORDS.contains(&token.text))?;
    let words: Vec<&Token<'_>> = line.iter().skip(keyword + 1).take_while(|token| token.is_name()).collect();
    let (first, last) = (words.first()?, words.last()?);
    if words.len() < 2 || from + keyword >= stop.here || last.at < here.at {
        return None;
    }
    let named = line.get(keyword)?;
    if named.is("service") {
        let rest = line.iter().skip(keyword + 2).take_while(|token| token.is_word());
        let text: Vec<&str> = rest.clone().map(|word| word.text).collect();
        let (start, end) = (words.get(1)?.at, rest.last().map_or(last.end(), Token::end));
        let finding = stop.finding(start..end, "the text of a service is written in quotes");
        return Some(finding.help(format!("write `service {} {}`", first.text, with_tags(&text))));
    }
    Some(joined(stop, first, last, &words))
}

/// `Update Inventory non-device` as `"Update Inventory" non-device`: after a word with a capital letter, a word without
/// one is a tag.
fn with_tags(words: &[&str]) -> String {
    let capital = |word: &&str| word.starts_with(|c: char| c.is_ascii_uppercase());
    match words {
        [text @ .., last, tag] if capital(last) && !capital(tag) && !is_reserved(tag) => {
            format!("\"{}\" {tag}", [text, &[last]].concat().join(" "))
        }
        _ => format!("\"{}\"", words.join(" ")),
    }
}

fn when(stop: &Stop<'_>) -> Option<Diagnostic> {
    let (from, before) =
        (stop.tokens.iter().take(stop.here + 1)).enumerate().rfind(|(_, token)| token.is("when"))?;
    let words: Vec<&Token<'_>> = stop
        .tokens
        .iter()
        .skip(from + 1)
        .take_while(|token| token.line == before.line && token.is_name())
        .collect();
    let (first, last) = (words.first()?, words.last()?);
    // If the number of words is odd, the words after the name parse as clauses.
    if words.len() % 2 == 1 || stop.at < last.at {
        return None;
    }
    if words.len() == 2 {
        return Some(joined(stop, first, last, &words));
    }
    let finding = stop.finding(first.at..last.end(), "`when` names a condition, and a name is one word");
    Some(finding.help("name a condition that is declared with `condition`"))
}

fn joined(stop: &Stop<'_>, first: &Token<'_>, last: &Token<'_>, words: &[&Token<'_>]) -> Diagnostic {
    let texts: Vec<&str> = words.iter().map(|word| word.text).collect();
    let message = format!("`{}` is more than one word, and a name is one", texts.join(" "));
    stop.finding(first.at..last.end(), message).help(format!("join them with hyphens: `{}`", texts.join("-")))
}

/// `srevices all`, `services all ecept 8.2`, `services tga critical`: a misspelt word, after which the parser stops
/// later.
pub(super) fn misspelt_selector(stop: &Stop<'_>) -> Option<Diagnostic> {
    let (from, line) = stop.line(stop.here);
    let above = from.checked_sub(1).map(|above| stop.line(above).1).unwrap_or_default();
    let (word, help) = [above, line].into_iter().find_map(misspelt_in)?;
    Some(stop.finding(word.range(), format!("`{}` is not a word of the language", word.text)).help(help))
}

fn misspelt_in<'l, 't>(line: &'l [Token<'t>]) -> Option<(&'l Token<'t>, String)> {
    let [first, second, ..] = line else { return None };
    if matches!(second.text, "all" | "tag") && first.is_name() {
        return Some((first, suggest::did_you_mean(first.text, ["services"])?));
    }
    if !first.is("services") {
        return None;
    }
    line.windows(2).skip(1).find_map(|pair| {
        let [word, next] = pair else { return None };
        let help = suggest::did_you_mean(word.text, ["all", "except", "tag"])?;
        (word.is_name() && next.is_word()).then_some((word, help))
    })
}

/// `premit x`, `assumd "…"`
pub(super) fn misspelt_word(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| here.is_word())?;
    let words = grammar::expected_words(&stop.expected);
    let respelt = words.clone().into_iter().find(|word| word.eq_ignore_ascii_case(here.text));
    let synonym_of = suggest::other_item(here.text).filter(|word| words.contains(word));
    let synonym_of = synonym_of.map(|word| format!("did you mean `{word}`?"));
    let help = suggest::did_you_mean(here.text, words).or(synonym_of)?;
    let expected = suggest::either(&grammar::expected(&stop.expected));
    let message = format!("expected {expected}, found `{}`", here.text);
    let finding = stop.finding(here.range(), message).help(help);
    Some(match respelt {
        Some(word) => finding.fix(stop.span(here.range()), word),
        None => finding,
    })
}

/// `permit set "…"`
pub(super) fn reserved(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| is_reserved(here.text))?;
    let same_line = stop.before().is_some_and(|before| before.line == here.line);
    let named = stop.expects_name() || stop.expects_value();
    let more_likely =
        stop.expects(&[Rule::open]) || stop.expects(&[Rule::close]) && !stop.expects(&[Rule::value_decl]);
    if !same_line || !named || more_likely {
        return None;
    }
    let message = format!("`{}` is a word of the language and cannot be a name", here.text);
    let swapped = here.text == "set" && stop.before().is_some_and(|before| before.is("attribute"));
    let help = if swapped { "to declare a set write `set attribute`" } else { "choose another name" };
    Some(stop.finding(here.range(), message).help(help))
}

/// `effective 2023-06-29` in a rule: a word of the language in a wrong place.
pub(super) fn elsewhere(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| here.is_word())?;
    let home = match here.text {
        "case" => "in a condition",
        "effective" | "proposed" => "in a modification",
        "closed" => "in a service",
        "fields" => "in a service, and in its rules",
        "always" | "sender" | "like" => "in the first line of an attribute, after its name",
        "services" | "except" => "in a rule outside a service",
        "when" | "since" | "until" => "in a rule",
        "source" => "in a rule, a condition or a modification",
        "assumed" => "in a rule or a condition",
        "refuse" => "first in an attribute, after a value, or in a forbid",
        "from" => "in a service, after an attribute",
        "attribute" | "set" | "group" | "tag" | "condition" | "modification" | "clock" | "service" => {
            "outside everything else"
        }
        _ if is_reserved(here.text) || !stop.expects(&[Rule::effect, Rule::rule]) => return None,
        _ if names_a_place(stop) => {
            return Some(no_rule(
                stop,
                here,
                "the text of an element is stated as `credential from RemotePartyRole`",
            ));
        }
        _ if !begins_a_block(stop) => {
            return Some(no_rule(
                stop,
                here,
                "a clause belongs between the braces of a rule: `permit name { … }`",
            ));
        }
        _ if stop.expects(&[Rule::kw_closed]) => {
            return Some(no_rule(stop, here, "a rule begins with `permit` or `forbid`"));
        }
        _ => return None,
    };
    Some(
        stop.finding(here.range(), format!("`{}` cannot be used here", here.text))
            .help(format!("it belongs {home}")),
    )
}

/// `credential form RemotePartyRole`, `credential = Details/RemotePartyRole`
fn names_a_place(stop: &Stop<'_>) -> bool {
    let (_, line) = stop.line(stop.here);
    let from = |word: &Token<'_>| suggest::nearest(word.text, ["from"]).is_some();
    line.get(1).is_some_and(from) || line.iter().any(|token| token.is("/"))
}

fn begins_a_block(stop: &Stop<'_>) -> bool {
    stop.line(stop.here).1.last().is_some_and(|last| last.is("{"))
}

/// `role IS` in a service, or in a file.
fn no_rule(stop: &Stop<'_>, here: &Token<'_>, help: &str) -> Diagnostic {
    let expected = suggest::either(&grammar::expected(&stop.expected));
    stop.finding(here.range(), format!("expected {expected}, found `{}`", here.text)).help(help)
}

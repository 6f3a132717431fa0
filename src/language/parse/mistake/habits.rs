//! What people write who do not know the language: the words and marks of a sentence, a table or another language.

use super::super::grammar::{self, Rule};
use super::lists::{TESTS, block_start, without_comma};
use super::{Kind, Stop, Token, shown};
use crate::base::suggest;
use crate::language::diagnostic::Diagnostic;

/// `- status live`, `1. status live`: the lines of a list in a document or a mail.
pub(super) fn bullet(stop: &Stop<'_>) -> Option<Diagnostic> {
    let (_, line) = stop.line(stop.here);
    let [first, second, ..] = line else { return None };
    let number = first.text.strip_suffix('.').or_else(|| first.text.strip_suffix(')'));
    let number = number.is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()));
    let bullet = matches!(first.text, "-" | "*" | ">" | "|" | "•" | "·" | "–" | "—" | "▪" | "●" | "o");
    if !(number || bullet) || !second.is_word() || stop.expects(&[Rule::equals]) {
        return None;
    }
    let finding = stop.finding(first.range(), format!("`{}` has no meaning here", first.text));
    Some(finding.help(format!("drop it: the line begins with `{}`", second.text)))
}

/// `source "MP125",`: a mark after a text, where only another line can follow.
pub(super) fn after_a_text(stop: &Stop<'_>) -> Option<Diagnostic> {
    stop.before().filter(|before| before.kind == Kind::Text)?;
    let here = stop.here().filter(|here| matches!(here.text, "," | "." | ";"))?;
    let another = stop.next().is_some_and(|next| next.kind == Kind::Text && next.line == here.line);
    if let Some(finding) = values_in_quotes(stop).filter(|_| another) {
        return Some(finding);
    }
    let finding = stop.finding(here.range(), format!("`{}` has no meaning after a text", here.text));
    Some(match another {
        true => finding.help("only one text can be here: write both as one text"),
        false => {
            let finding = finding.help(format!("drop the `{}` after the text", here.text));
            finding.fix(stop.span(here.range()), "")
        }
    })
}

/// `role "IS", "GS"`
fn values_in_quotes(stop: &Stop<'_>) -> Option<Diagnostic> {
    let attribute = stop.tokens.get(stop.here.checked_sub(2)?).filter(|token| token.is_name())?;
    if !stop.expects(&[Rule::kw_when]) {
        return None;
    }
    let line = stop.tokens.iter().skip(stop.here - 1).take_while(|token| token.line == attribute.line);
    let line: Vec<&Token<'_>> = line.take_while(|token| token.kind == Kind::Text || token.is(",")).collect();
    let texts: Vec<&str> = line.iter().map(|token| token.text.trim_matches('"').trim()).collect();
    let values: Vec<&str> = texts.into_iter().filter(|text| *text != ",").collect();
    let message = format!("the values of `{}` are written without quotes", attribute.text);
    let finding = stop.finding(line.first()?.at..line.last()?.end(), message);
    Some(finding.help(format!("write `{} {}`", attribute.text, values.join(", "))))
}

/// `group status live Whitelisted, Commissioned`, and with braces or a colon.
pub(super) fn group(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|_| stop.expects(&[Rule::equals]))?;
    let head = stop.tokens.get(stop.here.checked_sub(3)?..stop.here)?;
    let [word, attribute, name] = head else { return None };
    let items = stop.tokens.iter().skip(stop.here).filter(|token| token.is_name());
    let mut items: Vec<&str> = items.take(3).map(|token| token.text).collect();
    if !word.is("group") || items.is_empty() {
        return None;
    }
    if items.len() > 2 {
        items.truncate(2);
        items.push("…");
    }
    let head = format!("group {} {}", attribute.text, name.text);
    let finding = stop.finding(here.range(), format!("the `=` of `{head}` is missing"));
    Some(finding.help(format!("write `{head} = {}`", items.join(", "))))
}

/// `effective "2023-06-29"`, `effective from 2023-06-29`, `effective TBC`
pub(super) fn date(stop: &Stop<'_>) -> Option<Diagnostic> {
    let before = stop.before().filter(|before| matches!(before.text, "effective" | "since" | "until"))?;
    let here = stop.here().filter(|here| here.line == before.line)?;
    if here.kind == Kind::Text {
        let bare = here.text.trim_matches('"').trim();
        let what = if before.is("effective") { "a date" } else { "a date or a modification" };
        let finding = stop.finding(here.range(), format!("{what} is written without quotes"));
        return Some(finding.help(format!("drop the quotes: `{} {bare}`", before.text)));
    }
    if !before.is("effective") || !here.is_word() || here.text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let date =
        |next: &Token<'_>| next.text.len() == 10 && next.text.starts_with(|c: char| c.is_ascii_digit());
    let dated = stop.next().is_some_and(date);
    let number = |token: &&Token<'_>| token.text.starts_with(|c: char| c.is_ascii_digit());
    let partly = stop.line(stop.here).1.iter().any(|token| number(&token));
    let finding = stop
        .finding(here.range(), format!("expected a date such as 2023-06-29, found `{}`", shown(here.text)));
    Some(finding.help(match dated {
        true => format!("drop `{}`", here.text),
        false if partly => "a date is year, month and day, with hyphens: `2023-06-29`".to_owned(),
        false => "write `proposed` in place of the line while there is no date".to_owned(),
    }))
}

/// `from 2023-06-29`, `IS (from MP125)`
pub(super) fn other_word_for_a_date(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here()?;
    let bracket = stop.before().is_some_and(|before| before.is("("));
    let (word, date) = if bracket { (here, stop.next()?) } else { (stop.before()?, here) };
    let date = Some(date).filter(|date| bracket || date.text.starts_with(|c: char| c.is_ascii_digit()))?;
    let meant = suggest::other_word(word.text).filter(|meant| matches!(*meant, "since" | "until"))?;
    let finding = stop.finding(word.range(), format!("`{}` is not a word of the language here", word.text));
    Some(finding.help(format!("did you mean `{meant}`? write `{meant} {}`", date.text)))
}

/// `status all`, `status *`, `status listed except Pending`
pub(super) fn every_value(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| matches!(here.text, "all" | "*" | "except"))?;
    let before = stop.before().filter(|before| before.line == here.line && before.is_word())?;
    if here.is("except") {
        let attribute = if before.first { before } else { stop.tokens.get(stop.here.checked_sub(2)?)? };
        if !attribute.is_name() || attribute.line != here.line {
            return None;
        }
        return Some(all_but(stop, attribute, stop.here));
    }
    if !before.is_name() || !stop.expects(&[Rule::kw_any]) {
        return None;
    }
    if stop.next().is_some_and(|next| next.is("except")) {
        return Some(all_but(stop, before, stop.here + 1));
    }
    let finding = stop.finding(here.range(), format!("`{}` does not mean every value", here.text));
    Some(finding.help(format!("write `{} any`", before.text)))
}

fn all_but(stop: &Stop<'_>, attribute: &Token<'_>, except: usize) -> Diagnostic {
    let items = rest_of_line(stop, except + 1);
    let place = stop.tokens.get(except).map_or(stop.at..stop.at, Token::range);
    let finding = stop.finding(place, "`except` is for services, not for values");
    finding.help(format!("write `{} not {items}`, or list the values", attribute.text))
}

/// The words and commas of a line from a token on, as text.
fn rest_of_line(stop: &Stop<'_>, from: usize) -> String {
    let Some(first) = stop.tokens.get(from) else { return "…".to_owned() };
    let rest = stop.tokens.iter().skip(from);
    let rest = rest.take_while(|token| token.line == first.line && (token.is_word() || token.is(",")));
    let mut text = String::new();
    for token in rest {
        if !text.is_empty() && !token.is(",") {
            text.push(' ');
        }
        text.push_str(token.text);
    }
    shown(&text)
}

/// `not status live`, `only fields X`
pub(super) fn test_word_first(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| TESTS.contains(&here.text))?;
    let attribute = stop.next().filter(|next| next.is_name() && next.line == here.line)?;
    let value = stop.tokens.get(stop.here + 2)?;
    let begins = here.first || stop.before().is_some_and(|before| before.is("case") || before.is("{"));
    if !begins || value.line != here.line || !value.is_name() {
        return None;
    }
    let items = rest_of_line(stop, stop.here + 2);
    let finding =
        stop.finding(here.range(), format!("`{}` comes after its attribute, not before it", here.text));
    Some(finding.help(format!("write `{} {} {items}`", attribute.text, here.text)))
}

/// `status is live`, `fields Only X`, `relation contains X`: a word after the attribute that is neither a value nor a
/// test.
pub(super) fn word_after_the_attribute(stop: &Stop<'_>) -> Option<Diagnostic> {
    let from = block_start(stop);
    let body = stop.tokens.get(from..)?;
    let (_, here) = stop.line(stop.here);
    let until = here.last().map_or(usize::MAX, |last| last.line);
    let lines = body
        .chunk_by(|a, b| a.line == b.line)
        .take_while(|line| line.iter().all(|token| token.line <= until));
    lines.into_iter().find_map(|line| {
        let [attribute, word, value, ..] = line else { return None };
        if !attribute.is_name() || !word.is_name() || !value.is_word() || value.at > stop.at {
            return None;
        }
        let tested = TESTS.contains(&value.text);
        if matches!(word.text, "is" | "are" | "be" | "in" | "equals")
            && (tested || without_comma(line).is_some())
        {
            let finding =
                stop.finding(word.range(), format!("`{}` is not a word of the language", word.text));
            return Some(finding.help(format!("drop `{}`: `{} {}`", word.text, attribute.text, value.text)));
        }
        let same = TESTS.iter().copied().find(|test| test.eq_ignore_ascii_case(word.text));
        let near = same.or_else(|| suggest::nearest(word.text, TESTS.iter().copied()));
        let test = near.or_else(|| other_test(word.text))?;
        without_comma(line)?;
        let finding = stop.finding(word.range(), format!("`{}` is not a word of the language", word.text));
        Some(finding.help(format!("did you mean `{test}`?")))
    })
}

/// The test that people mean who write another word: `fields without X`.
fn other_test(word: &str) -> Option<&'static str> {
    Some(match word.to_ascii_lowercase().as_str() {
        "including" | "contains" | "has" => "includes",
        "excluding" | "without" | "no" => "excludes",
        "isnt" => "not",
        "just" => "only",
        _ => return None,
    })
}

/// `when role IS`
pub(super) fn when(stop: &Stop<'_>) -> Option<Diagnostic> {
    let at = stop.tokens.iter().take(stop.here + 1).rposition(|token| token.is("when"))?;
    let [when, name, value, ..] = stop.tokens.get(at..)? else { return None };
    if value.line != when.line || !name.is_name() || !value.is_word() || stop.at < value.at {
        return None;
    }
    let listed = stop.tokens.get(at + 3).is_some_and(|next| next.is(",") && next.line == when.line);
    let capital = value.is_name() && value.text.starts_with(|c: char| c.is_ascii_uppercase());
    let alone = stop.tokens.get(at + 3).is_none_or(|next| next.line > when.line || !next.is_word());
    let tests = TESTS.contains(&value.text) || matches!(value.text, "any" | "none");
    if !(tests || listed || capital && alone) {
        return None;
    }
    let clause = format!("{} {}", name.text, rest_of_line(stop, at + 2));
    let message = format!("`when` names a condition, and `{clause}` is a clause");
    let finding = stop.finding(name.at..value.end(), message);
    Some(
        finding.help(format!(
            "drop `when`: write the clause on `{}` on a line of its own, `{clause}`",
            name.text
        )),
    )
}

/// `tolerance 60s`, `tolerance 1 minute`
pub(super) fn length_of_time(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|_| stop.expects(&[Rule::count, Rule::unit]))?;
    let finding =
        stop.finding(here.range(), format!("`{}` is not a length of time as it is written here", here.text));
    Some(finding.help("write a number and `seconds`, `minutes`, `hours` or `days`: `60 seconds`"))
}

/// `service 8,4`
pub(super) fn number(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| here.is(","))?;
    let [word, before] = stop.tokens.get(stop.here.checked_sub(2)?..stop.here)? else { return None };
    let number = |token: &Token<'_>| token.text.starts_with(|c: char| c.is_ascii_digit());
    let next = stop.next().filter(|next| number(next) && next.at == here.end())?;
    if !word.is("service") || !number(before) {
        return None;
    }
    let finding =
        stop.finding(before.at..next.end(), "the number of a service has full stops, and no commas");
    Some(finding.help(format!("write `{}.{}`", before.text, next.text)))
}

/// `modification MP125 Correcting Device Information {`: a title without quotes.
pub(super) fn title(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| here.is_name() && stop.expects(&[Rule::open]))?;
    let (from, line) = stop.line(stop.here);
    let keyword = line.iter().rposition(|token| {
        token.at < here.at && grammar::ITEM_WORDS.contains(&token.text) && !token.is("set")
    })?;
    let word = line.get(keyword)?;
    let name = line.get(keyword + 1).filter(|_| from + keyword + 2 == stop.here)?;
    let end = line.iter().position(|token| token.is("{")).unwrap_or(line.len());
    let mut title = line.get(keyword + 2..end)?;
    while let Some((_, rest)) = title.split_last().filter(|(last, _)| last.is("always") || last.is("sender"))
    {
        title = rest;
    }
    if title.iter().any(|token| !token.is_word()) {
        return None;
    }
    let last = title.last()?;
    let texts: Vec<&str> = title.iter().map(|token| token.text).collect();
    // Two or three words in small letters may as well be a name with blanks in it.
    if texts.len() <= 2 && !here.text.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let written = format!("{} {} \"{}\"", word.text, name.text, texts.join(" "));
    let message = format!("the title of `{} {}` is written in quotes", word.text, name.text);
    Some(stop.finding(here.at..last.end(), message).help(format!("put the title in quotes: `{written}`")))
}

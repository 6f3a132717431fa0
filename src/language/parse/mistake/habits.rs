//! What those write who never saw the language: the words and marks of a sentence, a table or another language.

use super::super::grammar::{self, Rule};
use super::lists::{TESTS, rule_start, without_comma};
use super::{Kind, Scene, Token, shown};
use crate::base::suggest;
use crate::language::diagnostic::Diagnostic;

/// `- status live`, `1. status live`: the lines of a list in a document or a mail.
pub(super) fn bullet(scene: &Scene<'_>) -> Option<Diagnostic> {
    let (_, line) = scene.line(scene.here);
    let [first, second, ..] = line else { return None };
    let number = first.text.strip_suffix('.').or_else(|| first.text.strip_suffix(')'));
    let number = number.is_some_and(|number| number.chars().all(|c| c.is_ascii_digit()));
    let bullet = matches!(first.text, "-" | "*" | ">" | "|" | "•" | "·" | "–" | "—" | "▪" | "●" | "o");
    if !(number || bullet) || !second.is_word() || scene.expects(&[Rule::equals]) {
        return None;
    }
    let said = scene.say(first.range(), format!("`{}` has no meaning here", first.text));
    Some(said.help(format!("drop it: the line begins with `{}`", second.text)))
}

/// `source "MP125",`: a mark where nothing but the next line can follow.
pub(super) fn behind_a_text(scene: &Scene<'_>) -> Option<Diagnostic> {
    scene.before().filter(|before| before.kind == Kind::Text)?;
    let here = scene.here().filter(|here| matches!(here.text, "," | "." | ";"))?;
    let another = scene.next().is_some_and(|next| next.kind == Kind::Text && next.line == here.line);
    if let Some(said) = values_in_quotes(scene).filter(|_| another) {
        return Some(said);
    }
    let said = scene.say(here.range(), format!("`{}` has no meaning behind a text", here.text));
    Some(match another {
        true => said.help("one text stands here: write both into one"),
        false => {
            let said = said.help(format!("drop the `{}` behind the text", here.text));
            said.fix(scene.span(here.range()), "")
        }
    })
}

/// `role "IS", "GS"`
fn values_in_quotes(scene: &Scene<'_>) -> Option<Diagnostic> {
    let attribute = scene.tokens.get(scene.here.checked_sub(2)?).filter(|token| token.is_name())?;
    if !scene.expects(&[Rule::kw_when]) {
        return None;
    }
    let line = scene.tokens.iter().skip(scene.here - 1).take_while(|token| token.line == attribute.line);
    let line: Vec<&Token<'_>> = line.take_while(|token| token.kind == Kind::Text || token.is(",")).collect();
    let texts: Vec<&str> = line.iter().map(|token| token.text.trim_matches('"').trim()).collect();
    let values: Vec<&str> = texts.into_iter().filter(|text| *text != ",").collect();
    let message = format!("the values of `{}` are written without quotes", attribute.text);
    let said = scene.say(line.first()?.at..line.last()?.end(), message);
    Some(said.help(format!("write `{} {}`", attribute.text, values.join(", "))))
}

/// `group status live Whitelisted, Commissioned`, and with braces or a colon.
pub(super) fn group(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|_| scene.expects(&[Rule::equals]))?;
    let head = scene.tokens.get(scene.here.checked_sub(3)?..scene.here)?;
    let [word, attribute, name] = head else { return None };
    let items = scene.tokens.iter().skip(scene.here).filter(|token| token.is_name());
    let mut items: Vec<&str> = items.take(3).map(|token| token.text).collect();
    if !word.is("group") || items.is_empty() {
        return None;
    }
    if items.len() > 2 {
        items.truncate(2);
        items.push("…");
    }
    let head = format!("group {} {}", attribute.text, name.text);
    let said = scene.say(here.range(), format!("the `=` of `{head}` is missing"));
    Some(said.help(format!("write `{head} = {}`", items.join(", "))))
}

/// `effective "2023-06-29"`, `effective from 2023-06-29`, `effective TBC`
pub(super) fn date(scene: &Scene<'_>) -> Option<Diagnostic> {
    let before = scene.before().filter(|it| matches!(it.text, "effective" | "since" | "until"))?;
    let here = scene.here().filter(|here| here.line == before.line)?;
    if here.kind == Kind::Text {
        let bare = here.text.trim_matches('"').trim();
        let what = if before.is("effective") { "a date" } else { "a date or a modification" };
        let said = scene.say(here.range(), format!("{what} stands without quotes"));
        return Some(said.help(format!("drop the quotes: `{} {bare}`", before.text)));
    }
    if !before.is("effective") || !here.is_word() || here.text.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let date =
        |next: &Token<'_>| next.text.len() == 10 && next.text.starts_with(|c: char| c.is_ascii_digit());
    let dated = scene.next().is_some_and(date);
    let number = |token: &&Token<'_>| token.text.starts_with(|c: char| c.is_ascii_digit());
    let partly = scene.line(scene.here).1.iter().any(|token| number(&token));
    let said =
        scene.say(here.range(), format!("expected a date such as 2023-06-29, found `{}`", shown(here.text)));
    Some(said.help(match dated {
        true => format!("drop `{}`", here.text),
        false if partly => "a date is year, month and day, with hyphens: `2023-06-29`".to_owned(),
        false => "write `proposed` in place of the line while there is no date".to_owned(),
    }))
}

/// `from 2023-06-29`, `IS (from MP125)`
pub(super) fn other_word_for_a_date(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here()?;
    let bracket = scene.before().is_some_and(|before| before.is("("));
    let (word, date) = if bracket { (here, scene.next()?) } else { (scene.before()?, here) };
    let date = Some(date).filter(|date| bracket || date.text.starts_with(|c: char| c.is_ascii_digit()))?;
    let meant = suggest::other_word(word.text).filter(|meant| matches!(*meant, "since" | "until"))?;
    let said = scene.say(word.range(), format!("`{}` is no word of the language here", word.text));
    Some(said.help(format!("did you mean `{meant}`? write `{meant} {}`", date.text)))
}

/// `status all`, `status *`, `status listed except Pending`
pub(super) fn every_value(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| matches!(here.text, "all" | "*" | "except"))?;
    let before = scene.before().filter(|before| before.line == here.line && before.is_word())?;
    if here.is("except") {
        let attribute = if before.first { before } else { scene.tokens.get(scene.here.checked_sub(2)?)? };
        if !attribute.is_name() || attribute.line != here.line {
            return None;
        }
        return Some(all_but(scene, attribute, scene.here));
    }
    if !before.is_name() || !scene.expects(&[Rule::kw_any]) {
        return None;
    }
    if scene.next().is_some_and(|next| next.is("except")) {
        return Some(all_but(scene, before, scene.here + 1));
    }
    let said = scene.say(here.range(), format!("`{}` does not mean every value", here.text));
    Some(said.help(format!("write `{} any`", before.text)))
}

fn all_but(scene: &Scene<'_>, attribute: &Token<'_>, except: usize) -> Diagnostic {
    let items = rest_of_line(scene, except + 1);
    let place = scene.tokens.get(except).map_or(scene.at..scene.at, Token::range);
    let said = scene.say(place, "`except` is for services, not for values");
    said.help(format!("write `{} not {items}`, or list the values", attribute.text))
}

/// The words and commas of a line from a token on, as they would be written.
fn rest_of_line(scene: &Scene<'_>, from: usize) -> String {
    let Some(first) = scene.tokens.get(from) else { return "…".to_owned() };
    let rest = scene.tokens.iter().skip(from);
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
pub(super) fn test_word_first(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| TESTS.contains(&here.text))?;
    let attribute = scene.next().filter(|next| next.is_name() && next.line == here.line)?;
    let value = scene.tokens.get(scene.here + 2)?;
    let begins = here.first || scene.before().is_some_and(|before| before.is("case") || before.is("{"));
    if !begins || value.line != here.line || !value.is_name() {
        return None;
    }
    let items = rest_of_line(scene, scene.here + 2);
    let said = scene.say(here.range(), format!("`{}` stands behind its attribute, not before it", here.text));
    Some(said.help(format!("write `{} {} {items}`", attribute.text, here.text)))
}

/// `status is live`, `fields Only X`: a word behind the attribute that is no value.
pub(super) fn word_behind_the_attribute(scene: &Scene<'_>) -> Option<Diagnostic> {
    let (from, _) = rule_start(scene);
    let body = scene.tokens.get(from..)?;
    let (_, here) = scene.line(scene.here);
    let until = here.last().map_or(usize::MAX, |last| last.line);
    let lines =
        body.chunk_by(|a, b| a.line == b.line).take_while(|line| line.iter().all(|it| it.line <= until));
    lines.into_iter().find_map(|line| {
        let [attribute, word, value, ..] = line else { return None };
        if !attribute.is_name() || !word.is_name() || !value.is_word() || value.at > scene.at {
            return None;
        }
        let tested = TESTS.contains(&value.text);
        if matches!(word.text, "is" | "are" | "be" | "equals") && (tested || without_comma(line).is_some()) {
            let said = scene.say(word.range(), format!("`{}` is no word of the language", word.text));
            return Some(said.help(format!("drop `{}`: `{} {}`", word.text, attribute.text, value.text)));
        }
        let same = TESTS.iter().copied().find(|test| test.eq_ignore_ascii_case(word.text));
        let test = same.or_else(|| suggest::nearest(word.text, TESTS.iter().copied()))?;
        without_comma(line)?;
        let said = scene.say(word.range(), format!("`{}` is no word of the language", word.text));
        Some(said.help(format!("did you mean `{test}`?")))
    })
}

/// `when role IS`
pub(super) fn when(scene: &Scene<'_>) -> Option<Diagnostic> {
    let nth = scene.tokens.iter().take(scene.here + 1).rposition(|token| token.is("when"))?;
    let [when, name, value, ..] = scene.tokens.get(nth..)? else { return None };
    if value.line != when.line || !name.is_name() || !value.is_word() || scene.at < value.at {
        return None;
    }
    let listed = scene.tokens.get(nth + 3).is_some_and(|next| next.is(",") && next.line == when.line);
    let capital = value.is_name() && value.text.starts_with(|c: char| c.is_ascii_uppercase());
    let alone = scene.tokens.get(nth + 3).is_none_or(|next| next.line > when.line || !next.is_word());
    let tests = TESTS.contains(&value.text) || matches!(value.text, "any" | "none");
    if !(tests || listed || capital && alone) {
        return None;
    }
    let clause = format!("{} {}", name.text, rest_of_line(scene, nth + 2));
    let message = format!("`when` names a condition, and `{clause}` is a clause");
    let said = scene.say(name.at..value.end(), message);
    Some(
        said.help(format!(
            "drop `when`: a clause on `{}` stands on a line of its own, `{clause}`",
            name.text
        )),
    )
}

/// `service 8,4`
pub(super) fn number(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| here.is(","))?;
    let [word, before] = scene.tokens.get(scene.here.checked_sub(2)?..scene.here)? else { return None };
    let number = |token: &Token<'_>| token.text.starts_with(|c: char| c.is_ascii_digit());
    let next = scene.next().filter(|next| number(next) && next.at == here.end())?;
    if !word.is("service") || !number(before) {
        return None;
    }
    let said = scene.say(before.at..next.end(), "the number of a service has full stops, and no commas");
    Some(said.help(format!("write `{}.{}`", before.text, next.text)))
}

/// `modification MP125 Correcting Device Information {`: a title without quotes.
pub(super) fn title(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| here.is_name() && scene.expects(&[Rule::open]))?;
    let (from, line) = scene.line(scene.here);
    let keyword = line.iter().rposition(|token| {
        token.at < here.at && grammar::ITEM_WORDS.contains(&token.text) && !token.is("set")
    })?;
    let word = line.get(keyword)?;
    let name = line.get(keyword + 1).filter(|_| from + keyword + 2 == scene.here)?;
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
    // Two or three small words are as likely a name with blanks in it.
    if texts.len() <= 2 && !here.text.starts_with(|c: char| c.is_ascii_uppercase()) {
        return None;
    }
    let written = format!("{} {} \"{}\"", word.text, name.text, texts.join(" "));
    let message = format!("the title of `{} {}` stands in quotes", word.text, name.text);
    Some(scene.say(here.at..last.end(), message).help(format!("put the title in quotes: `{written}`")))
}

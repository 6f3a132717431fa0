//! Names and words: misspelt, reserved, with blanks in them, or in a place where they mean nothing.

use super::super::grammar::{self, Rule};
use super::{Kind, Scene, Token, is_reserved, shown};
use crate::base::suggest;
use crate::language::diagnostic::Diagnostic;

/// `since 29/06/2023`
pub(super) fn date(scene: &Scene<'_>) -> Option<Diagnostic> {
    let nth = (0..=scene.here).rev().take(6).find(|nth| {
        scene.tokens.get(*nth).is_some_and(|token| matches!(token.text, "since" | "until" | "effective"))
    })?;
    let first =
        scene.tokens.get(nth + 1).filter(|token| token.text.starts_with(|c: char| c.is_ascii_digit()))?;
    let touching = scene.tokens.get(nth + 1..)?.windows(2).take_while(|pair| match pair {
        [a, b] => a.end() == b.at && (b.is_word() || matches!(b.text, "/" | ":")),
        _ => false,
    });
    let last = scene.tokens.get(nth + 1 + touching.count())?;
    let whole = scene.tokens.get(nth + 1..)?.iter().take_while(|token| token.at <= last.at);
    let whole: String = whole.map(|token| token.text).collect();
    if scene.at > last.end() || is_date(&whole) {
        return None;
    }
    let said = scene.say(first.at..last.end(), format!("`{whole}` is not a date as it is written here"));
    Some(said.help("a date is year, month and day, with hyphens: `2023-06-29`"))
}

fn is_date(text: &str) -> bool {
    let widths: Vec<usize> = text.split('-').map(str::len).collect();
    widths == [4, 2, 2]
}

/// `6.2*`, `6*`, `*`
pub(super) fn family(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| here.is_word())?;
    let number = here.text.strip_suffix('*').or_else(|| here.text.strip_suffix(".x"))?;
    let number = number.strip_suffix('.').unwrap_or(number);
    let message = format!("`{}` is not a name of services", here.text);
    let help = match number {
        "" => "say `all` for every service".to_owned(),
        number if number.contains('*') => "the star stands at the end, once: `6.*`".to_owned(),
        number => format!("write `{number}.*` for every service whose number starts with `{number}.`"),
    };
    Some(scene.say(here.range(), message).help(help))
}

/// `ED (MP120)`
pub(super) fn dates_of_an_item(scene: &Scene<'_>) -> Option<Diagnostic> {
    if scene.expected == [Rule::kw_since, Rule::kw_until] && !scene.before()?.is("(") {
        if let Some(comma) = scene.here().filter(|here| here.is(",")) {
            let said = scene.say(comma.range(), "`since` and `until` of an item stand without a comma");
            return Some(said.help("drop the comma: `(since 2021-01-01 until 2023-06-29)`"));
        }
        let open = scene.tokens.iter().take(scene.here).rfind(|token| token.is("("))?;
        let said = scene.say(open.range(), "this bracket is not closed");
        return Some(said.help("close it with `)` behind the date or the modification"));
    }
    if let Some(said) = without_brackets(scene) {
        return Some(said);
    }
    let before = scene.before().filter(|before| before.is("("))?;
    let here = scene.here()?;
    let item = scene.here.checked_sub(2).and_then(|nth| scene.tokens.get(nth)).map_or("ED", |item| item.text);
    let said = scene.say(before.at..here.end(), "in brackets behind an item stand its dates");
    Some(said.help(format!("say `since` or `until`: `{item} (since MP120)`")))
}

/// `11.2 since MP105, 11.3`
fn without_brackets(scene: &Scene<'_>) -> Option<Diagnostic> {
    scene.here().filter(|here| here.is(","))?;
    let [item, word, date] = scene.tokens.get(scene.here.checked_sub(3)?..scene.here)? else { return None };
    if !matches!(word.text, "since" | "until") || word.first {
        return None;
    }
    let said = scene.say(word.at..date.end(), "the dates of an item stand in brackets behind it");
    Some(said.help(format!("write `{} ({} {})`", item.text, word.text, date.text)))
}

/// `permit "why" {`, or a text among the values of an attribute without a value before it
pub(super) fn nameless(scene: &Scene<'_>) -> Option<Diagnostic> {
    if let Some(text) = scene.here().filter(|here| {
        here.kind == Kind::Text
            && scene.expects(&[Rule::value_decl, Rule::value])
            && scene.expects(&[Rule::close])
    }) {
        let said = scene.say(text.range(), "this text belongs to no value");
        return Some(said.help("the value stands before its text: `Pending \"pre-notified\"`"));
    }
    let before = scene.before().filter(|before| grammar::ITEM_WORDS.contains(&before.text))?;
    scene.here().filter(|here| here.kind == Kind::Text && (scene.expects_name() || scene.expects_value()))?;
    let (what, example) = if before.is("service") { ("number", "8.4") } else { ("name", "some-name") };
    let text = scene.here().map_or_else(String::new, |text| shown(text.text));
    if let Some(name) = scene.next().filter(|next| next.is_word() && !is_reserved(next.text)) {
        let said = scene.say(name.range(), format!("the {what} stands before the text"));
        return Some(said.help(format!("write `{} {} {text}`", before.text, name.text)));
    }
    let said = scene.say(before.range(), format!("this `{}` has no {what}", before.text));
    Some(said.help(format!("the {what} stands first: `{} {example} {text}`", before.text)))
}

/// `permit esme variant "…"`, `when responsible supplier`: a name is one word.
pub(super) fn with_blanks(scene: &Scene<'_>) -> Option<Diagnostic> {
    header(scene).or_else(|| when(scene))
}

fn header(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| here.is_word() && !is_reserved(here.text))?;
    let (from, line) = scene.line(scene.here);
    if !scene.expects(&[Rule::open]) && !line.first().is_some_and(|first| first.is("tag")) {
        return None;
    }
    let keyword = line.iter().rposition(|token| grammar::ITEM_WORDS.contains(&token.text))?;
    let words: Vec<&Token<'_>> = line.iter().skip(keyword + 1).take_while(|token| token.is_name()).collect();
    let (first, last) = (words.first()?, words.last()?);
    if words.len() < 2 || from + keyword >= scene.here || last.at < here.at {
        return None;
    }
    let named = line.get(keyword)?;
    if named.is("service") {
        let behind = line.iter().skip(keyword + 2).take_while(|token| token.is_word());
        let text: Vec<&str> = behind.clone().map(|word| word.text).collect();
        let (start, end) = (words.get(1)?.at, behind.last().map_or(last.end(), Token::end));
        let said = scene.say(start..end, "what a service is called stands in quotes");
        return Some(said.help(format!("write `service {} {}`", first.text, with_tags(&text))));
    }
    Some(joined(scene, first, last, &words))
}

/// `Update Inventory non-device` as `"Update Inventory" non-device`: a small word behind a large one is a tag.
fn with_tags(words: &[&str]) -> String {
    let large = |word: &&str| word.starts_with(|c: char| c.is_ascii_uppercase());
    match words {
        [text @ .., last, tag] if large(last) && !large(tag) && !is_reserved(tag) => {
            format!("\"{}\" {tag}", [text, &[last]].concat().join(" "))
        }
        _ => format!("\"{}\"", words.join(" ")),
    }
}

fn when(scene: &Scene<'_>) -> Option<Diagnostic> {
    let (from, before) =
        (scene.tokens.iter().take(scene.here + 1)).enumerate().rfind(|(_, token)| token.is("when"))?;
    let words: Vec<&Token<'_>> = scene
        .tokens
        .iter()
        .skip(from + 1)
        .take_while(|token| token.line == before.line && token.is_name())
        .collect();
    let (first, last) = (words.first()?, words.last()?);
    // With an odd number of words in all, the words behind the name would be clauses.
    if words.len() % 2 == 1 || scene.at < last.at {
        return None;
    }
    if words.len() == 2 {
        return Some(joined(scene, first, last, &words));
    }
    let said = scene.say(first.at..last.end(), "`when` names a condition, and a name is one word");
    Some(said.help("name a condition that is declared with `condition`"))
}

fn joined(scene: &Scene<'_>, first: &Token<'_>, last: &Token<'_>, words: &[&Token<'_>]) -> Diagnostic {
    let texts: Vec<&str> = words.iter().map(|word| word.text).collect();
    let message = format!("`{}` is more than one word, and a name is one", texts.join(" "));
    scene.say(first.at..last.end(), message).help(format!("join them with hyphens: `{}`", texts.join("-")))
}

/// `srevices all`, `services all ecept 8.2`, `services tga critical`: a word before the place where it shows.
pub(super) fn misspelt_selector(scene: &Scene<'_>) -> Option<Diagnostic> {
    let (from, line) = scene.line(scene.here);
    let above = from.checked_sub(1).map(|above| scene.line(above).1).unwrap_or_default();
    let (word, help) = [above, line].into_iter().find_map(misspelt_in)?;
    Some(scene.say(word.range(), format!("`{}` is no word of the language", word.text)).help(help))
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
pub(super) fn misspelt_word(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| here.is_word())?;
    let words = grammar::expected_words(&scene.expected);
    let respelt = words.clone().into_iter().find(|word| word.eq_ignore_ascii_case(here.text));
    let other = suggest::other_item(here.text).filter(|other| words.contains(other));
    let other = other.map(|other| format!("did you mean `{other}`?"));
    let help = suggest::did_you_mean(here.text, words).or(other)?;
    let expected = suggest::either(&grammar::expected(&scene.expected));
    let message = format!("expected {expected}, found `{}`", here.text);
    let said = scene.say(here.range(), message).help(help);
    Some(match respelt {
        Some(word) => said.fix(scene.span(here.range()), word),
        None => said,
    })
}

/// `permit set "…"`
pub(super) fn reserved(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| is_reserved(here.text))?;
    let same_line = scene.before().is_some_and(|before| before.line == here.line);
    let named = scene.expects_name() || scene.expects_value();
    let other =
        scene.expects(&[Rule::open]) || scene.expects(&[Rule::close]) && !scene.expects(&[Rule::value_decl]);
    if !same_line || !named || other {
        return None;
    }
    let message = format!("`{}` is a word of the language and cannot be a name", here.text);
    let swapped = here.text == "set" && scene.before().is_some_and(|before| before.is("attribute"));
    let help = if swapped { "to declare a set write `set attribute`" } else { "choose another name" };
    Some(scene.say(here.range(), message).help(help))
}

/// `effective 2023-06-29` in a rule: a word of the language where it means nothing.
pub(super) fn elsewhere(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| here.is_word())?;
    let home = match here.text {
        "case" => "in a condition",
        "effective" | "proposed" => "in a modification",
        "closed" => "in a service",
        "fields" => "in a service, and in its rules",
        "always" | "sender" | "like" => "in the first line of an attribute, behind its name",
        "services" | "except" => "in a rule outside a service",
        "when" | "since" | "until" => "in a rule",
        "source" => "in a rule, a condition or a modification",
        "assumed" => "in a rule or a condition",
        "refuse" => "first in an attribute, behind a value, or in a forbid",
        "attribute" | "set" | "group" | "tag" | "condition" | "modification" | "service" => {
            "outside of everything else"
        }
        _ if is_reserved(here.text) || !scene.expects(&[Rule::effect, Rule::rule]) => return None,
        _ if !begins_a_block(scene) => {
            return Some(no_rule(
                scene,
                here,
                "a clause stands between the braces of a rule: `permit name { … }`",
            ));
        }
        _ if scene.expects(&[Rule::kw_closed]) => {
            return Some(no_rule(scene, here, "a rule begins with `permit` or `forbid`"));
        }
        _ => return None,
    };
    Some(
        scene
            .say(here.range(), format!("`{}` cannot stand here", here.text))
            .help(format!("it stands {home}")),
    )
}

fn begins_a_block(scene: &Scene<'_>) -> bool {
    scene.line(scene.here).1.last().is_some_and(|last| last.is("{"))
}

/// `role IS` in a service, or in a file.
fn no_rule(scene: &Scene<'_>, here: &Token<'_>, help: &str) -> Diagnostic {
    let expected = suggest::either(&grammar::expected(&scene.expected));
    scene.say(here.range(), format!("expected {expected}, found `{}`", here.text)).help(help)
}

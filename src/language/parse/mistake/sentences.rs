//! What reads well as a sentence, and is none of the language: `fields ESMEVariant only`, `4 to 7`, `if … then`.

use super::super::grammar::Rule;
use super::lists::TESTS;
use super::{Kind, Scene, Token};
use crate::base::suggest;
use crate::language::diagnostic::Diagnostic;

/// `fields ESMEVariant only`
pub(super) fn test_word_last(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| TESTS.contains(&here.text) && !here.first)?;
    let (from, line) = scene.line(scene.here);
    let [attribute, items @ ..] = line.get(..scene.here.checked_sub(from)?)? else { return None };
    let listed = items.iter().all(|item| item.is_name() || item.is(","));
    if !attribute.is_name() || items.is_empty() || !listed {
        return None;
    }
    let items = together(items);
    let said = scene.say(here.range(), format!("`{}` stands before the values, not behind them", here.text));
    let written = format!("`{} {} {items}`", attribute.text, here.text);
    Some(said.help(match attribute.text {
        "fields" => format!("write {written}"),
        _ => format!("drop it; or, if `{}` is a set, write {written}", attribute.text),
    }))
}

/// `when not a`, `when a or b`, `when a, b`
pub(super) fn when_of_several(scene: &Scene<'_>) -> Option<Diagnostic> {
    scene.lines().find_map(|line| {
        let [when, name, mark, ..] = line else { return None };
        if !when.is("when") {
            return None;
        }
        if name.is("not") {
            let message = "`when` takes no `not`: a condition holds where one of its cases does";
            let help = "say with clauses which values the rule means, or declare the opposite condition";
            return Some(scene.say(name.range(), message).help(help));
        }
        let help = match mark.text {
            "or" | "OR" | "/" => "write a rule for each, or one condition with the cases of both",
            "and" | "AND" | "," | "&" => {
                "write a line `when` for each condition; the rule holds where they all do"
            }
            _ => return None,
        };
        Some(scene.say(mark.range(), "`when` names one condition").help(help))
    })
}

/// `if export-supplier`, `from 2023-06-29`, `casw role IS`: the first word of a line, at which the mistake shows later.
pub(super) fn other_first_word(scene: &Scene<'_>) -> Option<Diagnostic> {
    let (first, meant) = scene.lines().find_map(|line| {
        let first = line.first().filter(|first| first.is_name() && first.first)?;
        let case = suggest::nearest(first.text, ["case"]).filter(|_| line.len() > 2);
        Some((first, suggest::other_word(first.text).or(case)?))
    })?;
    let said = scene.say(first.range(), format!("`{}` is no word of the language", first.text));
    Some(said.help(format!("did you mean `{meant}`?")))
}

/// `fields only the ESMEVariant`, `since the 29th of June`
pub(super) fn article(scene: &Scene<'_>) -> Option<Diagnostic> {
    let (begins, word) = scene.lines().find_map(|line| {
        let pair = line.windows(2).skip(usize::from(line.len() > 2)).find(|pair| match pair {
            [word, next] => matches!(word.text, "the" | "a" | "an") && !word.first && next.is_name(),
            _ => false,
        })?;
        Some((line.first()?, pair.first()?))
    })?;
    let said = scene.say(word.range(), format!("`{}` is no word of the language", word.text));
    Some(said.help(match begins.text {
        "since" | "until" | "effective" => "a date is year, month and day, with hyphens: `2023-06-29`",
        _ => "drop it; a rule names values and conditions, and has no other words",
    }))
}

/// `variant 4-7`, `services 5.2 - 5.3`
pub(super) fn range(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here()?;
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let (place, from, to) = if here.is("-") || here.is("–") {
        let (before, next) = (scene.before()?, scene.next()?);
        (before.at..next.end(), before.text, next.text)
    } else {
        let (from, to) = here.text.split_once('-')?;
        (here.range(), from, to)
    };
    if !is_number(from) || !is_number(to) || scene.expects(&[Rule::date]) {
        return None;
    }
    let numbers = match (from.parse::<u8>(), to.parse::<u8>()) {
        (Ok(from), Ok(to)) if from < to && to - from < 20 => {
            (from..=to).map(|number| number.to_string()).collect::<Vec<_>>().join(", ")
        }
        _ => format!("{from}, {to}"),
    };
    let said = scene.say(place, "a list has no ranges: it names each item");
    Some(said.help(format!("write `{numbers}`")))
}

/// `services every service`, `services all services`, `services Read Inventory`
pub(super) fn services(scene: &Scene<'_>) -> Option<Diagnostic> {
    let mut lines = scene.lines().filter(|line| line.first().is_some_and(|first| first.is("services")));
    let line = lines.next()?;
    let [_, second, rest @ ..] = line else { return None };
    if matches!(second.text, "every" | "each" | "any" | "everything") {
        let said = scene.say(second.range(), format!("`{}` does not mean every service", second.text));
        return Some(said.help("write `services all`"));
    }
    let again = |third: &&Token<'_>| second.is("all") && matches!(third.text, "services" | "service");
    if let Some(third) = rest.first().filter(again) {
        let said = scene.say(third.range(), "`all` means every service already");
        return Some(said.help(format!("drop `{}`", third.text)));
    }
    let (one, other) = line.windows(3).find_map(|three| match three {
        [before, one, other] if !before.is("tag") && name_of_letters(one) && name_of_letters(other) => {
            Some((one, other))
        }
        _ => None,
    })?;
    let said = scene.say(one.at..other.end(), format!("`{} {}` is more than one word", one.text, other.text));
    Some(said.help("a service is called by its number: `8.2`"))
}

fn name_of_letters(token: &Token<'_>) -> bool {
    token.is_name() && letters(token)
}

fn letters(token: &Token<'_>) -> bool {
    token.text.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// `since MP 125`
pub(super) fn modification_with_a_blank(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| here.is_name() && !here.first)?;
    let [word, name] = scene.tokens.get(scene.here.checked_sub(2)?..scene.here)? else { return None };
    let number = here.text.chars().all(|c| c.is_ascii_digit());
    if !matches!(word.text, "since" | "until") || !name.is_name() || !number {
        return None;
    }
    let said = scene.say(name.at..here.end(), format!("`{} {}` is more than one word", name.text, here.text));
    Some(said.help(format!("write `{}{}`", name.text, here.text)))
}

/// `refuse "E2"`
pub(super) fn quoted_code(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| here.kind == Kind::Text)?;
    scene.before().filter(|before| before.is("refuse"))?;
    let code = here.text.trim_matches('"');
    let said = scene.say(here.range(), "a response code stands without quotes");
    Some(said.help(match code.contains(' ') {
        true => format!("the code stands before the text: `refuse E5 {}`", super::shown(here.text)),
        false => format!("write `refuse {code}`"),
    }))
}

/// Words and commas as they would be written.
pub(super) fn together(tokens: &[Token<'_>]) -> String {
    tokens.iter().map(|token| token.text).collect::<Vec<_>>().join(" ").replace(" ,", ",")
}

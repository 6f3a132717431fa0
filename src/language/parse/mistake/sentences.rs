//! What is a good English sentence but not the language: `fields ESMEVariant only`, `4 to 7`, `if … then`.

use super::super::grammar::Rule;
use super::lists::TESTS;
use super::{Kind, Stop, Token};
use crate::base::suggest;
use crate::language::diagnostic::Diagnostic;

/// `fields ESMEVariant only`
pub(super) fn test_word_last(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| TESTS.contains(&here.text) && !here.first)?;
    let (from, line) = stop.line(stop.here);
    let [attribute, items @ ..] = line.get(..stop.here.checked_sub(from)?)? else { return None };
    let listed = items.iter().all(|item| item.is_name() || item.is(","));
    if !attribute.is_name() || items.is_empty() || !listed {
        return None;
    }
    if items.last().is_some_and(|last| last.is(",")) {
        let message = format!("`{}` is about the whole list, not about one item", here.text);
        let help = format!("write it right after `{}`, or drop it", attribute.text);
        return Some(stop.finding(here.range(), message).help(help));
    }
    let items = together(items);
    let finding =
        stop.finding(here.range(), format!("`{}` comes before the values, not after them", here.text));
    let written = format!("`{} {} {items}`", attribute.text, here.text);
    Some(finding.help(match attribute.text {
        "fields" => format!("write {written}"),
        _ => format!("drop it; or, if `{}` is a set, write {written}", attribute.text),
    }))
}

/// `when not a`, `when a or b`, `when a, b`
pub(super) fn when_of_several(stop: &Stop<'_>) -> Option<Diagnostic> {
    stop.lines().find_map(|line| {
        let [when, name, mark, ..] = line else { return None };
        if !when.is("when") {
            return None;
        }
        if name.is("not") {
            let message = "`when` takes no `not`: a condition holds if one of its cases holds";
            let help = "say with clauses which values the rule means, or declare the opposite condition";
            return Some(stop.finding(name.range(), message).help(help));
        }
        let help = match mark.text {
            "or" | "OR" | "/" => "write a rule for each, or one condition with the cases of both",
            "and" | "AND" | "," | "&" => {
                "write a line `when` for each condition; the rule holds if they all hold"
            }
            _ => return None,
        };
        Some(stop.finding(mark.range(), "`when` names one condition").help(help))
    })
}

/// `if export-supplier`, `from 2023-06-29`, `casw role IS`: a wrong first word of a line, after which the parser stops
/// later.
pub(super) fn other_first_word(stop: &Stop<'_>) -> Option<Diagnostic> {
    let (first, meant) = stop.lines().find_map(|line| {
        let first = line.first().filter(|first| (first.is_name() || first.is("from")) && first.first)?;
        let case = suggest::nearest(first.text, ["case"]).filter(|_| line.len() > 2);
        Some((first, suggest::other_word(first.text).or(case)?))
    })?;
    let finding = stop.finding(first.range(), format!("`{}` is not a word of the language", first.text));
    Some(finding.help(format!("did you mean `{meant}`?")))
}

/// `fields only the ESMEVariant`, `since the 29th of June`
pub(super) fn article(stop: &Stop<'_>) -> Option<Diagnostic> {
    let (begins, word) = stop.lines().find_map(|line| {
        let pair = line.windows(2).skip(usize::from(line.len() > 2)).find(|pair| match pair {
            [word, next] => matches!(word.text, "the" | "a" | "an") && !word.first && next.is_name(),
            _ => false,
        })?;
        Some((line.first()?, pair.first()?))
    })?;
    let finding = stop.finding(word.range(), format!("`{}` is not a word of the language", word.text));
    Some(finding.help(match begins.text {
        "since" | "until" | "effective" => "a date is year, month and day, with hyphens: `2023-06-29`",
        _ => "drop it; a rule names values and conditions, and has no other words",
    }))
}

/// `variant 4-7`, `services 5.2 - 5.3`
pub(super) fn range(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here()?;
    let is_number = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_digit() || c == '.');
    let (place, from, to) = if here.is("-") || here.is("–") {
        let (before, next) = (stop.before()?, stop.next()?);
        (before.at..next.end(), before.text, next.text)
    } else {
        let (from, to) = here.text.split_once('-')?;
        (here.range(), from, to)
    };
    if !is_number(from) || !is_number(to) || stop.expects(&[Rule::date]) {
        return None;
    }
    let numbers = match (from.parse::<u8>(), to.parse::<u8>()) {
        (Ok(from), Ok(to)) if from < to && to - from < 20 => {
            (from..=to).map(|number| number.to_string()).collect::<Vec<_>>().join(", ")
        }
        _ => format!("{from}, {to}"),
    };
    let finding = stop.finding(place, "a list has no ranges: it names each item");
    Some(finding.help(format!("write `{numbers}`")))
}

/// `services every service`, `services all services`, `services Read Inventory`
pub(super) fn services(stop: &Stop<'_>) -> Option<Diagnostic> {
    let mut lines = stop.lines().filter(|line| line.first().is_some_and(|first| first.is("services")));
    let line = lines.next()?;
    let [_, second, rest @ ..] = line else { return None };
    if matches!(second.text, "every" | "each" | "any" | "everything") {
        let finding = stop.finding(second.range(), format!("`{}` does not mean every service", second.text));
        return Some(finding.help("write `services all`"));
    }
    let again = |third: &&Token<'_>| second.is("all") && matches!(third.text, "services" | "service");
    if let Some(third) = rest.first().filter(again) {
        let finding = stop.finding(third.range(), "`all` means every service already");
        return Some(finding.help(format!("drop `{}`", third.text)));
    }
    let (first, second) = line.windows(3).find_map(|three| match three {
        [before, first, second] if !before.is("tag") && name_of_letters(first) && name_of_letters(second) => {
            Some((first, second))
        }
        _ => None,
    })?;
    let finding = stop
        .finding(first.at..second.end(), format!("`{} {}` is more than one word", first.text, second.text));
    Some(finding.help("a service is called by its number: `8.2`"))
}

fn name_of_letters(token: &Token<'_>) -> bool {
    token.is_name() && letters(token)
}

fn letters(token: &Token<'_>) -> bool {
    token.text.starts_with(|c: char| c.is_ascii_alphabetic())
}

/// `since MP 125`
pub(super) fn modification_with_a_blank(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| here.is_name() && !here.first)?;
    let [word, name] = stop.tokens.get(stop.here.checked_sub(2)?..stop.here)? else { return None };
    let number = here.text.chars().all(|c| c.is_ascii_digit());
    if !matches!(word.text, "since" | "until") || !name.is_name() || !number {
        return None;
    }
    let finding =
        stop.finding(name.at..here.end(), format!("`{} {}` is more than one word", name.text, here.text));
    Some(finding.help(format!("write `{}{}`", name.text, here.text)))
}

/// `refuse "E2"`
pub(super) fn quoted_code(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| here.kind == Kind::Text)?;
    stop.before().filter(|before| before.is("refuse"))?;
    let code = here.text.trim_matches('"');
    let finding = stop.finding(here.range(), "a response code is written without quotes");
    Some(finding.help(match code.contains(' ') {
        true => format!("the code comes before the text: `refuse E5 {}`", super::shown(here.text)),
        false => format!("write `refuse {code}`"),
    }))
}

/// Words and commas, as text.
pub(super) fn together(tokens: &[Token<'_>]) -> String {
    tokens.iter().map(|token| token.text).collect::<Vec<_>>().join(" ").replace(" ,", ",")
}

//! Commas, brackets and empty lists.

use super::{Kind, Rule, Scene, Token};
use crate::language::diagnostic::Diagnostic;

pub(super) const TESTS: &[&str] = &["not", "only", "includes", "excludes", "exactly"];

/// `status [Pending, Commissioned]`, `status (Pending)`
pub(super) fn brackets(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| matches!(here.text, "[" | "]" | "(" | ")"))?;
    if let Some(said) = line_of_one_word(scene) {
        return Some(said); // whose next line is read as its value
    }
    if let Some(said) = before_dates(scene) {
        return Some(said);
    }
    let message = format!("a list has no brackets, and `{}` has no other meaning here", here.text);
    let remark = here.is("(") && !scene.expects_value();
    Some(scene.say(here.range(), message).help(match remark {
        true => "drop them; a remark stands behind `//`",
        false => "write the items with commas between: `status Pending, Commissioned`",
    }))
}

/// `role IS ED (since MP120)`, `role IS or ED (since MP120)`: the bracket is right, and what stands before it is not.
fn before_dates(scene: &Scene<'_>) -> Option<Diagnostic> {
    scene.next().filter(|next| matches!(next.text, "since" | "until"))?;
    let said = conjunction(scene);
    said.or_else(|| {
        let (from, _) = scene.line(scene.here);
        let word = without_comma(scene.tokens.get(from..scene.here)?)?;
        Some(missing_before(scene, word))
    })
}

/// `status Pending or Commissioned`
pub(super) fn conjunction(scene: &Scene<'_>) -> Option<Diagnostic> {
    let (from, _) = rule_start(scene);
    let near = scene.tokens.get(from..scene.tokens.len().min(scene.here + 1))?;
    let word =
        near.iter().rfind(|token| token.is_word() && matches!(token.text, "or" | "and" | "OR" | "AND"))?;
    let said =
        scene.say(word.range(), format!("the items of a list stand with commas, not with `{}`", word.text));
    Some(said.help("write a comma between two items, and nothing between two clauses"))
}

/// The place of the brace that opened what the parser was in, and how many braces there are.
pub(super) fn rule_start(scene: &Scene<'_>) -> (usize, usize) {
    let before = scene.tokens.get(..scene.here).unwrap_or_default();
    let brace = before.iter().rposition(|token| token.is("{") || token.is("}"));
    (brace.map_or(0, |brace| brace + 1), before.len())
}

/// `status Pending Commissioned`: the second value reads as the next clause, and the mistake shows later.
pub(super) fn comma_missing(scene: &Scene<'_>) -> Option<Diagnostic> {
    let (from, _) = rule_start(scene);
    let (_, line) = scene.line(scene.here);
    let until = scene.here + usize::from(line.first().is_some_and(|first| first.at < scene.at));
    let body = scene.tokens.get(from..until.min(scene.tokens.len()))?;
    let lines = body.chunk_by(|a, b| a.line == b.line);
    let word = lines.filter(|line| line.first().is_some_and(|first| first.first)).find_map(without_comma)?;
    Some(missing_before(scene, word))
}

fn missing_before(scene: &Scene<'_>, word: &Token<'_>) -> Diagnostic {
    let said = scene.say(word.range(), format!("a comma is missing before `{}`", word.text));
    let number = word.text.starts_with(|c: char| c.is_ascii_digit()) && !word.text.contains('.');
    said.help(match number {
        true => "separate the items of a list with commas, or join them if they are one name",
        false => "separate the items of a list with commas; an item is one word",
    })
}

/// A list that goes on in a line of its own, without a comma at the end of the line above.
pub(super) fn comma_missing_before_a_line(scene: &Scene<'_>) -> Option<Diagnostic> {
    let (from, _) = rule_start(scene);
    let (here, line) = scene.line(scene.here);
    let body = scene.tokens.get(from..(here + line.len()).max(scene.here))?;
    let margin = body.iter().find(|token| token.first)?.column;
    let lines: Vec<&[Token<'_>]> = body.chunk_by(|a, b| a.line == b.line).collect();
    lines.windows(2).find_map(|pair| {
        let [above, below] = pair else { return None };
        above.first().filter(|first| first.is_name() || first.is("services"))?;
        let last =
            above.last().filter(|last| last.is_name() && above.len() > usize::from(last.column <= margin))?;
        let first = below.first().filter(|first| first.is_name() && first.column > margin)?;
        below.get(1).is_none_or(|second| second.is(",")).then(|| {
            let said = scene.say(last.end()..last.end(), format!("a comma is missing after `{}`", last.text));
            let why = "the list goes on here";
            said.because(scene.span(first.range()), why)
                .help("end the line with a comma")
                .fix(scene.span(last.end()..last.end()), ",")
        })
    })
}

/// `service 8.4 "…" critical` and below it `on-demand {`
pub(super) fn comma_missing_between_tags(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| here.is_name() && here.first && scene.expects(&[Rule::comma]))?;
    let before = scene.before().filter(|before| before.is_name() && scene.expects(&[Rule::open]))?;
    scene.next().filter(|next| next.line == here.line && (next.is("{") || next.is(",")))?;
    let said = scene.say(before.end()..before.end(), format!("a comma is missing after `{}`", before.text));
    let why = "the list goes on here";
    Some(said.because(super::span(scene.file, here.range()), why).help("end the line with a comma"))
}

/// `services 8.2 8.3`, `critical on-demand {`: a word where the list could only go on with a comma.
pub(super) fn comma_missing_here(scene: &Scene<'_>) -> Option<Diagnostic> {
    let here = scene.here().filter(|here| here.is_word() && scene.expects(&[Rule::comma]))?;
    let same_line = scene.before().is_some_and(|before| before.line == here.line && before.is_word());
    let selector = scene.expects(&[Rule::kw_except]) && matches!(here.text, "tag" | "all");
    let number = here.text.starts_with(|c: char| c.is_ascii_digit());
    let name = here.is_name() && !scene.expects(&[Rule::name]);
    (same_line && scene.at == here.at && (selector || number || name)).then(|| missing_before(scene, here))
}

/// In `status Pending Commissioned`, `Commissioned`. Words come in pairs where several clauses share a line, so that a
/// word too many shows in their number.
pub(super) fn without_comma<'l, 't>(line: &'l [Token<'t>]) -> Option<&'l Token<'t>> {
    let first = line.first()?;
    let plain = first.is_name() || first.is("services");
    if !plain || line.iter().any(|token| !token.is_word() && !token.is(",")) {
        return None;
    }
    let runs: Vec<&[Token<'t>]> = line.split(|token| token.is(",")).collect();
    let head = usize::from(first.is("services"));
    let is_list = |run: &[Token<'t>], head: usize| {
        run.iter().skip(head).all(|token| token.is_name() || TESTS.contains(&token.text))
    };
    runs.iter().enumerate().find_map(|(nth, run)| {
        let words = run.iter().filter(|token| !TESTS.contains(&token.text)).count();
        // A line that goes on after the comma of the line before begins with an item.
        let odd = if nth == 0 { words > 2 && words % 2 == 1 } else { words > 1 && words % 2 == 0 };
        (odd && is_list(run, if nth == 0 { head } else { 0 })).then(|| run.last()).flatten()
    })
}

/// `status Pending, }`: a comma with nothing behind it.
pub(super) fn comma_too_many(scene: &Scene<'_>) -> Option<Diagnostic> {
    if let Some(before) = scene.before().filter(|before| before.is(",")) {
        let message = match scene.here() {
            Some(here) if here.is(",") => "there is nothing between these two commas".to_owned(),
            Some(here) if here.is_word() => {
                format!("after this comma comes `{}`, which cannot stand in a list", here.text)
            }
            _ => "there is nothing behind this comma".to_owned(),
        };
        return Some(
            scene
                .say(before.range(), message)
                .help("drop the comma, or name another item after it")
                .fix(scene.span(before.range()), ""),
        );
    }
    if let Some(here) = scene.here().filter(|here| here.is(",")) {
        if let Some(comma) = goes_on(scene) {
            return Some(comma);
        }
        let said = scene.say(here.range(), "a comma cannot stand here");
        let said = said.help(
            "commas stand between the items of a list; the values that an attribute declares stand without",
        );
        return Some(said.fix(scene.span(here.range()), ""));
    }
    goes_on(scene)
}

/// A line that ends with a comma, and a next line that begins a clause: `status Pending,` and below it `device ESME`.
fn goes_on(scene: &Scene<'_>) -> Option<Diagnostic> {
    let (from, _) = rule_start(scene);
    let body = scene.tokens.get(from..scene.tokens.len().min(scene.here + 1))?;
    let lines: Vec<&[Token<'_>]> = body.chunk_by(|a, b| a.line == b.line).collect();
    lines.windows(2).find_map(|pair| {
        let [above, below] = pair else { return None };
        let comma = above.last().filter(|last| last.is(","))?;
        let [first, second, ..] = below else { return None };
        let column = above.first().filter(|first| first.first)?.column;
        let clause = first.column <= column && first.is_word() && second.is_word();
        clause.then(|| {
            let message =
                format!("the comma at the end of this line carries the list on to `{}`", first.text);
            let said = scene.say(comma.range(), message).help("drop it, or name another value");
            said.fix(scene.span(comma.range()), "")
        })
    })
}

/// A line that is one word, and a next line that is a clause of its own: `when` and nothing behind it.
pub(super) fn line_of_one_word(scene: &Scene<'_>) -> Option<Diagnostic> {
    let (from, _) = rule_start(scene);
    let body = scene.tokens.get(from..scene.tokens.len().min(scene.here + 1))?;
    let lines: Vec<&[Token<'_>]> = body.chunk_by(|a, b| a.line == b.line).collect();
    lines.windows(2).find_map(|pair| {
        let [above, [below, ..]] = pair else { return None };
        let (first, word) = match above {
            [word] => (word, word),
            [first, test] if TESTS.contains(&test.text) => (first, test),
            _ => return None,
        };
        let alone = first.first && word.is_word() && below.is_word() && below.column <= first.column;
        let what = example(word).filter(|_| alone)?;
        Some(nothing_behind(scene, word, what))
    })
}

fn nothing_behind(scene: &Scene<'_>, word: &Token<'_>, example: &str) -> Diagnostic {
    let said = scene.say(word.range(), format!("nothing stands behind `{}`", word.text));
    said.help(format!("after it comes {example}"))
}

/// What stands behind a word.
fn example(word: &Token<'_>) -> Option<&'static str> {
    Some(match word.text {
        "source" | "assumed" | "closed" => "a text in quotes",
        "when" => "the name of a condition",
        "since" | "until" => "a date such as 2023-06-29, or a modification",
        "effective" => "a date such as 2023-06-29",
        "services" | "except" => "`all`, a service or a tag",
        "refuse" => "a response code, or `unassigned`",
        "attribute" | "condition" | "modification" | "permit" | "forbid" => "a name",
        "group" => "the name of its attribute, and its own",
        "tag" => "the name of a tag",
        "service" => "its number",
        "like" => "the name of another attribute",
        "fields" => "a value",
        word if TESTS.contains(&word) => "a value",
        _ if word.is_name() => "a value",
        _ => return None,
    })
}

/// `status` and nothing behind it.
pub(super) fn nothing_listed(scene: &Scene<'_>) -> Option<Diagnostic> {
    let before = scene.before().filter(|before| before.is_word())?;
    let ends = scene.here().is_none_or(|here| here.line > before.line || here.kind == Kind::Mark);
    if scene.here().is_none() && scene.behind.is_none() && before.is_name() {
        return None;
    }
    if !ends || !scene.expects_value() && !scene.expects_text() && !scene.expects_name() {
        return None;
    }
    Some(nothing_behind(scene, before, example(before)?))
}

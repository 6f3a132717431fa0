//! Commas, brackets and empty lists.

use super::{Kind, Rule, Stop, Token};
use crate::language::diagnostic::Diagnostic;

pub(super) const TESTS: &[&str] = &["not", "only", "includes", "excludes", "exactly"];

/// `status [Pending, Commissioned]`, `status (Pending)`
pub(super) fn brackets(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| matches!(here.text, "[" | "]" | "(" | ")"))?;
    if let Some(finding) = line_of_one_word(stop) {
        return Some(finding); // whose next line is read as its value
    }
    if let Some(finding) = before_dates(stop) {
        return Some(finding);
    }
    let message = format!("a list has no brackets, and `{}` has no other meaning here", here.text);
    let remark = here.is("(") && !stop.expects_value();
    Some(stop.finding(here.range(), message).help(match remark {
        true => "drop them; a comment begins with `//`",
        false => "write the items with commas between: `status Pending, Commissioned`",
    }))
}

/// `role IS ED (since MP120)`, `role IS or ED (since MP120)`: the bracket is right, and what is before it is wrong.
fn before_dates(stop: &Stop<'_>) -> Option<Diagnostic> {
    stop.next().filter(|next| matches!(next.text, "since" | "until"))?;
    let finding = conjunction(stop);
    finding.or_else(|| {
        let (from, _) = stop.line(stop.here);
        let word = without_comma(stop.tokens.get(from..stop.here)?)?;
        Some(missing_before(stop, word))
    })
}

/// `status Pending or Commissioned`
pub(super) fn conjunction(stop: &Stop<'_>) -> Option<Diagnostic> {
    let from = block_start(stop);
    let near = stop.tokens.get(from..stop.tokens.len().min(stop.here + 1))?;
    let word =
        near.iter().rfind(|token| token.is_word() && matches!(token.text, "or" | "and" | "OR" | "AND"))?;
    let finding = stop.finding(
        word.range(),
        format!("the items of a list are separated by commas, not by `{}`", word.text),
    );
    Some(finding.help("write a comma between two items, and nothing between two clauses"))
}

/// The index of the first token of the block that the parser was in.
pub(super) fn block_start(stop: &Stop<'_>) -> usize {
    let before = stop.tokens.get(..stop.here).unwrap_or_default();
    let brace = before.iter().rposition(|token| token.is("{") || token.is("}"));
    brace.map_or(0, |brace| brace + 1)
}

/// `status Pending Commissioned`: the second value parses as the attribute of the next clause, and the parser stops
/// later.
pub(super) fn comma_missing(stop: &Stop<'_>) -> Option<Diagnostic> {
    let from = block_start(stop);
    let (_, line) = stop.line(stop.here);
    let until = stop.here + usize::from(line.first().is_some_and(|first| first.at < stop.at));
    let body = stop.tokens.get(from..until.min(stop.tokens.len()))?;
    let lines = body.chunk_by(|a, b| a.line == b.line);
    let word = lines.filter(|line| line.first().is_some_and(|first| first.first)).find_map(without_comma)?;
    Some(missing_before(stop, word))
}

fn missing_before(stop: &Stop<'_>, word: &Token<'_>) -> Diagnostic {
    let finding = stop.finding(word.range(), format!("a comma is missing before `{}`", word.text));
    let number = word.text.starts_with(|c: char| c.is_ascii_digit()) && !word.text.contains('.');
    finding.help(match number {
        true => "separate the items of a list with commas, or join them if they are one name",
        false => "separate the items of a list with commas; an item is one word",
    })
}

/// A list that continues on the next line, without a comma at the end of the line above.
pub(super) fn comma_missing_before_a_line(stop: &Stop<'_>) -> Option<Diagnostic> {
    let from = block_start(stop);
    let (here, line) = stop.line(stop.here);
    let body = stop.tokens.get(from..(here + line.len()).max(stop.here))?;
    let margin = body.iter().find(|token| token.first)?.column;
    let lines: Vec<&[Token<'_>]> = body.chunk_by(|a, b| a.line == b.line).collect();
    lines.windows(2).find_map(|pair| {
        let [above, below] = pair else { return None };
        above.first().filter(|first| first.is_name() || first.is("services"))?;
        let last =
            above.last().filter(|last| last.is_name() && above.len() > usize::from(last.column <= margin))?;
        let first = below.first().filter(|first| first.is_name() && first.column > margin)?;
        below.get(1).is_none_or(|second| second.is(",")).then(|| {
            let finding =
                stop.finding(last.end()..last.end(), format!("a comma is missing after `{}`", last.text));
            let why = "the list goes on here";
            finding
                .because(stop.span(first.range()), why)
                .help("end the line with a comma")
                .fix(stop.span(last.end()..last.end()), ",")
        })
    })
}

/// `service 8.4 "…" critical` and below it `on-demand {`
pub(super) fn comma_missing_between_tags(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| here.is_name() && here.first && stop.expects(&[Rule::comma]))?;
    let before = stop.before().filter(|before| before.is_name() && stop.expects(&[Rule::open]))?;
    stop.next().filter(|next| next.line == here.line && (next.is("{") || next.is(",")))?;
    let finding =
        stop.finding(before.end()..before.end(), format!("a comma is missing after `{}`", before.text));
    let why = "the list goes on here";
    Some(finding.because(super::span(stop.file, here.range()), why).help("end the line with a comma"))
}

/// `relation none, A`, `timing any Immediate`
pub(super) fn list_after_any(stop: &Stop<'_>) -> Option<Diagnostic> {
    let word = stop.before().filter(|before| matches!(before.text, "any" | "none"))?;
    let here = stop.here().filter(|here| here.line == word.line)?;
    let lone = here.is_word() && !stop.expects(&[Rule::kw_when, Rule::name, Rule::clause]);
    if !(here.is(",") || lone) {
        return None;
    }
    let finding = stop.finding(word.range(), format!("`{}` has no list", word.text));
    Some(finding.help(format!("drop `{}`, or drop what follows it", word.text)))
}

/// `services 8.2 8.3`, `critical on-demand {`: a word where a list can only continue with a comma.
pub(super) fn comma_missing_here(stop: &Stop<'_>) -> Option<Diagnostic> {
    let here = stop.here().filter(|here| here.is_word() && stop.expects(&[Rule::comma]))?;
    let ends_an_item =
        |before: &Token<'_>| before.is_word() || before.is("}") && stop.expects(&[Rule::inside_end]);
    let same_line = stop.before().is_some_and(|before| before.line == here.line && ends_an_item(before));
    let selector = stop.expects(&[Rule::kw_except]) && matches!(here.text, "tag" | "all");
    let number = here.text.starts_with(|c: char| c.is_ascii_digit());
    let name = here.is_name() && !stop.expects(&[Rule::name]);
    (same_line && stop.at == here.at && (selector || number || name)).then(|| missing_before(stop, here))
}

/// The word that has no comma before it: `Commissioned` in `status Pending Commissioned`. If several clauses share a
/// line, each is an attribute and a value, so the number of words is even; a word too many makes it odd.
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
    runs.iter().enumerate().find_map(|(index, run)| {
        let words = run.iter().filter(|token| !TESTS.contains(&token.text)).count();
        // After a comma, a run begins with an item of the list, so a word too many makes the number even.
        let odd = if index == 0 { words > 2 && words % 2 == 1 } else { words > 1 && words % 2 == 0 };
        (odd && is_list(run, if index == 0 { head } else { 0 })).then(|| run.last()).flatten()
    })
}

/// `status Pending, }`: a comma with nothing after it.
pub(super) fn comma_too_many(stop: &Stop<'_>) -> Option<Diagnostic> {
    if let Some(before) = stop.before().filter(|before| before.is(",")) {
        let message = match stop.here() {
            Some(here) if here.is(",") => "there is nothing between these two commas".to_owned(),
            Some(here) if here.is_word() => {
                format!("`{}` follows this comma, and cannot be in a list", here.text)
            }
            _ => "there is nothing after this comma".to_owned(),
        };
        return Some(
            stop.finding(before.range(), message)
                .help("drop the comma, or name another item after it")
                .fix(stop.span(before.range()), ""),
        );
    }
    if let Some(here) = stop.here().filter(|here| here.is(",")) {
        if let Some(comma) = goes_on(stop) {
            return Some(comma);
        }
        if let Some(attribute) =
            stop.before().filter(|before| before.first && before.is_name() && stop.expects(&[Rule::kw_any]))
        {
            let message = format!("there is nothing between `{}` and this comma", attribute.text);
            let finding =
                stop.finding(here.range(), message).help("drop the comma, or name a value before it");
            return Some(finding.fix(stop.span(here.range()), ""));
        }
        let finding = stop.finding(here.range(), "a comma cannot be used here");
        let finding = finding.help(
            "commas separate the items of a list; the values that an attribute declares have none between them",
        );
        return Some(finding.fix(stop.span(here.range()), ""));
    }
    goes_on(stop)
}

/// A line that ends with a comma, and a next line that begins a clause: `status Pending,` and below it `device ESME`.
fn goes_on(stop: &Stop<'_>) -> Option<Diagnostic> {
    let from = block_start(stop);
    let body = stop.tokens.get(from..stop.tokens.len().min(stop.here + 1))?;
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
            let finding = stop.finding(comma.range(), message).help("drop it, or name another value");
            finding.fix(stop.span(comma.range()), "")
        })
    })
}

/// A line that is one word, and a next line that is a clause of its own: `when` with nothing after it.
pub(super) fn line_of_one_word(stop: &Stop<'_>) -> Option<Diagnostic> {
    let from = block_start(stop);
    let body = stop.tokens.get(from..stop.tokens.len().min(stop.here + 1))?;
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
        Some(nothing_follows(stop, word, what))
    })
}

fn nothing_follows(stop: &Stop<'_>, word: &Token<'_>, example: &str) -> Diagnostic {
    let finding = stop.finding(word.range(), format!("nothing follows `{}`", word.text));
    finding.help(format!("after it comes {example}"))
}

/// What follows a word.
fn example(word: &Token<'_>) -> Option<&'static str> {
    Some(match word.text {
        "source" | "assumed" | "closed" => "a text in quotes",
        "when" => "the name of a condition",
        "since" | "until" => "a date such as 2023-06-29, or a modification",
        "effective" => "a date such as 2023-06-29",
        "services" | "except" => "`all`, a service or a tag",
        "refuse" => "a response code, or `unassigned`",
        "from" => "the place of an element: `UpdateMPxN/ExportMPAN`",
        "zone" => "its name and its rule",
        "tolerance" | "horizon" => "a number and `seconds`, `minutes`, `hours` or `days`",
        "cancellation" => "a date such as 3000-12-31",
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

/// `status` with nothing after it.
pub(super) fn nothing_listed(stop: &Stop<'_>) -> Option<Diagnostic> {
    let before = stop.before().filter(|before| before.is_word())?;
    let ends = stop.here().is_none_or(|here| here.line > before.line || here.kind == Kind::Mark);
    if stop.here().is_none() && stop.after.is_none() && before.is_name() {
        return None;
    }
    if !ends || !stop.expects_value() && !stop.expects_text() && !stop.expects_name() {
        return None;
    }
    Some(nothing_follows(stop, before, example(before)?))
}

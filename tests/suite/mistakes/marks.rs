//! Wrong marks: commas, quotes, braces, brackets, comments and line ends of other languages.

use meterwarden::Code;

use super::Kinds;
use super::book::{At, Kind, Line, is_name};
use super::draw::{Draw, Mistake};

pub(crate) const KINDS: Kinds = &[
    ("comma lost", comma_lost),
    ("comma lost at a line's end", comma_lost_at_the_end),
    ("comma lost between tags", comma_lost_between_tags),
    ("comma lost between services", comma_lost_between_services),
    ("comma too many: at the end", |draw| list_end(draw, ",")),
    ("comma too many: doubled", doubled_comma),
    ("comma too many: first", first_comma),
    ("comma behind a text", |draw| text_end(draw, ",")),
    ("semicolon at a line's end", semicolon),
    ("full stop at a line's end", |draw| text_end(draw, ".")),
    ("and, or, / for a comma", conjunction),
    ("equals sign or colon", equals),
    ("brackets round a list", brackets),
    ("quote lost at the end", closing_quote),
    ("quote lost at the beginning", opening_quote),
    ("quotes lost", both_quotes),
    ("quote in a text", quote_in_text),
    ("text over two lines", text_over_lines),
    ("smart quotes", smart_quotes),
    ("single quotes", single_quotes),
    ("opening brace lost", opening_brace),
    ("closing brace lost: rule", |draw| closing_brace(draw, &[Kind::Rule])),
    ("closing brace lost: service", |draw| closing_brace(draw, &[Kind::Service])),
    ("closing brace lost: vocabulary", |draw| {
        closing_brace(draw, &[Kind::Attribute, Kind::Condition, Kind::Modification])
    }),
    ("opening brace too many", brace_doubled),
    ("closing brace too many", closing_brace_doubled),
    ("other bracket for a brace", other_bracket),
    ("comment of another language", comment),
    ("bullet, number or table", bullet),
    ("dash for a hyphen", dash),
    ("invisible character", invisible),
];

fn is_list(line: &Line) -> bool {
    matches!(line.kind, Kind::Clause | Kind::Group) && line.has(",")
}

/// `status Whitelisted Commissioned`: on that line.
fn comma_lost(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(is_list)?;
    let index = draw.pick(&line.positions(","))?;
    (index + 1 < line.words.len())
        .then(|| Mistake::line(draw.book, at, &line.with(index, "")).code(Code::Syntax))
}

/// On the line of the comma, or on the line of the next item.
fn comma_lost_at_the_end(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.words.last().is_some_and(|last| last.text == ","))?;
    let made = Mistake::line(draw.book, at, line.text.trim_end_matches(','));
    Some(made.on(&[at.line + 1, at.line + 2]).code(Code::Syntax))
}

fn comma_lost_between_tags(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Service && line.has(","))?;
    let index = draw.pick(&line.positions(","))?;
    Some(Mistake::line(draw.book, at, &line.with(index, "")).code(Code::Syntax))
}

fn comma_lost_between_services(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Services && line.has(","))?;
    let index = draw.pick(&line.positions(","))?;
    Some(Mistake::line(draw.book, at, &line.with(index, "")).code(Code::Syntax))
}

fn list_end(draw: &mut Draw<'_>, mark: &str) -> Option<Mistake> {
    let (at, line) = draw.place(|line| matches!(line.kind, Kind::Clause | Kind::Group | Kind::Services))?;
    let ends = line.words.last().is_some_and(|last| is_name(&last.text));
    ends.then(|| Mistake::line(draw.book, at, &format!("{}{mark}", line.text)).code(Code::Syntax))
}

fn doubled_comma(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| is_list(line) || line.kind == Kind::Services && line.has(","))?;
    let index = draw.pick(&line.positions(","))?;
    Some(Mistake::line(draw.book, at, &line.with(index, ",,")).code(Code::Syntax))
}

fn first_comma(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(is_list)?;
    let index = if line.kind == Kind::Group { 3 } else { 0 };
    let new = format!("{},", line.word(index));
    Some(Mistake::line(draw.book, at, &line.with(index, &new)).code(Code::Syntax))
}

fn text_end(draw: &mut Draw<'_>, mark: &str) -> Option<Mistake> {
    let (at, line) = draw.place(|line| matches!(line.kind, Kind::Source | Kind::Assumed | Kind::Tag))?;
    Some(Mistake::line(draw.book, at, &format!("{}{mark}", line.text)).code(Code::Syntax))
}

fn semicolon(draw: &mut Draw<'_>) -> Option<Mistake> {
    let ends = |line: &Line| line.words.last().is_some_and(|last| !matches!(last.text.as_str(), "{" | ","));
    let (at, line) = draw.place(ends)?;
    Some(Mistake::line(draw.book, at, &format!("{};", line.text)).code(Code::Syntax))
}

fn conjunction(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) =
        draw.place(|line| is_list(line) && line.words.last().is_some_and(|last| last.text != ","))?;
    let index = draw.pick(&line.positions(","))?;
    let word = draw.pick(&[" and", " or", " /", ";", " |", ", and", ", or"])?;
    let made = Mistake::line(draw.book, at, &line.with(index, word)).code(Code::Syntax);
    // `A, or B` reads as the value `or` and the clause `B …`, or as a clause on the attribute `or`.
    Some(if word.starts_with(", ") {
        made.code(Code::UnknownValue).code(Code::UnknownAttribute)
    } else {
        made
    })
}

fn equals(draw: &mut Draw<'_>) -> Option<Mistake> {
    let kinds =
        [Kind::Clause, Kind::When, Kind::Source, Kind::Since, Kind::Effective, Kind::Services, Kind::Fields];
    let kind = draw.pick(&kinds)?;
    let (at, line) = draw.place(|line| line.kind == kind)?;
    let mark = draw.pick(&["=", ":", " =", " :", " ==", ":="])?;
    let new = format!("{}{mark}", line.word(0));
    Some(Mistake::line(draw.book, at, &line.with(0, &new)).code(Code::Syntax))
}

fn brackets(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| is_list(line) && line.kind == Kind::Clause && !line.has("("))?;
    let index = usize::from(["not", "only"].contains(&line.word(1))) + 1;
    let (open, close) = draw.pick(&[("[", "]"), ("(", ")"), ("{", "}")])?;
    let list = line.words[index].range.start..line.words.last()?.range.end;
    if line.text.ends_with(',') {
        return None;
    }
    let new = format!("{open}{}{close}", &line.text[list.clone()]);
    Some(Mistake::line(draw.book, at, &line.with_range(list, &new)).code(Code::Syntax))
}

/// A line with one text, and the index of the text.
fn with_text<'b>(draw: &mut Draw<'b>) -> Option<(At, &'b Line, usize)> {
    let (at, line) =
        draw.place(|line| line.words.iter().filter(|word| word.text.starts_with('"')).count() == 1)?;
    let index = line.words.iter().position(|word| word.text.starts_with('"'))?;
    Some((at, line, index))
}

fn closing_quote(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line, index) = with_text(draw)?;
    let text = line.word(index);
    Some(Mistake::line(draw.book, at, &line.with(index, &text[..text.len() - 1])).code(Code::Syntax))
}

fn opening_quote(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line, index) = with_text(draw)?;
    Some(Mistake::line(draw.book, at, &line.with(index, &line.word(index)[1..])).code(Code::Syntax))
}

fn both_quotes(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line, index) = with_text(draw)?;
    let text = line.word(index).trim_matches('"');
    // `tag critical changes` is a list of names to a reader who does not know what a tag is.
    text.contains(' ').then(|| Mistake::line(draw.book, at, &line.with(index, text)).code(Code::Syntax))
}

fn quote_in_text(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line, index) = with_text(draw)?;
    let text = line.word(index);
    let (blank, _) = text.match_indices(' ').nth(1)?;
    let (first, rest) = text.split_at(blank);
    let next = rest[1..].find(' ')? + 1;
    let new = format!("{first} \"{}\"{}", &rest[1..next], &rest[next..]);
    Some(Mistake::line(draw.book, at, &line.with(index, &new)).code(Code::Syntax))
}

/// Where the text begins, or where it goes on.
fn text_over_lines(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line, index) = with_text(draw)?;
    let text = line.word(index);
    let blanks: Vec<usize> = text.match_indices(' ').map(|(at, _)| at).collect();
    let (first, rest) = text.split_at(draw.pick(&blanks)?);
    let new = format!("{first}\n              {}", rest.trim_start());
    let made = Mistake::line(draw.book, at, &line.with(index, &new));
    Some(made.on(&[at.line + 1]).code(Code::Syntax))
}

fn smart_quotes(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line, index) = with_text(draw)?;
    let text = line.word(index).trim_matches('"');
    let (open, close) = draw.pick(&[('“', '”'), ('„', '“'), ('«', '»'), ('“', '"'), ('"', '”')])?;
    let made = Mistake::line(draw.book, at, &line.with(index, &format!("{open}{text}{close}")));
    Some(made.code(Code::Syntax).means("\""))
}

fn single_quotes(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line, index) = with_text(draw)?;
    let text = line.word(index).trim_matches('"');
    let (open, close) = draw.pick(&[('\'', '\''), ('‘', '’'), ('`', '`')])?;
    let made = Mistake::line(draw.book, at, &line.with(index, &format!("{open}{text}{close}")));
    Some(made.code(Code::Syntax).means("\""))
}

const BLOCKS: &[Kind] = &[Kind::Service, Kind::Rule, Kind::Attribute, Kind::Condition, Kind::Modification];

fn opening_brace(draw: &mut Draw<'_>) -> Option<Mistake> {
    let kind = draw.pick(BLOCKS)?;
    let (at, line) = draw.place(|line| line.kind == kind)?;
    Some(Mistake::line(draw.book, at, line.text.trim_end_matches(" {")).code(Code::Syntax))
}

/// On the line of the block that stays open, where its name is.
fn closing_brace(draw: &mut Draw<'_>, kinds: &[Kind]) -> Option<Mistake> {
    let kind = draw.pick(kinds)?;
    let (at, line) = draw.place(|line| line.kind == kind)?;
    let (book, file) = (draw.book, at.file);
    let close = book.block(at).end - 1;
    let lines = book.files[file].lines.len();
    let text = book.text(file, 0..close) + &book.text(file, close + 1..lines);
    let edit = format!("{}:{} without the `}}` of `{}`", book.files[file].path, close + 1, line.text.trim());
    Some(Mistake::text(file, text, edit).on(&[at.line + 1]).code(Code::Syntax))
}

fn brace_doubled(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.text.ends_with(" {"))?;
    Some(Mistake::line(draw.book, at, &format!("{}{{", line.text)).code(Code::Syntax))
}

/// On the line of the extra brace, or on the line of the first brace that then closes nothing.
fn closing_brace_doubled(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Close)?;
    let made = Mistake::line(draw.book, at, &format!("{}\n{}}}", line.text, line.indent()));
    let nested = !line.indent().is_empty();
    let lines = &draw.book.files[at.file].lines;
    let end = |line: &Line| line.kind == Kind::Close && line.indent().is_empty();
    let outer = lines.iter().skip(at.line + 1).position(end).map(|more| at.line + 3 + more);
    // Nobody can know which of three braces is the extra one: the second, or the last, which closes nothing.
    Some(match outer.filter(|_| nested) {
        Some(outer) => made.on(&[at.line + 2, outer]).code(Code::Syntax),
        None => made.on(&[at.line + 2]).code(Code::Syntax),
    })
}

fn other_bracket(draw: &mut Draw<'_>) -> Option<Mistake> {
    let kind = draw.pick(BLOCKS)?;
    let (at, line) = draw.place(|line| line.kind == kind)?;
    let bracket = draw.pick(&["(", "[", ":"])?;
    Some(Mistake::line(draw.book, at, &line.with(line.words.len() - 1, bracket)).code(Code::Syntax))
}

fn comment(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| matches!(line.kind, Kind::Comment | Kind::Clause | Kind::When))?;
    let words = draw.pick(&["checked with the registry", "to be confirmed", "see the matrix"])?;
    let (open, close) =
        draw.pick(&[("#", ""), ("/*", " */"), ("--", ""), (";;", ""), ("<!--", " -->"), ("%", "")])?;
    let new = match line.kind {
        Kind::Comment => format!("{}{open} {words}{close}\n{}", line.indent(), line.text),
        _ => format!("{}  {open} {words}{close}", line.text),
    };
    Some(Mistake::line(draw.book, at, &new).code(Code::Syntax))
}

/// A line from a document: `• status live`, `1. status live`, `| status | live |`, `- status: live`.
fn bullet(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| matches!(line.kind, Kind::Clause | Kind::When | Kind::Source))?;
    let (rest, indent) = (line.text.trim_start(), line.indent());
    let (word, behind) = rest.split_once(' ')?;
    let new = match draw.below(5) {
        0 => format!("{indent}• {rest}"),
        1 => format!("{indent}1. {rest}"),
        2 => format!("{indent}| {word} | {} |", behind.trim_start()),
        3 => format!("{indent}- {word}: {}", behind.trim_start()),
        _ => format!("{indent}> {rest}"),
    };
    Some(Mistake::line(draw.book, at, &new).code(Code::Syntax))
}

fn dash(draw: &mut Draw<'_>) -> Option<Mistake> {
    let hyphened = |word: &str| is_name(word) && word.contains('-');
    let (at, line) = draw.place(|line| line.words.iter().any(|word| hyphened(&word.text)))?;
    let index = line.words.iter().position(|word| hyphened(&word.text))?;
    let dash = draw.pick(&["–", "—", "−", "‐"])?;
    let made = Mistake::line(draw.book, at, &line.with(index, &line.word(index).replacen('-', dash, 1)));
    Some(made.code(Code::Syntax).means("-"))
}

fn invisible(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind != Kind::Comment && line.words.len() > 1)?;
    let index = 1 + draw.below(line.words.len() - 1);
    let before = line.words[index].range.start;
    let c = draw.pick(&["\u{a0}", "\u{200b}", "\u{2003}", "\u{ad}", "\0", "\u{1}", "\u{2028}"])?;
    Some(Mistake::line(draw.book, at, &line.with_range(before..before, c)).code(Code::Syntax))
}

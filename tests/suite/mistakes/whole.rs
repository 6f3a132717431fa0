//! Edits of a whole file: its encoding, pasted text, missing parts.

use meterwarden::Code;

use super::Kinds;
use super::book::Kind;
use super::draw::{Draw, Mistake};

pub(crate) const KINDS: Kinds = &[
    ("harmless: byte order mark", |draw| {
        harmless(draw, "a byte order mark", |text| format!("\u{feff}{text}"))
    }),
    ("harmless: CRLF", |draw| harmless(draw, "CRLF", |text| text.replace('\n', "\r\n"))),
    ("harmless: CR alone", |draw| harmless(draw, "CR alone", |text| text.replace('\n', "\r"))),
    ("harmless: tabs", |draw| harmless(draw, "tabs", |text| text.replace("  ", "\t"))),
    ("harmless: trailing blanks", |draw| {
        harmless(draw, "trailing blanks", |text| text.replace('\n', " \t \n"))
    }),
    ("harmless: no last line end", |draw| {
        harmless(draw, "no last line end", |text| text.trim_end().to_owned())
    }),
    ("harmless: on fewer lines", |draw| {
        harmless(draw, "clauses on one line", |text| text.replace("\n        ", "  "))
    }),
    ("harmless: a comment with any mark", comment),
    ("wrong line in a CRLF file", crlf),
    ("wrong line in a CR file", cr),
    ("Windows-1252 bytes", latin),
    ("UTF-16", utf_16),
    ("bytes of no text", binary),
    ("merge conflict", conflict),
    ("half of a file lost", half),
    ("a line lost", line_lost),
    ("another language's file", other_file),
    ("a very long line", long_line),
    ("a file of 10 MiB", huge),
    ("10,000 nested braces", nested),
];

fn any_file(draw: &mut Draw<'_>) -> usize {
    draw.below(draw.book.files.len())
}

fn harmless(draw: &mut Draw<'_>, what: &str, edit: impl Fn(&str) -> String) -> Option<Mistake> {
    let file = any_file(draw);
    let original = &draw.book.files[file];
    // Comments and texts keep their content; a comment would take the next line into itself.
    let text = edit(&original.text);
    let text =
        if what == "clauses on one line" && original.text.contains("    ///") { return None } else { text };
    Some(Mistake::text(file, text, format!("{} with {what}", original.path)))
}

fn comment(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind != Kind::Blank)?;
    let words =
        draw.pick(&["“quoted”, “", "status: live; {", "} }", "a\u{a0}b – c", "<<<<<<< HEAD", "é ü 電"])?;
    let made = Mistake::line(draw.book, at, &format!("{}  // {words}", line.text));
    Some(made.on(&[]))
}

/// A misspelt value, and all line ends changed.
fn with_ends(draw: &mut Draw<'_>, end: &str) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::When)?;
    let made = Mistake::line(draw.book, at, &line.with(1, "suplier")).code(Code::UnknownCondition);
    let comma = draw.place(|line| line.kind == Kind::Clause && line.word(2) == ",");
    let made = match comma.filter(|_| draw.below(2) == 0) {
        Some((at, line)) => Mistake::line(draw.book, at, &line.with(2, "")).code(Code::Syntax),
        None => made,
    };
    let bytes = made.text.replace('\n', end).into_bytes();
    Some(Mistake { bytes: Some(bytes), edit: format!("{} with {end:?}", made.edit), ..made })
}

fn crlf(draw: &mut Draw<'_>) -> Option<Mistake> {
    with_ends(draw, "\r\n")
}

fn cr(draw: &mut Draw<'_>) -> Option<Mistake> {
    with_ends(draw, "\r")
}

/// A text or a comment with a letter that Windows writes as one byte.
fn latin(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| matches!(line.kind, Kind::Comment | Kind::Source | Kind::Assumed))?;
    let letter = draw.pick(&["\u{e9}", "\u{a3}", "\u{fc}"])?;
    let blank = line.text.match_indices(' ').nth_back(0)?.0;
    let made = Mistake::line(draw.book, at, &line.with_range(blank..blank, letter)).code(Code::NotText);
    let bytes = made.text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'-')).collect();
    Some(Mistake { bytes: Some(bytes), ..made })
}

fn utf_16(draw: &mut Draw<'_>) -> Option<Mistake> {
    let file = any_file(draw);
    let original = &draw.book.files[file];
    let (name, mark, big) =
        draw.pick(&[("LE with a mark", true, false), ("BE with a mark", true, true), ("LE", false, false)])?;
    let units = mark.then_some(0xfeff).into_iter().chain(original.text.encode_utf16());
    let bytes =
        units.flat_map(|unit: u16| if big { unit.to_be_bytes() } else { unit.to_le_bytes() }).collect();
    let made = Mistake::text(file, original.text.clone(), format!("{} in UTF-16 {name}", original.path));
    Some(Mistake { bytes: Some(bytes), ..made.on(&[1]).code(Code::NotText) })
}

/// A word processor's document, a picture or an archive with the name of a rule file.
fn binary(draw: &mut Draw<'_>) -> Option<Mistake> {
    let file = any_file(draw);
    let (name, head) = draw.pick::<(&str, &[u8])>(&[
        ("a Word document", b"PK\x03\x04\x14\x00\x06\x00"),
        ("a picture", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
        ("an old Word document", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00"),
        ("a PDF document", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"),
    ])?;
    let noise = (0..2_000).map(|_| u8::try_from(draw.below(256)).unwrap());
    let bytes = head.iter().copied().chain(noise.collect::<Vec<_>>()).collect();
    let made = Mistake::text(file, String::new(), format!("{} is {name}", draw.book.files[file].path));
    Some(Mistake { bytes: Some(bytes), ..made.on(&[1]).code(Code::NotText) })
}

fn conflict(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) =
        draw.place(|line| matches!(line.kind, Kind::Clause | Kind::Source | Kind::When | Kind::Rule))?;
    let mine = &line.text;
    let theirs = line.with(1, &format!("{}x", line.word(1).trim_end_matches('"')));
    let theirs = if line.word(1).starts_with('"') { line.text.clone() } else { theirs };
    let made = Mistake::line(
        draw.book,
        at,
        &format!("<<<<<<< HEAD\n{mine}\n=======\n{theirs}\n>>>>>>> mp125-second-date"),
    );
    Some(made.code(Code::Syntax))
}

/// The file ends in the middle of a block: on the header of an open block, or at the end of the text.
fn half(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) =
        draw.place(|line| line.block != line.item || line.kind == Kind::Value || line.kind == Kind::Case)?;
    let original = &draw.book.files[at.file];
    let cut = 1 + draw.below(line.text.len().max(2) - 1);
    let text = draw.book.text(at.file, 0..at.line) + line.text.get(..cut)?;
    let edit = format!("{}:{} nothing behind `{}`", original.path, at.line + 1, line.text.get(..cut)?.trim());
    Some(Mistake::text(at.file, text, edit).on(&[at.line + 1, line.block + 1]).code(Code::Syntax))
}

/// A header is deleted: on the line that is then in no block, or on the brace that then closes nothing.
fn line_lost(draw: &mut Draw<'_>) -> Option<Mistake> {
    let book = draw.book;
    let (at, line) = draw.place(|line| matches!(line.kind, Kind::Service | Kind::Rule | Kind::Condition))?;
    let lines = &book.files[at.file].lines;
    let block = book.block(at);
    let text = book.text(at.file, 0..at.line) + &book.text(at.file, at.line + 1..lines.len());
    let edit = format!("{}:{} without `{}`", book.files[at.file].path, at.line + 1, line.text.trim());
    Some(Mistake::text(at.file, text, edit).on(&[at.line + 1, block.end - 1]).code(Code::Syntax))
}

fn other_file(draw: &mut Draw<'_>) -> Option<Mistake> {
    let file = any_file(draw);
    let text = draw.pick(&[
        "{\"service\": \"8.4\", \"role\": [\"IS\"]}\n",
        "service: 8.4\nrole:\n  - IS\n  - GS\n",
        "package policy\n\ndefault allow = false\n\nallow { input.role == \"IS\" }\n",
        "<?xml version=\"1.0\"?>\n<rules><service>8.4</service></rules>\n",
        "Service,Role,Status\n8.4,IS,Commissioned\n",
        "permit (principal, action, resource) when { principal.role == \"IS\" };\n",
    ])?;
    let edit = format!("{} is `{}`", draw.book.files[file].path, text.lines().next()?);
    Some(Mistake::text(file, text.to_owned(), edit).on(&[1]).code(Code::Syntax))
}

/// A generated list with one wrong name.
fn long_line(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Clause && line.word(1) == "ESME")?;
    let slip = draw.slip("GSME");
    let new = format!("{}{} {}{slip}", line.indent(), line.word(0), "ESME, ".repeat(10_000));
    let made = Mistake::line(draw.book, at, &new).code(Code::UnknownValue).means("GSME");
    Some(Mistake { edit: format!("{} … {slip}` (60,000 characters)", made.edit), ..made })
}

fn huge(draw: &mut Draw<'_>) -> Option<Mistake> {
    const SIZE: usize = 10 << 20;
    let file = any_file(draw);
    let one = &draw.book.files[file];
    let log = "2026-11-23 12:00:00 INFO 8.4 permitted role=IS\n".to_owned();
    let (what, text) = draw.pick(&[
        ("its text again and again", one.text.clone()),
        ("a log", log),
        ("one line", "x ".to_owned()),
    ])?;
    let bytes = text.repeat(SIZE / text.len()).into_bytes();
    let made = Mistake::text(file, String::new(), format!("{} is 10 MiB of {what}", one.path));
    Some(Mistake { bytes: Some(bytes), ..made.on(&[1]).code(Code::TooLarge) })
}

fn nested(draw: &mut Draw<'_>) -> Option<Mistake> {
    let file = any_file(draw);
    let original = &draw.book.files[file];
    let braces = draw.pick(&["{", "service 1 { ", "permit x { ", "attribute a { "])?;
    let edit = format!("{} ends in 10,000 times `{braces}`", original.path);
    let text = original.text.clone() + &braces.repeat(10_000) + "\n";
    Some(Mistake::text(file, text, edit).on(&[original.lines.len() + 1]).code(Code::Syntax))
}

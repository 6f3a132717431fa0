//! Wrong words of the language: misspelt, in capitals, of another language, in the plural, or left out.

use meterwarden::Code;

use super::Kinds;
use super::book::{At, Kind, Line};
use super::draw::{Draw, Mistake};

pub(crate) const KINDS: Kinds = &[
    ("word misspelt: permit, forbid", effect),
    ("word misspelt: service", |draw| misspelt(draw, Kind::Service, 0)),
    ("word misspelt: attribute", |draw| misspelt(draw, Kind::Attribute, 0)),
    ("word misspelt: condition", |draw| misspelt(draw, Kind::Condition, 0)),
    ("word misspelt: modification", |draw| misspelt(draw, Kind::Modification, 0)),
    ("word misspelt: group", |draw| misspelt(draw, Kind::Group, 0)),
    ("word misspelt: tag", |draw| misspelt(draw, Kind::Tag, 0)),
    ("word misspelt: case", |draw| misspelt(draw, Kind::Case, 0)),
    ("word misspelt: refuse", refuse),
    ("word misspelt: effective", |draw| misspelt(draw, Kind::Effective, 0)),
    ("word misspelt: closed", |draw| misspelt(draw, Kind::Closed, 0)),
    ("word misspelt: fields of a service", |draw| misspelt(draw, Kind::Fields, 0)),
    ("word misspelt: a line of a rule", line_word),
    ("word misspelt: only, not", test_word),
    ("word misspelt: any", any),
    ("word misspelt: all, except, tag", selector_word),
    ("word misspelt: always, sender, like, unassigned", attribute_word),
    ("word misspelt: since in brackets", since_in_brackets),
    ("word in capitals", capitals),
    ("word of another language", foreign),
    ("word in the plural", plural),
    ("word left out of a header", headless),
    ("name left out of a header", nameless),
    ("value left out", valueless),
    ("attribute left out", attributeless),
    ("word of the language as a name", reserved),
];

/// Whether a word is a word of the language or an attribute, so that it is no misspelling.
fn means_something(draw: &Draw<'_>, word: &str) -> bool {
    const SHORT: &[&str] = &["set", "case", "tag", "all", "any", "not", "only", "none", "like"];
    SHORT.contains(&word) || draw.book.attributes.iter().any(|name| name == word)
}

fn word(draw: &mut Draw<'_>, (at, line): (At, &Line), index: usize) -> Option<Mistake> {
    let slip = draw.slip(line.word(index));
    if means_something(draw, &slip) {
        return None;
    }
    Some(Mistake::line(draw.book, at, &line.with(index, &slip)).means(line.word(index)))
}

fn misspelt(draw: &mut Draw<'_>, kind: Kind, index: usize) -> Option<Mistake> {
    let place = draw.place(|line| line.kind == kind)?;
    Some(word(draw, place, index)?.code(Code::Syntax))
}

fn effect(draw: &mut Draw<'_>) -> Option<Mistake> {
    misspelt(draw, Kind::Rule, 0)
}

/// In an attribute an unknown word reads as a value, if a value may be there.
fn refuse(draw: &mut Draw<'_>) -> Option<Mistake> {
    Some(misspelt(draw, Kind::Refuse, 0)?.code(Code::BadAttribute))
}

/// A line of a rule that begins with an unknown word reads as a clause on an unknown attribute, if a clause may be
/// there.
fn line_word(draw: &mut Draw<'_>) -> Option<Mistake> {
    let kinds = [Kind::When, Kind::Since, Kind::Source, Kind::Assumed, Kind::Services];
    let kind = draw.pick(&kinds)?;
    let place = draw.place(|line| line.kind == kind)?;
    Some(word(draw, place, 0)?.code(Code::UnknownAttribute).code(Code::Syntax))
}

/// Before one item, `onyl` reads as the value, and the item as the next line.
fn test_word(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Clause && (line.has("only") || line.has("not")))?;
    Some(word(draw, (at, line), 1)?.code(Code::Syntax))
}

fn any(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Clause && line.has("any"))?;
    Some(word(draw, (at, line), 1)?.code(Code::UnknownValue))
}

fn selector_word(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Services)?;
    let words: Vec<usize> = ["all", "except", "tag"].iter().flat_map(|word| line.positions(word)).collect();
    let index = draw.pick(&words)?;
    // `al` is an unknown service; `tga critical` is a service and a word after it.
    let code = if line.word(index) == "all" && line.word(index + 1) != "except" {
        Code::UnknownService
    } else {
        Code::Syntax
    };
    let made = word(draw, (at, line), index)?;
    Some(if line.word(index) == "all" { made.code(Code::UnknownService) } else { made.code(code) })
}

fn attribute_word(draw: &mut Draw<'_>) -> Option<Mistake> {
    const WORDS: &[&str] = &["always", "sender", "like", "unassigned"];
    let declares = |line: &Line| matches!(line.kind, Kind::Attribute | Kind::Refuse);
    let (at, line) = draw.place(|line| declares(line) && WORDS.iter().any(|word| line.has(word)))?;
    let index = WORDS.iter().find_map(|word| line.position(word))?;
    let made = word(draw, (at, line), index)?;
    // `refuse unasigned` is a response code to a reader who does not know them all.
    (line.word(index) != "unassigned").then(|| made.code(Code::Syntax))
}

fn since_in_brackets(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.has("(") && line.has("since"))?;
    Some(word(draw, (at, line), line.position("since")?)?.code(Code::Syntax))
}

fn capitals(draw: &mut Draw<'_>) -> Option<Mistake> {
    let kinds =
        [Kind::Rule, Kind::Service, Kind::Group, Kind::Condition, Kind::When, Kind::Source, Kind::Effective];
    let kind = draw.pick(&kinds)?;
    let (at, line) = draw.place(|line| line.kind == kind)?;
    let old = line.word(0);
    let new =
        if draw.below(2) == 0 { old.to_ascii_uppercase() } else { old[..1].to_ascii_uppercase() + &old[1..] };
    let made = Mistake::line(draw.book, at, &line.with(0, &new)).means(old);
    Some(match kind {
        Kind::When | Kind::Source => made.code(Code::UnknownAttribute),
        _ => made.code(Code::Syntax),
    })
}

fn foreign(draw: &mut Draw<'_>) -> Option<Mistake> {
    const OTHERS: &[(Kind, &str, &[&str])] = &[
        (Kind::Rule, "permit", &["allow", "grant", "accept", "enable"]),
        (Kind::Rule, "forbid", &["deny", "block", "prohibit", "reject"]),
        (Kind::When, "when", &["if", "where"]),
        (Kind::Since, "since", &["from", "after", "starting"]),
        (Kind::Source, "source", &["reference", "because", "ref"]),
        (Kind::Assumed, "assumed", &["assumption", "assume", "assuming"]),
        (Kind::Effective, "effective", &["date", "from", "since"]),
        (Kind::Clause, "not", &["except", "excluding", "!="]),
        (Kind::Service, "service", &["srv", "request"]),
    ];
    let (kind, word, others) = draw.pick(OTHERS)?;
    let (at, line) = draw.place(|line| line.kind == kind && line.has(word))?;
    let made = Mistake::line(draw.book, at, &line.with(line.position(word)?, draw.pick(others)?)).means(word);
    Some(match kind {
        Kind::When | Kind::Since | Kind::Source | Kind::Assumed => {
            made.code(Code::UnknownAttribute).code(Code::Syntax)
        }
        _ => made.code(Code::Syntax),
    })
}

fn plural(draw: &mut Draw<'_>) -> Option<Mistake> {
    const PLURALS: &[(Kind, &str, &str)] = &[
        (Kind::Rule, "permit", "permits"),
        (Kind::Rule, "forbid", "forbids"),
        (Kind::Service, "service", "services"),
        (Kind::Services, "services", "service"),
        (Kind::Source, "source", "sources"),
        (Kind::Fields, "fields", "field"),
        (Kind::Group, "group", "groups"),
        (Kind::Case, "case", "cases"),
    ];
    let (kind, word, other) = draw.pick(PLURALS)?;
    let (at, line) = draw.place(|line| line.kind == kind && line.word(0) == word)?;
    let made = Mistake::line(draw.book, at, &line.with(0, other)).means(word);
    Some(if kind == Kind::Source { made.code(Code::UnknownAttribute) } else { made.code(Code::Syntax) })
}

/// `8.4 "Update Inventory" non-device {`, `pending "…" {`
fn headless(draw: &mut Draw<'_>) -> Option<Mistake> {
    let kinds = [Kind::Service, Kind::Rule, Kind::Condition, Kind::Modification];
    let kind = draw.pick(&kinds)?;
    let (at, line) = draw.place(|line| line.kind == kind)?;
    let rest = line.text[line.words[1].range.start..].to_owned();
    Some(Mistake::line(draw.book, at, &format!("{}{rest}", line.indent())).code(Code::Syntax))
}

fn nameless(draw: &mut Draw<'_>) -> Option<Mistake> {
    let kinds = [Kind::Service, Kind::Rule, Kind::Condition, Kind::Modification];
    let kind = draw.pick(&kinds)?;
    let (at, line) = draw.place(|line| line.kind == kind)?;
    Some(Mistake::line(draw.book, at, &line.with(1, "")).code(Code::Syntax))
}

fn valueless(draw: &mut Draw<'_>) -> Option<Mistake> {
    let kinds = [Kind::Clause, Kind::When, Kind::Since, Kind::Source, Kind::Assumed, Kind::Effective];
    let kind = draw.pick(&kinds)?;
    let (at, line) = draw.place(|line| line.kind == kind)?;
    let end = line.words[0].range.end;
    Some(Mistake::line(draw.book, at, &line.text[..end]).code(Code::Syntax))
}

/// `Whitelisted, Commissioned`, without an attribute.
fn attributeless(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) =
        draw.place(|line| line.kind == Kind::Clause && line.word(2) == "," && line.words.len() < 8)?;
    let made = Mistake::line(draw.book, at, &line.with(0, ""));
    Some(made.code(Code::Syntax))
}

fn reserved(draw: &mut Draw<'_>) -> Option<Mistake> {
    let kinds = [Kind::Rule, Kind::Condition, Kind::Modification, Kind::Tag];
    let kind = draw.pick(&kinds)?;
    let (at, line) = draw.place(|line| line.kind == kind)?;
    let name = draw.pick(&["any", "all", "set", "service", "permit", "source"])?;
    Some(Mistake::line(draw.book, at, &line.with(1, name)).code(Code::Syntax))
}

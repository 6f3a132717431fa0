//! Edits without syntax errors that mean nothing: wrong tests and dates, and lines that are missing, doubled or
//! misplaced.

use meterwarden::Code;

use super::Kinds;
use super::book::{At, Kind, Line};
use super::draw::{Draw, Mistake};

pub(crate) const KINDS: Kinds = &[
    ("only, includes, exactly on one value", set_test),
    ("none on one value", none),
    ("bare list of fields", bare_fields),
    ("not on a set", not_on_a_set),
    ("all for any", all_for_any),
    ("except for not", except_for_not),
    ("test before its attribute", test_first),
    ("is, =, in before a value", copula),
    ("impossible date", impossible_date),
    ("date in another format", date_format),
    ("date in quotes", quoted_date),
    ("dates swapped", dates_swapped),
    ("dates of an item without brackets", bare_dates),
    ("dates of an item without since", dates_without_since),
    ("source and assumed missing", sourceless),
    ("always missing", always_missing),
    ("services missing", servicesless),
    ("refuse missing", refuseless),
    ("effective missing", effectiveless),
    ("cases missing", caseless),
    ("clause said twice", clause_twice),
    ("line said twice", line_twice),
    ("rule twice", |draw| block_twice(draw, Kind::Rule)),
    ("service twice", |draw| block_twice(draw, Kind::Service)),
    ("declaration twice", declared_twice),
    ("value declared twice", value_twice),
    ("tag twice", tag_twice),
    ("field twice", field_twice),
    ("two rules run together", run_together),
    ("rule moved out of its service", moved_out),
    ("services in a service", services_inside),
    ("refuse in a permit", refuse_in_permit),
    ("fields outside of a service", fields_outside),
    ("clause between two rules", clause_outside),
    ("declaration in a service", declared_inside),
    ("clause against its condition", contradiction),
    ("closed and rules", closed_and_rules),
    ("reserved but for its case", reserved_case),
];

fn replaced(draw: &mut Draw<'_>, (at, line): (At, &Line), index: usize, new: &str) -> Mistake {
    Mistake::line(draw.book, at, &line.with(index, new))
}

fn plain(line: &Line) -> bool {
    line.kind == Kind::Clause
        && !matches!(line.word(0), "fields" | "relation")
        && !matches!(line.word(1), "any" | "not")
}

fn set_test(draw: &mut Draw<'_>) -> Option<Mistake> {
    let place = draw.place(plain)?;
    let test = draw.pick(&["only", "includes", "excludes", "exactly"])?;
    let new = format!("{test} {}", place.1.word(1));
    Some(replaced(draw, place, 1, &new).code(Code::WrongTest))
}

fn none(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(plain)?;
    let list = line.words[1].range.start..line.text.len();
    Some(Mistake::line(draw.book, at, &line.with_range(list, "none")).code(Code::WrongTest))
}

fn bare_fields(draw: &mut Draw<'_>) -> Option<Mistake> {
    let place = draw.place(|line| line.kind == Kind::Clause && line.word(0) == "fields")?;
    Some(replaced(draw, place, 1, "").code(Code::WrongTest))
}

fn not_on_a_set(draw: &mut Draw<'_>) -> Option<Mistake> {
    let place =
        draw.place(|line| line.kind == Kind::Clause && line.word(0) == "relation" && line.word(1) != "any")?;
    let new = format!("not {}", place.1.word(1));
    Some(replaced(draw, place, 1, &new).code(Code::WrongTest).means("excludes"))
}

fn all_for_any(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(plain)?;
    let list = line.words[1].range.start..line.text.len();
    let word = draw.pick(&["all", "*", "ANY", "everything"])?;
    let made = Mistake::line(draw.book, at, &line.with_range(list, word));
    Some(match word {
        "all" | "*" => made.code(Code::Syntax).means(&format!("{} any", line.word(0))),
        "ANY" => made.code(Code::UnknownValue).means("any"),
        _ => made.code(Code::UnknownValue),
    })
}

fn except_for_not(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(plain)?;
    let new = format!("{} {}", draw.pick(&["all except", "except"])?, line.word(1));
    Some(replaced(draw, (at, line), 1, &new).code(Code::Syntax))
}

fn test_first(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) =
        draw.place(|line| line.kind == Kind::Clause && matches!(line.word(1), "not" | "only"))?;
    let (attribute, test) = (line.word(0), line.word(1));
    let words = line.words[0].range.start..line.words[1].range.end;
    Some(
        Mistake::line(draw.book, at, &line.with_range(words, &format!("{test} {attribute}")))
            .code(Code::Syntax),
    )
}

fn copula(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| plain(line) && line.words.len() == 2)?;
    let new = format!("{} {}", draw.pick(&["is", "in", "are", "equals"])?, line.word(1));
    Some(replaced(draw, (at, line), 1, &new).code(Code::Syntax))
}

/// A line with a date, and the index of the date: in the register, or after `since`.
fn dated<'b>(draw: &mut Draw<'b>) -> Option<((At, &'b Line), usize)> {
    let (at, line) = draw.place(|line| matches!(line.kind, Kind::Effective | Kind::Since))?;
    Some(((at, line), 1))
}

fn impossible_date(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (place, index) = dated(draw)?;
    let date =
        draw.pick(&["2023-02-30", "2023-06-31", "2021-13-01", "2021-00-04", "2023-02-29", "2020-11-00"])?;
    Some(replaced(draw, place, index, date).code(Code::InvalidDate))
}

fn date_format(draw: &mut Draw<'_>) -> Option<Mistake> {
    const FORMATS: &[&str] = &[
        "29/06/2023",
        "29-06-2023",
        "29.06.2023",
        "2023/06/29",
        "20230629",
        "29 June 2023",
        "2023-6-29",
        "June 29, 2023",
        "2023-06-29T00:00:00Z",
        "29-Jun-2023",
        "29.6.23",
        "2023.06.29",
        "2023–06–29",
        "2023",
    ];
    let (place, index) = dated(draw)?;
    let format = draw.pick(FORMATS)?;
    Some(replaced(draw, place, index, format).code(Code::Syntax))
}

fn quoted_date(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (place, index) = dated(draw)?;
    let new = format!("\"{}\"", place.1.word(index));
    Some(replaced(draw, place, index, &new).code(Code::Syntax))
}

/// On the line of either date.
fn dates_swapped(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Rule)?;
    let indent = format!("{}    ", line.indent());
    let (since, until) =
        draw.pick(&[("MP125", "MP105"), ("2023-11-02", "2023-06-29"), ("MP125", "2020-01-01")])?;
    let new = format!("{}\n{indent}since  {since}\n{indent}until  {until}", line.text);
    let says = |line: &Line| line.kind == Kind::Since;
    let has_own_dates = draw.book.block(at).any(|number| says(draw.book.line(At { line: number, ..at })));
    let made = Mistake::line(draw.book, at, &new).on(&[at.line + 2, at.line + 3]);
    (!has_own_dates).then(|| made.code(Code::DatesOutOfOrder))
}

fn bare_dates(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.has("(") && line.has("since"))?;
    let new = line.text.replace(['(', ')'], "");
    Some(Mistake::line(draw.book, at, &new).code(Code::Syntax))
}

fn dates_without_since(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.has("(") && line.has("since"))?;
    Some(replaced(draw, (at, line), line.position("since")?, "").code(Code::Syntax).means("since"))
}

/// The block without the lines that satisfy a condition. The finding is on its header.
fn without(draw: &mut Draw<'_>, kind: Kind, drops: impl Fn(&Line) -> bool) -> Option<(At, Mistake)> {
    let book = draw.book;
    let (at, line) = draw.place(|line| line.kind == kind)?;
    let block = book.block(at);
    let lines = &book.files[at.file].lines;
    let kept =
        |(number, line): &(usize, &Line)| !(block.contains(number) && line.block == at.line && drops(line));
    let text: Vec<&str> = lines.iter().enumerate().filter(kept).map(|(_, line)| line.text.as_str()).collect();
    if text.len() == lines.len() {
        return None;
    }
    let edit =
        format!("{}:{} lines dropped from `{}`", book.files[at.file].path, at.line + 1, line.text.trim());
    Some((at, Mistake::text(at.file, text.join("\n") + "\n", edit).on(&[at.line + 1])))
}

fn sourceless(draw: &mut Draw<'_>) -> Option<Mistake> {
    let kind = draw.pick(&[Kind::Rule, Kind::Rule, Kind::Condition])?;
    let (_, made) = without(draw, kind, |line| matches!(line.kind, Kind::Source | Kind::Assumed))?;
    Some(made.code(Code::MissingSource))
}

fn always_missing(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, made) = without(draw, Kind::Rule, |line| line.kind == Kind::Clause && line.word(0) == "status")?;
    (draw.book.line(at).word(0) == "permit").then(|| made.code(Code::MissingAlways).means("status any"))
}

fn servicesless(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (_, made) = without(draw, Kind::Rule, |line| line.kind == Kind::Services)?;
    Some(made.code(Code::MissingServices))
}

fn refuseless(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (_, made) = without(draw, Kind::Attribute, |line| line.kind == Kind::Refuse)?;
    Some(made.code(Code::BadAttribute))
}

fn effectiveless(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (_, made) =
        without(draw, Kind::Modification, |line| matches!(line.kind, Kind::Effective | Kind::Proposed))?;
    Some(made.code(Code::BadModification))
}

/// On the header, or on the brace that is in the place of a case.
fn caseless(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, made) = without(draw, Kind::Condition, |line| line.kind == Kind::Case)?;
    let kept = draw
        .book
        .block(at)
        .filter(|number| draw.book.line(At { line: *number, ..at }).kind != Kind::Case)
        .count();
    Some(made.on(&[at.line + 1, at.line + kept]).code(Code::Syntax))
}

/// A clause again after itself: on the second.
fn clause_twice(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(plain)?;
    let made = Mistake::line(draw.book, at, &format!("{0}\n{0}", line.text));
    Some(made.on(&[at.line + 2]).code(Code::SaidTwice))
}

fn line_twice(draw: &mut Draw<'_>) -> Option<Mistake> {
    let kinds = [Kind::Source, Kind::Assumed, Kind::Since, Kind::Services, Kind::Closed, Kind::Effective];
    let kind = draw.pick(&kinds)?;
    let (at, line) = draw.place(|line| line.kind == kind)?;
    let made = Mistake::line(draw.book, at, &format!("{0}\n{0}", line.text));
    Some(made.on(&[at.line + 2]).code(Code::SaidTwice))
}

/// A block again after itself: on the second header.
fn block_twice(draw: &mut Draw<'_>, kind: Kind) -> Option<Mistake> {
    let book = draw.book;
    let (at, line) = draw.place(|line| line.kind == kind)?;
    let (block, all) = (book.block(at), book.files[at.file].lines.len());
    let again = book.text(at.file, block.clone());
    let text = book.text(at.file, 0..block.end) + "\n" + &again + &book.text(at.file, block.end..all);
    let edit = format!("{}:{} `{}` again", book.files[at.file].path, block.end + 2, line.text.trim());
    Some(Mistake::text(at.file, text, edit).on(&[block.end + 2]).code(Code::DeclaredTwice))
}

fn declared_twice(draw: &mut Draw<'_>) -> Option<Mistake> {
    let kinds = [Kind::Attribute, Kind::Condition, Kind::Modification, Kind::Group, Kind::Tag];
    let kind = draw.pick(&kinds)?;
    if matches!(kind, Kind::Group | Kind::Tag) {
        let (at, line) = draw.place(|line| line.kind == kind && !line.text.ends_with(','))?;
        let made = Mistake::line(draw.book, at, &format!("{0}\n{0}", line.text));
        return Some(made.on(&[at.line + 2]).code(Code::DeclaredTwice));
    }
    block_twice(draw, kind)
}

fn value_twice(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Value)?;
    let made = Mistake::line(draw.book, at, &format!("{0}\n{0}", line.text));
    Some(made.on(&[at.line + 2]).code(Code::DeclaredTwice))
}

fn tag_twice(draw: &mut Draw<'_>) -> Option<Mistake> {
    let place = draw.place(|line| line.kind == Kind::Service && line.words.len() > 4)?;
    let new = format!("{0}, {0}", place.1.word(3));
    Some(replaced(draw, place, 3, &new).code(Code::SaidTwice))
}

fn field_twice(draw: &mut Draw<'_>) -> Option<Mistake> {
    let place = draw.place(|line| line.kind == Kind::Fields)?;
    let new = format!("{0}, {0}", place.1.word(1));
    Some(replaced(draw, place, 1, &new).code(Code::DeclaredTwice))
}

/// The end of one rule and the header of the next are deleted: on the first line that repeats what may occur once.
fn run_together(draw: &mut Draw<'_>) -> Option<Mistake> {
    let book = draw.book;
    let (at, _) = draw.place(|line| line.kind == Kind::Rule && line.indent().len() == 4)?;
    let rule = book.block(at);
    let lines = &book.files[at.file].lines;
    let next = lines.get(rule.end + 1).filter(|next| next.kind == Kind::Rule)?;
    let text = book.text(at.file, 0..rule.end - 1) + &book.text(at.file, rule.end + 2..lines.len());
    let may_be_repeated = |word: &str| matches!(word, "when" | "relation" | "fields" | "}");
    let words: Vec<&str> = lines[rule.clone()].iter().map(|line| line.word(0)).collect();
    let again = |line: &Line| words.contains(&line.word(0)) && !may_be_repeated(line.word(0));
    let again = lines.iter().skip(rule.end + 2).position(again)?;
    let edit = format!("{}:{} `}}` and `{}` lost", book.files[at.file].path, rule.end, next.text.trim());
    Some(Mistake::text(at.file, text, edit).on(&[rule.end + again]).code(Code::SaidTwice))
}

/// After its service: on its header.
fn moved_out(draw: &mut Draw<'_>) -> Option<Mistake> {
    let book = draw.book;
    let (at, line) = draw.place(|line| line.kind == Kind::Rule && line.indent().len() == 4)?;
    let lines = &book.files[at.file].lines;
    let rule = book.block(at);
    let service = book.block(At { line: line.item, ..at });
    if book.text(at.file, rule.clone()).contains("  fields") {
        return None; // which cannot be outside either
    }
    let moved: String = lines[rule.clone()].iter().map(|line| format!("{}\n", line.text.trim())).collect();
    let text = book.text(at.file, 0..rule.start)
        + &book.text(at.file, rule.end..service.end)
        + "\n"
        + &moved
        + &book.text(at.file, service.end..lines.len());
    let edit = format!(
        "{}:{} `{}` moved behind its service",
        book.files[at.file].path,
        at.line + 1,
        line.text.trim()
    );
    let header = service.end - rule.len() + 2;
    Some(Mistake::text(at.file, text, edit).on(&[header]).code(Code::MissingServices))
}

fn in_rule(draw: &mut Draw<'_>, fits: impl Fn(&Line) -> bool, new: &str) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Rule && fits(line))?;
    let made = Mistake::line(draw.book, at, &format!("{}\n{}    {new}", line.text, line.indent()));
    Some(made.on(&[at.line + 2]))
}

fn services_inside(draw: &mut Draw<'_>) -> Option<Mistake> {
    let new = draw.pick(&["services all", "services 8.2", "services tag critical"])?;
    Some(in_rule(draw, |line| line.indent().len() == 4, new)?.code(Code::Misplaced))
}

fn refuse_in_permit(draw: &mut Draw<'_>) -> Option<Mistake> {
    Some(in_rule(draw, |line| line.word(0) == "permit", "refuse E5 \"not now\"")?.code(Code::Misplaced))
}

fn fields_outside(draw: &mut Draw<'_>) -> Option<Mistake> {
    Some(in_rule(draw, |line| line.word(0) == "forbid", "fields only ESMEVariant")?.code(Code::Misplaced))
}

fn clause_outside(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Close && line.indent().len() == 4)?;
    let made = Mistake::line(draw.book, at, &format!("{}\n    status  live", line.text));
    Some(made.on(&[at.line + 2]).code(Code::Syntax))
}

fn declared_inside(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Service && line.text.ends_with('{'))?;
    let new = draw.pick(&["tag urgent \"at once\"", "group status early = Pending, Whitelisted"])?;
    let made = Mistake::line(draw.book, at, &format!("{}\n    {new}", line.text));
    Some(made.on(&[at.line + 2]).code(Code::Syntax))
}

/// A role that no alternative of the rule's condition accepts.
fn contradiction(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::When && line.word(1) != "nominated-agent")?;
    let made = Mistake::line(draw.book, at, &format!("{}\n{}role  RSA", line.text, line.indent()));
    Some(made.on(&[at.line + 2]).code(Code::Contradiction))
}

/// On the first rule, or on `closed`.
fn closed_and_rules(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Service)?;
    let made = Mistake::line(draw.book, at, &format!("{}\n    closed \"for now\"", line.text));
    let lines = &draw.book.files[at.file].lines;
    let rule = lines[draw.book.block(at)].iter().position(|line| line.kind == Kind::Rule)?;
    Some(made.on(&[at.line + 2, at.line + rule + 2]).code(Code::ClosedService))
}

fn reserved_case(draw: &mut Draw<'_>) -> Option<Mistake> {
    let kind = draw.pick(&[Kind::Rule, Kind::Tag])?;
    let (at, line) = draw.place(|line| line.kind == kind)?;
    let name = draw.pick(&["Any", "ALL", "Service", "Permit"])?;
    // The old name of a tag is missing at its uses too. The vocabulary is last in path order, so the uses come first.
    (kind == Kind::Rule).then(|| replaced(draw, (at, line), 1, name).code(Code::ReservedName))
}

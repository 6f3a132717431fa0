//! Wrong names: misspelt in a use, misspelt in a declaration, of another kind, or undeclared.

use meterwarden::Code;

use super::Kinds;
use super::book::{At, Book, Kind, Line, is_name};
use super::draw::{Draw, Mistake};

pub(crate) const KINDS: Kinds = &[
    ("value misspelt", value),
    ("group misspelt", group),
    ("attribute misspelt", attribute),
    ("condition misspelt", condition),
    ("modification misspelt", modification),
    ("tag misspelt in a service", tag),
    ("tag misspelt in a selector", selected_tag),
    ("field misspelt", field),
    ("value misspelt in a case", value_in_case),
    ("attribute misspelt in a case", attribute_in_case),
    ("value misspelt in a group", value_in_group),
    ("attribute misspelt in a group", attribute_of_group),
    ("attribute misspelt behind like", like),
    ("value misspelt where declared", declared_value),
    ("attribute misspelt where declared", declared_attribute),
    ("group misspelt where declared", declared_group),
    ("condition misspelt where declared", declared_condition),
    ("modification misspelt where declared", declared_modification),
    ("tag misspelt where declared", declared_tag),
    ("field misspelt where declared", declared_field),
    ("value in another case", value_case),
    ("attribute in another case", attribute_case),
    ("underscores for hyphens", underscores),
    ("value with blanks", value_with_blanks),
    ("value as it is described", described),
    ("value in quotes", quoted_value),
    ("value of another attribute", other_value),
    ("group of another attribute", other_group),
    ("attribute for a condition", attribute_for_condition),
    ("service that there is not", no_service),
];

fn is_clause(line: &Line) -> bool {
    line.kind == Kind::Clause && line.word(0) != "fields"
}

/// The values and groups of an attribute.
pub(crate) fn meanings(book: &Book, attribute: &str) -> Vec<String> {
    let mut names = Vec::new();
    for file in &book.files {
        for line in &file.lines {
            let header = &file.lines[line.block];
            let name = header.word(usize::from(header.word(0) == "set") + 1);
            if line.kind == Kind::Value && (name == attribute || is_like(book, attribute, name)) {
                names.push(line.word(0).to_owned());
            }
            let of = line.word(1);
            if line.kind == Kind::Group && (of == attribute || is_like(book, attribute, of)) {
                names.push(line.word(2).to_owned());
            }
        }
    }
    names
}

/// `attribute other-status … like status`
fn is_like(book: &Book, attribute: &str, other: &str) -> bool {
    let declares = |line: &Line| line.kind == Kind::Attribute && line.word(1) == attribute;
    let like = book.first(declares).map(|at| book.line(at));
    like.and_then(|line| Some(line.word(line.position("like")? + 1) == other)).unwrap_or(false)
}

/// Misspells an item in a list of an attribute, so that the result is no other value or group of the attribute.
fn item(draw: &mut Draw<'_>, fits: impl Fn(&Line) -> bool, wanted: impl Fn(&str) -> bool) -> Option<Mistake> {
    let (at, line) = draw.place(fits)?;
    let asked = draw.book.asked(line);
    let clause = &asked[draw.below(asked.len())];
    let index = draw.pick(&clause.items)?;
    let name = line.word(index);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) || !wanted(name) {
        return None;
    }
    let slip = draw.slip(name);
    let valid = meanings(draw.book, line.word(clause.attribute));
    (!valid.contains(&slip))
        .then(|| Mistake::line(draw.book, at, &line.with(index, &slip)).code(Code::UnknownValue).means(name))
}

fn is_group(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
}

fn value(draw: &mut Draw<'_>) -> Option<Mistake> {
    item(draw, is_clause, |name| !is_group(name))
}

fn group(draw: &mut Draw<'_>) -> Option<Mistake> {
    item(draw, |line| is_clause(line) && line.word(0) != "relation", is_group)
}

fn value_in_case(draw: &mut Draw<'_>) -> Option<Mistake> {
    item(draw, |line| line.kind == Kind::Case, |_| true)
}

fn value_in_group(draw: &mut Draw<'_>) -> Option<Mistake> {
    item(draw, |line| line.kind == Kind::Group, |_| true)
}

/// Misspells a word of a line, so that the result is none of the valid names.
fn word(draw: &mut Draw<'_>, (at, line): (At, &Line), index: usize, valid: &[String]) -> Option<Mistake> {
    let slip = draw.slip(line.word(index));
    (!valid.contains(&slip))
        .then(|| Mistake::line(draw.book, at, &line.with(index, &slip)).means(line.word(index)))
}

fn attribute(draw: &mut Draw<'_>) -> Option<Mistake> {
    let place = draw.place(|line| line.kind == Kind::Clause)?;
    Some(word(draw, place, 0, &draw.book.attributes.clone())?.code(Code::UnknownAttribute))
}

fn attribute_in_case(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Case)?;
    let asked = draw.book.asked(line);
    let index = asked[draw.below(asked.len())].attribute;
    Some(word(draw, (at, line), index, &draw.book.attributes.clone())?.code(Code::UnknownAttribute))
}

fn attribute_of_group(draw: &mut Draw<'_>) -> Option<Mistake> {
    let place = draw.place(|line| line.kind == Kind::Group)?;
    Some(word(draw, place, 1, &draw.book.attributes.clone())?.code(Code::UnknownAttribute))
}

fn like(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.has("like"))?;
    let index = line.position("like")? + 1;
    Some(word(draw, (at, line), index, &draw.book.attributes.clone())?.code(Code::UnknownAttribute))
}

fn condition(draw: &mut Draw<'_>) -> Option<Mistake> {
    let place = draw.place(|line| line.kind == Kind::When)?;
    Some(word(draw, place, 1, &[])?.code(Code::UnknownCondition))
}

fn modification(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.has("since") && line.kind != Kind::Comment)?;
    let index = line.position("since")? + 1;
    let valid = declared(draw.book, Kind::Modification);
    Some(word(draw, (at, line), index, &valid)?.code(Code::UnknownModification))
}

fn tag(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Service)?;
    let tags: Vec<usize> = (3..line.words.len()).filter(|index| is_name(line.word(*index))).collect();
    let index = draw.pick(&tags)?;
    Some(word(draw, (at, line), index, &[])?.code(Code::UnknownTag))
}

fn selected_tag(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Services && line.has("tag"))?;
    let index = draw.pick(&line.positions("tag"))? + 1;
    Some(word(draw, (at, line), index, &[])?.code(Code::UnknownTag))
}

fn field(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Clause && line.word(0) == "fields")?;
    let index =
        draw.pick(&(2..line.words.len()).filter(|index| is_name(line.word(*index))).collect::<Vec<_>>())?;
    Some(word(draw, (at, line), index, &[])?.code(Code::UnknownField))
}

/// The names that headers of a kind declare.
fn declared(book: &Book, kind: Kind) -> Vec<String> {
    book.places(|line| line.kind == kind).iter().map(|at| book.line(*at).word(1).to_owned()).collect()
}

/// Misspells a name in its declaration. The finding is at its first use, and names the misspelt name.
fn at_first_use(
    draw: &mut Draw<'_>,
    (at, line): (At, &Line),
    index: usize,
    used: Option<At>,
) -> Option<Mistake> {
    let slip = draw.slip(line.word(index));
    Some(Mistake::line(draw.book, at, &line.with(index, &slip)).at(used?).means(&slip))
}

fn declared_value(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Value)?;
    let header = &draw.book.files[at.file].lines[line.block];
    let attribute = header.word(usize::from(header.word(0) == "set") + 1);
    let name = line.word(0);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None; // a number with a slip is another number
    }
    let slip = draw.slip(name);
    if meanings(draw.book, attribute).contains(&slip) {
        return None;
    }
    let alike: Vec<&String> = draw
        .book
        .attributes
        .iter()
        .filter(|candidate| *candidate == attribute || is_like(draw.book, candidate, attribute))
        .collect();
    let uses = alike.iter().filter_map(|candidate| draw.book.first_use(candidate, name));
    let first = uses.min_by_key(|at| (at.file, at.line))?;
    Some(Mistake::line(draw.book, at, &line.with(0, &slip)).at(first).means(&slip).code(Code::UnknownValue))
}

fn declared_group(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Group)?;
    let (attribute, name) = (line.word(1), line.word(2));
    let alike: Vec<&String> = draw
        .book
        .attributes
        .iter()
        .filter(|candidate| *candidate == attribute || is_like(draw.book, candidate, attribute))
        .collect();
    let uses = alike.iter().filter_map(|candidate| draw.book.first_use(candidate, name));
    let first = uses.min_by_key(|at| (at.file, at.line));
    Some(at_first_use(draw, (at, line), 2, first)?.code(Code::UnknownValue))
}

fn declared_attribute(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Attribute && line.word(1) != "attribute")?;
    let name = line.word(1);
    let used = draw.book.first(|line| {
        draw.book.asked(line).iter().any(|clause| line.word(clause.attribute) == name)
            || line.position("like").is_some_and(|like| line.word(like + 1) == name)
    });
    Some(at_first_use(draw, (at, line), 1, used)?.code(Code::UnknownAttribute))
}

fn declared_condition(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Condition)?;
    let used = draw.book.first(|user| user.kind == Kind::When && user.word(1) == line.word(1));
    Some(at_first_use(draw, (at, line), 1, used)?.code(Code::UnknownCondition))
}

fn declared_modification(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Modification)?;
    let name = line.word(1);
    let used =
        draw.book.first(|user| user.position("since").is_some_and(|since| user.word(since + 1) == name));
    let made = at_first_use(draw, (at, line), 1, used)?.code(Code::UnknownModification);
    (!declared(draw.book, Kind::Modification).contains(made.meant.as_ref()?)).then_some(made)
}

fn declared_tag(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Tag)?;
    let name = line.word(1);
    let used = draw.book.first(|user| match user.kind {
        Kind::Service => user.words.iter().skip(3).any(|word| word.text == name),
        Kind::Services => user.positions("tag").iter().any(|index| user.word(index + 1) == name),
        _ => false,
    });
    Some(at_first_use(draw, (at, line), 1, used)?.code(Code::UnknownTag))
}

fn declared_field(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Fields)?;
    let index =
        draw.pick(&(1..line.words.len()).filter(|index| is_name(line.word(*index))).collect::<Vec<_>>())?;
    let used = draw.book.places(|user| {
        user.kind == Kind::Clause
            && user.item == line.item
            && user.word(0) == "fields"
            && user.has(line.word(index))
    });
    let used = used.into_iter().find(|user| user.file == at.file);
    Some(at_first_use(draw, (at, line), index, used)?.code(Code::UnknownField))
}

fn value_case(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(is_clause)?;
    let index = draw.pick(&draw.book.asked(line)[0].items)?;
    let name = line.word(index);
    let changed = if name.chars().any(|c| c.is_ascii_lowercase()) && draw.below(2) == 0 {
        name.to_ascii_uppercase()
    } else if is_group(name) {
        name[..1].to_ascii_uppercase() + &name[1..]
    } else {
        name.to_ascii_lowercase()
    };
    (changed != name).then(|| {
        Mistake::line(draw.book, at, &line.with(index, &changed)).code(Code::UnknownValue).means(name)
    })
}

fn attribute_case(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Clause)?;
    let name = line.word(0);
    let changed = name[..1].to_ascii_uppercase() + &name[1..];
    Some(Mistake::line(draw.book, at, &line.with(0, &changed)).code(Code::UnknownAttribute).means(name))
}

fn underscores(draw: &mut Draw<'_>) -> Option<Mistake> {
    let code = |kind| match kind {
        Kind::When => Some(Code::UnknownCondition),
        Kind::Clause => Some(Code::UnknownValue),
        Kind::Service => Some(Code::UnknownTag),
        _ => None,
    };
    let (at, line) =
        draw.place(|line| code(line.kind).is_some() && line.text.contains('-') && !line.has("since"))?;
    let from = if line.kind == Kind::Service { 3 } else { 1 };
    let names: Vec<usize> =
        (from..line.words.len()).filter(|index| line.word(*index).contains('-')).collect();
    let index = draw.pick(&names).filter(|index| is_name(line.word(*index)))?;
    let made = Mistake::line(draw.book, at, &line.with(index, &line.word(index).replace('-', "_")));
    Some(made.code(code(line.kind)?).means(line.word(index)))
}

fn value_with_blanks(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| is_clause(line) && line.has("InstalledNotCommissioned"))?;
    let index = line.position("InstalledNotCommissioned")?;
    let made = Mistake::line(draw.book, at, &line.with(index, "Installed Not Commissioned"));
    // To a reader who knows only the words, it may be a list without commas.
    Some(made.code(Code::UnknownValue).code(Code::Syntax).means("InstalledNotCommissioned"))
}

/// The text of a value instead of its name: `role Import Supplier`.
fn described(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| is_clause(line) && matches!(line.word(0), "role" | "device"))?;
    let asked = draw.book.asked(line);
    let index = draw.pick(&asked[0].items)?;
    let name = line.word(index);
    let declared = draw.book.first(|declaration| {
        declaration.kind == Kind::Value && declaration.word(0) == name && declaration.words.len() > 1
    })?;
    let text = draw.book.line(declared).word(1).trim_matches('"');
    if !text.contains(' ')
        || text.contains(|c: char| !c.is_ascii_alphabetic() && c != ' ')
        || name == "NotApplicable"
    {
        return None;
    }
    let made = Mistake::line(draw.book, at, &line.with(index, text));
    Some(made.code(Code::UnknownValue).code(Code::Syntax).means(name))
}

fn quoted_value(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| is_clause(line) && line.words.len() == 2 && line.word(1) != "any")?;
    let made = Mistake::line(draw.book, at, &line.with(1, &format!("\"{}\"", line.word(1))));
    Some(made.code(Code::WrongTest))
}

/// A value that another attribute has: its help names that attribute.
fn other_value(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(is_clause)?;
    let (attribute, index) = (line.word(0), draw.pick(&draw.book.asked(line)[0].items)?);
    let (owner, value) = match attribute {
        "device" | "other-device" => ("status", "Commissioned"),
        "status" | "other-status" => ("device", "ESME"),
        "variant" => ("timing", "Immediate"),
        _ => ("generation", "SMETS2"),
    };
    Some(Mistake::line(draw.book, at, &line.with(index, value)).code(Code::UnknownValue).means(owner))
}

fn other_group(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(is_clause)?;
    let (attribute, index) = (line.word(0), draw.pick(&draw.book.asked(line)[0].items)?);
    let (owner, group) = match attribute {
        "device" | "other-device" => ("status", "retired"),
        _ => ("device", "gas-device"),
    };
    Some(Mistake::line(draw.book, at, &line.with(index, group)).code(Code::UnknownValue).means(owner))
}

fn attribute_for_condition(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::When)?;
    let name = draw.pick(&draw.book.attributes.clone())?;
    Some(Mistake::line(draw.book, at, &line.with(1, &name)).code(Code::UnknownCondition))
}

fn no_service(draw: &mut Draw<'_>) -> Option<Mistake> {
    let (at, line) = draw.place(|line| line.kind == Kind::Services && line.text.contains("8.2"))?;
    let numbers: Vec<usize> = (1..line.words.len())
        .filter(|index| line.word(*index).starts_with(|c: char| c.is_ascii_digit()))
        .collect();
    let index = draw.pick(&numbers)?;
    let none = draw.pick(&["8.99", "5.9", "11.9", "15.1", "8.44", "52"])?;
    Some(Mistake::line(draw.book, at, &line.with(index, none)).code(Code::UnknownService))
}

//! A clause: its attribute, what it asks, and the values it lists.

use rustc_hash::FxHashMap;

use super::dates;
use super::names::{Known, Meaning, Names};
use crate::base::suggest;
use crate::language::ast;
use crate::language::ast::Dated;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy::source::Span;
use crate::policy::{Clause, Item, Test};

/// The fields that a service declares, by name; nothing where its body is not looked at.
pub(super) type Fields<'a> = FxHashMap<&'a str, (u32, Span)>;

/// Where a clause stands.
#[derive(Clone, Copy)]
pub(super) enum Place<'p, 'a> {
    /// In a rule of a service, with the fields it declares.
    Service { name: &'p str, fields: Option<&'p Fields<'a>> },
    /// In a rule of a service that could not be read, so that nobody knows its fields.
    Unread,
    /// In a rule outside of every service.
    Outside,
    /// In a case of a condition.
    Case,
}

/// Words that begin a line of a rule: what a misspelt attribute may have meant.
const LINE_WORDS: &[&str] = &["services", "when", "since", "until", "source", "assumed", "refuse"];

/// The clauses of a rule or a case, in order; nothing for one that means nothing.
pub(super) fn resolve(
    clauses: &[&ast::Clause],
    place: Place<'_, '_>,
    names: &mut Names<'_>,
) -> Vec<Option<Clause>> {
    let mut resolved = Vec::with_capacity(clauses.len());
    let mut rest = clauses;
    while let Some((first, others)) = rest.split_first() {
        if let Some(more) = split_value(first, others, names) {
            resolved.push(None);
            rest = others.get(more..).unwrap_or_default();
        } else {
            let said = names.found.len();
            let made = one(first, place, names);
            let more = if names.found.len() > said { rest_of_sentence(rest, names) } else { 0 };
            resolved.push(made);
            rest = others.get(more..).unwrap_or_default();
        }
    }
    resolved
}

/// How many clauses behind the first are the rest of its sentence: `status must be live` reads as two clauses, one blank
/// apart, of which the second speaks of no attribute either. One finding is enough.
fn rest_of_sentence(clauses: &[&ast::Clause], names: &Names<'_>) -> usize {
    let goes_on = |pair: &&[&ast::Clause]| match pair {
        [one, next] => {
            one.span.end + 1 == next.span.start
                && !names.attribute_table.contains_key(next.attribute.text.as_str())
        }
        _ => false,
    };
    clauses.windows(2).take_while(goes_on).count()
}

/// `status Installed Not Commissioned`: a value with blanks in it reads as several clauses. Reports it, and says how
/// many of the clauses behind the first are part of it.
fn split_value(first: &ast::Clause, others: &[&ast::Clause], names: &mut Names<'_>) -> Option<usize> {
    let (id, _) = *names.attribute_table.get(first.attribute.text.as_str())?;
    let last = listed(&first.test).last().filter(|last| last.dates.is_none())?;
    let known = &names.attributes[id];
    if known.meanings.contains_key(last.name.text.as_str()) {
        return None;
    }
    let mut written = last.name.text.to_string();
    for (nth, other) in others.iter().enumerate() {
        let ast::Test::In(items) = &other.test else { return None };
        let [item] = items.as_slice() else { return None };
        written = format!("{written} {} {}", other.attribute.text, item.name.text);
        let described = known.texts.iter().find(|(_, text)| suggest::alike(text, &written));
        if let Some((value, text)) = described {
            let span = last.name.span.to(item.name.span);
            let message = format!("`{written}` is no value of `{}`", known.name);
            let help = format!("`{text}` is written `{value}`");
            names.report(Diagnostic::new(Code::UnknownValue, span, message).help(help));
            return Some(nth + 1);
        }
        if let Some(value) = suggest::same(&written, known.values.iter().copied()) {
            let span = last.name.span.to(item.name.span);
            let message = format!("`{written}` is written as one word");
            names.report(Diagnostic::new(Code::UnknownValue, span, message).help(format!("write `{value}`")));
            return Some(nth + 1);
        }
    }
    None
}

fn listed(test: &ast::Test) -> &[Dated] {
    match test {
        ast::Test::In(items)
        | ast::Test::Not(items)
        | ast::Test::Only(items)
        | ast::Test::Includes(items)
        | ast::Test::Excludes(items)
        | ast::Test::Exactly(items) => items,
        ast::Test::Any | ast::Test::None | ast::Test::Text(_) => &[],
    }
}

fn one(clause: &ast::Clause, place: Place<'_, '_>, names: &mut Names<'_>) -> Option<Clause> {
    if let ast::Test::Text(text) = &clause.test {
        quoted(clause, text, names);
        return None;
    }
    if let Some(item) = range(clause) {
        let place = ast::Name { text: clause.attribute.text.clone(), span: clause.span };
        let message =
            format!("a list has no ranges: it names each item, not `{} {item}`", clause.attribute.text);
        names.not_known(
            Code::Syntax,
            &place,
            message,
            Some("write every item, with commas between".to_owned()),
        );
        return None;
    }
    let attribute = names.attribute(&clause.attribute, LINE_WORDS)?;
    if !names.attributes[attribute].whole {
        names.doubt();
        return None;
    }
    let fields =
        if Some(attribute) == names.fields { Some(fields_here(clause, place, names)?) } else { None };
    let test = test(clause, attribute, names)?;
    let listed = listed(&clause.test);
    let mut items = Vec::with_capacity(listed.len());
    for item in listed {
        match fields {
            Some((service, fields)) => items.extend(field(item, service, fields, names)),
            None => value(item, attribute, names, &mut items),
        }
    }
    if items.is_empty() && !listed.is_empty() {
        names.doubt();
        return None;
    }
    Some(Clause { attribute, test, span: clause.span, items })
}

/// The end of `4 to 7`, whose last two words read as a clause.
fn range(clause: &ast::Clause) -> Option<&str> {
    let ast::Test::In(items) = &clause.test else { return None };
    let item = items.first()?.name.text.as_str();
    let number = item.starts_with(|c: char| c.is_ascii_digit());
    (matches!(clause.attribute.text.as_str(), "to" | "through" | "up-to") && number).then_some(item)
}

/// `sorce "…"`, or `status "Pending"`.
fn quoted(clause: &ast::Clause, text: &ast::Name, names: &mut Names<'_>) {
    if !names.attribute_table.contains_key(clause.attribute.text.as_str()) {
        not_a_line(&clause.attribute, names);
        return;
    }
    let message = format!("the values of `{}` are written without quotes", clause.attribute.text);
    let found = Diagnostic::new(Code::WrongTest, text.span, message);
    let help = match names.attribute_table.get(clause.attribute.text.as_str()) {
        Some((id, _)) => without_quotes(&names.attributes[*id], text.text.trim()),
        None => return,
    };
    names.report(found.help(help));
}

/// `comment "…"`: a text behind a word that begins no line of a rule.
fn not_a_line(word: &ast::Name, names: &mut Names<'_>) {
    let known: Vec<&str> =
        names.attributes.iter().map(|one| one.name).chain(LINE_WORDS.iter().copied()).collect();
    if suggest::did_you_mean(&word.text, known).is_some() || suggest::other_word(&word.text).is_some() {
        names.attribute(word, LINE_WORDS);
        return;
    }
    let message = format!("unknown attribute `{}`", word.text);
    let help = "a text stands behind `source` or `assumed`; a remark begins with `//`".to_owned();
    names.not_known(Code::UnknownAttribute, word, message, Some(help));
}

/// What to write in place of a value in quotes.
fn without_quotes(known: &Known<'_>, written: &str) -> String {
    if known.meanings.contains_key(written) {
        return format!("write `{} {written}`", known.name);
    }
    if let Some(same) = suggest::same(written, known.values.iter().copied()) {
        return format!("write `{} {same}`", known.name);
    }
    let described = known.described(written);
    let near = || suggest::did_you_mean(written, known.values.iter().copied());
    described.or_else(near).unwrap_or_else(|| match known.values.as_slice() {
        [] => format!("write the words behind `{}` without quotes", known.name),
        values => format!("its values are {}", suggest::join(&suggest::ticked(values), "and")),
    })
}

/// The service and its fields, where a clause may speak of them.
fn fields_here<'p, 'a>(
    clause: &ast::Clause,
    place: Place<'p, 'a>,
    names: &mut Names<'_>,
) -> Option<(&'p str, &'p Fields<'a>)> {
    let (message, help) = match place {
        Place::Service { name, fields: Some(fields) } => return Some((name, fields)),
        Place::Service { name, fields: None } => (
            format!("service `{name}` declares no fields, so its rules cannot speak of them"),
            "declare them with a `fields` line at the top of the service",
        ),
        Place::Unread => {
            names.doubt();
            return None;
        }
        Place::Outside => (
            "a rule outside a service cannot speak of fields, which each service declares for itself".into(),
            "move the rule into the service",
        ),
        Place::Case => (
            "a case of a condition cannot speak of fields, which each service declares for itself".into(),
            "say it in the rule that names the condition",
        ),
    };
    names.report(Diagnostic::new(Code::Misplaced, clause.span, message).help(help));
    None
}

/// What the clause asks, if the attribute can answer it.
fn test(clause: &ast::Clause, attribute: usize, names: &mut Names<'_>) -> Option<Test> {
    let (test, word) = match &clause.test {
        ast::Test::Any => (Test::Any, "any"),
        ast::Test::None => (Test::Exactly, "none"),
        ast::Test::In(_) => (Test::In, "a bare list"),
        ast::Test::Not(_) => (Test::Not, "not"),
        ast::Test::Only(_) => (Test::Only, "only"),
        ast::Test::Includes(_) => (Test::Includes, "includes"),
        ast::Test::Excludes(_) => (Test::Excludes, "excludes"),
        ast::Test::Exactly(_) => (Test::Exactly, "exactly"),
        ast::Test::Text(_) => return None,
    };
    let known = &names.attributes[attribute];
    let (set, name, declared) = (known.set, known.name, known.span);
    let fields = Some(attribute) == names.fields;
    let problem = match test {
        Test::In if fields => {
            let items: Vec<&str> = listed(&clause.test).iter().map(|item| item.name.text.as_str()).collect();
            let help = format!(
                "`fields only {}` means these and nothing else; `includes` lets others stand beside them",
                items.join(", ")
            );
            Some(("a list of `fields` says how it is meant".to_owned(), help))
        }
        Test::Not if set => Some((
            format!("`not` is for an attribute with one value, and `{name}` is a set"),
            "say `excludes`: none of these is present".to_owned(),
        )),
        Test::In | Test::Not | Test::Any => None,
        _ if set => None,
        _ => Some((
            format!("`{word}` is for sets, and `{name}` has exactly one value"),
            "list the values that it may have, or say `not` and those that it may not".to_owned(),
        )),
    };
    if let Some((message, help)) = problem {
        let found = Diagnostic::new(Code::WrongTest, clause.span, message);
        let found = if fields { found } else { found.because(declared, "declared here") };
        names.report(found.help(help));
        return None;
    }
    Some(test)
}

fn field(item: &Dated, service: &str, fields: &Fields<'_>, names: &mut Names<'_>) -> Option<Item> {
    let window = dates::item_window(names, item.dates());
    if let Some((value, _)) = fields.get(item.name.text.as_str()) {
        return Some(Item::new(*value, window, item.span(), item.name.span));
    }
    let known = Names::sorted(fields);
    let near = suggest::did_you_mean(&item.name.text, known);
    let help =
        near.unwrap_or_else(|| format!("the `fields` line of service `{service}` lists those that it has"));
    let message = format!("service `{service}` has no field `{}`", item.name.text);
    names.not_known(Code::UnknownField, &item.name, message, Some(help));
    None
}

fn value(item: &Dated, attribute: usize, names: &mut Names<'_>, items: &mut Vec<Item>) {
    let (span, name_span) = (item.span(), item.name.span);
    let window = dates::item_window(names, item.dates());
    let meaning = names.attributes[attribute].meanings.get(item.name.text.as_str());
    match meaning.map(|(meaning, _)| meaning.clone()) {
        Some(Meaning::Value(value)) => items.push(Item::new(value, window, span, name_span)),
        Some(Meaning::Group { members, whole }) => {
            if !whole {
                names.doubt();
            }
            let within =
                |member: Item| Item::new(member.value, member.window().and(&window), span, name_span);
            items.extend(members.into_iter().map(within));
        }
        None => names.unknown_value(attribute, &item.name),
    }
}

/// A plain attribute has one value, so that a second clause on it can only repeat or contradict the first.
pub(super) fn each_plain_once(clauses: &[Clause], names: &mut Names<'_>) {
    for (nth, clause) in clauses.iter().enumerate() {
        let known = &names.attributes[clause.attribute];
        let first = clauses[..nth].iter().find(|first| first.attribute == clause.attribute);
        if let (false, Some(first)) = (known.set, first) {
            let what = format!("`{}`", known.name);
            names.said_twice(&what, clause.span, first.span);
        }
    }
}

//! Clauses: the attribute, the test and the list of each.

use rustc_hash::FxHashMap;

use super::dates;
use super::names::{DeclaredAttribute, Meaning, Names};
use crate::base::suggest;
use crate::language::ast;
use crate::language::ast::Dated;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy::{Clause, Field, ListItem, Test};

/// The fields that a service declares, by name, with the index of each.
pub(super) type Fields<'p> = FxHashMap<&'p str, (u32, &'p Field)>;

/// What a clause belongs to.
#[derive(Clone, Copy)]
pub(super) enum Owner<'p> {
    /// A rule of a service, with the fields that the service declares.
    Service { name: &'p str, fields: Option<&'p Fields<'p>> },
    /// A rule of a service that could not be read, so that its fields are not known.
    UnreadService,
    /// A rule outside services.
    Outside,
    /// A `case` of a condition.
    Case,
}

/// The words that begin a line of a rule. A misspelt attribute may have meant one of them.
const LINE_WORDS: &[&str] = &["services", "when", "since", "until", "source", "assumed", "refuse"];

/// The clauses of a rule or of a `case`, in order; `None` for a clause that has no meaning.
pub(super) fn resolve(
    clauses: &[&ast::Clause],
    owner: Owner<'_>,
    names: &mut Names<'_>,
) -> Vec<Option<Clause>> {
    let mut resolved = Vec::with_capacity(clauses.len());
    let mut rest = clauses;
    while let Some((first, others)) = rest.split_first() {
        if let Some(more) = split_value(first, others, names) {
            resolved.push(None);
            rest = others.get(more..).unwrap_or_default();
        } else {
            let findings = names.findings.len();
            let clause = resolve_clause(first, owner, names);
            let more = if names.findings.len() > findings { rest_of_sentence(rest, names) } else { 0 };
            resolved.push(clause);
            rest = others.get(more..).unwrap_or_default();
        }
    }
    resolved
}

/// How many clauses after the first are the rest of its sentence. `status must be live` parses as two clauses with one
/// blank between them, and the second names no attribute either. One finding is enough for both.
fn rest_of_sentence(clauses: &[&ast::Clause], names: &Names<'_>) -> usize {
    let goes_on = |pair: &&[&ast::Clause]| match pair {
        [clause, next] => {
            clause.span.end + 1 == next.span.start
                && !names.attribute_table.contains_key(next.attribute.text.as_str())
        }
        _ => false,
    };
    clauses.windows(2).take_while(goes_on).count()
}

/// `status Installed Not Commissioned`: a value with blanks in it parses as several clauses. Reports it, and returns
/// how many of the clauses after the first are part of the value.
fn split_value(first: &ast::Clause, rest: &[&ast::Clause], names: &mut Names<'_>) -> Option<usize> {
    let (index, _) = *names.attribute_table.get(first.attribute.text.as_str())?;
    let last = first.test.items().last().filter(|last| last.dates.is_none())?;
    let attribute = &names.attributes[index];
    if attribute.meanings.contains_key(last.name.text.as_str()) {
        return None;
    }
    let mut written = last.name.text.to_string();
    for (clauses, next) in (1..).zip(rest) {
        let ast::Test::In(items) = &next.test else { return None };
        let [item] = items.as_slice() else { return None };
        written = format!("{written} {} {}", next.attribute.text, item.name.text);
        let described = attribute.texts.iter().find(|(_, text)| suggest::alike(text, &written));
        if let Some((value, text)) = described {
            let span = last.name.span.to(item.name.span);
            let message = format!("`{written}` is no value of `{}`", attribute.name);
            let help = format!("`{text}` is written `{value}`");
            names.report(Diagnostic::new(Code::UnknownValue, span, message).help(help));
            return Some(clauses);
        }
        if let Some(value) = suggest::same(&written, attribute.values.iter().copied()) {
            let span = last.name.span.to(item.name.span);
            let message = format!("`{written}` is written as one word");
            names.report(Diagnostic::new(Code::UnknownValue, span, message).help(format!("write `{value}`")));
            return Some(clauses);
        }
    }
    None
}

fn resolve_clause(clause: &ast::Clause, owner: Owner<'_>, names: &mut Names<'_>) -> Option<Clause> {
    if let ast::Test::Text(text) = &clause.test {
        report_quoted(clause, text, names);
        return None;
    }
    if let Some(item) = range(clause) {
        let place = ast::Name { text: clause.attribute.text.clone(), span: clause.span };
        let message =
            format!("a list has no ranges: it names each item, not `{} {item}`", clause.attribute.text);
        let help = "write every item, with commas between".to_owned();
        names.report_unless_lost(Code::Syntax, &place, message, Some(help));
        return None;
    }
    let attribute = names.attribute(&clause.attribute, LINE_WORDS)?;
    if !names.attributes[attribute].complete {
        names.doubt();
        return None;
    }
    let fields = if Some(attribute) == names.fields { Some(fields_of(owner, clause, names)?) } else { None };
    let test = test(clause, attribute, names)?;
    let listed = clause.test.items();
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

/// The end of the range `4 to 7`, if the clause is its last two words.
fn range(clause: &ast::Clause) -> Option<&str> {
    let ast::Test::In(items) = &clause.test else { return None };
    let item = items.first()?.name.text.as_str();
    let number = item.starts_with(|c: char| c.is_ascii_digit());
    (matches!(clause.attribute.text.as_str(), "to" | "through" | "up-to") && number).then_some(item)
}

/// Reports a text in place of a test: `sorce "…"`, `status "Pending"`.
fn report_quoted(clause: &ast::Clause, text: &ast::Name, names: &mut Names<'_>) {
    let Some((attribute, _)) = names.attribute_table.get(clause.attribute.text.as_str()) else {
        report_unknown_line(&clause.attribute, names);
        return;
    };
    let message = format!("the values of `{}` are written without quotes", clause.attribute.text);
    let help = without_quotes(&names.attributes[*attribute], text.text.trim());
    names.report(Diagnostic::new(Code::WrongTest, text.span, message).help(help));
}

/// Reports a text after a word that begins no line of a rule: `comment "…"`.
fn report_unknown_line(word: &ast::Name, names: &mut Names<'_>) {
    let known: Vec<&str> =
        names.attributes.iter().map(|attribute| attribute.name).chain(LINE_WORDS.iter().copied()).collect();
    if suggest::did_you_mean(&word.text, known).is_some() || suggest::other_word(&word.text).is_some() {
        names.attribute(word, LINE_WORDS);
        return;
    }
    let message = format!("unknown attribute `{}`", word.text);
    let help = "a text follows `source` or `assumed`; a comment begins with `//`".to_owned();
    names.report_unless_lost(Code::UnknownAttribute, word, message, Some(help));
}

/// The help for a value in quotes.
fn without_quotes(attribute: &DeclaredAttribute<'_>, written: &str) -> String {
    if attribute.meanings.contains_key(written) {
        return format!("write `{} {written}`", attribute.name);
    }
    if let Some(same) = suggest::same(written, attribute.values.iter().copied()) {
        return format!("write `{} {same}`", attribute.name);
    }
    let described = attribute.described(written);
    let near = || suggest::did_you_mean(written, attribute.values.iter().copied());
    described.or_else(near).unwrap_or_else(|| match attribute.values.as_slice() {
        [] => format!("write the words after `{}` without quotes", attribute.name),
        values => format!("its values are {}", suggest::join(&suggest::ticked(values), "and")),
    })
}

/// The service and its fields, if a clause of this owner may be about fields; else a finding.
fn fields_of<'p>(
    owner: Owner<'p>,
    clause: &ast::Clause,
    names: &mut Names<'_>,
) -> Option<(&'p str, &'p Fields<'p>)> {
    let (message, help) = match owner {
        Owner::Service { name, fields: Some(fields) } => return Some((name, fields)),
        Owner::Service { name, fields: None } => (
            format!("service `{name}` declares no fields, so its rules cannot name fields"),
            "declare them with a `fields` line at the top of the service",
        ),
        Owner::UnreadService => {
            names.doubt();
            return None;
        }
        Owner::Outside => (
            "a rule outside a service cannot name fields, which each service declares for itself".into(),
            "move the rule into the service",
        ),
        Owner::Case => (
            "a case of a condition cannot name fields, which each service declares for itself".into(),
            "say it in the rule that names the condition",
        ),
    };
    names.report(Diagnostic::new(Code::Misplaced, clause.span, message).help(help));
    None
}

/// The test of a clause, if it is a test for this attribute; else a finding.
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
    let DeclaredAttribute { set, name, span: declared, .. } = names.attributes[attribute];
    let fields = Some(attribute) == names.fields;
    let problem = match test {
        Test::In if fields => {
            let items: Vec<&str> = clause.test.items().iter().map(|item| item.name.text.as_str()).collect();
            let help = format!(
                "`fields only {}` means these and nothing else; `includes` permits others beside them",
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
        let finding = Diagnostic::new(Code::WrongTest, clause.span, message);
        let finding = if fields { finding } else { finding.because(declared, "declared here") };
        names.report(finding.help(help));
        return None;
    }
    Some(test)
}

fn field(item: &Dated, service: &str, fields: &Fields<'_>, names: &mut Names<'_>) -> Option<ListItem> {
    let window = dates::item_window(names, item.dates());
    if let Some((value, _)) = fields.get(item.name.text.as_str()) {
        return Some(ListItem::new(*value, window, item.span(), item.name.span));
    }
    let (message, help) = unknown_field(&item.name.text, service, fields);
    names.report_unless_lost(Code::UnknownField, &item.name, message, Some(help));
    None
}

/// The message and the help for a word that is the name of no field of the service.
pub(super) fn unknown_field(written: &str, service: &str, fields: &Fields<'_>) -> (String, String) {
    let path = written.trim_start_matches('/');
    let at_path = fields.values().find(|(_, field)| field.path() == path && written.contains('/'));
    if let Some((_, field)) = at_path {
        let message = format!("the field `{path}` of service `{service}` is called `{}`", field.name);
        return (message, format!("write `{}`", field.name));
    }
    let mut known: Vec<&str> = fields.keys().copied().collect();
    known.sort_unstable();
    let is_element = |name: &&str| fields.get(name).is_some_and(|(_, field)| field.element() == written);
    let places: Vec<&str> = known.iter().copied().filter(is_element).collect();
    if !places.is_empty() {
        let message = format!("service `{service}` has {} fields `{written}`", places.len());
        let places = suggest::join(&suggest::ticked(&places), "or");
        return (message, format!("write the one that is meant: {places}"));
    }
    let element = written.rsplit('/').next().filter(|element| fields.contains_key(element));
    let help = suggest::did_you_mean(written, known)
        .or_else(|| element.map(|element| format!("did you mean `{element}`?")))
        .unwrap_or_else(|| format!("the `fields` line of service `{service}` lists those that it has"));
    (format!("service `{service}` has no field `{written}`"), help)
}

fn value(item: &Dated, attribute: usize, names: &mut Names<'_>, items: &mut Vec<ListItem>) {
    let (span, name_span) = (item.span(), item.name.span);
    let window = dates::item_window(names, item.dates());
    let meaning = names.attributes[attribute].meanings.get(item.name.text.as_str());
    match meaning.map(|(meaning, _)| meaning.clone()) {
        Some(Meaning::Value(value)) => items.push(ListItem::new(value, window, span, name_span)),
        Some(Meaning::Group { members, complete }) => {
            if !complete {
                names.doubt();
            }
            let within =
                |member: ListItem| ListItem::new(member.value, member.window().and(&window), span, name_span);
            items.extend(members.into_iter().map(within));
        }
        None => names.report_unknown_value(attribute, &item.name),
    }
}

/// Reports a second clause about a plain attribute. The attribute has one value, so the second clause can only repeat
/// or contradict the first.
pub(super) fn check_plain_once(clauses: &[Clause], names: &mut Names<'_>) {
    for (index, clause) in clauses.iter().enumerate() {
        let attribute = &names.attributes[clause.attribute];
        let first = clauses[..index].iter().find(|first| first.attribute == clause.attribute);
        if let (false, Some(first)) = (attribute.set, first) {
            let what = format!("`{}`", attribute.name);
            names.report_said_twice(&what, clause.span, first.span);
        }
    }
}

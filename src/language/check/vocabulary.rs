//! The vocabulary: attributes with their values, and groups of values.

use rustc_hash::FxHashMap;

use super::names::{Known, Meaning, Names, Table, value_names};
use super::{Items, Ruled, dates};
use crate::base::suggest;
use crate::language::ast;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::policy::source::Span;
use crate::policy::{Answer, Attribute, Item, MOST_ATTRIBUTES, MOST_SET_VALUES, Value};

/// The attribute whose values each service declares for itself.
pub(super) const FIELDS: &str = "fields";

pub(super) fn resolve<'a>(items: &Items<'a>, names: &mut Names<'a>) -> (Vec<Attribute>, Option<usize>) {
    let mut table = Table::default();
    for (id, one) in items.attributes.iter().enumerate() {
        names.declare(&mut table, "attribute", &one.name, id);
        if one.name.text == "at" {
            let message = "`at` is what a request calls its date, not an attribute";
            names.report(Diagnostic::new(Code::ReservedName, one.name.span, message));
        }
    }
    let alike = likenesses(items, &table, names);
    names.fields = table.get(FIELDS).map(|(id, _)| *id);
    for (id, one) in items.attributes.iter().enumerate() {
        let known = known(one, items.attributes[alike[id]], names);
        names.attributes.push(known);
    }
    names.attribute_table = table;
    groups(items, &alike, names);
    let made: Vec<_> = (0..items.attributes.len())
        .map(|id| attribute(items.attributes[id], items.attributes[alike[id]], names))
        .collect();
    if let Some(over) = items.attributes.get(MOST_ATTRIBUTES) {
        let message = format!("a policy has at most {MOST_ATTRIBUTES} attributes");
        names.report(Diagnostic::new(Code::TooLarge, over.name.span, message));
    }
    (made, names.fields)
}

/// Where no file declares an attribute, nothing that rules say can be known: the one finding that says so.
pub(super) fn missing(items: &Items<'_>) -> Option<Diagnostic> {
    let rule = items.ruled.iter().map(|ruled| match ruled {
        Ruled::Service(service) => service.name.span,
        Ruled::Rule(rule) => rule.name.span,
    });
    let conditions = items.conditions.iter().map(|condition| condition.name.span);
    let groups = items.groups.iter().map(|group| group.name.span);
    let place = rule.chain(conditions).chain(groups).min().filter(|_| items.attributes.is_empty())?;
    let found = Diagnostic::new(Code::BadAttribute, place, "no attribute is declared in any file");
    Some(found.help(
        "is the vocabulary in this folder? it declares what rules speak of: `attribute status \"…\" { … }`",
    ))
}

/// `alike[a]` is the attribute whose values and groups attribute `a` has; mostly itself.
fn likenesses<'a>(items: &Items<'a>, table: &Table<'a>, names: &mut Names<'a>) -> Vec<usize> {
    let mut alike = Vec::new();
    for (id, one) in items.attributes.iter().enumerate() {
        alike.push(likeness(id, one, items, table, names).unwrap_or(id));
    }
    alike
}

fn likeness<'a>(
    id: usize,
    one: &'a ast::Attribute,
    items: &Items<'a>,
    table: &Table<'a>,
    names: &mut Names<'a>,
) -> Option<usize> {
    let like = names.once("`like`", &one.like, |like| like.span)?;
    let Some((other, _)) = table.get(like.text.as_str()) else {
        let known: Vec<&str> = items.attributes.iter().map(|one| one.name.text.as_str()).collect();
        names.unknown(Code::UnknownAttribute, "attribute", like, known, None);
        return None;
    };
    let target = items.attributes[*other];
    let problem = if *other == id {
        Some("an attribute cannot be like itself".to_owned())
    } else if let Some(further) = target.like.first() {
        Some(format!("`{}` is itself like `{}`; name that one", like.text, further.text))
    } else if target.set != one.set {
        Some("one of these two is a set attribute, the other is not".to_owned())
    } else {
        None
    };
    if let Some(message) = problem {
        let found = Diagnostic::new(Code::BadAttribute, like.span, message);
        let itself = *other == id;
        names.report(if itself { found } else { found.because(target.name.span, "declared here") });
        return None;
    }
    Some(*other)
}

fn known<'a>(one: &'a ast::Attribute, shape: &'a ast::Attribute, names: &mut Names<'a>) -> Known<'a> {
    let mut meanings = FxHashMap::default();
    for (value, nth) in shape.values.iter().zip(0u32..) {
        let name = value.name.text.as_str();
        if std::ptr::eq(one, shape) {
            names.not_reserved(&value.name);
        }
        if let Some((_, first)) = meanings.insert(name, (Meaning::Value(nth), value.name.span))
            && std::ptr::eq(one, shape)
        {
            names.twice(&format!("the value `{name}` of `{}`", one.name.text), value.name.span, first);
        }
    }
    names.once("`always`", &one.always, |span| *span);
    names.once("`sender`", &one.sender, |span| *span);
    Known {
        name: &one.name.text,
        set: one.set,
        always: !one.always.is_empty(),
        span: one.name.span,
        whole: std::ptr::eq(one, shape) == one.like.is_empty()
            && (!shape.values.is_empty() || one.name.text == FIELDS),
        texts: described(&shape.values),
        values: value_names(&shape.values),
        meanings,
    }
}

/// Each value that a text describes, and the text.
fn described(values: &[ast::ValueDecl]) -> Vec<(&str, &str)> {
    let described = values.iter().filter_map(|value| Some((value, value.text.as_ref()?)));
    described.map(|(value, text)| (value.name.text.as_str(), text.text.as_str())).collect()
}

fn groups<'a>(items: &Items<'a>, alike: &[usize], names: &mut Names<'a>) {
    for group in &items.groups {
        names.not_reserved(&group.name);
        let Some(attribute) = names.attribute(&group.attribute, &[]) else {
            names.lose(&group.name.text);
            continue;
        };
        if Some(attribute) == names.fields {
            let message = "there are no groups of fields, which each service declares for itself";
            names.report(Diagnostic::new(Code::Misplaced, group.attribute.span, message));
            continue;
        }
        let before = names.doubts();
        let members = members(group, attribute, &items.groups, names);
        let meaning = Meaning::Group { members, whole: names.doubts() == before };
        let name = group.name.text.as_str();
        // What an attribute has, those like it have too.
        for other in (0..alike.len()).filter(|other| alike[*other] == attribute || *other == attribute) {
            let first = names.attributes[other].meanings.get(name).map(|(_, first)| *first);
            let Some(first) = first else {
                names.attributes[other].meanings.insert(name, (meaning.clone(), group.name.span));
                continue;
            };
            let what = format!("the name `{name}` of `{}`", names.attributes[other].name);
            names.twice(&what, group.name.span, first);
            break;
        }
    }
}

fn members<'a>(
    group: &'a ast::Group,
    attribute: usize,
    groups: &[&'a ast::Group],
    names: &mut Names<'a>,
) -> Vec<Item> {
    let mut members = Vec::new();
    for item in &group.items {
        let window = dates::item_window(names, item.dates());
        match names.attributes[attribute].meanings.get(item.name.text.as_str()) {
            Some((Meaning::Value(value), _)) => {
                members.push(Item::new(*value, window, item.span(), item.name.span))
            }
            _ => match groups
                .iter()
                .find(|other| is_group(other, &item.name.text, names.attributes[attribute].name))
            {
                Some(other) => group_in_group(&item.name, other.name.span, names),
                None => names.unknown_value(attribute, &item.name),
            },
        }
    }
    members
}

fn is_group(group: &ast::Group, name: &str, attribute: &str) -> bool {
    group.name.text == name && group.attribute.text == attribute
}

fn group_in_group(name: &ast::Name, declared: Span, names: &mut Names<'_>) {
    let message = format!("`{}` is a group, and a group lists values", name.text);
    let found = Diagnostic::new(Code::UnknownValue, name.span, message);
    names.report(found.because(declared, "declared here").help("list its values instead"));
}

fn attribute<'a>(one: &'a ast::Attribute, shape: &'a ast::Attribute, names: &mut Names<'a>) -> Attribute {
    shape_fits(one, names);
    let text = one.text.as_ref().map_or_else(|| one.name.text.to_string(), |text| text.text.to_string());
    let refuse = answer(one.refuse.as_ref(), &text);
    // `like` takes values and groups; how to refuse is this attribute's own affair.
    let own = std::ptr::eq(one, shape);
    let values: Vec<Value> =
        shape.values.iter().map(|value| self::value(value, own.then_some(&refuse))).collect();
    let value_index = values.iter().map(|value| value.name.clone()).zip(0..).collect();
    Attribute {
        name: one.name.text.to_string(),
        text,
        set: one.set,
        always: !one.always.is_empty(),
        sender: !one.sender.is_empty(),
        refuse,
        values,
        span: one.span,
        value_index,
    }
}

/// A `refuse` as an answer; without words of its own it says what it is about.
pub(super) fn answer(refuse: Option<&ast::Refuse>, otherwise: &str) -> Answer {
    let reason = refuse.and_then(|refuse| refuse.text.as_ref());
    Answer {
        code: refuse.and_then(|refuse| refuse.code.as_ref()).map(|code| code.text.to_string()),
        reason: reason.map_or_else(|| otherwise.to_owned(), |text| text.text.to_string()),
    }
}

/// A value; `attribute` is the answer of the attribute that declares it.
fn value(one: &ast::ValueDecl, attribute: Option<&Answer>) -> Value {
    let text = one.text.as_ref().map(|text| text.text.to_string());
    let refuse = attribute.and_then(|attribute| {
        let otherwise = text.as_ref().unwrap_or(&attribute.reason);
        one.refuse.as_ref().map(|refuse| answer(Some(refuse), otherwise))
    });
    Value { name: one.name.text.to_string(), refuse, text: text.unwrap_or_default(), span: one.name.span }
}

fn shape_fits(one: &ast::Attribute, names: &mut Names<'_>) {
    let name = &one.name.text;
    let mut bad = |span: Span, message: String, help: &str| {
        names.report(Diagnostic::new(Code::BadAttribute, span, message).help(help));
    };
    if one.refuse.is_none() {
        let message = format!("`{name}` does not say how it refuses");
        let first =
            one.values.first().filter(|value| suggest::nearest(&value.name.text, ["refuse"]).is_some());
        match first {
            Some(misspelt) => bad(misspelt.name.span, message, "did you mean `refuse`?"),
            None => bad(
                one.name.span,
                message,
                "say `refuse CODE \"why\"` first in its block, or `refuse unassigned \"why\"`",
            ),
        }
    }
    if name == FIELDS {
        if !one.set {
            bad(one.name.span, "`fields` is a set attribute".into(), "write `set attribute fields`");
        }
        if let Some(value) = one.values.first() {
            let help = "name them in the service's own `fields` line";
            bad(value.name.span, "the values of `fields` are declared by each service".into(), help);
        }
        return;
    }
    if let (Some(like), Some(value)) = (one.like.first(), one.values.first()) {
        let message = format!("`{name}` takes the values of `{}` and can have none of its own", like.text);
        bad(value.name.span, message, "drop `like`, or the values");
    } else if one.like.is_empty() && one.values.is_empty() {
        bad(one.name.span, format!("`{name}` has no values"), "list at least one");
    }
    if one.set {
        for refuse in one.values.iter().filter_map(|value| value.refuse.as_ref()) {
            let message = "a value of a set attribute has no `refuse` of its own".to_owned();
            bad(refuse.span, message, "drop it; the attribute's `refuse` answers");
        }
        if let Some(over) = one.values.get(MOST_SET_VALUES) {
            let message = format!("a set attribute has at most {MOST_SET_VALUES} values");
            names.report(Diagnostic::new(Code::TooLarge, over.name.span, message));
        }
    }
}

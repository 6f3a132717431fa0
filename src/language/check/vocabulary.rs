//! The vocabulary: attributes with their values, and groups of values.

use rustc_hash::FxHashMap;

use super::names::{DeclaredAttribute, Meaning, Names, Table, value_names};
use super::{Items, Ruled, dates};
use crate::base::suggest;
use crate::language::ast;
use crate::language::diagnostic::{Code, Diagnostic};
use crate::limits::{MOST_ATTRIBUTES, MOST_SET_VALUES};
use crate::policy::source::Span;
use crate::policy::{Answer, Attribute, Group, ListItem, Value};

/// The attribute whose values each service declares for itself.
pub(super) const FIELDS: &str = "fields";

/// The attributes, in checking order, and the groups, in policy order.
pub(super) struct Vocabulary {
    pub(super) attributes: Vec<Attribute>,
    pub(super) groups: Vec<Group>,
}

pub(super) fn resolve<'a>(items: &Items<'a>, names: &mut Names<'a>) -> Vocabulary {
    let mut table = Table::default();
    for (index, written) in items.attributes.iter().enumerate() {
        names.declare(&mut table, "attribute", &written.name, index);
        if written.name.text == "at" {
            let message = "`at` is what a request calls its date, not an attribute";
            names.report(Diagnostic::new(Code::ReservedName, written.name.span, message));
        }
    }
    let shapes = shapes(items, &table, names);
    names.fields = table.get(FIELDS).map(|(index, _)| *index);
    for (written, shape) in items.attributes.iter().zip(&shapes) {
        let declared = declared(written, items.attributes[*shape], names);
        names.attributes.push(declared);
    }
    names.attribute_table = table;
    let groups = groups(items, &shapes, names);
    let written = items.attributes.iter().zip(&shapes);
    let attributes =
        written.map(|(written, shape)| attribute(written, items.attributes[*shape], names)).collect();
    if let Some(over) = items.attributes.get(MOST_ATTRIBUTES) {
        let message = format!("a policy has at most {MOST_ATTRIBUTES} attributes");
        names.report(Diagnostic::new(Code::TooLarge, over.name.span, message));
    }
    Vocabulary { attributes, groups }
}

/// The finding for a policy that declares no attribute. Nothing in its rules can be resolved then, so it replaces most
/// other findings.
pub(super) fn missing(items: &Items<'_>) -> Option<Diagnostic> {
    let rule = items.ruled.iter().map(|ruled| match ruled {
        Ruled::Service(_, service) => service.name.span,
        Ruled::Rule(rule) => rule.name.span,
    });
    let conditions = items.conditions.iter().map(|condition| condition.name.span);
    let groups = items.groups.iter().map(|group| group.name.span);
    let place = rule.chain(conditions).chain(groups).min().filter(|_| items.attributes.is_empty())?;
    let finding = Diagnostic::new(Code::BadAttribute, place, "no attribute is declared in any file");
    Some(finding.help(
        "is the vocabulary in this folder? it declares the attributes that rules name: `attribute status \"…\" { … }`",
    ))
}

/// `shapes[a]` is the attribute that attribute `a` takes its values and groups from: the one after `like`, or itself.
fn shapes<'a>(items: &Items<'a>, table: &Table<'a>, names: &mut Names<'a>) -> Vec<usize> {
    let mut shapes = Vec::new();
    for (index, written) in items.attributes.iter().enumerate() {
        shapes.push(shape(index, written, items, table, names).unwrap_or(index));
    }
    shapes
}

fn shape<'a>(
    index: usize,
    written: &'a ast::Attribute,
    items: &Items<'a>,
    table: &Table<'a>,
    names: &mut Names<'a>,
) -> Option<usize> {
    let like = names.once("`like`", &written.like, |like| like.span)?;
    let Some((shape, _)) = table.get(like.text.as_str()) else {
        let known: Vec<&str> =
            items.attributes.iter().map(|attribute| attribute.name.text.as_str()).collect();
        names.report_unknown(Code::UnknownAttribute, "attribute", like, known, None);
        return None;
    };
    let target = items.attributes[*shape];
    let problem = if *shape == index {
        Some("an attribute cannot be like itself".to_owned())
    } else if let Some(further) = target.like.first() {
        Some(format!("`{}` is itself like `{}`; name that one", like.text, further.text))
    } else if target.set != written.set {
        Some("one of these two is a set attribute, the other is not".to_owned())
    } else {
        None
    };
    if let Some(message) = problem {
        let finding = Diagnostic::new(Code::BadAttribute, like.span, message);
        let itself = *shape == index;
        names.report(if itself { finding } else { finding.because(target.name.span, "declared here") });
        return None;
    }
    Some(*shape)
}

fn declared<'a>(
    written: &'a ast::Attribute,
    shape: &'a ast::Attribute,
    names: &mut Names<'a>,
) -> DeclaredAttribute<'a> {
    let has_own_values = std::ptr::eq(written, shape);
    let mut meanings = FxHashMap::default();
    for (value, index) in shape.values.iter().zip(0u32..) {
        let name = value.name.text.as_str();
        if has_own_values {
            names.check_not_reserved(&value.name);
        }
        if let Some((_, first)) = meanings.insert(name, (Meaning::Value(index), value.name.span))
            && has_own_values
        {
            let what = format!("the value `{name}` of `{}`", written.name.text);
            names.report_declared_twice(&what, value.name.span, first);
        }
    }
    names.once("`always`", &written.always, |span| *span);
    names.once("`sender`", &written.sender, |span| *span);
    DeclaredAttribute {
        name: &written.name.text,
        set: written.set,
        always: !written.always.is_empty(),
        sender: !written.sender.is_empty(),
        span: written.name.span,
        complete: has_own_values == written.like.is_empty()
            && (!shape.values.is_empty() || written.name.text == FIELDS),
        texts: described(&shape.values),
        values: value_names(&shape.values),
        meanings,
    }
}

/// Each value that has a text, with the text.
fn described(values: &[ast::ValueDecl]) -> Vec<(&str, &str)> {
    let described = values.iter().filter_map(|value| Some((value, value.text.as_ref()?)));
    described.map(|(value, text)| (value.name.text.as_str(), text.text.as_str())).collect()
}

fn groups<'a>(items: &Items<'a>, shapes: &[usize], names: &mut Names<'a>) -> Vec<Group> {
    let mut groups = Vec::new();
    for group in &items.groups {
        names.check_not_reserved(&group.name);
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
        let name = group.name.text.as_str();
        groups.push(Group { attribute, name: name.to_owned(), items: members.clone(), span: group.span });
        let meaning = Meaning::Group { members, complete: names.doubts() == before };
        // An attribute that is `like` another has the groups of that one too.
        let sharing = (0..shapes.len()).filter(|index| shapes[*index] == attribute || *index == attribute);
        for index in sharing {
            let first = names.attributes[index].meanings.get(name).map(|(_, first)| *first);
            let Some(first) = first else {
                names.attributes[index].meanings.insert(name, (meaning.clone(), group.name.span));
                continue;
            };
            let what = format!("the name `{name}` of `{}`", names.attributes[index].name);
            names.report_declared_twice(&what, group.name.span, first);
            break;
        }
    }
    groups
}

fn members<'a>(
    group: &'a ast::Group,
    attribute: usize,
    groups: &[&'a ast::Group],
    names: &mut Names<'a>,
) -> Vec<ListItem> {
    let mut members = Vec::new();
    for item in &group.items {
        let window = dates::item_window(names, item.dates());
        match names.attributes[attribute].meanings.get(item.name.text.as_str()) {
            Some((Meaning::Value(value), _)) => {
                members.push(ListItem::new(*value, window, item.span(), item.name.span))
            }
            _ => {
                let named = &item.name.text;
                let owner = names.attributes[attribute].name;
                match groups.iter().find(|group| group.name.text == *named && group.attribute.text == owner) {
                    Some(group) => report_group_in_group(&item.name, group.name.span, names),
                    None => names.report_unknown_value(attribute, &item.name),
                }
            }
        }
    }
    members
}

fn report_group_in_group(name: &ast::Name, declared: Span, names: &mut Names<'_>) {
    let message = format!("`{}` is a group, and a group lists values", name.text);
    let finding = Diagnostic::new(Code::UnknownValue, name.span, message);
    names.report(finding.because(declared, "declared here").help("list its values instead"));
}

fn attribute<'a>(written: &'a ast::Attribute, shape: &'a ast::Attribute, names: &mut Names<'a>) -> Attribute {
    check_attribute(written, names);
    let name = &written.name.text;
    let text = written.text.as_ref().map_or_else(|| name.to_string(), |text| text.text.to_string());
    let refuse = answer(written.refuse.as_ref(), &text);
    // `like` takes the values and the groups of another attribute, but not its answers.
    let has_own_values = std::ptr::eq(written, shape);
    let values: Vec<Value> =
        shape.values.iter().map(|declared| value(declared, has_own_values.then_some(&refuse))).collect();
    let value_index = values.iter().map(|value| value.name.clone()).zip(0..).collect();
    Attribute {
        name: name.to_string(),
        text,
        set: written.set,
        always: !written.always.is_empty(),
        sender: !written.sender.is_empty(),
        refuse,
        values,
        span: written.span,
        value_index,
    }
}

/// The answer of a `refuse`. Without a text, its reason is `default_reason`.
pub(super) fn answer(refuse: Option<&ast::Refuse>, default_reason: &str) -> Answer {
    let reason = refuse.and_then(|refuse| refuse.text.as_ref());
    Answer {
        code: refuse.and_then(|refuse| refuse.code.as_ref()).map(|code| code.text.to_string()),
        reason: reason.map_or_else(|| default_reason.to_owned(), |text| text.text.to_string()),
    }
}

/// A value; `attribute` is the answer of the attribute that declares it.
fn value(written: &ast::ValueDecl, attribute: Option<&Answer>) -> Value {
    let text = written.text.as_ref().map(|text| text.text.to_string());
    let refuse = attribute.and_then(|attribute| {
        let default_reason = text.as_ref().unwrap_or(&attribute.reason);
        written.refuse.as_ref().map(|refuse| answer(Some(refuse), default_reason))
    });
    let name = written.name.text.to_string();
    Value { name, refuse, text: text.unwrap_or_default(), span: written.name.span }
}

/// Reports what is missing in the declaration of an attribute, and what contradicts the rest of it.
fn check_attribute(written: &ast::Attribute, names: &mut Names<'_>) {
    let name = &written.name.text;
    let mut bad = |span: Span, message: String, help: &str| {
        names.report(Diagnostic::new(Code::BadAttribute, span, message).help(help));
    };
    if written.refuse.is_none() {
        let message = format!("`{name}` does not say how it refuses");
        let first =
            written.values.first().filter(|value| suggest::nearest(&value.name.text, ["refuse"]).is_some());
        match first {
            Some(misspelt) => bad(misspelt.name.span, message, "did you mean `refuse`?"),
            None => bad(
                written.name.span,
                message,
                "say `refuse CODE \"why\"` first in its block, or `refuse unassigned \"why\"`",
            ),
        }
    }
    if name == FIELDS {
        if !written.set {
            bad(written.name.span, "`fields` is a set attribute".into(), "write `set attribute fields`");
        }
        if let Some(value) = written.values.first() {
            let help = "name them in the service's own `fields` line";
            bad(value.name.span, "the values of `fields` are declared by each service".into(), help);
        }
        return;
    }
    if let (Some(like), Some(value)) = (written.like.first(), written.values.first()) {
        let message = format!("`{name}` takes the values of `{}` and can have none of its own", like.text);
        bad(value.name.span, message, "drop `like`, or the values");
    } else if written.like.is_empty() && written.values.is_empty() {
        bad(written.name.span, format!("`{name}` has no values"), "list at least one");
    }
    if written.set {
        for refuse in written.values.iter().filter_map(|value| value.refuse.as_ref()) {
            let message = "a value of a set attribute has no `refuse` of its own".to_owned();
            bad(refuse.span, message, "drop it; the attribute's `refuse` answers");
        }
        if let Some(over) = written.values.get(MOST_SET_VALUES) {
            let message = format!("a set attribute has at most {MOST_SET_VALUES} values");
            names.report(Diagnostic::new(Code::TooLarge, over.name.span, message));
        }
    }
}

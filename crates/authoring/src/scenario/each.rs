//! `each`: one case for every combination of values.
//!
//! `each` is a key of its own and not a list under `with`, because a list there already means the whole value of a set
//! attribute: `with: { relation: [registered, nominated] }` must never become two cases, and two statuses must never
//! become a set. `any` and `not` mean the values that the vocabulary declares. A group of the rules cannot be named: a
//! scenario that names the group `live` would follow a mistake in that group instead of detecting it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::error::unknown_key;
use super::vocabulary;
use crate::limits::MAX_EACH_CASES;
use crate::yaml::{Kind, Node, YamlError};
use meterwarden::base::suggest;
use meterwarden::policy::{Attribute, Policy};

/// The `each` of a case.
#[derive(Default)]
pub(super) struct Each<'n> {
    choices: Vec<Choice<'n>>,
}

/// An attribute, or `service` or `at`, with the values that it takes one after the other.
struct Choice<'n> {
    key: &'n Node,
    values: Cow<'n, [Node]>,
}

impl<'n> Each<'n> {
    /// Reads an `each`. `changes` are the `with` and the `without` of the case, which cannot name the same attributes.
    pub(super) fn of(
        node: &'n Node,
        changes: &[(&str, &Node)],
        policy: Option<&Policy>,
    ) -> Result<Self, YamlError> {
        let Kind::Map(pairs) = &node.kind else {
            return Err(node.error("`each` must be names with lists, such as `status: [Pending, Suspended]`"));
        };
        if pairs.is_empty() {
            return Err(node.error("`each` lists nothing, so that there would be no case"));
        }
        let mut choices = Vec::with_capacity(pairs.len());
        for (key, value) in pairs {
            let name = key.scalar("a name")?;
            if let Some((word, _)) = changes.iter().find(|(_, part)| names(part, name)) {
                return Err(
                    key.error(format!("`{name}` is in `each` and in `{word}`; state it in only one of them"))
                );
            }
            choices.push(Choice { key, values: values(name, key, value, policy)? });
        }
        let count = choices.iter().fold(1, |count: usize, choice| count.saturating_mul(choice.values.len()));
        if count > MAX_EACH_CASES {
            return Err(node.error(format!("this `each` makes {count} cases; {MAX_EACH_CASES} is the limit")));
        }
        Ok(Self { choices })
    }

    /// Every combination of key and value. The last attribute changes first. Without an `each`, there is one empty
    /// combination.
    pub(super) fn combinations(&self) -> impl Iterator<Item = Vec<(&Node, &Node)>> {
        let count = self.choices.iter().map(|choice| choice.values.len()).product();
        // The index of a combination is a number whose digits are the indices of its values.
        (0..count).map(|index: usize| {
            let mut rest = index;
            let mut combination = Vec::with_capacity(self.choices.len());
            for choice in self.choices.iter().rev() {
                let value = choice.values.get(rest % choice.values.len());
                rest /= choice.values.len();
                combination.extend(value.map(|value| (choice.key, value)));
            }
            combination.reverse();
            combination
        })
    }
}

/// The end of the name of a case, which distinguishes the cases of one `each`: ` [role=ED, relation=[registered]]`.
pub(super) fn label(combination: &[(&Node, &Node)]) -> String {
    if combination.is_empty() {
        return String::new();
    }
    let pair = |(key, value): &(&Node, &Node)| format!("{}={}", shown(key), shown(value));
    format!(" [{}]", combination.iter().map(pair).collect::<Vec<_>>().join(", "))
}

fn shown(node: &Node) -> String {
    match &node.kind {
        Kind::Scalar(text) => text.clone(),
        Kind::List(items) => format!("[{}]", items.iter().map(shown).collect::<Vec<_>>().join(", ")),
        Kind::Map(pairs) => {
            let pairs = pairs.iter().map(|(key, value)| format!("{}: {}", shown(key), shown(value)));
            format!("{{ {} }}", pairs.collect::<Vec<_>>().join(", "))
        }
        Kind::Null => String::new(),
    }
}

/// Whether a part of a request itself names an attribute. What its fixtures state may be replaced.
fn names(part: &Node, attribute: &str) -> bool {
    match &part.kind {
        Kind::Scalar(_) | Kind::Null => false,
        Kind::Map(pairs) => pairs.iter().any(|(key, _)| key.is(attribute)),
        Kind::List(items) => items.iter().any(|item| item.is(attribute) || names(item, attribute)),
    }
}

/// The values of an attribute in `each`.
fn values<'n>(
    name: &str,
    key: &Node,
    value: &'n Node,
    policy: Option<&Policy>,
) -> Result<Cow<'n, [Node]>, YamlError> {
    match &value.kind {
        Kind::List(items) => listed(name, key, items, policy).map(Cow::Borrowed),
        Kind::Scalar(word) if word == "any" => declared(name, key, value, policy).map(Cow::Owned),
        Kind::Map(pairs) => all_except(name, key, pairs, policy).map(Cow::Owned),
        Kind::Scalar(_) | Kind::Null => Err(value.error(format!(
            "`each` of `{name}` must be a list, `any` or `{{ not: [...] }}`; one value belongs in `with`"
        ))),
    }
}

fn listed<'n>(
    name: &str,
    key: &Node,
    items: &'n [Node],
    policy: Option<&Policy>,
) -> Result<&'n [Node], YamlError> {
    if items.is_empty() {
        return Err(key.error(format!("`each` lists nothing for `{name}`, so that there would be no case")));
    }
    let declared = policy.map_or(Ok(None), |policy| attribute(key, name, policy))?;
    let mut seen = BTreeSet::new();
    for item in items {
        declared.map_or(Ok(()), |attribute| check_shape(attribute, item))?;
        if !seen.insert(comparable(item)) {
            return Err(item.error(format!("`{}` is listed twice", shown(item))));
        }
        vocabulary::check(policy, key, item)?;
    }
    Ok(items)
}

/// Checks that an item is a list or an object for a set attribute, and a single value for a plain attribute.
fn check_shape(attribute: &Attribute, item: &Node) -> Result<(), YamlError> {
    let name = &attribute.name;
    match (attribute.set, &item.kind) {
        (true, Kind::List(_) | Kind::Map(_)) | (false, Kind::Scalar(_) | Kind::Null | Kind::Map(_)) => Ok(()),
        (true, _) => Err(item.error(format!("{}, as in `[[{}]]`", set_of_sets(name), shown(item)))),
        (false, Kind::List(_)) => {
            Err(item
                .error(format!("`{name}` is a plain attribute, so that `each` lists single values of it")))
        }
    }
}

/// A value in a form that can be compared: the order of a set does not matter.
fn comparable(node: &Node) -> Vec<String> {
    match &node.kind {
        Kind::List(items) => {
            let set: BTreeSet<_> = items.iter().map(shown).collect();
            std::iter::once(String::new()).chain(set).collect()
        }
        _ => vec![shown(node)],
    }
}

/// Every declared value of a plain attribute, or every service.
fn declared(name: &str, key: &Node, place: &Node, policy: Option<&Policy>) -> Result<Vec<Node>, YamlError> {
    let Some(policy) = policy else {
        return Err(place.error("this needs a policy, and there is none here; list the values"));
    };
    let node = |text: &str| Node { kind: Kind::Scalar(text.to_owned()), ..place.clone() };
    match (name, attribute(key, name, policy)?) {
        ("service", _) => Ok(policy.services().iter().map(|service| node(&service.name)).collect()),
        ("at", _) | (_, None) => Err(place.error("there is no list of all dates; list those that matter")),
        (_, Some(attribute)) if attribute.set => {
            Err(place.error(format!("{}, as in `[[], [...]]`", set_of_sets(name))))
        }
        (_, Some(attribute)) => Ok(attribute.values.iter().map(|value| node(&value.name)).collect()),
    }
}

fn set_of_sets(name: &str) -> String {
    format!("`{name}` is a set attribute, so that `each` lists whole sets of it")
}

/// The attribute of this name; `None` for `service` and `at`.
fn attribute<'p>(key: &Node, name: &str, policy: &'p Policy) -> Result<Option<&'p Attribute>, YamlError> {
    if matches!(name, "service" | "at") {
        return Ok(None);
    }
    policy.attribute(name).map(Some).ok_or_else(|| {
        let names =
            policy.attributes().iter().map(|attribute| attribute.name.as_str()).chain(["service", "at"]);
        let help = suggest::did_you_mean(name, names).map(|help| format!("; {help}")).unwrap_or_default();
        key.error(format!("the policy has no attribute `{name}`{help}"))
    })
}

/// The values of `{ not: [IS, GS] }`: every declared value except these.
fn all_except(
    name: &str,
    key: &Node,
    pairs: &[(Node, Node)],
    policy: Option<&Policy>,
) -> Result<Vec<Node>, YamlError> {
    let [(word, left_out)] = pairs else {
        return Err(key.error(format!("`each` of `{name}` must be a list, `any` or `{{ not: [...] }}`")));
    };
    if !word.is("not") {
        return Err(unknown_key(word, word.scalar("a word")?, &["not"]));
    }
    let left_out = match &left_out.kind {
        Kind::List(items) => items.as_slice(),
        _ => std::slice::from_ref(left_out),
    };
    let mut values = declared(name, key, word, policy)?;
    let names: Vec<String> = values.iter().map(shown).collect();
    for item in left_out {
        let text = item.scalar("a value")?;
        if !names.iter().any(|name| name == text) {
            let help = suggest::did_you_mean(text, names.iter().map(String::as_str));
            let help = help.map(|help| format!("; {help}")).unwrap_or_default();
            return Err(item.error(format!("`{name}` has no value `{text}`{help}")));
        }
        values.retain(|value| !value.is(text));
    }
    if values.is_empty() {
        return Err(key.error(format!("`not` leaves no value of `{name}`, so that there would be no case")));
    }
    Ok(values)
}

//! `each`: one case for every combination of values.
//!
//! A key of its own, and not a list under `with`: there a list already means something, the whole of a set attribute, and
//! `with: { relation: [registered, nominated] }` must never turn into two cases, nor two statuses into a set.
//! `any` and `not` mean the values that the vocabulary declares. A group of the rules has no place here: a scenario that said
//! `live` would follow the mistake of whoever adds a status to that group, instead of noticing it.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::{suggest, unknown, vocabulary};
use crate::yaml::{Kind, Node, YamlError};
use meterwarden::policy::{Attribute, Policy};

/// More cases than this from one `each` are a slip, not a wish.
const MOST: usize = 100_000;

/// What a case says `each` of.
#[derive(Default)]
pub(super) struct Each<'n> {
    choices: Vec<Choice<'n>>,
}

/// An attribute, or `service` or `at`, and what it is in turn.
struct Choice<'n> {
    key: &'n Node,
    values: Cow<'n, [Node]>,
}

impl<'n> Each<'n> {
    /// Reads it. `touched` is what else the case says of its request, which cannot be about the same attributes.
    pub(super) fn of(
        node: &'n Node,
        touched: &[(&str, &Node)],
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
            if let Some((word, _)) = touched.iter().find(|(_, said)| names(said, name)) {
                return Err(
                    key.error(format!("`{name}` is in `each` and in `{word}`; say it in one of them"))
                );
            }
            choices.push(Choice { key, values: values(name, key, value, policy)? });
        }
        let number = choices.iter().fold(1, |number: usize, one| number.saturating_mul(one.values.len()));
        if number > MOST {
            return Err(node.error(format!("this `each` comes to {number} cases; {MOST} are the most")));
        }
        Ok(Self { choices })
    }

    /// Every combination, the last attribute changing first; one empty combination where there is no `each`.
    pub(super) fn combinations(&self) -> impl Iterator<Item = Vec<(&Node, &Node)>> {
        let number = self.choices.iter().map(|one| one.values.len()).product();
        (0..number).map(|nth: usize| {
            let mut rest = nth;
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

/// What tells the cases of one `each` apart: ` [role=ED, relation=[registered]]`.
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
        Kind::Null | Kind::Map(_) => String::new(),
    }
}

/// Whether a part of a request itself says something of an attribute; what its fixtures say may be replaced.
fn names(part: &Node, attribute: &str) -> bool {
    match &part.kind {
        Kind::Scalar(_) | Kind::Null => false,
        Kind::Map(pairs) => pairs.iter().any(|(key, _)| key.is(attribute)),
        Kind::List(items) => items.iter().any(|item| item.is(attribute) || names(item, attribute)),
    }
}

/// What an attribute is in turn.
fn values<'n>(
    name: &str,
    key: &Node,
    value: &'n Node,
    policy: Option<&Policy>,
) -> Result<Cow<'n, [Node]>, YamlError> {
    match &value.kind {
        Kind::List(items) => listed(name, key, items, policy).map(Cow::Borrowed),
        Kind::Scalar(word) if word == "any" => known(name, key, value, policy).map(Cow::Owned),
        Kind::Map(pairs) => not(name, key, pairs, policy).map(Cow::Owned),
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
    let known = policy.map_or(Ok(None), |policy| attribute(key, name, policy))?;
    let mut seen = BTreeSet::new();
    for item in items {
        known.map_or(Ok(()), |attribute| shape(attribute, item))?;
        if !seen.insert(sorted(item)) {
            return Err(item.error(format!("`{}` is listed twice", shown(item))));
        }
        vocabulary::check(policy, key, item)?;
    }
    Ok(items)
}

/// Of a set attribute each item is a list, of a plain one none is.
fn shape(attribute: &Attribute, item: &Node) -> Result<(), YamlError> {
    let name = &attribute.name;
    match (attribute.set, &item.kind) {
        (true, Kind::List(_)) | (false, Kind::Scalar(_) | Kind::Null | Kind::Map(_)) => Ok(()),
        (true, _) => Err(item.error(format!("{}, as in `[[{}]]`", set_of_sets(name), shown(item)))),
        (false, Kind::List(_)) => {
            Err(item
                .error(format!("`{name}` is a plain attribute, so that `each` lists single values of it")))
        }
    }
}

/// A value as compared with others: the order of a set says nothing.
fn sorted(node: &Node) -> Vec<String> {
    match &node.kind {
        Kind::List(items) => {
            let set: BTreeSet<_> = items.iter().map(shown).collect();
            std::iter::once(String::new()).chain(set).collect()
        }
        _ => vec![shown(node)],
    }
}

/// Every value of a plain attribute, and every service.
fn known(name: &str, key: &Node, place: &Node, policy: Option<&Policy>) -> Result<Vec<Node>, YamlError> {
    let Some(policy) = policy else {
        return Err(place.error("a policy spells this out, and there is none here; list the values"));
    };
    let node = |text: &str| Node { kind: Kind::Scalar(text.to_owned()), ..place.clone() };
    match (name, attribute(key, name, policy)?) {
        ("service", _) => Ok(policy.services().iter().map(|one| node(&one.name)).collect()),
        ("at", _) | (_, None) => Err(place.error("there is no list of all dates; list those that matter")),
        (_, Some(one)) if one.set => Err(place.error(format!("{}, as in `[[], [...]]`", set_of_sets(name)))),
        (_, Some(one)) => Ok(one.values.iter().map(|value| node(&value.name)).collect()),
    }
}

fn set_of_sets(name: &str) -> String {
    format!("`{name}` is a set attribute, so that `each` lists whole sets of it")
}

/// The attribute of that name; nothing of `service` and `at`.
fn attribute<'p>(key: &Node, name: &str, policy: &'p Policy) -> Result<Option<&'p Attribute>, YamlError> {
    if matches!(name, "service" | "at") {
        return Ok(None);
    }
    policy.attribute(name).map(Some).ok_or_else(|| {
        let known = policy.attributes().iter().map(|one| one.name.as_str()).chain(["service", "at"]);
        let help = suggest::did_you_mean(name, known).map(|help| format!("; {help}")).unwrap_or_default();
        key.error(format!("the policy has no attribute `{name}`{help}"))
    })
}

/// `{ not: [IS, GS] }`
fn not(
    name: &str,
    key: &Node,
    pairs: &[(Node, Node)],
    policy: Option<&Policy>,
) -> Result<Vec<Node>, YamlError> {
    let [(word, left_out)] = pairs else {
        return Err(key.error(format!("`each` of `{name}` must be a list, `any` or `{{ not: [...] }}`")));
    };
    if !word.is("not") {
        return Err(unknown(word, word.scalar("a word")?, &["not"]));
    }
    let left_out = match &left_out.kind {
        Kind::List(items) => items.as_slice(),
        _ => std::slice::from_ref(left_out),
    };
    let mut values = known(name, key, word, policy)?;
    let all: Vec<String> = values.iter().map(shown).collect();
    for item in left_out {
        let text = item.scalar("a value")?;
        if !all.iter().any(|known| known == text) {
            let help = suggest::did_you_mean(text, all.iter().map(String::as_str));
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

//! `unused-attribute`, `unused-value`: a part of the vocabulary that no rule makes use of.
//!
//! A value is used where a clause or a group names it, or where it has a `refuse` of its own. Of an attribute with two
//! values it is enough to name one: who says `FutureDated` has said what is not `Immediate`.

use std::collections::{HashMap, HashSet};

use super::written::{Written, listed};
use crate::ast::{Attribute, Clause, Name, Test, ValueDecl};
use crate::diagnostic::{Code, Diagnostic};

pub(super) fn find(written: &Written<'_>) -> Vec<Diagnostic> {
    let declaring = |one: &&Attribute| one.like.is_empty();
    let asking = asking(written);
    let unasked = written.attributes().filter(|one| !is_asked(written, &asking, one)).map(unused_attribute);
    let values = written.attributes().filter(declaring).flat_map(|one| unused_values(written, &asking, one));
    unasked.chain(values).collect()
}

/// The clauses about each attribute, by its name.
type Asking<'w> = HashMap<&'w str, Vec<&'w Clause>>;

fn asking<'w>(written: &'w Written<'_>) -> Asking<'w> {
    let mut asking = Asking::new();
    for clause in written.clauses() {
        asking.entry(clause.attribute.text.as_str()).or_default().push(clause);
    }
    asking
}

/// Whether a clause leaves out anything of an attribute. The values of `fields` are each service's own affair.
fn is_asked(written: &Written<'_>, asking: &Asking<'_>, attribute: &Attribute) -> bool {
    let is_fields = written.policy.fields.and_then(|id| written.policy.attributes.get(id));
    let mut clauses = asking.get(attribute.name.text.as_str()).into_iter().flatten();
    is_fields.is_some_and(|fields| fields.name == attribute.name.text)
        || clauses.any(|clause| clause.test != Test::Any)
}

fn unused_attribute(attribute: &Attribute) -> Diagnostic {
    let name = &attribute.name;
    let message = format!("no clause asks anything of `{}`", name.text);
    Diagnostic::new(Code::UnusedAttribute, name.span, message).help(
        "ask for one of its values in a rule, or drop the attribute: every request would have to state it",
    )
}

fn unused_values(written: &Written<'_>, asking: &Asking<'_>, attribute: &Attribute) -> Vec<Diagnostic> {
    let name = attribute.name.text.as_str();
    let alike = written.attributes().filter(|one| written.declaring(&one.name.text) == name);
    let clauses = alike.filter_map(|one| asking.get(one.name.text.as_str())).flatten();
    let clauses: Vec<&Clause> = clauses.copied().collect();
    if clauses.iter().all(|clause| clause.test == Test::Any) {
        return Vec::new(); // that nothing asks for the attribute says it all
    }
    let groups = written.groups().filter(|group| group.attribute.text == attribute.name.text);
    let items = clauses.iter().flat_map(|clause| listed(&clause.test));
    let named: HashSet<&str> =
        items.chain(groups.flat_map(|group| &group.items)).map(|item| item.name.text.as_str()).collect();
    let unnamed = |value: &&ValueDecl| value.refuse.is_none() && !named.contains(value.name.text.as_str());
    let unnamed: Vec<&Name> = attribute.values.iter().filter(unnamed).map(|value| &value.name).collect();
    if attribute.values.len() == 2 && !attribute.set && unnamed.len() == 1 {
        return Vec::new();
    }
    unnamed.into_iter().map(|name| unused_value(name, &attribute.name)).collect()
}

fn unused_value(name: &Name, attribute: &Name) -> Diagnostic {
    let message = format!("no rule asks for the value `{}` of `{}`", name.text, attribute.text);
    Diagnostic::new(Code::UnusedValue, name.span, message)
        .help("name it, itself or in a group, where it makes a difference; or drop it")
}

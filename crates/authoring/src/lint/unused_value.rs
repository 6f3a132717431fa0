//! `unused-attribute`, `unused-value`: a part of the vocabulary that no rule makes use of.
//!
//! A value is used where a clause or a group names it, or where it has a `refuse` of its own. Of an attribute with two
//! values it is enough to name one: who says `FutureDated` has said what is not `Immediate`.

use super::written::{Written, listed, unnamed};
use meterwarden::language::ast::{Attribute, Clause, Name, Test};
use meterwarden::language::diagnostic::{Code, Diagnostic};

pub(super) fn find(written: &Written<'_>) -> Vec<Diagnostic> {
    let declaring = |one: &&Attribute| one.like.is_empty();
    let asking = asking(written);
    let unasked = written.attributes().filter(|one| !is_asked(written, &asking, one)).map(unused_attribute);
    let values = written.attributes().filter(declaring).flat_map(|one| unused_values(written, &asking, one));
    unasked.chain(values).collect()
}

/// The clauses about each attribute, by its name.
struct Asking<'w>(Vec<(&'w str, Vec<&'w Clause>)>);

fn asking<'w>(written: &'w Written<'_>) -> Asking<'w> {
    let names = written.attributes().map(|one| one.name.text.as_str());
    let mut asking: Vec<(&str, Vec<&Clause>)> = names.map(|name| (name, Vec::new())).collect();
    for clause in written.clauses() {
        let about = asking.iter_mut().find(|(name, _)| *name == clause.attribute.text);
        about.into_iter().for_each(|(_, clauses)| clauses.push(clause));
    }
    Asking(asking)
}

impl<'w> Asking<'w> {
    fn of(&self, attribute: &str) -> &[&'w Clause] {
        self.0.iter().find(|(name, _)| *name == attribute).map_or(&[], |(_, clauses)| clauses)
    }
}

/// Whether a clause leaves out anything of an attribute. The values of `fields` are each service's own affair.
fn is_asked(written: &Written<'_>, asking: &Asking<'_>, attribute: &Attribute) -> bool {
    let is_fields = written.policy.fields_attribute().and_then(|id| written.policy.attributes().get(id));
    let mut clauses = asking.of(&attribute.name.text).iter();
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
    let clauses: Vec<&Clause> = alike.flat_map(|one| asking.of(&one.name.text)).copied().collect();
    if clauses.iter().all(|clause| clause.test == Test::Any) {
        return Vec::new(); // that nothing asks for the attribute says it all
    }
    let groups = written.groups().filter(|group| group.attribute.text == attribute.name.text);
    let items = clauses.iter().flat_map(|clause| listed(&clause.test));
    let items = items.chain(groups.flat_map(|group| &group.items)).map(|item| item.name.text.as_str());
    let values = attribute.values.iter().filter(|value| value.refuse.is_none());
    let unnamed = unnamed(values.map(|value| &value.name), items);
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

//! `unused-attribute`, `unused-value`: a part of the vocabulary that no rule uses.
//!
//! A value is used if a clause or a group names it, or if it has a `refuse` of its own. For an attribute with two
//! values it is enough to name one: a rule that names `FutureDated` decides about `Immediate` as well.

use super::syntax::{Syntax, list_of, unused};
use meterwarden::language::ast::{Attribute, Clause, Name, Test};
use meterwarden::language::diagnostic::{Code, Diagnostic};

pub(super) fn find(syntax: &Syntax<'_>) -> Vec<Diagnostic> {
    let clauses = ClausesByAttribute::of(syntax);
    let unused_attributes =
        syntax.attributes().filter(|attribute| !is_used(syntax, &clauses, attribute)).map(unused_attribute);
    let declaring = syntax.attributes().filter(|attribute| attribute.like.is_empty());
    let unused_values = declaring.flat_map(|attribute| unused_values(syntax, &clauses, attribute));
    unused_attributes.chain(unused_values).collect()
}

/// The clauses about each attribute, by its name.
struct ClausesByAttribute<'s>(Vec<(&'s str, Vec<&'s Clause>)>);

impl<'s> ClausesByAttribute<'s> {
    fn of(syntax: &'s Syntax<'_>) -> Self {
        let names = syntax.attributes().map(|attribute| attribute.name.text.as_str());
        let mut by_attribute: Vec<(&str, Vec<&Clause>)> = names.map(|name| (name, Vec::new())).collect();
        for clause in syntax.clauses() {
            let entry = by_attribute.iter_mut().find(|(name, _)| *name == clause.attribute.text);
            entry.into_iter().for_each(|(_, clauses)| clauses.push(clause));
        }
        Self(by_attribute)
    }

    fn about(&self, attribute: &str) -> &[&'s Clause] {
        self.0.iter().find(|(name, _)| *name == attribute).map_or(&[], |(_, clauses)| clauses)
    }
}

/// Whether a clause excludes anything of an attribute. The values of `fields` are declared by each service, and are not
/// examined here.
fn is_used(syntax: &Syntax<'_>, clauses: &ClausesByAttribute<'_>, attribute: &Attribute) -> bool {
    let policy = syntax.policy;
    let fields = policy.fields_attribute().and_then(|index| policy.attributes().get(index));
    let mut about = clauses.about(&attribute.name.text).iter();
    fields.is_some_and(|fields| fields.name == attribute.name.text)
        || about.any(|clause| clause.test != Test::Any)
}

fn unused_attribute(attribute: &Attribute) -> Diagnostic {
    let name = &attribute.name;
    let message = format!("no clause asks anything of `{}`", name.text);
    Diagnostic::new(Code::UnusedAttribute, name.span, message).help(
        "ask for one of its values in a rule, or drop the attribute: every request would have to state it",
    )
}

fn unused_values(
    syntax: &Syntax<'_>,
    clauses: &ClausesByAttribute<'_>,
    attribute: &Attribute,
) -> Vec<Diagnostic> {
    let name = attribute.name.text.as_str();
    let sharing = syntax.attributes().filter(|other| syntax.declaring(&other.name.text) == name);
    let clauses: Vec<&Clause> = sharing.flat_map(|other| clauses.about(&other.name.text)).copied().collect();
    if clauses.iter().all(|clause| clause.test == Test::Any) {
        return Vec::new(); // the finding about the attribute covers its values
    }
    let groups = syntax.groups().filter(|group| group.attribute.text == attribute.name.text);
    let items = clauses.iter().flat_map(|clause| list_of(&clause.test));
    let used = items.chain(groups.flat_map(|group| &group.items)).map(|item| item.name.text.as_str());
    let values = attribute.values.iter().filter(|value| value.refuse.is_none());
    let unused = unused(values.map(|value| &value.name), used);
    if attribute.values.len() == 2 && !attribute.set && unused.len() == 1 {
        return Vec::new();
    }
    unused.into_iter().map(|name| unused_value(name, &attribute.name)).collect()
}

fn unused_value(name: &Name, attribute: &Name) -> Diagnostic {
    let message = format!("no rule names the value `{}` of `{}`", name.text, attribute.text);
    Diagnostic::new(Code::UnusedValue, name.span, message)
        .help("name it, itself or in a group, where it makes a difference; or drop it")
}

//! `unused-group`, `unused-condition`, `unused-modification`, `unused-tag`: a declared name that nothing names.

use std::collections::HashSet;

use super::written::{Written, listed, unnamed};
use meterwarden::language::ast::{Name, Part};
use meterwarden::language::diagnostic::{Code, Diagnostic};

/// A group is used where a clause names it, on its own attribute or on one that is `like` it.
pub(super) fn groups(written: &Written<'_>) -> Vec<Diagnostic> {
    let groups: HashSet<&str> = written.groups().map(|group| group.name.text.as_str()).collect();
    if groups.is_empty() {
        return Vec::new();
    }
    let mut named: HashSet<(&str, &str)> = HashSet::new();
    for clause in written.clauses() {
        let names = listed(&clause.test).iter().map(|item| item.name.text.as_str());
        let names = names.filter(|name| groups.contains(name));
        named.extend(names.map(|name| (written.declaring(&clause.attribute.text), name)));
    }
    let idle = written.groups().filter(|group| {
        !named.contains(&(written.declaring(&group.attribute.text), group.name.text.as_str()))
    });
    let say = |name: &Name| {
        let message = format!("no clause names the group `{}`", name.text);
        Diagnostic::new(Code::UnusedGroup, name.span, message).help("name it in a rule, or drop it")
    };
    idle.map(|group| say(&group.name)).collect()
}

/// A condition is used where a rule says `when`.
pub(super) fn conditions(written: &Written<'_>) -> Vec<Diagnostic> {
    let parts = written.rules().flat_map(|rule| &rule.parts);
    let named = parts.filter_map(|part| match part {
        Part::When(name) => Some(name.text.as_str()),
        _ => None,
    });
    let names = written.conditions().map(|one| &one.name);
    let say = |name: &Name| {
        let message = format!("no rule is `when {}`", name.text);
        Diagnostic::new(Code::UnusedCondition, name.span, message).help("name it in a rule, or drop it")
    };
    unnamed(names, named).into_iter().map(say).collect()
}

/// A modification is used where a date is said by its name.
pub(super) fn modifications(written: &Written<'_>) -> Vec<Diagnostic> {
    let named = written.bounds().map(|bound| bound.name.text.as_str());
    let names = written.modifications().map(|one| &one.name);
    let say = |name: &Name| {
        let message = format!("no rule is `since` or `until` the modification `{}`", name.text);
        Diagnostic::new(Code::UnusedModification, name.span, message)
            .help("date what it changes by its name, or drop it")
    };
    unnamed(names, named).into_iter().map(say).collect()
}

/// A tag is used where a service carries it, for it tells a reader something even if no rule selects it.
pub(super) fn tags(written: &Written<'_>) -> Vec<Diagnostic> {
    let carried = written.services().flat_map(|service| &service.tags).map(|tag| tag.text.as_str());
    let names = written.tags().map(|one| &one.name);
    let say = |name: &Name| {
        let message = format!("no service carries the tag `{}`", name.text);
        Diagnostic::new(Code::UnusedTag, name.span, message)
            .help("put it on the services it is true of, or drop it")
    };
    unnamed(names, carried).into_iter().map(say).collect()
}

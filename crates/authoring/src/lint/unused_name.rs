//! `unused-group`, `unused-condition`, `unused-modification`, `unused-tag`: a declared name that nothing names.

use std::collections::HashSet;

use super::syntax::{Syntax, list_of, unused};
use meterwarden::language::ast::{Name, Part};
use meterwarden::language::diagnostic::{Code, Diagnostic};

/// A group is used if a clause names it, on its own attribute or on an attribute that is `like` it.
pub(super) fn groups(syntax: &Syntax<'_>) -> Vec<Diagnostic> {
    let groups: HashSet<&str> = syntax.groups().map(|group| group.name.text.as_str()).collect();
    if groups.is_empty() {
        return Vec::new();
    }
    let mut used: HashSet<(&str, &str)> = HashSet::new();
    for clause in syntax.clauses() {
        let names = list_of(&clause.test).iter().map(|item| item.name.text.as_str());
        let names = names.filter(|name| groups.contains(name));
        used.extend(names.map(|name| (syntax.declaring(&clause.attribute.text), name)));
    }
    let unused = syntax
        .groups()
        .filter(|group| !used.contains(&(syntax.declaring(&group.attribute.text), group.name.text.as_str())));
    let finding = |name: &Name| {
        let message = format!("no clause names the group `{}`", name.text);
        Diagnostic::new(Code::UnusedGroup, name.span, message).help("name it in a rule, or drop it")
    };
    unused.map(|group| finding(&group.name)).collect()
}

/// A condition is used if a rule names it with `when`.
pub(super) fn conditions(syntax: &Syntax<'_>) -> Vec<Diagnostic> {
    let parts = syntax.rules().flat_map(|rule| &rule.parts);
    let used = parts.filter_map(|part| match part {
        Part::When(name) => Some(name.text.as_str()),
        _ => None,
    });
    let declared = syntax.conditions().map(|condition| &condition.name);
    let finding = |name: &Name| {
        let message = format!("no rule is `when {}`", name.text);
        Diagnostic::new(Code::UnusedCondition, name.span, message).help("name it in a rule, or drop it")
    };
    unused(declared, used).into_iter().map(finding).collect()
}

/// A modification is used if a date names it.
pub(super) fn modifications(syntax: &Syntax<'_>) -> Vec<Diagnostic> {
    let used = syntax.bounds().map(|bound| bound.name.text.as_str());
    let declared = syntax.modifications().map(|modification| &modification.name);
    let finding = |name: &Name| {
        let message = format!("no rule is `since` or `until` the modification `{}`", name.text);
        Diagnostic::new(Code::UnusedModification, name.span, message)
            .help("date what it changes by its name, or drop it")
    };
    unused(declared, used).into_iter().map(finding).collect()
}

/// A tag is used if a service carries it: it informs a reader even if no rule selects it.
pub(super) fn tags(syntax: &Syntax<'_>) -> Vec<Diagnostic> {
    let used = syntax.services().flat_map(|service| &service.tags).map(|tag| tag.text.as_str());
    let declared = syntax.tags().map(|tag| &tag.name);
    let finding = |name: &Name| {
        let message = format!("no service has the tag `{}`", name.text);
        Diagnostic::new(Code::UnusedTag, name.span, message)
            .help("put it on the services it is true of, or drop it")
    };
    unused(declared, used).into_iter().map(finding).collect()
}

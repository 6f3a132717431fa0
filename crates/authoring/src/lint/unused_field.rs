//! `unused-field`: a field that a service declares, that none of its rules names and none of its permits lets through.

use super::syntax::{Syntax, clauses, list_of, unused};
use meterwarden::language::ast::{Effect, Name, Rule, Service, Test};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::Policy;

pub(super) fn find(syntax: &Syntax<'_>) -> Vec<Diagnostic> {
    let policy = syntax.policy;
    let Some(fields) = policy.fields_attribute().and_then(|index| policy.attributes().get(index)) else {
        return Vec::new();
    };
    let fields = fields.name.as_str();
    let services = syntax.services().filter(|service| {
        every_permit_lists(service, fields) && !is_permitted_from_outside(policy, &service.name.text)
    });
    services.flat_map(|service| unused_in(service, fields)).collect()
}

/// Whether each permit lists exactly the fields that it lets through. A service without permits is the subject of
/// another finding.
fn every_permit_lists(service: &Service, fields: &str) -> bool {
    let mut permits = service.rules.iter().filter(|rule| rule.effect == Effect::Permit).peekable();
    permits.peek().is_some() && permits.all(|rule| lists(rule, fields))
}

fn lists(rule: &Rule, fields: &str) -> bool {
    clauses(rule)
        .filter(|clause| clause.attribute.text == fields)
        .any(|clause| matches!(clause.test, Test::Only(_) | Test::Exactly(_) | Test::None))
}

/// Whether a permit outside services covers a service. Such a permit lets every declared field through.
fn is_permitted_from_outside(policy: &Policy, service: &str) -> bool {
    let covering = policy.service(service).into_iter().flat_map(|service| &service.rules);
    let mut rules = covering.filter_map(|covered| policy.rules().get(covered.rule));
    rules.any(|rule| rule.service.is_none() && rule.effect == Effect::Permit)
}

fn unused_in(service: &Service, fields: &str) -> Vec<Diagnostic> {
    let clauses = service.rules.iter().flat_map(clauses).filter(|clause| clause.attribute.text == fields);
    let used = clauses.flat_map(|clause| list_of(&clause.test)).map(|item| item.name.text.as_str());
    let declared = service.fields.iter().flat_map(|line| &line.items).map(|item| &item.name);
    unused(declared, used).into_iter().map(|name| finding(service, name)).collect()
}

fn finding(service: &Service, name: &Name) -> Diagnostic {
    let message = format!("no rule of {} names the field `{}`", service.name.text, name.text);
    Diagnostic::new(Code::UnusedField, name.span, message)
        .help("name it in a permit, or drop it: a message that carries it is refused either way")
}

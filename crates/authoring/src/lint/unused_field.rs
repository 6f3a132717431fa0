//! `unused-field`: a field that a service declares, that none of its rules names and none of its permits lets through.

use super::written::{Written, clauses, listed, unnamed};
use meterwarden::language::ast::{Effect, Name, Rule, Service, Test};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::Policy;

pub(super) fn find(written: &Written<'_>) -> Vec<Diagnostic> {
    let Some(fields) = fields_name(written.policy) else { return Vec::new() };
    let closed_lists = written.services().filter(|service| every_permit_lists(service, fields));
    let closed_lists =
        closed_lists.filter(|service| !permitted_from_above(written.policy, &service.name.text));
    closed_lists.flat_map(|service| unused_in(service, fields)).collect()
}

fn fields_name(policy: &Policy) -> Option<&str> {
    policy.fields_attribute().and_then(|id| policy.attributes().get(id)).map(|fields| fields.name.as_str())
}

/// Whether each permit says exactly which fields it lets through. A service without permits has a greater worry.
fn every_permit_lists(service: &Service, fields: &str) -> bool {
    let mut permits = service.rules.iter().filter(|rule| rule.effect == Effect::Permit).peekable();
    permits.peek().is_some() && permits.all(|rule| lists(rule, fields))
}

fn lists(rule: &Rule, fields: &str) -> bool {
    clauses(rule)
        .filter(|clause| clause.attribute.text == fields)
        .any(|clause| matches!(clause.test, Test::Only(_) | Test::Exactly(_) | Test::None))
}

/// Whether a permit outside of services covers it: such a permit lets every declared field through.
fn permitted_from_above(policy: &Policy, service: &str) -> bool {
    let covering = policy.service(service).into_iter().flat_map(|service| &service.rules);
    let rules = covering.filter_map(|covered| policy.rules().get(covered.rule));
    rules.into_iter().any(|rule| rule.service.is_none() && rule.effect == Effect::Permit)
}

fn unused_in(service: &Service, fields: &str) -> Vec<Diagnostic> {
    let clauses = service.rules.iter().flat_map(clauses).filter(|clause| clause.attribute.text == fields);
    let named = clauses.flat_map(|clause| listed(&clause.test)).map(|item| item.name.text.as_str());
    let declared = service.fields.iter().flat_map(|line| &line.items).map(|item| &item.name);
    unnamed(declared, named).into_iter().map(|name| unused(service, name)).collect()
}

fn unused(service: &Service, name: &Name) -> Diagnostic {
    let message = format!("no rule of {} names the field `{}`", service.name.text, name.text);
    Diagnostic::new(Code::UnusedField, name.span, message)
        .help("name it in a permit, or drop it: a message that carries it is refused either way")
}

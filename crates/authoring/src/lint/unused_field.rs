//! `unused-field`: a field that a service declares, that none of its rules names and none of its permits lets through.

use std::collections::HashSet;

use super::syntax::{Syntax, clauses, list_of};
use meterwarden::language::ast::{self, Effect, Rule, Test};
use meterwarden::language::diagnostic::{Code, Diagnostic};
use meterwarden::policy::{Field, Policy, Service};

pub(super) fn find(syntax: &Syntax<'_>) -> Vec<Diagnostic> {
    let policy = syntax.policy;
    let Some(fields) = policy.fields_attribute().and_then(|index| policy.attributes().get(index)) else {
        return Vec::new();
    };
    let fields = fields.name.as_str();
    let services = syntax.services().filter(|service| {
        every_permit_lists(service, fields) && !is_permitted_from_outside(policy, &service.name.text)
    });
    services.flat_map(|service| unused_in(service, policy.service(&service.name.text), fields)).collect()
}

/// Whether each permit lists exactly the fields that it lets through. A service without permits is the subject of
/// another finding.
fn every_permit_lists(service: &ast::Service, fields: &str) -> bool {
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

/// An element with others inside it is only the place of these, unless a rule names it.
fn unused_in(written: &ast::Service, service: Option<&Service>, fields: &str) -> Vec<Diagnostic> {
    let clauses = written.rules.iter().flat_map(clauses).filter(|clause| clause.attribute.text == fields);
    let used: HashSet<&str> =
        clauses.flat_map(|clause| list_of(&clause.test)).map(|item| item.name.text.as_str()).collect();
    let declared = service.into_iter().flat_map(|service| {
        let fields = service.fields.iter().flatten();
        fields.filter(|field| !service.has_inside(field))
    });
    let unused = declared.filter(|field| !used.contains(field.name.as_str()));
    unused.map(|field| finding(&written.name.text, field)).collect()
}

fn finding(service: &str, field: &Field) -> Diagnostic {
    let message = format!("no rule of {service} names the field `{}`", field.name);
    Diagnostic::new(Code::UnusedField, field.span, message)
        .help("name it in a permit, or drop it: a message that carries it is refused either way")
}

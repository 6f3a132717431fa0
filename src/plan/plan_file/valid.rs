//! Whether a policy that was read, and not checked, fits together: whatever is a place in a list is in it.

use crate::policy::{
    Clause, MOST_ATTRIBUTES, MOST_COMBINATIONS, MOST_SET_VALUES, Policy, Rule, Service, Test, Window,
};

pub(super) fn policy(policy: &Policy) -> bool {
    attributes(policy)
        && policy
            .conditions
            .iter()
            .flat_map(|one| one.cases.iter().flatten())
            .all(|one| clause(policy, None, one))
        && policy.services.iter().enumerate().all(|(nth, one)| service(policy, nth, one))
        && policy.rules.iter().all(|one| rule(policy, one))
}

fn attributes(policy: &Policy) -> bool {
    let fields = |nth: usize| policy.attributes.get(nth).is_some_and(|one| one.set && one.values.is_empty());
    let few = |set: bool, values: usize| !set || values <= MOST_SET_VALUES;
    !policy.attributes.is_empty()
        && policy.attributes.len() <= MOST_ATTRIBUTES
        && policy.fields.is_none_or(fields)
        && policy.attributes.iter().all(|one| few(one.set, one.values.len()))
}

fn service(policy: &Policy, nth: usize, service: &Service) -> bool {
    let fields = service.fields.as_deref().unwrap_or_default();
    let windows = service.rules.iter().flat_map(|one| one.covered.iter().chain(&one.left_out));
    let covers =
        |rule: usize| policy.rules.get(rule).is_some_and(|rule| rule.service.is_none_or(|own| own == nth));
    service.tags.iter().all(|tag| *tag < policy.tags.len())
        && fields.len() <= MOST_SET_VALUES
        && (fields.is_empty() || policy.fields.is_some())
        && fields.iter().map(|field| &field.window).chain(windows).all(|one| window(policy, one))
        && service.rules.iter().all(|covered| covers(covered.rule))
}

fn rule(policy: &Policy, rule: &Rule) -> bool {
    let own = rule.service.map(|nth| policy.services.get(nth));
    let cases = rule.when.iter().map(|one| policy.conditions.get(*one).map(|one| one.cases.len()));
    let combinations = cases.into_iter().try_fold(1usize, |all, cases| all.checked_mul(cases?));
    let selected =
        rule.selectors.iter().flat_map(|one| &one.services).all(|one| *one < policy.services.len());
    !matches!(own, Some(None))
        && combinations.is_some_and(|combinations| combinations <= MOST_COMBINATIONS)
        && selected
        && window(policy, &rule.window)
        && rule.selectors.iter().all(|one| window(policy, &one.window))
        && rule.clauses.iter().all(|one| clause(policy, own.flatten(), one))
}

/// A clause of a rule of a service, or of one outside, or of a case.
fn clause(policy: &Policy, service: Option<&Service>, clause: &Clause) -> bool {
    let Some(attribute) = policy.attributes.get(clause.attribute) else { return false };
    let is_fields = policy.fields == Some(clause.attribute);
    let fields = service.and_then(|service| service.fields.as_ref()).map(Vec::len);
    let values = if is_fields { fields } else { Some(attribute.values.len()) };
    let fits = match clause.test {
        Test::Any | Test::In => true,
        Test::Not => !attribute.set,
        Test::Only | Test::Includes | Test::Excludes | Test::Exactly => attribute.set,
    };
    let known = |value: u32| values.is_some_and(|values| (value as usize) < values);
    fits && values.is_some()
        && clause.items.iter().all(|one| known(one.value) && window(policy, one.window()))
}

fn window(policy: &Policy, window: &Window) -> bool {
    window.modifications().into_iter().flatten().all(|nth| nth < policy.modifications.len())
}

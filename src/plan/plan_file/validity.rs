//! Whether a policy that was read fits together: every index is in its list, and no limit is exceeded. What the checker
//! of rule files guarantees is not assumed.

use crate::limits::{MOST_ATTRIBUTES, MOST_COMBINATIONS, MOST_SET_VALUES};
use crate::policy::{Clause, Group, ListItem, Policy, Rule, Service, Test, Window, Zone};

pub(super) fn policy(policy: &Policy) -> bool {
    let mut of_conditions = policy.conditions.iter().flat_map(|condition| condition.cases.iter().flatten());
    attributes(policy)
        && policy.clock.zone.as_ref().is_none_or(Zone::has_rule)
        && policy.groups.iter().all(|declared| group(policy, declared))
        && of_conditions.all(|condition_clause| clause(policy, None, condition_clause))
        && policy.services.iter().enumerate().all(|(index, entry)| service(policy, index, entry))
        && policy.rules.iter().all(|entry| rule(policy, entry))
}

fn attributes(policy: &Policy) -> bool {
    let is_fields = |index: usize| {
        policy.attributes.get(index).is_some_and(|attribute| attribute.set && attribute.values.is_empty())
    };
    !policy.attributes.is_empty()
        && policy.attributes.len() <= MOST_ATTRIBUTES
        && policy.fields.is_none_or(is_fields)
        && policy
            .attributes
            .iter()
            .all(|attribute| !attribute.set || attribute.values.len() <= MOST_SET_VALUES)
}

fn group(policy: &Policy, group: &Group) -> bool {
    let values = policy.attributes.get(group.attribute).map(|attribute| attribute.values.len());
    values.is_some_and(|values| items(policy, &group.items, values))
}

fn service(policy: &Policy, index: usize, service: &Service) -> bool {
    let fields = service.fields.as_deref().unwrap_or_default();
    let field_windows = fields.iter().map(|field| &field.window);
    let rule_windows =
        service.rules.iter().flat_map(|covered| covered.covered.iter().chain(&covered.left_out));
    // A rule of a service covers no other service.
    let can_cover = |rule: usize| {
        policy.rules.get(rule).is_some_and(|rule| rule.service.is_none_or(|service| service == index))
    };
    let is_plain =
        |attribute: usize| policy.attributes.get(attribute).is_some_and(|attribute| !attribute.set);
    service.tags.iter().all(|tag| *tag < policy.tags.len())
        && service.element_values().all(|(attribute, _)| is_plain(attribute))
        && fields.len() <= MOST_SET_VALUES
        && (fields.is_empty() || policy.fields.is_some())
        && field_windows.chain(rule_windows).all(|dates| window(policy, dates))
        && service.rules.iter().all(|covered| can_cover(covered.rule))
}

fn rule(policy: &Policy, rule: &Rule) -> bool {
    let service = match rule.service.map(|index| policy.services.get(index)) {
        Some(None) => return false,
        service => service.flatten(),
    };
    let alternatives =
        rule.when.iter().map(|index| policy.conditions.get(*index).map(|condition| condition.cases.len()));
    let combinations =
        alternatives.into_iter().try_fold(1usize, |product, count| product.checked_mul(count?));
    let mut selected = rule.selectors.iter().flat_map(|selector| &selector.services);
    combinations.is_some_and(|combinations| combinations <= MOST_COMBINATIONS)
        && selected.all(|index| *index < policy.services.len())
        && window(policy, &rule.window)
        && rule.selectors.iter().all(|selector| window(policy, &selector.window))
        && rule.clauses.iter().all(|rule_clause| clause(policy, service, rule_clause))
}

/// A clause of a rule of `service`, or of a rule outside services, or of a condition.
fn clause(policy: &Policy, service: Option<&Service>, clause: &Clause) -> bool {
    let Some(attribute) = policy.attributes.get(clause.attribute) else { return false };
    let values = if policy.fields == Some(clause.attribute) {
        // Only a service has fields.
        service.and_then(|service| service.fields.as_ref()).map(Vec::len)
    } else {
        Some(attribute.values.len())
    };
    let test_fits = match clause.test {
        Test::Any | Test::In => true,
        Test::Not => !attribute.set,
        Test::Only | Test::Includes | Test::Excludes | Test::Exactly => attribute.set,
    };
    let Some(values) = values else { return false };
    test_fits && items(policy, &clause.items, values)
}

/// The items of a list; each value is an index below `values`.
fn items(policy: &Policy, items: &[ListItem], values: usize) -> bool {
    items.iter().all(|item| (item.value as usize) < values && window(policy, item.window()))
}

fn window(policy: &Policy, window: &Window) -> bool {
    window.modifications().into_iter().flatten().all(|index| index < policy.modifications.len())
}

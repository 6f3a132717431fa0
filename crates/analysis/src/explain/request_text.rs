//! What a request states, as text for people.

use meterwarden::decide::request::{Fact, Request};
use meterwarden::policy::Policy;
use meterwarden::space::RuleSpace;

/// The facts of a request in check order, such as `role IS`; only those of attributes that the service's rules check.
pub(super) fn stated_facts(policy: &Policy, request: &Request, rule_space: &RuleSpace) -> Vec<String> {
    let checked = policy
        .attributes()
        .iter()
        .zip(&rule_space.dimensions)
        .filter(|(_, dimension)| dimension.classes.len() > 1);
    let fact_of = |attribute: &str| request.facts.iter().find(|(name, _)| name == attribute);
    let facts = checked.filter_map(|(attribute, _)| fact_of(&attribute.name));
    let states_nothing = |fact: &Fact| matches!(fact, Fact::Members { present, absent } if present.is_empty() && absent.is_empty());
    facts
        .filter(|(_, fact)| !states_nothing(fact))
        .map(|(name, fact)| format!("{name} {}", fact_text(fact)))
        .collect()
}

/// The value of a fact, or its list of values.
pub(super) fn fact_text(fact: &Fact) -> String {
    match fact {
        Fact::Value(value) => one_line(value),
        Fact::Set(values) if values.is_empty() => "none".to_owned(),
        Fact::Set(values) => one_line(&values.join(", ")),
        Fact::Members { present, absent } => {
            let kinds = [("includes", present), ("excludes", absent)].into_iter();
            let kinds = kinds.filter(|(_, values)| !values.is_empty());
            let words = kinds.map(|(test, values)| format!("{test} {}", one_line(&values.join(", "))));
            words.collect::<Vec<_>>().join(" and ")
        }
    }
}

/// Text from a request without its control characters, so that it cannot imitate lines of the explanation.
pub(super) fn one_line(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { '\u{FFFD}' } else { c }).collect()
}

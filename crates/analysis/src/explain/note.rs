//! What is to be known of a rule: where it stands, since when, and what it rests on.

use meterwarden::policy::{Condition, Edge, Policy, Rule, Window};

/// What is to be known of one rule.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct RuleNote<'p> {
    pub(crate) rule: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) text: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) doc: &'p str,
    pub(crate) place: String,
    pub(crate) in_force: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) modifications: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) assumed: Option<&'p str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) conditions: Vec<ConditionNote<'p>>,
}

/// What is to be known of a condition that a rule names.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) struct ConditionNote<'p> {
    pub(crate) condition: &'p str,
    #[serde(skip_serializing_if = "str::is_empty")]
    pub(crate) text: &'p str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) source: Option<&'p str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) assumed: Option<&'p str>,
}

/// A modification by name and title.
pub(crate) fn titled(policy: &Policy, modification: usize) -> String {
    let one = &policy.modifications()[modification];
    if one.text.is_empty() { one.name.clone() } else { format!("{} {}", one.name, one.text) }
}

pub(crate) fn note<'p>(policy: &'p Policy, rule: &'p Rule) -> RuleNote<'p> {
    RuleNote {
        rule: &rule.name,
        text: &rule.text,
        doc: &rule.doc,
        place: policy.place(rule.name_span),
        in_force: in_force(rule.window),
        modifications: rule
            .window
            .modifications()
            .into_iter()
            .flatten()
            .map(|nth| titled(policy, nth))
            .collect(),
        source: rule.source.as_deref(),
        assumed: rule.assumed.as_deref(),
        conditions: rule.when.iter().map(|nth| condition_note(&policy.conditions()[*nth])).collect(),
    }
}

fn condition_note(condition: &Condition) -> ConditionNote<'_> {
    ConditionNote {
        condition: &condition.name,
        text: &condition.text,
        source: condition.source.as_deref(),
        assumed: condition.assumed.as_deref(),
    }
}

pub(crate) fn in_force(window: Window) -> String {
    match (window.from, window.until) {
        (Edge::Never, _) => "not yet: it waits for a modification without a date".to_owned(),
        (Edge::Start, Edge::On(until)) => format!("until {until}, this day excluded"),
        (Edge::Start, _) => "always".to_owned(),
        (Edge::On(from), Edge::On(until)) => format!("from {from} until {until}, this day excluded"),
        (Edge::On(from), _) => format!("from {from}"),
    }
}

//! A rule as explanations and matrices show it: its place, its dates, and its sources.

use meterwarden::policy::{Condition, Edge, Policy, Rule, Window};

/// What is shown of a rule.
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

/// What is shown of a condition that a rule names.
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
pub(crate) fn titled(policy: &Policy, index: usize) -> String {
    let modification = &policy.modifications()[index];
    if modification.text.is_empty() {
        modification.name.clone()
    } else {
        format!("{} {}", modification.name, modification.text)
    }
}

pub(crate) fn note<'p>(policy: &'p Policy, rule: &'p Rule) -> RuleNote<'p> {
    let modifications = rule.window.modifications().into_iter().flatten();
    RuleNote {
        rule: &rule.name,
        text: &rule.text,
        doc: &rule.doc,
        place: policy.place(rule.name_span),
        in_force: in_force(rule.window),
        modifications: modifications.map(|index| titled(policy, index)).collect(),
        source: rule.source.as_deref(),
        assumed: rule.assumed.as_deref(),
        conditions: rule.when.iter().map(|index| condition_note(&policy.conditions()[*index])).collect(),
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

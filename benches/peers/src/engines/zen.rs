//! Zen: a decision table for each service, with a row for each box. The rows of forbids are first; the last row refuses
//! everything.

use std::collections::HashMap;
use std::sync::Arc;

use meterwarden::policy::{Effect, Policy, Test};
use serde_json::{Map, Value, json};
use zen_engine::model::GraphContent;
use zen_engine::{Decision, Variable};

use super::ready;
use crate::engine::{Engine, Verdict};
use crate::message::{ATTRIBUTES, FactRef, Message};
use crate::service_rules::{Constraint, RuleBox, ServiceRules};

pub(crate) struct Zen {
    /// The table of each service
    tables: HashMap<String, Decision>,
    prepared: Vec<(String, Variable)>,
}

impl Zen {
    pub(crate) fn new(policy: &Policy, all_rules: &[ServiceRules<'_>]) -> Self {
        let tables = all_rules.iter().map(|rules| (rules.service.to_owned(), decision(policy, rules)));
        Self { tables: tables.collect(), prepared: Vec::new() }
    }

    fn decide(&self, service: &str, input: Variable) -> Verdict<'static> {
        let response = ready(self.tables[service].evaluate(input)).unwrap();
        Verdict::plain(matches!(response.result.dot("permitted"), Some(Variable::Bool(true))))
    }
}

fn decision(policy: &Policy, rules: &ServiceRules<'_>) -> Decision {
    let attributes = policy.attributes().iter().map(|attribute| attribute.name.replace('-', "_"));
    let inputs: Vec<Value> =
        attributes.map(|name| json!({ "id": name, "name": name, "field": name })).collect();
    let row_of = |rule_box| row(policy, rule_box);
    let forbids = rules.forbids.iter().map(row_of).chain(undeclared_row(rules));
    let boxes = forbids.chain(rules.permits.iter().map(row_of));
    let mut rows: Vec<Value> = boxes.chain([json!({ "permitted": "false" })]).collect();
    for (index, row) in rows.iter_mut().enumerate() {
        row["_id"] = json!(index.to_string());
    }
    let content: GraphContent = serde_json::from_value(json!({
        "nodes": [
            { "id": "in", "name": "in", "type": "inputNode", "content": {} },
            { "id": "table", "name": "table", "type": "decisionTableNode", "content": {
                "hitPolicy": "first",
                "inputs": inputs,
                "outputs": [{ "id": "permitted", "name": "permitted", "field": "permitted" }],
                "rules": rows,
            }},
            { "id": "out", "name": "out", "type": "outputNode", "content": {} },
        ],
        "edges": [
            { "id": "1", "sourceId": "in", "targetId": "table" },
            { "id": "2", "sourceId": "table", "targetId": "out" },
        ],
    }))
    .unwrap();
    let mut decision = Decision::from(Arc::new(content));
    decision.compile();
    decision
}

/// A box as a row, with a cell for each attribute that has a constraint
fn row(policy: &Policy, rule_box: &RuleBox<'_>) -> Value {
    let mut cells = Map::new();
    for (attribute, constraint) in policy.attributes().iter().zip(&rule_box.constraints) {
        if let Some(cell) = cell(constraint) {
            cells.insert(attribute.name.replace('-', "_"), json!(cell));
        }
    }
    cells.insert("permitted".to_owned(), json!((rule_box.rule.effect == Effect::Permit).to_string()));
    cells.into()
}

/// The row that refuses fields which the service does not declare
fn undeclared_row(rules: &ServiceRules<'_>) -> Option<Value> {
    let declared = rules.declared.as_ref()?;
    Some(json!({ "fields": format!("some($, # not in [{}])", list(declared)), "permitted": "false" }))
}

/// The constraint on one attribute as a unary test; `None` if there is none
fn cell(constraint: &Constraint<'_>) -> Option<String> {
    match constraint {
        Constraint::Any => None,
        Constraint::OneOf(values) => Some(list(values)),
        Constraint::Set(tests) => {
            let unary_test = |(test, values): &(Test, Vec<&str>)| {
                let (list, count) = (list(values), values.len());
                match test {
                    Test::Any => "true".to_owned(),
                    Test::In => format!("some($, # in [{list}])"),
                    Test::Not | Test::Excludes => format!("none($, # in [{list}])"),
                    Test::Only => format!("len($) > 0 and all($, # in [{list}])"),
                    Test::Includes => format!("count($, # in [{list}]) == {count}"),
                    Test::Exactly if values.is_empty() => "len($) == 0".to_owned(),
                    Test::Exactly => format!("len($) == {count} and all($, # in [{list}])"),
                }
            };
            Some(tests.iter().map(unary_test).collect::<Vec<_>>().join(" and "))
        }
    }
}

fn list(values: &[&str]) -> String {
    format!("\"{}\"", values.join("\", \""))
}

fn input(message: &Message<'_>) -> Variable {
    let text = |value: &str| Variable::String(value.into());
    let members = NAMES.iter().zip(message.fact_values()).map(|(name, fact)| {
        let value = match fact {
            FactRef::Value(value) => text(value),
            FactRef::Set(values) => Variable::from_array(values.iter().copied().map(text).collect()),
        };
        (Variable::key(name), value)
    });
    Variable::from_object(members.collect())
}

/// The attributes, by names that an expression can contain
const NAMES: [&str; ATTRIBUTES.len()] = [
    "role",
    "fields",
    "relation",
    "status",
    "device",
    "generation",
    "variant",
    "timing",
    "other_device",
    "other_status",
    "schedules",
    "credential",
    "log_change",
    "pathway",
];

impl Engine for Zen {
    fn name(&self) -> &'static str {
        "zen, a decision table per service"
    }

    fn prepare(&mut self, messages: &[Message<'_>]) {
        self.prepared = messages.iter().map(|message| (message.service.to_owned(), input(message))).collect();
    }

    fn prebuilt(&mut self, index: usize) -> Verdict<'_> {
        let (service, input) = &self.prepared[index];
        self.decide(service, input.clone())
    }

    fn strings(&mut self, message: &Message<'_>) -> Verdict<'_> {
        self.decide(message.service, input(message))
    }
}

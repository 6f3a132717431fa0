//! Zen: a decision table with a row a box, the forbids first, and an answer behind all of them; a table for each service, or
//! one with a column for the service.

use std::collections::HashMap;
use std::sync::Arc;

use meterwarden::policy::{Effect, Policy, Test};
use serde_json::{Map, Value, json};
use zen_engine::model::GraphContent;
use zen_engine::{Decision, Variable};

use super::ready;
use crate::engine::{Engine, Verdict};
use crate::law::{Law, RuleBox, Wants};
use crate::message::{ATTRIBUTES, Message, Said};

pub(crate) struct Zen {
    /// A table for each service.
    tables: HashMap<String, Decision>,
    prepared: Vec<(String, Variable)>,
}

impl Zen {
    pub(crate) fn new(policy: &Policy, laws: &[Law<'_>]) -> Self {
        let tables = laws.iter().map(|law| (law.service.to_owned(), decision(policy, law)));
        Self { tables: tables.collect(), prepared: Vec::new() }
    }

    fn decide(&self, service: &str, input: Variable) -> Verdict<'static> {
        let response = ready(self.tables[service].evaluate(input)).unwrap();
        Verdict::plain(matches!(response.result.dot("permitted"), Some(Variable::Bool(true))))
    }
}

fn decision(policy: &Policy, law: &Law<'_>) -> Decision {
    let attributes = policy.attributes().iter().map(|attribute| attribute.name.replace('-', "_"));
    let inputs: Vec<Value> =
        attributes.map(|name| json!({ "id": name, "name": name, "field": name })).collect();
    let boxes = law.forbids.iter().map(|one| row(policy, one)).chain(undeclared(law));
    let boxes = boxes.chain(law.permits.iter().map(|one| row(policy, one)));
    let mut rows: Vec<Value> = boxes.chain([json!({ "permitted": "false" })]).collect();
    for (nth, row) in rows.iter_mut().enumerate() {
        row["_id"] = json!(nth.to_string());
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

/// A box as a row, a cell for each attribute of which something is asked.
fn row(policy: &Policy, one: &RuleBox<'_>) -> Value {
    let mut cells = Map::new();
    for (attribute, wants) in policy.attributes().iter().zip(&one.wants) {
        if let Some(cell) = cell(wants) {
            cells.insert(attribute.name.replace('-', "_"), json!(cell));
        }
    }
    cells.insert("permitted".to_owned(), json!((one.rule.effect == Effect::Permit).to_string()));
    cells.into()
}

/// An element that the service does not declare is never permitted.
fn undeclared(law: &Law<'_>) -> Option<Value> {
    let declared = law.declared.as_ref()?;
    Some(json!({ "fields": format!("some($, # not in [{}])", list(declared)), "permitted": "false" }))
}

/// What is asked of one attribute, as a unary test.
fn cell(wants: &Wants<'_>) -> Option<String> {
    match wants {
        Wants::Anything => None,
        Wants::OneOf(values) => Some(list(values)),
        Wants::Set(tests) => {
            let one = |(test, values): &(Test, Vec<&str>)| {
                let (list, all) = (list(values), values.len());
                match test {
                    Test::Any => "true".to_owned(),
                    Test::In => format!("some($, # in [{list}])"),
                    Test::Not | Test::Excludes => format!("none($, # in [{list}])"),
                    Test::Only => format!("len($) > 0 and all($, # in [{list}])"),
                    Test::Includes => format!("count($, # in [{list}]) == {all}"),
                    Test::Exactly if values.is_empty() => "len($) == 0".to_owned(),
                    Test::Exactly => format!("len($) == {all} and all($, # in [{list}])"),
                }
            };
            Some(tests.iter().map(one).collect::<Vec<_>>().join(" and "))
        }
    }
}

fn list(values: &[&str]) -> String {
    format!("\"{}\"", values.join("\", \""))
}

fn input(message: &Message<'_>) -> Variable {
    let text = |value: &str| Variable::String(value.into());
    let members = NAMES.iter().zip(message.said()).map(|(name, said)| {
        let value = match said {
            Said::One(value) => text(value),
            Said::Set(values) => Variable::from_array(values.iter().copied().map(text).collect()),
        };
        (Variable::key(name), value)
    });
    Variable::from_object(members.collect())
}

/// The attributes by names that an expression may hold.
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
        "zen, a decision table a service"
    }

    fn prepare(&mut self, messages: &[Message<'_>]) {
        self.prepared = messages.iter().map(|message| (message.service.to_owned(), input(message))).collect();
    }

    fn prebuilt(&mut self, nth: usize) -> Verdict<'_> {
        let (service, input) = &self.prepared[nth];
        self.decide(service, input.clone())
    }

    fn strings(&mut self, message: &Message<'_>) -> Verdict<'_> {
        self.decide(message.service, input(message))
    }
}

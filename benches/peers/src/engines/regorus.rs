//! Rego, run by the virtual machine of `regorus`: a module for each service, in which each box is a rule body; or one
//! module for all services, which reads the boxes as data.

use std::collections::BTreeMap;
use std::fmt::Write;

use meterwarden::policy::{Policy, Test};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine as Rego, Value};
use serde_json::json;

use crate::engine::{Engine, Verdict};
use crate::message::{ATTRIBUTES, FactRef, Message};
use crate::service_rules::{Constraint, RuleBox, ServiceRules};

pub(crate) struct Regorus {
    name: &'static str,
    /// One for each service, or one for all services
    machines: Vec<RegoVM>,
    /// For each service, the index of the machine that decides it
    services: BTreeMap<String, usize>,
    /// The names of the members of an input: the service, then the attributes
    names: Vec<Value>,
    prepared: Vec<(Value, usize)>,
}

impl Regorus {
    /// The engine with a module for each service
    pub(crate) fn rules(policy: &Policy, all_rules: &[ServiceRules<'_>]) -> Self {
        let machines = all_rules.iter().map(|rules| machine(module(policy, rules), None));
        Self::new("regorus, a module of rules per service", all_rules, machines.collect())
    }

    /// The engine with one generic rule over a table
    pub(crate) fn table(policy: &Policy, all_rules: &[ServiceRules<'_>]) -> Self {
        let machine = machine(GENERIC.to_owned(), Some(Value::from(table(policy, all_rules))));
        Self::new("regorus, one rule over a table", all_rules, vec![machine])
    }

    fn new(name: &'static str, all_rules: &[ServiceRules<'_>], machines: Vec<RegoVM>) -> Self {
        let machine_index = |index: usize| if machines.len() == 1 { 0 } else { index };
        let services = all_rules
            .iter()
            .enumerate()
            .map(|(index, rules)| (rules.service.to_owned(), machine_index(index)));
        Self {
            name,
            services: services.collect(),
            machines,
            names: ["service"].into_iter().chain(ATTRIBUTES).map(Value::from).collect(),
            prepared: Vec::new(),
        }
    }

    fn input(&self, message: &Message<'_>) -> (Value, usize) {
        let facts = [FactRef::Value(message.service)].into_iter().chain(message.fact_values());
        let members = self.names.iter().zip(facts).map(|(name, fact)| {
            let value = match fact {
                FactRef::Value(value) => Value::from(value),
                FactRef::Set(values) => {
                    Value::from(values.iter().copied().map(Value::from).collect::<Vec<_>>())
                }
            };
            (name.clone(), value)
        });
        (Value::from(members.collect::<BTreeMap<_, _>>()), self.services[message.service])
    }

    fn decide(&mut self, (input, machine): (Value, usize)) -> Verdict<'static> {
        let machine = &mut self.machines[machine];
        machine.set_input(input);
        Verdict::plain(machine.execute().unwrap() == Value::from(true))
    }
}

/// The rule that decides, in every module
const ALLOW: &str = "data.store.allow";

fn machine(module: String, data: Option<Value>) -> RegoVM {
    let mut rego = Rego::new();
    rego.add_policy("store.rego".to_owned(), module.clone())
        .unwrap_or_else(|error| panic!("{error}\n{module}"));
    if let Some(data) = data.clone() {
        rego.add_data(data).unwrap();
    }
    let compiled = rego.compile_with_entrypoint(&ALLOW.into()).unwrap();
    let program = Compiler::compile_from_policy(&compiled, &[ALLOW]).unwrap();
    let mut machine = RegoVM::new();
    machine.load_program(program);
    if let Some(data) = data {
        machine.set_data(data).unwrap();
    }
    machine
}

/// The rules of a service as a module
fn module(policy: &Policy, rules: &ServiceRules<'_>) -> String {
    let mut text = String::from("package store\n\nimport rego.v1\n\ndefault allow := false\n\n");
    let mut refusals: Vec<String> = rules
        .forbids
        .iter()
        .map(|rule_box| body(policy, rule_box))
        .map(|body| format!("refused if {{ {body} }}\n"))
        .collect();
    if let Some(declared) = &rules.declared {
        refusals
            .push(format!("refused if {{ some field in input.fields; not field in {} }}\n", set(declared)));
    }
    if !rules.permits.is_empty() {
        let refused = if refusals.is_empty() { "" } else { "; not refused" };
        let _ = writeln!(text, "allow if {{ permitted{refused} }}\n");
    }
    for rule_box in &rules.permits {
        let _ = writeln!(text, "permitted if {{ {} }}", body(policy, rule_box));
    }
    text.extend(refusals);
    text
}

/// A box as the body of a rule
fn body(policy: &Policy, rule_box: &RuleBox<'_>) -> String {
    let constraints = policy.attributes().iter().zip(&rule_box.constraints);
    let expressions: Vec<String> =
        constraints.filter_map(|(attribute, constraint)| expressions(&attribute.name, constraint)).collect();
    if expressions.is_empty() { "true".to_owned() } else { expressions.join("; ") }
}

/// The constraint on one attribute as expressions; `None` if there is none
fn expressions(name: &str, constraint: &Constraint<'_>) -> Option<String> {
    let stated = format!("input[\"{name}\"]");
    match constraint {
        Constraint::Any => None,
        Constraint::OneOf(values) => Some(format!("{stated} in {}", set(values))),
        Constraint::Set(tests) => {
            // Each test needs a variable of its own.
            let passes = |(index, (test, values)): (usize, &(Test, Vec<&str>))| {
                let (list, member) = (set(values), format!("{}{index}", name.replace('-', "_")));
                match test {
                    Test::Any => "true".to_owned(),
                    Test::In => format!("some {member} in {stated}; {member} in {list}"),
                    Test::Not | Test::Excludes => {
                        format!("every {member} in {stated} {{ not {member} in {list} }}")
                    }
                    Test::Only => {
                        format!("count({stated}) > 0; every {member} in {stated} {{ {member} in {list} }}")
                    }
                    Test::Includes => format!("every {member} in {list} {{ {member} in {stated} }}"),
                    Test::Exactly => format!("{{ {member} | some {member} in {stated} }} == {list}"),
                }
            };
            Some(tests.iter().enumerate().map(passes).collect::<Vec<_>>().join("; "))
        }
    }
}

fn set(values: &[&str]) -> String {
    match values {
        [] => "set()".to_owned(),
        values => format!("{{\"{}\"}}", values.join("\", \"")),
    }
}

/// Reads the boxes of the service from `data`. `takes` uses the negation of `misses` instead of `every`: in version
/// 0.14.1, an `every` passes in the virtual machine, though not in the interpreter, if an earlier value fails and the
/// last does not.
const GENERIC: &str = r#"
package store

import rego.v1

default allow := false

allow if { permitted; not refused }

permitted if { some box in data.permits[input.service]; takes(box) }

refused if { some box in data.forbids[input.service]; takes(box) }

refused if {
    declared := data.declared[input.service]
    some field in input.fields
    not declared[field]
}

takes(box) if not misses(box)

misses(box) if { some name, values in box.values; not values[input[name]] }

misses(box) if { some test in box.tests; not holds(test, input[test.name]) }

holds(test, stated) if { test.is == "in"; some value in stated; test.values[value] }

holds(test, stated) if { test.is == "excludes"; every value in stated { not test.values[value] } }

holds(test, stated) if { test.is == "only"; count(stated) > 0; not beyond(test, stated) }

holds(test, stated) if { test.is == "includes"; every value, _ in test.values { value in stated } }

holds(test, stated) if { test.is == "exactly"; count(stated) == count(test.values); not beyond(test, stated) }

beyond(test, stated) if { some value in stated; not test.values[value] }
"#;

/// The rules as data. A list of values is an object with a member for each value, so that a lookup is not a search.
fn table(policy: &Policy, all_rules: &[ServiceRules<'_>]) -> serde_json::Value {
    let list = |values: &[&str]| -> serde_json::Value {
        values
            .iter()
            .map(|value| ((*value).to_owned(), json!(true)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let box_data = |rule_box: &RuleBox<'_>| {
        let mut values = serde_json::Map::new();
        let mut tests = Vec::new();
        for (attribute, constraint) in policy.attributes().iter().zip(&rule_box.constraints) {
            match constraint {
                Constraint::Any => {}
                Constraint::OneOf(names) => drop(values.insert(attribute.name.clone(), list(names))),
                Constraint::Set(set_tests) => tests.extend(set_tests.iter().map(|(test, names)| {
                    let is = match test {
                        Test::Any => panic!("`any` is no constraint"),
                        Test::In => "in",
                        Test::Not | Test::Excludes => "excludes",
                        Test::Only => "only",
                        Test::Includes => "includes",
                        Test::Exactly => "exactly",
                    };
                    json!({ "name": attribute.name, "is": is, "values": list(names) })
                })),
            }
        }
        json!({ "values": values, "tests": tests })
    };
    let by_service =
        |boxes: for<'l, 'p> fn(&'l ServiceRules<'p>) -> &'l Vec<RuleBox<'p>>| -> serde_json::Value {
            let services = all_rules.iter().map(|rules| {
                (rules.service.to_owned(), boxes(rules).iter().map(box_data).collect::<Vec<_>>().into())
            });
            services.collect::<serde_json::Map<_, _>>().into()
        };
    let declared =
        all_rules.iter().filter_map(|rules| Some((rules.service.to_owned(), list(rules.declared.as_ref()?))));
    json!({
        "permits": by_service(|rules| &rules.permits),
        "forbids": by_service(|rules| &rules.forbids),
        "declared": declared.collect::<serde_json::Map<_, _>>(),
    })
}

impl Engine for Regorus {
    fn name(&self) -> &'static str {
        self.name
    }

    fn prepare(&mut self, messages: &[Message<'_>]) {
        self.prepared = messages.iter().map(|message| self.input(message)).collect();
    }

    fn prebuilt(&mut self, index: usize) -> Verdict<'_> {
        let (input, machine) = &self.prepared[index];
        self.decide((input.clone(), *machine))
    }

    fn strings(&mut self, message: &Message<'_>) -> Verdict<'_> {
        let input = self.input(message);
        self.decide(input)
    }

    fn json(&mut self, line: &str) -> Verdict<'_> {
        let input = Value::from_json_str(line).unwrap();
        let machine = self.services[&**input["service"].as_string().unwrap()];
        self.decide((input, machine))
    }
}

//! Rego, run by the virtual machine of `regorus`: a module a service, in which a box is a rule body; or one module for all
//! services, which goes through the boxes as data.

use std::collections::BTreeMap;
use std::fmt::Write;

use meterwarden::policy::{Policy, Test};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::vm::RegoVM;
use regorus::{Engine as Rego, Value};
use serde_json::json;

use crate::engine::{Engine, Verdict};
use crate::law::{Law, RuleBox, Wants};
use crate::message::{ATTRIBUTES, Message, Said};

pub(crate) struct Regorus {
    name: &'static str,
    /// One for each service, or one for all.
    machines: Vec<RegoVM>,
    /// Which machine decides a service.
    services: BTreeMap<String, usize>,
    /// The names of the members of an input: the service, then the attributes.
    names: Vec<Value>,
    prepared: Vec<(Value, usize)>,
}

impl Regorus {
    /// A module a service.
    pub(crate) fn rules(policy: &Policy, laws: &[Law<'_>]) -> Self {
        let machines = laws.iter().map(|law| machine(module(policy, law), None));
        Self::new("regorus, a module of rules a service", laws, machines.collect())
    }

    /// One generic rule over a table.
    pub(crate) fn table(policy: &Policy, laws: &[Law<'_>]) -> Self {
        let machine = machine(GENERIC.to_owned(), Some(Value::from(table(policy, laws))));
        Self::new("regorus, one rule over a table", laws, vec![machine])
    }

    fn new(name: &'static str, laws: &[Law<'_>], machines: Vec<RegoVM>) -> Self {
        let machine = |nth: usize| if machines.len() == 1 { 0 } else { nth };
        let services = laws.iter().enumerate().map(|(nth, law)| (law.service.to_owned(), machine(nth)));
        Self {
            name,
            services: services.collect(),
            machines,
            names: ["service"].into_iter().chain(ATTRIBUTES).map(Value::from).collect(),
            prepared: Vec::new(),
        }
    }

    fn input(&self, message: &Message<'_>) -> (Value, usize) {
        let said = [Said::One(message.service)].into_iter().chain(message.said());
        let members = self.names.iter().zip(said).map(|(name, said)| {
            let value = match said {
                Said::One(value) => Value::from(value),
                Said::Set(values) => Value::from(values.iter().copied().map(Value::from).collect::<Vec<_>>()),
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

/// The rule of every module that decides.
const ALLOW: &str = "data.store.allow";

fn machine(module: String, data: Option<Value>) -> RegoVM {
    let mut rego = Rego::new();
    rego.add_policy("store.rego".to_owned(), module.clone()).unwrap_or_else(|why| panic!("{why}\n{module}"));
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

/// A service's rules as a module.
fn module(policy: &Policy, law: &Law<'_>) -> String {
    let mut text = String::from("package store\n\nimport rego.v1\n\ndefault allow := false\n\n");
    let mut refusals: Vec<String> = law
        .forbids
        .iter()
        .map(|one| body(policy, one))
        .map(|body| format!("refused if {{ {body} }}\n"))
        .collect();
    if let Some(declared) = &law.declared {
        refusals
            .push(format!("refused if {{ some field in input.fields; not field in {} }}\n", set(declared)));
    }
    if !law.permits.is_empty() {
        let refused = if refusals.is_empty() { "" } else { "; not refused" };
        let _ = writeln!(text, "allow if {{ permitted{refused} }}\n");
    }
    for one in &law.permits {
        let _ = writeln!(text, "permitted if {{ {} }}", body(policy, one));
    }
    text.extend(refusals);
    text
}

fn body(policy: &Policy, one: &RuleBox<'_>) -> String {
    let wants = policy.attributes().iter().zip(&one.wants);
    let asked: Vec<String> = wants.filter_map(|(attribute, wants)| asked(&attribute.name, wants)).collect();
    if asked.is_empty() { "true".to_owned() } else { asked.join("; ") }
}

/// What is asked of one attribute, as expressions.
fn asked(name: &str, wants: &Wants<'_>) -> Option<String> {
    let said = format!("input[\"{name}\"]");
    match wants {
        Wants::Anything => None,
        Wants::OneOf(values) => Some(format!("{said} in {}", set(values))),
        Wants::Set(tests) => {
            let one = |(nth, (test, values)): (usize, &(Test, Vec<&str>))| {
                let (list, one) = (set(values), format!("{}{nth}", name.replace('-', "_")));
                match test {
                    Test::Any => "true".to_owned(),
                    Test::In => format!("some {one} in {said}; {one} in {list}"),
                    Test::Not | Test::Excludes => format!("every {one} in {said} {{ not {one} in {list} }}"),
                    Test::Only => format!("count({said}) > 0; every {one} in {said} {{ {one} in {list} }}"),
                    Test::Includes => format!("every {one} in {list} {{ {one} in {said} }}"),
                    Test::Exactly => format!("{{ {one} | some {one} in {said} }} == {list}"),
                }
            };
            Some(tests.iter().enumerate().map(one).collect::<Vec<_>>().join("; "))
        }
    }
}

fn set(values: &[&str]) -> String {
    match values {
        [] => "set()".to_owned(),
        values => format!("{{\"{}\"}}", values.join("\", \"")),
    }
}

/// Goes through the boxes of the service in `data`. `takes` says what fails, and not `every`: version 0.14.1 lets an `every`
/// pass in the virtual machine, though not in its interpreter, where an earlier value failed and the last does not.
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

holds(test, said) if { test.is == "in"; some value in said; test.values[value] }

holds(test, said) if { test.is == "excludes"; every value in said { not test.values[value] } }

holds(test, said) if { test.is == "only"; count(said) > 0; not beyond(test, said) }

holds(test, said) if { test.is == "includes"; every value, _ in test.values { value in said } }

holds(test, said) if { test.is == "exactly"; count(said) == count(test.values); not beyond(test, said) }

beyond(test, said) if { some value in said; not test.values[value] }
"#;

/// The rules as data; a list of values is an object with a member for each, so that looking one up is not a search.
fn table(policy: &Policy, laws: &[Law<'_>]) -> serde_json::Value {
    let list = |values: &[&str]| -> serde_json::Value {
        values
            .iter()
            .map(|value| ((*value).to_owned(), json!(true)))
            .collect::<serde_json::Map<_, _>>()
            .into()
    };
    let one = |one: &RuleBox<'_>| {
        let mut values = serde_json::Map::new();
        let mut tests = Vec::new();
        for (attribute, wants) in policy.attributes().iter().zip(&one.wants) {
            match wants {
                Wants::Anything => {}
                Wants::OneOf(names) => drop(values.insert(attribute.name.clone(), list(names))),
                Wants::Set(asked) => tests.extend(asked.iter().map(|(test, names)| {
                    let is = match test {
                        Test::Any => panic!("`any` asks nothing"),
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
    let all = |boxes: for<'l, 'p> fn(&'l Law<'p>) -> &'l Vec<RuleBox<'p>>| -> serde_json::Value {
        let services = laws
            .iter()
            .map(|law| (law.service.to_owned(), boxes(law).iter().map(one).collect::<Vec<_>>().into()));
        services.collect::<serde_json::Map<_, _>>().into()
    };
    let declared = laws.iter().filter_map(|law| Some((law.service.to_owned(), list(law.declared.as_ref()?))));
    json!({
        "permits": all(|law| &law.permits),
        "forbids": all(|law| &law.forbids),
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

    fn prebuilt(&mut self, nth: usize) -> Verdict<'_> {
        let (input, machine) = &self.prepared[nth];
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

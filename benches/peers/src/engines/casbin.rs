//! Casbin: a row for each box, in an enforcer for each service. The matcher tests the attributes in check order. The
//! constraint of a row on an attribute is a text; a function of this file evaluates it.

use std::collections::HashMap;

use casbin::function_map::OperatorFunction;
use casbin::rhai::Dynamic;
use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use meterwarden::policy::{Effect, Policy, Test};

use super::ready;
use crate::engine::{Engine, Verdict};
use crate::message::{ATTRIBUTES, FactRef, Message};
use crate::service_rules::{Constraint, RuleBox, ServiceRules};

pub(crate) struct Casbin {
    enforcers: HashMap<String, Enforcer>,
    prepared: Vec<(String, Vec<String>)>,
}

impl Casbin {
    pub(crate) fn new(policy: &Policy, all_rules: &[ServiceRules<'_>]) -> Self {
        let enforcers = all_rules.iter().map(|rules| (rules.service.to_owned(), enforcer(policy, rules)));
        Self { enforcers: enforcers.collect(), prepared: Vec::new() }
    }

    fn decide(&self, service: &str, values: Vec<String>) -> Verdict<'static> {
        Verdict::plain(self.enforcers[service].enforce(values).unwrap())
    }
}

fn enforcer(policy: &Policy, rules: &ServiceRules<'_>) -> Enforcer {
    let tokens: Vec<String> = ATTRIBUTES.iter().map(|name| name.replace('-', "_")).collect();
    let clauses: Vec<String> = policy
        .attributes()
        .iter()
        .zip(&tokens)
        .map(|(attribute, token)| {
            let function = if attribute.set { "holds" } else { "among" };
            format!("(p.{token} == \"*\" || {function}(r.{token}, p.{token}))")
        })
        .collect();
    let (tokens, matcher) = (tokens.join(", "), clauses.join(" && "));
    let model = format!(
        "[request_definition]\nr = {tokens}\n\n[policy_definition]\np = {tokens}, eft\n\n[policy_effect]\n\
         e = some(where (p.eft == allow)) && !some(where (p.eft == deny))\n\n[matchers]\nm = {matcher}\n"
    );
    let model = ready(DefaultModel::from_str(&model)).unwrap();
    let mut enforcer = ready(Enforcer::new(model, MemoryAdapter::default())).unwrap();
    enforcer.add_function("among", OperatorFunction::Arg2(among));
    enforcer.add_function("holds", OperatorFunction::Arg2(holds));
    let boxes = rules.forbids.iter().chain(&rules.permits);
    let mut rows: Vec<Vec<String>> = boxes.map(row).collect();
    if let Some(declared) = &rules.declared {
        let mut row = vec!["*".to_owned(); ATTRIBUTES.len()];
        // `fields` is the second attribute.
        row[1] = format!("beyond{}", list(declared));
        row.push("deny".to_owned());
        rows.push(row);
    }
    assert!(ready(enforcer.add_policies(rows)).unwrap(), "{}: two rows are the same", rules.service);
    enforcer
}

/// The constraints of a box, and its effect
fn row(rule_box: &RuleBox<'_>) -> Vec<String> {
    let constraints = rule_box.constraints.iter().map(|constraint| match constraint {
        Constraint::Any => "*".to_owned(),
        Constraint::OneOf(values) => list(values),
        Constraint::Set(tests) => {
            let [(test, values)] = &tests[..] else { panic!("two clauses on one set are not supported") };
            let test = match test {
                Test::Any => panic!("`any` is no constraint"),
                Test::In => "in",
                Test::Not | Test::Excludes => "excludes",
                Test::Only => "only",
                Test::Includes => "includes",
                Test::Exactly => "exactly",
            };
            format!("{test}{}", list(values))
        }
    });
    let effect = if rule_box.rule.effect == Effect::Permit { "allow" } else { "deny" };
    constraints.chain([effect.to_owned()]).collect()
}

/// `|IS|GS|`
fn list(values: &[&str]) -> String {
    values.iter().fold("|".to_owned(), |list, value| list + *value + "|")
}

/// Whether a value is in a list
fn among(stated: Dynamic, list: Dynamic) -> Dynamic {
    let (stated, list) = (stated.into_immutable_string().unwrap(), list.into_immutable_string().unwrap());
    list.split('|').any(|value| value == stated.as_str()).into()
}

/// Whether a set passes a test
fn holds(stated: Dynamic, test: Dynamic) -> Dynamic {
    let (stated, test) = (stated.into_immutable_string().unwrap(), test.into_immutable_string().unwrap());
    let (test, list) = test.split_once('|').unwrap();
    let stated: Vec<&str> = stated.split('|').filter(|value| !value.is_empty()).collect();
    let list: Vec<&str> = list.split('|').filter(|value| !value.is_empty()).collect();
    let is_within_list = stated.iter().all(|value| list.contains(value));
    let meets_list = stated.iter().any(|value| list.contains(value));
    let includes_list = list.iter().all(|value| stated.contains(value));
    match test {
        "in" => meets_list,
        "excludes" => !meets_list,
        "only" => !stated.is_empty() && is_within_list,
        "includes" => includes_list,
        "exactly" => is_within_list && includes_list,
        "beyond" => !is_within_list,
        _ => panic!("no test: {test}"),
    }
    .into()
}

/// The facts of a message as texts
fn fact_texts(message: &Message<'_>) -> Vec<String> {
    let texts = message.fact_values().into_iter().map(|fact| match fact {
        FactRef::Value(value) => value.to_owned(),
        FactRef::Set(values) => list(values),
    });
    texts.collect()
}

impl Engine for Casbin {
    fn name(&self) -> &'static str {
        "casbin, an enforcer per service"
    }

    fn prepare(&mut self, messages: &[Message<'_>]) {
        self.prepared =
            messages.iter().map(|message| (message.service.to_owned(), fact_texts(message))).collect();
    }

    fn prebuilt(&mut self, index: usize) -> Verdict<'_> {
        let (service, values) = &self.prepared[index];
        self.decide(service, values.clone())
    }

    fn strings(&mut self, message: &Message<'_>) -> Verdict<'_> {
        self.decide(message.service, fact_texts(message))
    }
}

//! Casbin: a row a box, in an enforcer for each service. The matcher goes through the attributes in checking order; what a
//! row asks of one is a text, which a function of ours reads.

use std::collections::HashMap;

use casbin::function_map::OperatorFunction;
use casbin::rhai::Dynamic;
use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi};
use meterwarden::policy::{Effect, Policy, Test};

use super::ready;
use crate::engine::{Engine, Verdict};
use crate::law::{Law, RuleBox, Wants};
use crate::message::{ATTRIBUTES, Message, Said};

pub(crate) struct Casbin {
    enforcers: HashMap<String, Enforcer>,
    prepared: Vec<(String, Vec<String>)>,
}

impl Casbin {
    pub(crate) fn new(policy: &Policy, laws: &[Law<'_>]) -> Self {
        let enforcers = laws.iter().map(|law| (law.service.to_owned(), enforcer(policy, law)));
        Self { enforcers: enforcers.collect(), prepared: Vec::new() }
    }

    fn decide(&self, service: &str, said: Vec<String>) -> Verdict<'static> {
        Verdict::plain(self.enforcers[service].enforce(said).unwrap())
    }
}

fn enforcer(policy: &Policy, law: &Law<'_>) -> Enforcer {
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
    let boxes = law.forbids.iter().chain(&law.permits);
    let mut rows: Vec<Vec<String>> = boxes.map(row).collect();
    if let Some(declared) = &law.declared {
        let mut row = vec!["*".to_owned(); ATTRIBUTES.len()];
        row[1] = format!("beyond{}", list(declared));
        row.push("deny".to_owned());
        rows.push(row);
    }
    assert!(ready(enforcer.add_policies(rows)).unwrap(), "{}: two rows are the same", law.service);
    enforcer
}

/// What a box asks of each attribute, and its effect.
fn row(one: &RuleBox<'_>) -> Vec<String> {
    let asked = one.wants.iter().map(|wants| match wants {
        Wants::Anything => "*".to_owned(),
        Wants::OneOf(values) => list(values),
        Wants::Set(tests) => {
            let [(test, values)] = &tests[..] else { panic!("two clauses on one set") };
            let test = match test {
                Test::Any => panic!("`any` asks nothing"),
                Test::In => "in",
                Test::Not | Test::Excludes => "excludes",
                Test::Only => "only",
                Test::Includes => "includes",
                Test::Exactly => "exactly",
            };
            format!("{test}{}", list(values))
        }
    });
    let effect = if one.rule.effect == Effect::Permit { "allow" } else { "deny" };
    asked.chain([effect.to_owned()]).collect()
}

/// `|IS|GS|`
fn list(values: &[&str]) -> String {
    values.iter().fold("|".to_owned(), |list, value| list + *value + "|")
}

/// Whether a value is in a list.
fn among(said: Dynamic, list: Dynamic) -> Dynamic {
    let (said, list) = (said.into_immutable_string().unwrap(), list.into_immutable_string().unwrap());
    list.split('|').any(|value| value == said.as_str()).into()
}

/// Whether a set passes a test.
fn holds(said: Dynamic, test: Dynamic) -> Dynamic {
    let (said, test) = (said.into_immutable_string().unwrap(), test.into_immutable_string().unwrap());
    let (test, list) = test.split_once('|').unwrap();
    let said: Vec<&str> = said.split('|').filter(|value| !value.is_empty()).collect();
    let list: Vec<&str> = list.split('|').filter(|value| !value.is_empty()).collect();
    let within = said.iter().all(|value| list.contains(value));
    let meets = said.iter().any(|value| list.contains(value));
    let whole = list.iter().all(|value| said.contains(value));
    match test {
        "in" => meets,
        "excludes" => !meets,
        "only" => !said.is_empty() && within,
        "includes" => whole,
        "exactly" => within && whole,
        "beyond" => !within,
        _ => panic!("no test: {test}"),
    }
    .into()
}

fn said(message: &Message<'_>) -> Vec<String> {
    let texts = message.said().into_iter().map(|said| match said {
        Said::One(value) => value.to_owned(),
        Said::Set(values) => list(values),
    });
    texts.collect()
}

impl Engine for Casbin {
    fn name(&self) -> &'static str {
        "casbin, an enforcer a service"
    }

    fn prepare(&mut self, messages: &[Message<'_>]) {
        self.prepared = messages.iter().map(|message| (message.service.to_owned(), said(message))).collect();
    }

    fn prebuilt(&mut self, nth: usize) -> Verdict<'_> {
        let (service, said) = &self.prepared[nth];
        self.decide(service, said.clone())
    }

    fn strings(&mut self, message: &Message<'_>) -> Verdict<'_> {
        self.decide(message.service, said(message))
    }
}

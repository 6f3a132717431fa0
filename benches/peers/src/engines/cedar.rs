//! Cedar: a policy a box. The role is the principal, the service the action, the Device Type the resource; the other
//! attributes are in the context. What a rule above the services covers is a group of actions.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use meterwarden::policy::{Policy, Test};

use crate::engine::{Engine, Verdict};
use crate::law::{Law, RuleBox, Wants};
use crate::message::{Message, Said};

pub(crate) struct Cedar {
    name: &'static str,
    authorizer: Authorizer,
    /// One for each service, or one for all.
    policies: Vec<PolicySet>,
    /// The actions, each in the groups of rules that cover it.
    entities: Entities,
    /// A service's action, and which of the policy sets decides it.
    services: HashMap<String, (EntityUid, usize)>,
    roles: HashMap<String, EntityUid>,
    devices: HashMap<String, EntityUid>,
    prepared: Vec<(Request, usize)>,
}

impl Cedar {
    /// A policy set for each service.
    pub(crate) fn sliced(policy: &Policy, laws: &[Law<'_>]) -> Self {
        let sets = laws.iter().map(|law| {
            let boxes = law.permits.iter().chain(&law.forbids);
            let text: String = boxes.map(|one| statement(policy, law, one)).chain(undeclared(law)).collect();
            PolicySet::from_str(&text).unwrap()
        });
        Self::new("cedar, a policy set a service", policy, laws, sets.collect())
    }

    /// All policies in one set.
    pub(crate) fn whole(policy: &Policy, laws: &[Law<'_>]) -> Self {
        let mut text = String::new();
        let mut known = HashSet::new();
        for law in laws {
            let boxes = law.permits.iter().chain(&law.forbids);
            for statement in boxes.map(|one| statement(policy, law, one)).chain(undeclared(law)) {
                // A rule above the services is the same for every service that it covers.
                if known.insert(statement.clone()) {
                    text.push_str(&statement);
                }
            }
        }
        Self::new("cedar, one policy set", policy, laws, vec![PolicySet::from_str(&text).unwrap()])
    }

    fn new(name: &'static str, policy: &Policy, laws: &[Law<'_>], policies: Vec<PolicySet>) -> Self {
        let set = |nth: usize| if policies.len() == 1 { 0 } else { nth };
        let services = laws.iter().enumerate();
        let services =
            services.map(|(nth, law)| (law.service.to_owned(), (uid("Action", law.service), set(nth))));
        let values = |attribute: &str, of: &str| {
            let values = policy.attribute(attribute).unwrap().values.iter();
            values.map(|value| (value.name.clone(), uid(of, &value.name))).collect()
        };
        let actions = laws.iter().map(|law| {
            let above = law.forbids.iter().chain(&law.permits).filter(|one| one.rule.service.is_none());
            let groups = above.map(|one| uid("Action", &one.rule.name)).collect();
            Entity::new_no_attrs(uid("Action", law.service), groups)
        });
        let groups: HashSet<&str> = policy.rules().iter().map(|rule| rule.name.as_str()).collect();
        let groups =
            groups.into_iter().map(|group| Entity::new_no_attrs(uid("Action", group), HashSet::new()));
        Self {
            name,
            authorizer: Authorizer::new(),
            entities: Entities::from_entities(actions.chain(groups), None).unwrap(),
            services: services.collect(),
            roles: values("role", "Role"),
            devices: values("device", "Device"),
            policies,
            prepared: Vec::new(),
        }
    }

    fn request(&self, message: &Message<'_>) -> (Request, usize) {
        let (action, set) = &self.services[message.service];
        let facts = message.facts().filter(|(name, _)| !matches!(*name, "role" | "device"));
        let text = |value: &str| RestrictedExpression::new_string(value.to_owned());
        let context = facts.map(|(name, said)| {
            let value = match said {
                Said::One(value) => text(value),
                Said::Set(values) => RestrictedExpression::new_set(values.iter().map(|value| text(value))),
            };
            (name.to_owned(), value)
        });
        let request = Request::new(
            self.roles[message.role].clone(),
            action.clone(),
            self.devices[message.device].clone(),
            Context::from_pairs(context).unwrap(),
            None,
        );
        (request.unwrap(), *set)
    }

    fn decide(&self, (request, set): &(Request, usize)) -> Verdict<'static> {
        let response = self.authorizer.is_authorized(request, &self.policies[*set], &self.entities);
        Verdict::plain(response.decision() == Decision::Allow)
    }
}

fn uid(of: &str, name: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(EntityTypeName::from_str(of).unwrap(), EntityId::new(name))
}

/// A box as a policy.
fn statement(policy: &Policy, law: &Law<'_>, one: &RuleBox<'_>) -> String {
    let effect = match one.rule.effect {
        meterwarden::policy::Effect::Permit => "permit",
        meterwarden::policy::Effect::Forbid => "forbid",
    };
    let action = match one.rule.service {
        Some(_) => format!("action == Action::\"{}\"", law.service),
        None => format!("action in Action::\"{}\"", one.rule.name),
    };
    let mut text = format!("{effect} (principal, {action}, resource)");
    let wants = policy.attributes().iter().zip(&one.wants);
    let conditions: Vec<String> =
        wants.filter_map(|(attribute, wants)| asked(&attribute.name, wants)).collect();
    if !conditions.is_empty() {
        let _ = write!(text, " when {{ {} }}", conditions.join(" && "));
    }
    text.push_str(";\n");
    text
}

/// An element that the service does not declare is never permitted.
fn undeclared(law: &Law<'_>) -> Option<String> {
    let declared = law.declared.as_ref()?;
    let (service, list) = (law.service, list(declared));
    Some(format!(
        "forbid (principal, action == Action::\"{service}\", resource) unless {{ {list}.containsAll(context[\"fields\"]) }};\n"
    ))
}

/// What is asked of one attribute, as an expression.
fn asked(name: &str, wants: &Wants<'_>) -> Option<String> {
    match wants {
        Wants::Anything => None,
        Wants::OneOf(values) => {
            let one = |value: &&str| match name {
                "role" => format!("principal == Role::\"{value}\""),
                "device" => format!("resource == Device::\"{value}\""),
                _ => format!("context[\"{name}\"] == \"{value}\""),
            };
            Some(any(values.iter().map(one)))
        }
        Wants::Set(tests) => {
            let said = format!("context[\"{name}\"]");
            let has = |value: &&str| format!("{said}.contains(\"{value}\")");
            let one = |(test, values): &(Test, Vec<&str>)| match test {
                Test::Any => "true".to_owned(),
                Test::In => any(values.iter().map(has)),
                Test::Not | Test::Excludes => format!("!{}", any(values.iter().map(has))),
                Test::Only => format!("!({said}.isEmpty()) && {}.containsAll({said})", list(values)),
                Test::Includes => format!("{said}.containsAll({})", list(values)),
                Test::Exactly => format!("{said} == {}", list(values)),
            };
            Some(tests.iter().map(one).collect::<Vec<_>>().join(" && "))
        }
    }
}

fn any(conditions: impl Iterator<Item = String>) -> String {
    format!("({})", conditions.collect::<Vec<_>>().join(" || "))
}

fn list(values: &[&str]) -> String {
    let values: Vec<String> = values.iter().map(|value| format!("\"{value}\"")).collect();
    format!("[{}]", values.join(", "))
}

impl Engine for Cedar {
    fn name(&self) -> &'static str {
        self.name
    }

    fn prepare(&mut self, messages: &[Message<'_>]) {
        self.prepared = messages.iter().map(|message| self.request(message)).collect();
    }

    fn prebuilt(&mut self, nth: usize) -> Verdict<'_> {
        self.decide(&self.prepared[nth])
    }

    fn strings(&mut self, message: &Message<'_>) -> Verdict<'_> {
        self.decide(&self.request(message))
    }
}

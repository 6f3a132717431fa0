//! Cedar: a policy for each box. The role is the principal, the service the action, and the Device Type the resource;
//! the other attributes are in the context. The services of a rule outside the services are a group of actions.

use std::collections::{HashMap, HashSet};
use std::fmt::Write;
use std::str::FromStr;

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityTypeName, EntityUid, PolicySet, Request,
    RestrictedExpression,
};
use meterwarden::policy::{Policy, Test};

use crate::engine::{Engine, Verdict};
use crate::message::{FactRef, Message};
use crate::service_rules::{Constraint, RuleBox, ServiceRules};

pub(crate) struct Cedar {
    name: &'static str,
    authorizer: Authorizer,
    /// One for each service, or one for all services
    policies: Vec<PolicySet>,
    /// The actions, each in the groups of the rules that cover it
    entities: Entities,
    /// For each service: its action, and the index of the policy set that decides it
    services: HashMap<String, (EntityUid, usize)>,
    roles: HashMap<String, EntityUid>,
    devices: HashMap<String, EntityUid>,
    prepared: Vec<(Request, usize)>,
}

impl Cedar {
    /// The engine with a policy set for each service
    pub(crate) fn sliced(policy: &Policy, all_rules: &[ServiceRules<'_>]) -> Self {
        let sets = all_rules.iter().map(|rules| {
            let boxes = rules.permits.iter().chain(&rules.forbids);
            let statements = boxes.map(|rule_box| statement(policy, rules, rule_box));
            let text: String = statements.chain(forbid_undeclared(rules)).collect();
            PolicySet::from_str(&text).unwrap()
        });
        Self::new("cedar, a policy set per service", policy, all_rules, sets.collect())
    }

    /// The engine with all policies in one set
    pub(crate) fn whole(policy: &Policy, all_rules: &[ServiceRules<'_>]) -> Self {
        let mut text = String::new();
        let mut written = HashSet::new();
        for rules in all_rules {
            let boxes = rules.permits.iter().chain(&rules.forbids);
            let statements = boxes.map(|rule_box| statement(policy, rules, rule_box));
            for statement in statements.chain(forbid_undeclared(rules)) {
                // A rule outside the services has the same statement for every service that it covers.
                if written.insert(statement.clone()) {
                    text.push_str(&statement);
                }
            }
        }
        Self::new("cedar, one policy set", policy, all_rules, vec![PolicySet::from_str(&text).unwrap()])
    }

    fn new(
        name: &'static str,
        policy: &Policy,
        all_rules: &[ServiceRules<'_>],
        policies: Vec<PolicySet>,
    ) -> Self {
        let set_index = |index: usize| if policies.len() == 1 { 0 } else { index };
        let services = all_rules.iter().enumerate();
        let services = services.map(|(index, rules)| {
            (rules.service.to_owned(), (uid("Action", rules.service), set_index(index)))
        });
        let values = |attribute: &str, entity_type: &str| {
            let values = policy.attribute(attribute).unwrap().values.iter();
            values.map(|value| (value.name.clone(), uid(entity_type, &value.name))).collect()
        };
        let actions = all_rules.iter().map(|rules| {
            let boxes = rules.forbids.iter().chain(&rules.permits);
            let boxes_outside_services = boxes.filter(|rule_box| rule_box.rule.service.is_none());
            let groups = boxes_outside_services.map(|rule_box| uid("Action", &rule_box.rule.name)).collect();
            Entity::new_no_attrs(uid("Action", rules.service), groups)
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
        let context = facts.map(|(name, fact)| {
            let value = match fact {
                FactRef::Value(value) => text(value),
                FactRef::Set(values) => RestrictedExpression::new_set(values.iter().map(|value| text(value))),
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

fn uid(entity_type: &str, name: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(EntityTypeName::from_str(entity_type).unwrap(), EntityId::new(name))
}

/// A box as a policy
fn statement(policy: &Policy, rules: &ServiceRules<'_>, rule_box: &RuleBox<'_>) -> String {
    let effect = match rule_box.rule.effect {
        meterwarden::policy::Effect::Permit => "permit",
        meterwarden::policy::Effect::Forbid => "forbid",
    };
    let action = match rule_box.rule.service {
        Some(_) => format!("action == Action::\"{}\"", rules.service),
        None => format!("action in Action::\"{}\"", rule_box.rule.name),
    };
    let mut text = format!("{effect} (principal, {action}, resource)");
    let constraints = policy.attributes().iter().zip(&rule_box.constraints);
    let conditions: Vec<String> =
        constraints.filter_map(|(attribute, constraint)| expression(&attribute.name, constraint)).collect();
    if !conditions.is_empty() {
        let _ = write!(text, " when {{ {} }}", conditions.join(" && "));
    }
    text.push_str(";\n");
    text
}

/// The policy that refuses fields which the service does not declare
fn forbid_undeclared(rules: &ServiceRules<'_>) -> Option<String> {
    let declared = rules.declared.as_ref()?;
    let (service, list) = (rules.service, list(declared));
    Some(format!(
        "forbid (principal, action == Action::\"{service}\", resource) unless {{ {list}.containsAll(context[\"fields\"]) }};\n"
    ))
}

/// The constraint on one attribute as an expression; `None` if there is none
fn expression(name: &str, constraint: &Constraint<'_>) -> Option<String> {
    match constraint {
        Constraint::Any => None,
        Constraint::OneOf(values) => {
            let equals = |value: &&str| match name {
                "role" => format!("principal == Role::\"{value}\""),
                "device" => format!("resource == Device::\"{value}\""),
                _ => format!("context[\"{name}\"] == \"{value}\""),
            };
            Some(any(values.iter().map(equals)))
        }
        Constraint::Set(tests) => {
            let stated = format!("context[\"{name}\"]");
            let contains = |value: &&str| format!("{stated}.contains(\"{value}\")");
            let passes = |(test, values): &(Test, Vec<&str>)| match test {
                Test::Any => "true".to_owned(),
                Test::In => any(values.iter().map(contains)),
                Test::Not | Test::Excludes => format!("!{}", any(values.iter().map(contains))),
                Test::Only => format!("!({stated}.isEmpty()) && {}.containsAll({stated})", list(values)),
                Test::Includes => format!("{stated}.containsAll({})", list(values)),
                Test::Exactly => format!("{stated} == {}", list(values)),
            };
            Some(tests.iter().map(passes).collect::<Vec<_>>().join(" && "))
        }
    }
}

/// Whether any of the conditions holds, as an expression
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

    fn prebuilt(&mut self, index: usize) -> Verdict<'_> {
        self.decide(&self.prepared[index])
    }

    fn strings(&mut self, message: &Message<'_>) -> Verdict<'_> {
        self.decide(&self.request(message))
    }
}

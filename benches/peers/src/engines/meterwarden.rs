//! `meterwarden`, by the same calls that a gateway makes

use meterwarden::{AttributeId, Outcome, Plan, Request, RequestIds};
use serde::de::DeserializeSeed;

use crate::engine::{Engine, Refusal, Verdict};
use crate::message::{ATTRIBUTES, FactRef, Message};

pub(crate) struct Meterwarden<'p> {
    plan: &'p Plan,
    /// The attributes of a message, looked up once
    attributes: [AttributeId; ATTRIBUTES.len()],
    prepared: Vec<RequestIds>,
}

impl<'p> Meterwarden<'p> {
    pub(crate) fn new(plan: &'p Plan) -> Self {
        Self {
            plan,
            attributes: ATTRIBUTES.map(|name| plan.attribute_id(name).unwrap()),
            prepared: Vec::new(),
        }
    }

    /// A message as the numbers of the plan
    fn resolve(&self, message: &Message<'_>) -> RequestIds {
        let plan = self.plan;
        let service = plan.service_id(message.service).unwrap();
        let mut request = plan.start(service, message.at);
        for (attribute, fact) in self.attributes.into_iter().zip(message.fact_values()) {
            request = request.with(match fact {
                FactRef::Value(value) => plan.value_id(attribute, value).unwrap(),
                FactRef::Set(values) => plan.set_id(service, attribute, values.iter().copied()).unwrap(),
            });
        }
        request
    }

    fn decide(&self, request: &RequestIds) -> Verdict<'p> {
        let verdict = self.plan.verdict(request);
        match verdict.refusal() {
            Some(refusal) => {
                Verdict::Refuse(Some(Refusal { attribute: refusal.attribute, code: refusal.code }))
            }
            // A complete request is never undetermined.
            None => Verdict::Permit(verdict.permits().next().map(|rule| rule.name.as_str())),
        }
    }
}

impl Engine for Meterwarden<'_> {
    fn name(&self) -> &'static str {
        "meterwarden"
    }

    fn prepare(&mut self, messages: &[Message<'_>]) {
        self.prepared = messages.iter().map(|message| self.resolve(message)).collect();
    }

    fn prebuilt(&mut self, index: usize) -> Verdict<'_> {
        self.decide(&self.prepared[index])
    }

    fn strings(&mut self, message: &Message<'_>) -> Verdict<'_> {
        self.decide(&self.resolve(message))
    }

    fn json(&mut self, line: &str) -> Verdict<'_> {
        let mut reader = serde_json::Deserializer::from_str(line);
        let request = self.plan.request_reader().deserialize(&mut reader).unwrap();
        reader.end().unwrap();
        self.decide(&request)
    }
}

/// The decision of the plan by names, as a verdict
pub(crate) fn verdict<'p>(plan: &'p Plan, request: &Request) -> Verdict<'p> {
    match plan.decide(request).unwrap().outcome {
        Outcome::Permit { rule, .. } => Verdict::Permit(Some(rule)),
        Outcome::Refuse(refusal) => {
            Verdict::Refuse(Some(Refusal { attribute: refusal.attribute, code: refusal.code }))
        }
        Outcome::Undetermined { .. } => panic!("a complete request is undetermined: {}", request.to_json()),
    }
}

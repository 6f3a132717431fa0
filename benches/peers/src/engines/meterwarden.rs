//! This engine, by the same calls as an embedder makes.

use meterwarden::{Outcome, Plan, Request};

use crate::engine::{Engine, Verdict, Why};
use crate::message::Message;

pub(crate) struct Meterwarden<'p> {
    plan: &'p Plan,
    prepared: Vec<Request>,
}

impl<'p> Meterwarden<'p> {
    pub(crate) fn new(plan: &'p Plan) -> Self {
        Self { plan, prepared: Vec::new() }
    }
}

impl Engine for Meterwarden<'_> {
    fn name(&self) -> &'static str {
        "meterwarden"
    }

    fn prepare(&mut self, messages: &[Message<'_>]) {
        self.prepared = messages.iter().map(Message::to_request).collect();
    }

    fn prebuilt(&mut self, nth: usize) -> Verdict<'_> {
        verdict(self.plan, &self.prepared[nth])
    }

    fn strings(&mut self, message: &Message<'_>) -> Verdict<'_> {
        verdict(self.plan, &message.to_request())
    }

    fn json(&mut self, line: &str) -> Verdict<'_> {
        verdict(self.plan, &serde_json::from_str(line).unwrap())
    }
}

/// What the plan decides, as a verdict.
pub(crate) fn verdict<'p>(plan: &'p Plan, request: &Request) -> Verdict<'p> {
    match plan.decide(request).unwrap().outcome {
        Outcome::Permit { rule, .. } => Verdict::Permit(Some(rule)),
        Outcome::Refuse(refusal) => {
            Verdict::Refuse(Some(Why { attribute: refusal.attribute, code: refusal.code }))
        }
        Outcome::Undetermined { .. } => panic!("a complete request is undetermined: {}", request.to_json()),
    }
}

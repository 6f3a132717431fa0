//! [`Plan`] and [`Request`] to [`Decision`]: by the decision table where that decides, otherwise by the rules
//! themselves. The rules are the reference: tests compare the table with them.

use jiff::civil::Date;

use super::checks::Checks;
use super::decision::{Decision, Outcome, Refusal};
use super::facts::{check_terms, facts};
use super::input_error::InputError;
use super::partial;
use super::request::Request;
use super::request_ids::RequestIds;
use super::verdict::Verdict;
use crate::plan::Plan;
use crate::policy::{Policy, Service};
use crate::space::RuleSpace;

impl Plan {
    /// Decides a request.
    ///
    /// # Errors
    ///
    /// The request states an attribute or a value that the policy does not have, one value for a set, a list for a
    /// plain attribute, or an attribute twice.
    pub fn decide(&self, request: &Request) -> Result<Decision<'_>, InputError> {
        self.decide_resolved(&self.resolve(request)?, request)
    }

    /// The same for a request that is in this plan's numbers already: `resolved` is the request in numbers.
    ///
    /// # Errors
    ///
    /// As [`Plan::decide`].
    pub fn decide_resolved(
        &self,
        resolved: &RequestIds,
        request: &Request,
    ) -> Result<Decision<'_>, InputError> {
        match self.verdict(resolved).outcome() {
            Some(outcome) => Ok(self.decision(outcome, request.at)),
            None => self.interpret(request),
        }
    }

    /// The same answer by the rules themselves, without the table: slower, and the reference for the table.
    ///
    /// # Errors
    ///
    /// As [`Plan::decide`].
    pub fn interpret(&self, request: &Request) -> Result<Decision<'_>, InputError> {
        let Some((service, plan)) = self.service(&request.service) else {
            check_terms(self.policy(), &request.facts)?;
            return Ok(self.decision(Outcome::Refuse(Refusal::UNKNOWN_SERVICE), request.at));
        };
        decide_in(self.policy(), service, plan.at(request.at), request)
    }

    fn decision<'p>(&'p self, outcome: Outcome<'p>, at: Date) -> Decision<'p> {
        Decision { outcome, at, policy: self.policy().fingerprint() }
    }
}

impl<'p> Verdict<'p> {
    /// What was decided; nothing where an attribute that is not stated may decide it.
    pub fn outcome(&self) -> Option<Outcome<'p>> {
        let mut permits = self.permits().map(|rule| rule.name.as_str());
        match permits.next() {
            Some(rule) => Some(Outcome::Permit { rule, also: permits.collect() }),
            None => self.refusal().map(Outcome::Refuse),
        }
    }
}

/// Decides a request for a service by the rules in force on its date.
///
/// # Errors
///
/// As [`Plan::decide`].
pub fn decide_in<'p>(
    policy: &'p Policy,
    service: &'p Service,
    rule_space: &'p RuleSpace,
    request: &Request,
) -> Result<Decision<'p>, InputError> {
    let facts = facts(policy, rule_space, request)?;
    let checks = Checks { policy, rule_space };
    let outcome = match facts.complete(rule_space) {
        Some(classes) => checks.decide(&classes[..rule_space.dimensions.len()]),
        None => partial::outcome(checks, service, &facts),
    };
    Ok(Decision { outcome, at: request.at, policy: policy.fingerprint() })
}

//! What a request would get if everything that is only proposed came into force.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::note::titled;
use meterwarden::decide::request::Request;
use meterwarden::decide::{Outcome, decide_in};
use meterwarden::policy::{Edge, Policy, Service, Window};
use meterwarden::space::{RuleSpace, ServicePlan, rule_space};

/// A permit that waits for a modification without a date, and would then permit the request.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Proposed {
    rule: String,
    /// What it, or a forbid that stands against it, waits for.
    modifications: Vec<String>,
}

/// Nothing where nothing is proposed for the service, or it would not permit the request either, or some date does.
pub(super) fn of(
    policy: &Policy,
    service: &Service,
    plan: &ServicePlan,
    request: &Request,
) -> Option<Proposed> {
    if !policy.has_proposals(service)
        || plan.rule_spaces.last().is_some_and(|last| permit(policy, service, last, request).is_some())
    {
        return None;
    }
    let all = rule_space(policy, service, Edge::Never);
    let rule = permit(policy, service, &all, request)?;
    let one = policy.rules().iter().find(|one| one.name == rule);
    let own = proposed(policy, one.into_iter().flat_map(|one| policy.rule_windows(one)));
    // The permit itself may wait for nothing: then something that stands against it ends.
    let named = if own.is_empty() { proposed(policy, policy.service_windows(service)) } else { own };
    let modifications = named.into_iter().map(|nth| titled(policy, nth)).collect();
    Some(Proposed { rule: rule.to_owned(), modifications })
}

/// The permit that a request matches among these rules.
fn permit<'p>(
    policy: &'p Policy,
    service: &'p Service,
    rule_space: &'p RuleSpace,
    request: &Request,
) -> Option<&'p str> {
    match decide_in(policy, service, rule_space, request).ok()?.outcome {
        Outcome::Permit { rule, .. } => Some(rule),
        Outcome::Refuse(_) | Outcome::Undetermined { .. } => None,
    }
}

/// The modifications without a date that some windows name.
fn proposed<'p>(policy: &Policy, windows: impl Iterator<Item = &'p Window>) -> BTreeSet<usize> {
    let named = windows.flat_map(Window::modifications).flatten();
    named.filter(|nth| policy.modifications()[*nth].effective == Edge::Never).collect()
}

impl fmt::Display for Proposed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = self.modifications.join(" and ");
        writeln!(
            f,
            "if {named} (proposed) came into force, the same request would be permitted by {}",
            self.rule
        )
    }
}

//! The outcome of a request if every proposed modification came into force.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;

use super::rule_note::titled;
use meterwarden::decide::request::Request;
use meterwarden::decide::{Outcome, decide_in};
use meterwarden::policy::{Edge, Policy, Service, Window};
use meterwarden::space::{RuleSpace, ServicePlan, rule_space};

/// A permit that would match the request if modifications without a date came into force.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ProposedPermit {
    rule: String,
    /// The modifications for which the permit, or the end of a forbid that overrides it, waits.
    modifications: Vec<String>,
}

/// The permit that would match; `None` if nothing is proposed for the service, if the request would still not be
/// permitted, or if the latest rules with a date already permit it.
pub(super) fn proposed_permit(
    policy: &Policy,
    service: &Service,
    plan: &ServicePlan,
    request: &Request,
) -> Option<ProposedPermit> {
    if !policy.has_proposals(service)
        || plan.rule_spaces.last().is_some_and(|last| permit(policy, service, last, request).is_some())
    {
        return None;
    }
    let with_proposals = rule_space(policy, service, Edge::Never);
    let name = permit(policy, service, &with_proposals, request)?;
    let rule = policy.rules().iter().find(|rule| rule.name == name);
    let of_rule = undated(policy, rule.into_iter().flat_map(|rule| policy.rule_windows(rule)));
    // If the permit itself is not proposed, then the end of a forbid is.
    let named = if of_rule.is_empty() { undated(policy, policy.service_windows(service)) } else { of_rule };
    let modifications = named.into_iter().map(|index| titled(policy, index)).collect();
    Some(ProposedPermit { rule: name.to_owned(), modifications })
}

/// The permit of these rules that permits a request.
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

/// The modifications without a date that the windows name.
fn undated<'p>(policy: &Policy, windows: impl Iterator<Item = &'p Window>) -> BTreeSet<usize> {
    let named = windows.flat_map(Window::modifications).flatten();
    named.filter(|index| policy.modifications()[*index].effective == Edge::Never).collect()
}

impl fmt::Display for ProposedPermit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let names = self.modifications.join(" and ");
        writeln!(
            f,
            "if {names} (proposed) came into force, the same request would be permitted by {}",
            self.rule
        )
    }
}

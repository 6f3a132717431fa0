//! Why a request was decided as it was: the rule that decided and its place, or each permit with the clauses that
//! failed.

mod candidate;
mod least_change;
pub(crate) mod rule_note;
mod proposed;
mod reasons;
mod request_text;
mod text;

use std::fmt;

use least_change::LeastChange;
use meterwarden::decide::RequestIds;
use meterwarden::decide::request::Request;
use meterwarden::decide::{Decision, InputError};
use meterwarden::plan::Plan;

/// A decision and its reasons.
///
/// The reasons are calculated each time the explanation is displayed or serialised, not before: a gateway can keep
/// every explanation, and pays only for those that it shows.
#[derive(Clone)]
pub struct Explanation<'p> {
    plan: &'p Plan,
    request: Request,
    /// The request in the plan's numbers.
    resolved: RequestIds,
    decision: Decision<'p>,
    /// The least change that would make the request permitted, if it was calculated.
    least_change: Option<LeastChange>,
}

/// Decides a request; the reasons are calculated when the explanation is shown.
///
/// # Errors
///
/// As [`Plan::decide`].
pub fn explain<'p>(plan: &'p Plan, request: &Request) -> Result<Explanation<'p>, InputError> {
    let resolved = plan.resolve(request)?;
    let decision = plan.decide_resolved(&resolved, request)?;
    Ok(Explanation { plan, request: request.clone(), resolved, decision, least_change: None })
}

impl<'p> Explanation<'p> {
    /// The decision that is explained.
    pub fn decision(&self) -> &Decision<'p> {
        &self.decision
    }
}

impl fmt::Debug for Explanation<'_> {
    /// Without the plan, which is as long as the rules.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Explanation")
            .field("decision", &self.decision)
            .field("request", &self.request)
            .field("least_change", &self.least_change)
            .finish_non_exhaustive()
    }
}

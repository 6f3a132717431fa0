//! Why a request was decided as it was: the rule and its place, or each permit and what it would have taken.

mod candidate;
mod least;
pub(crate) mod note;
mod proposed;
mod reasons;
mod text;

use std::fmt;

use least::Least;
use meterwarden::decide::RequestIds;
use meterwarden::decide::request::Request;
use meterwarden::decide::{Decision, InputError};
use meterwarden::plan::Plan;

/// A decision and its reasons. Why it was decided so is looked for when it is shown, as text or as data: a gateway that
/// keeps explanations and shows few of them pays for those.
#[derive(Clone)]
pub struct Explanation<'p> {
    plan: &'p Plan,
    request: Request,
    /// The request in the plan's numbers.
    resolved: RequestIds,
    decision: Decision<'p>,
    /// The least change that would have it permitted, if that was looked for.
    least: Option<Least>,
}

/// Decides a request, and says why when it is asked.
///
/// # Errors
///
/// As [`Plan::decide`].
pub fn explain<'p>(plan: &'p Plan, request: &Request) -> Result<Explanation<'p>, InputError> {
    let resolved = plan.resolve(request)?;
    let decision = plan.decide_resolved(&resolved, request)?;
    Ok(Explanation { plan, request: request.clone(), resolved, decision, least: None })
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
            .field("least", &self.least)
            .finish_non_exhaustive()
    }
}

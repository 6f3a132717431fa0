//! [`Plan`] and [`RequestIds`] to [`Verdict`]: by the decision table, with nothing on the heap.

use crate::decide::Refusal;
use crate::decide::request_ids::RequestIds;
use crate::plan::Plan;
use crate::plan::response_codes::answer;
use crate::plan::table::{TableOutcome, TableRefusal};
use crate::policy::Rule;

/// The answer to a request in numbers. Rules, codes and reasons are looked up when a method asks for them.
///
/// An enforcement point lets a message through if the verdict [is a permit](Self::is_permit), and not otherwise.
#[derive(Clone, Copy, Debug)]
pub struct Verdict<'p> {
    plan: &'p Plan,
    end: TableOutcome,
}

impl Plan {
    /// Decides a request that is in this plan's numbers. A request in the numbers of another plan is refused.
    ///
    /// The number of steps does not grow with the rules: there is at most one for each attribute.
    #[inline]
    pub fn verdict(&self, request: &RequestIds) -> Verdict<'_> {
        let end = match request.stamp == self.stamp() {
            true => self.table().outcome(request.service, request.at, &request.stated),
            false => TableOutcome::FOREIGN,
        };
        Verdict::new(self, end)
    }
}

impl<'p> Verdict<'p> {
    pub(crate) fn new(plan: &'p Plan, end: TableOutcome) -> Self {
        Self { plan, end }
    }

    /// Whether an enforcement point may let the message through.
    #[inline]
    pub fn is_permit(&self) -> bool {
        self.end.is_permit()
    }

    /// Whether an attribute that the request does not state may decide it. [`Plan::decide`] finds out whether any does,
    /// and which.
    #[inline]
    pub fn is_undetermined(&self) -> bool {
        !self.end.is_decided()
    }

    /// The permits that match, in policy order; none where the verdict is no permit.
    pub fn permits(&self) -> impl Iterator<Item = &'p Rule> + use<'p> {
        let rules = self.plan.policy().rules();
        self.plan.table().permits(self.end).filter_map(|place| rules.get(place as usize))
    }

    /// The response code of a refusal, if one is assigned.
    #[inline]
    pub fn code(&self) -> Option<&'p str> {
        self.plan.response_codes().get(self.end)
    }

    /// Why it is refused, if it is.
    #[inline]
    pub fn refusal(&self) -> Option<Refusal<'p>> {
        if !self.end.is_decided() || self.is_permit() {
            return None;
        }
        let Some(refused) = self.refused() else {
            let foreign = self.end == TableOutcome::FOREIGN;
            return Some(if foreign { Refusal::FOREIGN } else { Refusal::UNKNOWN_SERVICE });
        };
        let rule = refused.forbid.map(|rule| rule as usize);
        let policy = self.plan.policy();
        Some(Refusal::new(policy, usize::from(refused.check), answer(policy, &refused)?, rule))
    }

    /// The refusal by the rules of a service, if they refuse it.
    #[inline]
    fn refused(&self) -> Option<TableRefusal> {
        self.plan.table().refusal(self.end)
    }
}

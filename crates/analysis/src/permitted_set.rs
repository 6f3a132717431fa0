//! The requests that one service's rules permit on a date, as one set.

use jiff::civil::Date;

use meterwarden::decide::request::Request;
use meterwarden::decide::{Facts, InputError, facts};
use meterwarden::plan::Plan;
use meterwarden::policy::{Policy, Service};
use meterwarden::space::{Region, RuleSpace, Subspace, TooLarge};

/// Every request for one service that is permitted on a date: the same answers as [`Plan::decide`], as one set.
#[derive(Clone, Debug)]
pub struct Permitted<'p> {
    pub(crate) policy: &'p Policy,
    pub(crate) service: &'p Service,
    pub(crate) rule_space: &'p RuleSpace,
    /// The attributes that the rules check, with every value class of each.
    pub(crate) subspace: Subspace,
    /// The permitted part of the subspace.
    pub(crate) region: Region,
}

/// A service whose rules distinguish too many classes of request to be analysed as a whole. It can still be decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the rules of service `{service}` distinguish too many classes of request to be analysed exactly; name fewer \
     different lists in them, or use fewer attributes in the rules of the service"
)]
pub struct TooComplex {
    /// The service.
    pub service: String,
}

/// The requests that a service's rules permit on a date; `None` if the policy does not have the service.
///
/// # Errors
///
/// The service's rules distinguish too many classes of request.
pub fn permitted<'p>(plan: &'p Plan, service: &str, at: Date) -> Result<Option<Permitted<'p>>, TooComplex> {
    let Some((service, service_plan)) = plan.service(service) else { return Ok(None) };
    let rule_space = service_plan.at(at);
    let subspace = Subspace::new(rule_space, |_, _| true);
    let too_complex = |TooLarge| TooComplex { service: service.name.clone() };
    let region = subspace.permitted(rule_space).map_err(too_complex)?;
    Ok(Some(Permitted { policy: plan.policy(), service, rule_space, subspace, region }))
}

impl Permitted<'_> {
    /// Whether a request is permitted. If it leaves attributes unstated, it must be permitted with every value of
    /// these. The request's own service and date are ignored.
    ///
    /// # Errors
    ///
    /// The request uses an attribute or a value that the policy does not have.
    pub fn contains(&self, request: &Request) -> Result<bool, InputError> {
        let facts = facts(self.policy, self.rule_space, request)?;
        let stated = |dimension: usize| {
            let class = facts.class(self.subspace.attributes[dimension])? as usize;
            self.subspace.classes[dimension].iter().position(|open| *open == class)
        };
        let unstated = (0..self.subspace.attributes.len()).filter(|dimension| stated(*dimension).is_none());
        // The region is copied only if the request leaves something unstated.
        let narrowed = unstated.fold(None, |region: Option<Region>, dimension| {
            Some(self.with_every_completion(region.as_ref().unwrap_or(&self.region), &facts, dimension))
        });
        let region = narrowed.as_ref().unwrap_or(&self.region);
        // The narrowed region does not branch on an unstated dimension, so that choice 0 is never used there.
        Ok(*region.at(|dimension| stated(dimension).unwrap_or_default()))
    }

    /// The requests of a region that are in it with every choice of a dimension that a completion of these facts has.
    pub(crate) fn with_every_completion(&self, region: &Region, facts: &Facts, dimension: usize) -> Region {
        let attribute = self.subspace.attributes[dimension];
        if facts.members(attribute).is_none() {
            return region.forall(dimension);
        }
        let choices = self.subspace.classes[dimension].iter().enumerate();
        let possible = choices.filter(|(_, class)| facts.may_be(attribute, **class));
        let given = possible.map(|(choice, _)| region.given(|at| (at == dimension).then_some(choice)));
        given.fold(Region::constant(true), |all, given| all.join(&given, |left, right| *left && *right))
    }
}

//! What one service's rules permit on a date, as a set of requests that can be asked and counted.

use jiff::civil::Date;

use meterwarden::decide::request::Request;
use meterwarden::decide::{InputError, facts};
use meterwarden::plan::Plan;
use meterwarden::policy::{Policy, Service};
use meterwarden::space::RuleSpace;
use meterwarden::space::{Region, Subspace, TooLarge};

/// Every request for one service that is permitted on a date: the same answers as [`Plan::decide`], as one set.
#[derive(Clone, Debug)]
pub struct Permitted<'p> {
    pub(crate) policy: &'p Policy,
    pub(crate) service: &'p Service,
    pub(crate) rule_space: &'p RuleSpace,
    pub(crate) room: Subspace,
    pub(crate) region: Region,
}

/// A service whose rules tell so many classes of request apart that they cannot be analysed as a whole. It is still decided.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "the rules of service `{service}` tell so many classes of request apart that they cannot be analysed exactly; let them \
     name fewer different lists, or split the service's rules between fewer attributes"
)]
pub struct TooComplex {
    /// The service.
    pub service: String,
}

/// What is permitted for a service on a date; nothing where the policy does not know the service.
///
/// # Errors
///
/// The service's rules tell too many classes of request apart.
pub fn permitted<'p>(plan: &'p Plan, service: &str, at: Date) -> Result<Option<Permitted<'p>>, TooComplex> {
    let Some((service, service_plan)) = plan.service(service) else { return Ok(None) };
    let rule_space = service_plan.at(at);
    let room = Subspace::new(rule_space, |_, _| true);
    let explodes = |TooLarge| TooComplex { service: service.name.clone() };
    let region = room.permitted(rule_space).map_err(explodes)?;
    Ok(Some(Permitted { policy: plan.policy(), service, rule_space, room, region }))
}

impl Permitted<'_> {
    /// Whether a request is permitted, whatever it leaves unsaid. Its service and date are not looked at.
    ///
    /// # Errors
    ///
    /// What it says is not of the policy's vocabulary.
    pub fn contains(&self, request: &Request) -> Result<bool, InputError> {
        let facts = facts(self.policy, self.rule_space, request)?;
        let choice = |dimension: usize| {
            let class = facts.class(self.room.attributes[dimension])? as usize;
            self.room.classes[dimension].iter().position(|known| *known == class)
        };
        let unsaid = (0..self.room.attributes.len()).filter(|dimension| choice(*dimension).is_none());
        let region = unsaid.fold(None, |region: Option<Region>, dimension| {
            Some(region.as_ref().unwrap_or(&self.region).forall(dimension))
        });
        Ok(*region.as_ref().unwrap_or(&self.region).at(|dimension| choice(dimension).unwrap_or_default()))
    }
}

//! A request in the numbers of one plan: a gateway looks names up once, and decides by numbers.

use jiff::civil::Date;

use crate::decide::InputError;
use crate::decide::request::Request;
use crate::decide::resolve::{Resolver, Stated};
use crate::plan::Plan;
use crate::plan::table::{Day, PARTLY_STATED, ValueIds};
use crate::policy::{Policy, Stamp};
use crate::space::{Members, Subset};

/// A request in the numbers of the plan that made it: 88 bytes, nothing on the heap. What is not stated is
/// unknown, as in a [`Request`].
///
/// ```
/// # use std::sync::Arc;
/// # use meterwarden::{Date, Policy, Source, compile};
/// # let rules = r#"
/// #     attribute role "User Role" always { refuse E2 "not this role"  IS ED }
/// #     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
/// #     service 4.2 "Read Instantaneous Export Registers" {
/// #         permit network "the network operator reads" { role ED  status Commissioned  source "row 4.2" }
/// #     }"#;
/// let plan = compile(Arc::new(Policy::from_sources(vec![Source::new("example.rules", rules)])?));
///
/// // Once, when the plan is loaded.
/// let service = plan.service_id("4.2").unwrap();
/// let (role, status) = (plan.attribute_id("role").unwrap(), plan.attribute_id("status").unwrap());
/// let (ed, commissioned) = (plan.value_id(role, "ED")?, plan.value_id(status, "Commissioned")?);
///
/// // For every message.
/// let request = plan.start(service, Date::constant(2026, 1, 1)).with(ed).with(commissioned);
/// assert!(plan.verdict(&request).is_permit());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct RequestIds {
    pub(crate) stamp: Stamp,
    pub(crate) service: u32,
    pub(crate) at: Day,
    pub(crate) stated: ValueIds,
}

/// A service of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ServiceId {
    stamp: Stamp,
    number: u32,
}

/// An attribute of a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct AttributeId {
    stamp: Stamp,
    number: u8,
}

/// What a request states of one attribute: a value of a plain attribute, or all or some values of a set attribute for
/// one service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ValueId {
    stamp: Stamp,
    attribute: u8,
    /// The service that a set is numbered for.
    service: Option<u32>,
    number: u16,
}

/// One value of a set attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct MemberId {
    attribute: AttributeId,
    /// The service of a field.
    service: Option<u32>,
    member: Subset,
}

impl RequestIds {
    /// The same request with this value of the attribute, instead of any that it had. With a value of another plan, or
    /// a set for another service, the request is refused.
    #[must_use]
    #[inline]
    pub fn with(mut self, value: ValueId) -> Self {
        let same_numbers =
            value.stamp == self.stamp && value.service.is_none_or(|service| service == self.service);
        if !(same_numbers && self.stated.state(value.attribute.into(), value.number)) {
            self.stamp = Stamp::FOREIGN;
        }
        self
    }

    /// The same request, received on another date.
    #[must_use]
    #[inline]
    pub fn on(mut self, at: Date) -> Self {
        self.at = Day::of(at);
        self
    }
}

impl Plan {
    /// The service of that name.
    pub fn service_id(&self, name: &str) -> Option<ServiceId> {
        let number = u32::try_from(self.table().service(self.policy(), name)?).ok()?;
        Some(ServiceId { stamp: self.stamp(), number })
    }

    /// The attribute of that name.
    pub fn attribute_id(&self, name: &str) -> Option<AttributeId> {
        let number = u8::try_from(self.table().attribute(self.policy(), name)?).ok()?;
        Some(AttributeId { stamp: self.stamp(), number })
    }

    /// A value of a plain attribute.
    ///
    /// # Errors
    ///
    /// The attribute has no such value, it is a set attribute, or it is of another plan.
    #[inline]
    pub fn value_id(&self, attribute: AttributeId, value: &str) -> Result<ValueId, InputError> {
        let names = PlanNames { plan: self, service: None };
        let place = self.place(attribute)?;
        let number = names.number(place, Stated::Value(names.value(place, value)?));
        Ok(ValueId { stamp: self.stamp(), attribute: attribute.number, service: None, number })
    }

    /// All values of a set attribute, for one service; there may be none. A field that the service does not declare is
    /// an undeclared field.
    ///
    /// # Errors
    ///
    /// The attribute has no such value, it is a plain attribute, or it or the service is of another plan.
    #[inline]
    pub fn set_id<'v>(
        &self,
        service: ServiceId,
        attribute: AttributeId,
        values: impl IntoIterator<Item = &'v str>,
    ) -> Result<ValueId, InputError> {
        let (names, place) = self.set_names(service, attribute)?;
        Ok(names.set_value(attribute, Stated::Subset(names.subset(place, values)?)))
    }

    /// One value of a set attribute, for [`members_id`](Self::members_id): for every service, except a field, which is
    /// for this one.
    ///
    /// # Errors
    ///
    /// As [`set_id`](Self::set_id).
    pub fn member_id(
        &self,
        service: ServiceId,
        attribute: AttributeId,
        value: &str,
    ) -> Result<MemberId, InputError> {
        let (names, place) = self.set_names(service, attribute)?;
        let is_field = self.policy().fields == Some(place);
        let service = is_field.then_some(service.number);
        Ok(MemberId { attribute, service, member: names.member(place, value)? })
    }

    /// Single values of a set attribute, for one service: these are present, and those are absent. All others are not
    /// stated.
    ///
    /// # Errors
    ///
    /// A value is both present and absent; the attribute is a plain attribute; or something is of another plan, another
    /// attribute or another service.
    #[inline]
    pub fn members_id(
        &self,
        service: ServiceId,
        attribute: AttributeId,
        present: impl IntoIterator<Item = MemberId>,
        absent: impl IntoIterator<Item = MemberId>,
    ) -> Result<ValueId, InputError> {
        let (names, place) = self.set_names(service, attribute)?;
        let with = |subset: Subset, id: MemberId| {
            let same_numbers =
                id.attribute == attribute && id.service.is_none_or(|number| number == service.number);
            if same_numbers { Ok(subset.with(id.member)) } else { Err(InputError::OtherPlan) }
        };
        let present = present.into_iter().try_fold(Subset::default(), with)?;
        let absent = absent.into_iter().try_fold(Subset::default(), with)?;
        Ok(names.set_value(attribute, Stated::Members(names.members(place, present, absent)?)))
    }

    /// A request that states only the service and the date.
    #[inline]
    pub fn start(&self, service: ServiceId, at: Date) -> RequestIds {
        RequestIds {
            stamp: service.stamp,
            service: service.number,
            at: Day::of(at),
            stated: ValueIds::default(),
        }
    }

    /// A request by name in the plan's numbers. A request for a service that the policy does not know is refused.
    ///
    /// # Errors
    ///
    /// As [`Plan::decide`].
    pub fn resolve(&self, request: &Request) -> Result<RequestIds, InputError> {
        let names = PlanNames { plan: self, service: self.table().service(self.policy(), &request.service) };
        let (mut stated, mut are_stated) = (ValueIds::default(), 0_u32);
        for (name, fact) in &request.facts {
            let attribute = names.attribute(name)?;
            stated.state(attribute, names.number(attribute, names.stated(attribute, fact)?));
            // For a service that the policy does not know, nothing is decided by what is stated.
            if are_stated >> attribute & 1 == 1 && names.service.is_some() {
                return Err(InputError::SaidTwice(name.clone()));
            }
            are_stated |= 1 << attribute;
        }
        Ok(names.request(request.at, stated))
    }

    /// The names for requests for a service, and the place of a set attribute.
    fn set_names(
        &self,
        service: ServiceId,
        attribute: AttributeId,
    ) -> Result<(PlanNames<'_>, usize), InputError> {
        let names = PlanNames { plan: self, service: Some(service.number as usize) };
        let place = self.place(attribute)?;
        names.require_set(place)?;
        if service.stamp == self.stamp() { Ok((names, place)) } else { Err(InputError::OtherPlan) }
    }

    /// The place of an attribute of this plan.
    fn place(&self, attribute: AttributeId) -> Result<usize, InputError> {
        if attribute.stamp == self.stamp() { Ok(attribute.number.into()) } else { Err(InputError::OtherPlan) }
    }
}

/// The names of a plan, by its index, for requests for one service.
#[derive(Clone, Copy)]
pub(super) struct PlanNames<'p> {
    pub(super) plan: &'p Plan,
    /// Nothing for a service that the policy does not know.
    pub(super) service: Option<usize>,
}

impl<'p> Resolver<'p> for PlanNames<'p> {
    #[inline]
    fn policy(&self) -> &'p Policy {
        self.plan.policy()
    }

    #[inline]
    fn find_attribute(&self, name: &str) -> Option<usize> {
        self.plan.table().attribute(self.policy(), name)
    }

    #[inline]
    fn find_value(&self, attribute: usize, name: &str) -> Option<u32> {
        self.plan.table().value(self.policy(), attribute, name)
    }

    #[inline]
    fn field(&self, name: &str) -> Subset {
        self.plan.table().field(self.policy(), self.service.unwrap_or(usize::MAX), name)
    }
}

impl PlanNames<'_> {
    /// The number of what is stated of an attribute, as a request holds it. 0 is for what has no number: it is as if
    /// nothing were stated, and the rules decide.
    #[inline]
    pub(super) fn number(&self, attribute: usize, stated: Stated) -> u16 {
        match stated {
            Stated::Value(value) => {
                u16::try_from(value + 1).ok().filter(|number| *number < PARTLY_STATED).unwrap_or(0)
            }
            Stated::Subset(subset) => {
                let service = self.service.unwrap_or(usize::MAX);
                match self.plan.table().sets(self.policy(), service, attribute) {
                    Some(sets) => sets.stated(subset),
                    // Any number will do for a service that the policy does not know.
                    None => 1,
                }
            }
            Stated::Members(members) => self.number_of_members(attribute, members),
        }
    }

    fn number_of_members(&self, attribute: usize, members: Members) -> u16 {
        let policy = self.policy();
        let service = self.service.unwrap_or(usize::MAX);
        let Some(sets) = self.plan.table().sets(policy, service, attribute) else { return 1 };
        // Of fields, an undeclared one may always be present.
        let is_whole = policy.fields != Some(attribute)
            && self.all_values(attribute).without(members.absent) == members.present;
        if is_whole { sets.stated(members.present) } else { sets.stated_members(members) }
    }

    fn all_values(&self, attribute: usize) -> Subset {
        Subset::of((0..).take(self.declaration(attribute).values.len()))
    }

    /// What is stated of an attribute of the service.
    fn set_value(&self, attribute: AttributeId, stated: Stated) -> ValueId {
        ValueId {
            stamp: attribute.stamp,
            attribute: attribute.number,
            service: self.service.and_then(|service| u32::try_from(service).ok()),
            number: self.number(attribute.number.into(), stated),
        }
    }

    /// A request for the service that states these numbers.
    pub(super) fn request(&self, at: Date, stated: ValueIds) -> RequestIds {
        let service = self.service.and_then(|service| u32::try_from(service).ok()).unwrap_or(u32::MAX);
        RequestIds { stamp: self.plan.stamp(), service, at: Day::of(at), stated }
    }
}

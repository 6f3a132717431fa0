//! A request in the numbers of one plan: what a gateway that has looked names up once decides by.

use jiff::civil::Date;

use crate::decide::InputError;
use crate::decide::request::{Fact, Request};
use crate::plan::Plan;
use crate::plan::table::{Day, ValueIds};
use crate::policy::{Attribute, MOST_ATTRIBUTES, Stamp};
use crate::space::Subset;

/// A request in the numbers of the plan that made it: 80 bytes, nothing on the heap. Unsaid is unknown, as in a
/// [`Request`].
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
    pub(crate) said: ValueIds,
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

/// What a request says of one attribute: a value of a plain attribute, or a whole set of values of a set attribute for one
/// service.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ValueId {
    stamp: Stamp,
    attribute: u8,
    /// The service that a set is numbered for.
    service: Option<u32>,
    said: u16,
}

impl RequestIds {
    /// The same request, saying this too; what it said of the attribute before is forgotten. A value of another plan, or
    /// a set numbered for another service, makes it a request that is refused.
    #[must_use]
    #[inline]
    pub fn with(mut self, value: ValueId) -> Self {
        let mine = value.stamp == self.stamp && value.service.is_none_or(|service| service == self.service);
        match self.said.get_mut(usize::from(value.attribute)) {
            Some(said) if mine => *said = value.said,
            _ => self.stamp = Stamp::FOREIGN,
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
    /// The attribute has no such value, or it is a set attribute, or it is of another plan.
    #[inline]
    pub fn value_id(&self, attribute: AttributeId, value: &str) -> Result<ValueId, InputError> {
        let (nth, one) = self.own(attribute)?;
        if one.set {
            return Err(InputError::NotAList(one.name.clone()));
        }
        Ok(ValueId {
            stamp: self.stamp(),
            attribute: attribute.number,
            service: None,
            said: self.value(nth, value)?,
        })
    }

    /// A whole set of values of a set attribute, as a service has it; it may be empty. Fields that the service does not
    /// declare are undeclared fields.
    ///
    /// # Errors
    ///
    /// The attribute has no such value, or it is a plain attribute, or it or the service is of another plan.
    #[inline]
    pub fn set_id<'v>(
        &self,
        service: ServiceId,
        attribute: AttributeId,
        values: impl IntoIterator<Item = &'v str>,
    ) -> Result<ValueId, InputError> {
        let (nth, one) = self.own(attribute)?;
        if !one.set {
            return Err(InputError::NotAValue(one.name.clone()));
        }
        if service.stamp != self.stamp() {
            return Err(InputError::OtherPlan);
        }
        let said = self.subset(service.number as usize, nth, values)?;
        Ok(ValueId { stamp: self.stamp(), attribute: attribute.number, service: Some(service.number), said })
    }

    /// A request that says only which service, received when.
    #[inline]
    pub fn start(&self, service: ServiceId, at: Date) -> RequestIds {
        RequestIds {
            stamp: service.stamp,
            service: service.number,
            at: Day::of(at),
            said: [0; MOST_ATTRIBUTES],
        }
    }

    /// A request by name in the plan's numbers. One for a service that the policy does not know is refused.
    ///
    /// # Errors
    ///
    /// What the request says is not of this policy's vocabulary: an attribute or a value that it does not have, one value
    /// for a set or a list for a plain attribute.
    pub fn resolve(&self, request: &Request) -> Result<RequestIds, InputError> {
        let service = self.table().service(self.policy(), &request.service);
        let mut said = [0; MOST_ATTRIBUTES];
        for (name, fact) in &request.facts {
            let nth = self.attribute(name)?;
            let number = self.fact(service.unwrap_or(usize::MAX), nth, fact)?;
            // What is said twice is told only where it could be decided by.
            if std::mem::replace(&mut said[nth], number) != 0 && service.is_some() {
                return Err(InputError::SaidTwice(name.clone()));
            }
        }
        Ok(self.said(service, request.at, said))
    }

    fn own(&self, attribute: AttributeId) -> Result<(usize, &Attribute), InputError> {
        let nth = usize::from(attribute.number);
        let own = self.policy().attributes().get(nth).filter(|_| attribute.stamp == self.stamp());
        own.map(|one| (nth, one)).ok_or(InputError::OtherPlan)
    }

    /// The number of what is said of an attribute, as requests have it.
    fn fact(&self, service: usize, nth: usize, fact: &Fact) -> Result<u16, InputError> {
        let one = &self.policy().attributes[nth];
        match (fact, one.set) {
            (Fact::Value(value), false) => self.value(nth, value),
            (Fact::Set(values), true) => self.subset(service, nth, values.iter().map(String::as_str)),
            (Fact::Value(_), true) => Err(InputError::NotAList(one.name.clone())),
            (Fact::Set(_), false) => Err(InputError::NotAValue(one.name.clone())),
        }
    }

    pub(crate) fn attribute(&self, name: &str) -> Result<usize, InputError> {
        let known = self.table().attribute(self.policy(), name);
        known.ok_or_else(|| InputError::unknown_attribute(self.policy(), name))
    }

    #[inline]
    pub(crate) fn value(&self, nth: usize, value: &str) -> Result<u16, InputError> {
        let known = self.table().value(self.policy(), nth, value);
        let known = known.ok_or_else(|| self.unknown_value(nth, value))?;
        // A policy with more values than have a number is decided by its rules.
        Ok(u16::try_from(known + 1).unwrap_or(0))
    }

    pub(crate) fn subset<'v>(
        &self,
        service: usize,
        nth: usize,
        values: impl IntoIterator<Item = &'v str>,
    ) -> Result<u16, InputError> {
        let mut subset = Subset::default();
        for value in values {
            subset = subset.with(self.member(service, nth, value)?);
        }
        Ok(self.numbered(service, nth, subset))
    }

    /// One value of a set attribute.
    #[inline]
    pub(crate) fn member(&self, service: usize, nth: usize, value: &str) -> Result<Subset, InputError> {
        let (index, policy) = (self.table(), self.policy());
        if policy.fields == Some(nth) {
            return Ok(index.field(policy, service, value));
        }
        let known = index.value(policy, nth, value).ok_or_else(|| self.unknown_value(nth, value))?;
        Ok(Subset::of([known]))
    }

    /// The number of a subset, as requests have it. One without a number is as if nothing were said: the rules decide then.
    #[inline]
    pub(crate) fn numbered(&self, service: usize, nth: usize, subset: Subset) -> u16 {
        match self.table().sets(self.policy(), service, nth) {
            Some(sets) => sets.id(subset).map_or(0, |id| id + 1),
            // The policy does not know the service.
            None => 1,
        }
    }

    /// A request that says this of each attribute, in numbers of this plan.
    pub(crate) fn said(&self, service: Option<usize>, at: Date, said: ValueIds) -> RequestIds {
        let service = service.and_then(|nth| u32::try_from(nth).ok()).unwrap_or(u32::MAX);
        RequestIds { stamp: self.stamp(), service, at: Day::of(at), said }
    }

    fn unknown_value(&self, nth: usize, value: &str) -> InputError {
        InputError::unknown_value(&self.policy().attributes[nth], value)
    }
}

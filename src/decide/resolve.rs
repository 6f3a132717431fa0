//! Names to numbers: what a request states of an attribute, looked up in the policy's vocabulary.
//!
//! Every request is resolved here, whether it is decided by the table or by the rules, so that both report the same
//! mistakes in the same words.

use super::InputError;
use super::request::Fact;
use crate::policy::{Attribute, Policy};
use crate::space::{Members, Subset};

/// What a request states of one attribute.
#[derive(Clone, Copy)]
pub(super) enum Stated {
    /// A value of a plain attribute, as a place in the attribute's list.
    Value(u32),
    /// All values of a set attribute. Fields that the service does not declare are [`Subset::UNKNOWN`].
    Subset(Subset),
    /// Some values of a set attribute.
    Members(Members),
}

/// Where names are looked up for a request for one service: in a policy, or in the faster index of a plan.
pub(super) trait Resolver<'p> {
    /// The policy that has the names.
    fn policy(&self) -> &'p Policy;

    /// An attribute, as a place in checking order.
    fn find_attribute(&self, name: &str) -> Option<usize>;

    /// A value of an attribute other than `fields`, as a place in the attribute's list.
    fn find_value(&self, attribute: usize, name: &str) -> Option<u32>;

    /// A field by its name or its place, as a set of one; [`Subset::UNKNOWN`] where the service does not declare it.
    fn field(&self, name: &str) -> Subset;

    /// The attribute of a name.
    fn attribute(&self, name: &str) -> Result<usize, InputError> {
        self.find_attribute(name).ok_or_else(|| InputError::unknown_attribute(self.policy(), name))
    }

    /// A value of a plain attribute.
    #[inline]
    fn value(&self, attribute: usize, value: &str) -> Result<u32, InputError> {
        let declaration = self.declaration(attribute);
        if declaration.set {
            return Err(InputError::NotAList(declaration.name.clone()));
        }
        self.declared_value(attribute, value)
    }

    /// All values of a set attribute.
    #[inline]
    fn subset<'v>(
        &self,
        attribute: usize,
        values: impl IntoIterator<Item = &'v str>,
    ) -> Result<Subset, InputError> {
        self.require_set(attribute)?;
        values
            .into_iter()
            .try_fold(Subset::default(), |subset, value| Ok(subset.with(self.member(attribute, value)?)))
    }

    /// Single values of a set attribute. A field that the service does not declare and that is absent states nothing:
    /// another one may be present.
    fn members(&self, attribute: usize, present: Subset, absent: Subset) -> Result<Members, InputError> {
        let members = Members { present, absent: absent.without(Subset::UNKNOWN) };
        if members.present.meets(members.absent) {
            return Err(InputError::PresentAndAbsent(self.declaration(attribute).name.clone()));
        }
        Ok(members)
    }

    /// A list of values of a set attribute.
    fn list(&self, attribute: usize, values: &[String]) -> Result<Subset, InputError> {
        let mut subset = Subset::default();
        for value in values {
            subset = subset.with(self.member(attribute, value)?);
        }
        Ok(subset)
    }

    /// Reports an attribute that cannot have a list of values.
    #[inline]
    fn require_set(&self, attribute: usize) -> Result<(), InputError> {
        let declaration = self.declaration(attribute);
        if declaration.set { Ok(()) } else { Err(InputError::NotAValue(declaration.name.clone())) }
    }

    /// One value of a set attribute.
    #[inline]
    fn member(&self, attribute: usize, value: &str) -> Result<Subset, InputError> {
        if self.policy().fields == Some(attribute) {
            return Ok(self.field(value));
        }
        Ok(Subset::of([self.declared_value(attribute, value)?]))
    }

    /// What a request states of an attribute.
    #[inline]
    fn stated(&self, attribute: usize, fact: &Fact) -> Result<Stated, InputError> {
        match fact {
            Fact::Value(value) => self.value(attribute, value).map(Stated::Value),
            Fact::Set(values) => {
                self.require_set(attribute)?;
                self.list(attribute, values).map(Stated::Subset)
            }
            Fact::Members { present, absent } => {
                self.require_set(attribute)?;
                let (present, absent) = (self.list(attribute, present)?, self.list(attribute, absent)?);
                self.members(attribute, present, absent).map(Stated::Members)
            }
        }
    }

    /// A value of an attribute other than `fields`.
    fn declared_value(&self, attribute: usize, value: &str) -> Result<u32, InputError> {
        self.find_value(attribute, value)
            .ok_or_else(|| InputError::unknown_value(self.declaration(attribute), value))
    }

    /// The declaration of an attribute.
    #[inline]
    fn declaration(&self, attribute: usize) -> &'p Attribute {
        &self.policy().attributes[attribute]
    }
}

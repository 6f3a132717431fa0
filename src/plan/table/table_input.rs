//! What the boxes and the bitmaps of a service at a time are made from.

use super::SetIds;
use crate::policy::{Edge, Policy, Service};

/// A service at a time, and how the subsets of its set attributes are numbered.
pub(super) struct TableInput<'p> {
    pub(super) policy: &'p Policy,
    pub(super) service: &'p Service,
    pub(super) at: Edge,
    /// How the subsets of the fields of the service are numbered.
    pub(super) fields: &'p SetIds,
    /// By attribute: how the subsets of other set attributes are numbered.
    pub(super) sets: &'p [SetIds],
}

impl TableInput<'_> {
    /// How many numbers the values or subsets of an attribute have.
    pub(super) fn width(&self, attribute: usize) -> usize {
        let declared = &self.policy.attributes[attribute];
        if declared.set { self.set_ids(attribute).number() } else { declared.values.len() }
    }

    /// How the subsets of a set attribute are numbered.
    pub(super) fn set_ids(&self, attribute: usize) -> &SetIds {
        if self.policy.fields == Some(attribute) { self.fields } else { &self.sets[attribute] }
    }
}

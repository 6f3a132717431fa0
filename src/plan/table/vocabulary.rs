//! The numbers of a policy's names, as the table uses them.

use super::{DecisionTable, NameIndex, SetIds};
use crate::policy::{Field, Policy, Service};
use crate::space::Subset;

/// Names to numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Vocabulary {
    services: NameIndex,
    attributes: NameIndex,
    /// `values[a]`: the values of attribute `a`.
    values: Vec<NameIndex>,
    /// `fields[s]`: the fields that service `s` declares, by name, and then by place.
    fields: Vec<NameIndex>,
}

impl Vocabulary {
    pub(super) fn of(policy: &Policy) -> Self {
        let fields = |service: &Service| {
            let fields = service.fields.as_deref().unwrap_or_default();
            NameIndex::of((0..fields.len() * 2).map(|index| field_word(fields, index)))
        };
        let values = policy
            .attributes
            .iter()
            .map(|attribute| NameIndex::of(attribute.values.iter().map(|value| value.name.as_str())));
        Self {
            services: NameIndex::of(policy.services.iter().map(|service| service.name.as_str())),
            attributes: NameIndex::of(policy.attributes.iter().map(|attribute| attribute.name.as_str())),
            values: values.collect(),
            fields: policy.services.iter().map(fields).collect(),
        }
    }
}

/// What a request may call a field: the names of all fields, and after them their places.
#[inline]
fn field_word(fields: &[Field], index: usize) -> &str {
    match index.checked_sub(fields.len()) {
        None => &fields[index].name,
        Some(index) => &fields[index].place,
    }
}

/// `policy` is the policy that the table was made from: it has the names.
impl DecisionTable {
    #[inline]
    pub(crate) fn service(&self, policy: &Policy, name: &str) -> Option<usize> {
        self.vocabulary.services.find(name, |index| &policy.services[index].name)
    }

    #[inline]
    pub(crate) fn attribute(&self, policy: &Policy, name: &str) -> Option<usize> {
        self.vocabulary.attributes.find(name, |index| &policy.attributes[index].name)
    }

    #[inline]
    pub(crate) fn value(&self, policy: &Policy, attribute: usize, name: &str) -> Option<u32> {
        let values = &policy.attributes.get(attribute)?.values;
        let index = self.vocabulary.values.get(attribute)?.find(name, |index| &values[index].name)?;
        u32::try_from(index).ok()
    }

    /// A field of a service, by its name or its place, as a subset with this field alone. A field that the service does not declare is unknown.
    #[inline]
    pub(crate) fn field(&self, policy: &Policy, service: usize, name: &str) -> Subset {
        let fields =
            policy.services.get(service).and_then(|service| service.fields.as_deref()).unwrap_or_default();
        let names = self.vocabulary.fields.get(service);
        let index = names.and_then(|names| names.find(name, |index| field_word(fields, index)));
        let index = index.map(|index| if index < fields.len() { index } else { index - fields.len() });
        index.and_then(|index| u32::try_from(index).ok()).map_or(Subset::UNKNOWN, |index| Subset::of([index]))
    }

    /// How the subsets of a set attribute are numbered for a service.
    #[inline]
    pub(crate) fn sets(&self, policy: &Policy, service: usize, attribute: usize) -> Option<&SetIds> {
        if policy.fields == Some(attribute) {
            self.field_ids.get(service)
        } else {
            self.set_ids.get(attribute)
        }
    }
}

//! One fact for a kind of value.

use meterwarden::decide::request::Fact;
use meterwarden::policy::{Policy, Service};
use meterwarden::space::{Axis, Lookup};

/// The first value, or the smallest subset, of a kind; nothing where the service does not look at the attribute.
pub fn fact(policy: &Policy, service: &Service, axis: &Axis, attribute: usize, kind: usize) -> Option<Fact> {
    let kind = axis.kinds.get(kind)?;
    let values = policy.values(attribute, service);
    match &axis.lookup {
        Lookup::Plain(_) => {
            let value = values.get(*kind.values.first()? as usize)?;
            Some(Fact::Value((*value).to_owned()))
        }
        Lookup::Set(_) => {
            let inside = values.iter().zip(0u32..).filter(|(_, nth)| kind.subset.contains(*nth));
            Some(Fact::Set(inside.map(|(value, _)| (*value).to_owned()).collect()))
        }
        Lookup::Unseen => None,
    }
}

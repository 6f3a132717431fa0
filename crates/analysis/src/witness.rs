//! One fact for a class of value.

use meterwarden::decide::request::Fact;
use meterwarden::policy::{Policy, Service};
use meterwarden::space::{Dimension, Lookup};

/// The first value, or the smallest subset, of a class; nothing where the service does not look at the attribute.
pub fn fact(
    policy: &Policy,
    service: &Service,
    dimension: &Dimension,
    attribute: usize,
    class: usize,
) -> Option<Fact> {
    let class = dimension.classes.get(class)?;
    let values = policy.values(attribute, service);
    match &dimension.lookup {
        Lookup::Plain(_) => {
            let value = values.get(*class.values.first()? as usize)?;
            Some(Fact::Value((*value).to_owned()))
        }
        Lookup::Set(_) => {
            let inside = values.iter().zip(0u32..).filter(|(_, nth)| class.subset.contains(*nth));
            Some(Fact::Set(inside.map(|(value, _)| (*value).to_owned()).collect()))
        }
        Lookup::Unseen => None,
    }
}

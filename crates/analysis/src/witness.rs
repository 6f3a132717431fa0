//! One example fact for a value class.

use meterwarden::decide::request::Fact;
use meterwarden::policy::{Policy, Service};
use meterwarden::space::{Dimension, Lookup};

/// The first value, or the smallest subset, of a value class; `None` if the rules of the service do not check the
/// attribute.
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
            let members = values.iter().zip(0u32..).filter(|(_, value)| class.subset.contains(*value));
            Some(Fact::Set(members.map(|(name, _)| (*name).to_owned()).collect()))
        }
        Lookup::Unseen => None,
    }
}

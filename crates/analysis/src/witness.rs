//! One example fact for a value class.

use meterwarden::decide::request::Fact;
use meterwarden::policy::{Policy, Service};
use meterwarden::space::{Dimension, Lookup, Members, Subset};

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
        Lookup::Set(_) => Some(set(&values, class.subset)),
        Lookup::Unseen => None,
    }
}

/// The same for a set attribute of which these members are known: a subset of the class that has them.
pub(crate) fn fact_among(
    policy: &Policy,
    service: &Service,
    dimension: &Dimension,
    attribute: usize,
    class: usize,
    members: Option<Members>,
) -> Option<Fact> {
    match members.and_then(|members| dimension.subset_among(members, class)) {
        Some(subset) => Some(set(&policy.values(attribute, service), subset)),
        None => fact(policy, service, dimension, attribute, class),
    }
}

fn set(values: &[&str], subset: Subset) -> Fact {
    let members = values.iter().zip(0u32..).filter(|(_, value)| subset.contains(*value));
    Fact::Set(members.map(|(name, _)| (*name).to_owned()).collect())
}

//! The boxes of the rules of one service in one interval as bits: a dimension for each attribute, a choice for each
//! value class.

use super::cube::{Cube, Layout};
use crate::base::bit_set::bits;
use crate::policy::Policy;
use crate::space::{Dimension, RuleSpace};

/// The layout of the space of these attributes.
pub fn layout(dimensions: &[Dimension]) -> Layout {
    Layout::new(dimensions.iter().map(|dimension| dimension.classes.len()))
}

/// The boxes of the rules, in the same order.
pub fn cubes(layout: &Layout, rule_space: &RuleSpace) -> Vec<Cube> {
    let mut cubes = vec![layout.cube(|_, _| false); rule_space.boxes.len()];
    for (attribute, dimension) in rule_space.dimensions.iter().enumerate() {
        for (choice, class) in dimension.classes.iter().enumerate() {
            layout.put_all(&mut cubes, bits(&class.passes), attribute, choice);
        }
    }
    cubes
}

/// Every request that carries nothing undeclared.
pub fn declared(layout: &Layout, policy: &Policy, dimensions: &[Dimension]) -> Cube {
    let mut declared = layout.all();
    if let Some(fields) = policy.fields
        && let Some(dimension) = dimensions.get(fields)
    {
        layout.keep(&mut declared, fields, |class| !dimension.classes[class].undeclared);
    }
    declared
}

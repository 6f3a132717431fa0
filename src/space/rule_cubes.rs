//! The requests of one service at one time as a space: a dimension for each attribute, a choice for each class of value
//! that the rules tell apart. In it a box of a rule is a cube.

use super::cube::{Cube, Layout};
use crate::base::bit_set::bits;
use crate::policy::Policy;
use crate::space::{Dimension, RuleSpace};

/// The space of some attributes.
pub fn layout(dimensions: &[Dimension]) -> Layout {
    Layout::new(dimensions.iter().map(|dimension| dimension.classes.len()))
}

/// The boxes of an rule_space.
pub fn cubes(layout: &Layout, rule_space: &RuleSpace) -> Vec<Cube> {
    let mut cubes = vec![layout.cube(|_, _| false); rule_space.boxes.len()];
    for (attribute, dimension) in rule_space.dimensions.iter().enumerate() {
        for (nth, class) in dimension.classes.iter().enumerate() {
            layout.put_all(&mut cubes, bits(&class.passes), attribute, nth);
        }
    }
    cubes
}

/// Every request that carries nothing undeclared.
pub fn declared(layout: &Layout, policy: &Policy, dimensions: &[Dimension]) -> Cube {
    let mut room = layout.all();
    if let Some((fields, dimension)) =
        policy.fields.and_then(|fields| Some((fields, dimensions.get(fields)?)))
    {
        layout.keep(&mut room, fields, |class| !dimension.classes[class].undeclared);
    }
    room
}

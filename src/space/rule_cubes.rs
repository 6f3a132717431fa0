//! The requests of one service at one time as a space: a dimension for each attribute, a choice for each kind of value
//! that the rules tell apart. In it a box of a rule is a cube.

use super::cube::{Cube, Layout};
use crate::base::bit_set::bits;
use crate::policy::Policy;
use crate::space::{Axis, Epoch};

/// The space of some attributes.
pub fn layout(axes: &[Axis]) -> Layout {
    Layout::new(axes.iter().map(|axis| axis.kinds.len()))
}

/// The boxes of an epoch.
pub fn cubes(layout: &Layout, epoch: &Epoch) -> Vec<Cube> {
    let mut cubes = vec![layout.cube(|_, _| false); epoch.boxes.len()];
    for (attribute, axis) in epoch.axes.iter().enumerate() {
        for (nth, kind) in axis.kinds.iter().enumerate() {
            layout.put_all(&mut cubes, bits(&kind.passes), attribute, nth);
        }
    }
    cubes
}

/// Every request that carries nothing undeclared.
pub fn declared(layout: &Layout, policy: &Policy, axes: &[Axis]) -> Cube {
    let mut room = layout.all();
    if let Some((fields, axis)) = policy.fields.and_then(|fields| Some((fields, axes.get(fields)?))) {
        layout.keep(&mut room, fields, |kind| !axis.kinds[kind].undeclared);
    }
    room
}

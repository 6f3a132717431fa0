//! What is permitted of some requests, to be read.

use std::cmp::Reverse;

use super::cover::{trimmed, without_spare};
use super::cube::{Cube, Layout, absorb};
use super::rule_cubes::{cubes, declared, layout};
use crate::policy::Policy;
use crate::space::RuleSpace;

/// Where a region has more largest boxes than this, the boxes of the rules stay as they are: joining them would take long.
const MOST_LARGEST: usize = 100;

/// What is permitted among the requests that have the stated class of each attribute, where one is stated, and carry
/// nothing undeclared.
pub fn permitted(
    policy: &Policy,
    rule_space: &RuleSpace,
    stated: impl Fn(usize) -> Option<u32>,
) -> (Layout, Vec<Cube>) {
    let layout = layout(&rule_space.dimensions);
    let mut room = declared(&layout, policy, &rule_space.dimensions);
    for attribute in 0..layout.dimensions() {
        if let Some(stated) = stated(attribute) {
            layout.keep(&mut room, attribute, |class| class == stated as usize);
        }
    }
    let permitted = permitted_in(rule_space, &layout, &room);
    (layout, permitted)
}

/// What is permitted in a box: in boxes as large as can be, without those that the others cover together, the small
/// ones first, and without what another says already. In a stable order.
pub fn permitted_in(rule_space: &RuleSpace, layout: &Layout, room: &Cube) -> Vec<Cube> {
    let boxes = cubes(layout, rule_space);
    let of = |mask| crate::base::bit_set::bits(mask).filter_map(|nth| layout.and(&boxes[nth], room));
    let mut permitted: Vec<Cube> = of(&rule_space.permits).collect();
    for forbid in of(&rule_space.forbids) {
        permitted = permitted.iter().flat_map(|cube| layout.minus(cube, &forbid)).collect();
        absorb(&mut permitted);
    }
    let mut permitted = layout.largest(permitted, MOST_LARGEST);
    // What can go goes from the end.
    permitted.sort_by_cached_key(|cube| Reverse((layout.size(cube), cube.order())));
    let permitted = without_spare(layout, permitted);
    let places: Vec<_> = permitted.iter().map(Cube::order).collect();
    let mut permitted: Vec<_> = places.into_iter().zip(trimmed(layout, permitted)).collect();
    permitted.sort_unstable();
    permitted.into_iter().map(|(_, cube)| cube).collect()
}

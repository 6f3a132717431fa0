//! What is permitted of some requests, in boxes for people.

use std::cmp::Reverse;

use super::cover::{trimmed, without_spare};
use super::cube::{Cube, Layout, absorb};
use super::rule_cubes::{cubes, declared, layout};
use crate::base::bit_set::{RuleSet, bits};
use crate::base::order::sorted;
use crate::policy::Policy;
use crate::space::RuleSpace;

/// Boxes are joined to larger ones while the list is at most twice as long as it was, within these bounds. Beyond that,
/// joining would take long, and the boxes of the rules stay as they are.
const MOST_JOINED: std::ops::RangeInclusive<usize> = 100..=500;

/// What is permitted among the requests that have one of the possible classes of each attribute, and that carry nothing
/// undeclared.
pub fn permitted(
    policy: &Policy,
    rule_space: &RuleSpace,
    is_possible: impl Fn(usize, usize) -> bool,
) -> (Layout, Vec<Cube>) {
    let layout = layout(&rule_space.dimensions);
    let mut within = declared(&layout, policy, &rule_space.dimensions);
    for attribute in 0..layout.dimensions() {
        layout.keep(&mut within, attribute, |class| is_possible(attribute, class));
    }
    let permitted = permitted_in(rule_space, &layout, &within);
    (layout, permitted)
}

/// What is permitted within a box, in the largest boxes, in a stable order. A box that others cover together is left
/// out, the smallest first, and so is each choice of a box that another box repeats.
pub fn permitted_in(rule_space: &RuleSpace, layout: &Layout, within: &Cube) -> Vec<Cube> {
    let boxes = cubes(layout, rule_space);
    let boxes_of =
        |rules: &RuleSet| bits(rules).filter_map(|rule| layout.and(&boxes[rule], within)).collect::<Vec<_>>();
    let mut permitted = boxes_of(&rule_space.permits);
    for forbid in boxes_of(&rule_space.forbids) {
        permitted = permitted.iter().flat_map(|cube| layout.minus(cube, &forbid)).collect();
        absorb(&mut permitted);
    }
    let most = (permitted.len() * 2).clamp(*MOST_JOINED.start(), *MOST_JOINED.end());
    // The largest first, because boxes are left out from the end.
    let keyed = |cube: Cube| (Reverse((layout.size(&cube), cube.order())), cube);
    let permitted = sorted(layout.largest(permitted, most).into_iter().map(keyed));
    let permitted = without_spare(layout, permitted.into_iter().map(|(_, cube)| cube).collect());
    let orders: Vec<_> = permitted.iter().map(Cube::order).collect();
    let permitted = sorted(orders.into_iter().zip(trimmed(layout, permitted)));
    permitted.into_iter().map(|(_, cube)| cube).collect()
}

//! A region in boxes for people: each as large as can be, together exactly the region, and few of them.
//!
//! A box begins as the first request that no other box has yet, and takes on choice after choice for as long as all of
//! it lies in the region. So every box is a largest one, and which they are depends on the region alone, however the
//! rules were written.

use super::cube::{Cube, Layout, Left};
use super::diagram::{Node, Region};

/// The boxes of a region, at most so many; and what they leave.
pub(crate) fn cover(region: &Region, layout: &Layout, most: usize) -> (Vec<Cube>, Region) {
    let mut boxes: Vec<Cube> = Vec::new();
    let mut rest = region.clone();
    while let Some(first) = first(&rest, layout).filter(|_| boxes.len() < most) {
        let grown = grown(region, layout, first);
        rest = rest.without(layout, &grown);
        boxes.push(grown);
    }
    (without_spare(layout, boxes), rest)
}

/// The first request of a region, with all choices of the dimensions on which it does not branch.
fn first(region: &Region, layout: &Layout) -> Option<Cube> {
    if region.is_empty() {
        return None;
    }
    let mut cube = layout.all();
    let mut place = region.root;
    while let Node::Fork { dimension, next } = &region.nodes[place] {
        let choice = next.iter().position(|next| region.nodes[*next] != Node::End(false))?;
        layout.only(&mut cube, *dimension, choice);
        place = next[choice];
    }
    Some(cube)
}

/// The box, and all that can be added to it choice by choice, the last dimensions first.
fn grown(region: &Region, layout: &Layout, mut cube: Cube) -> Cube {
    for dimension in (0..layout.dimensions()).rev() {
        let open: Vec<usize> =
            (0..layout.choices(dimension)).filter(|choice| !layout.has(&cube, dimension, *choice)).collect();
        for choice in open {
            let mut slice = cube.clone();
            layout.only(&mut slice, dimension, choice);
            if region.covers(layout, &slice) {
                layout.put(&mut cube, dimension, choice, true);
            }
        }
    }
    cube
}

/// Leaves out boxes that the others cover together, the latest first.
pub(crate) fn without_spare(layout: &Layout, mut boxes: Vec<Cube>) -> Vec<Cube> {
    for nth in (0..boxes.len()).rev() {
        let others = boxes.iter().enumerate().filter(|(other, _)| *other != nth).map(|(_, cube)| cube);
        if layout.left(&boxes[nth], others) == Left::Nothing {
            boxes.remove(nth);
        }
    }
    boxes
}

/// Takes out of each box, the latest first, the choices for which the others cover it: what is said once is not said
/// again. The union stays the same.
pub(crate) fn trimmed(layout: &Layout, mut boxes: Vec<Cube>) -> Vec<Cube> {
    for nth in (0..boxes.len()).rev() {
        for dimension in 0..layout.dimensions() {
            let taken: Vec<usize> = layout.taken(&boxes[nth], dimension).collect();
            let spare = |choice: &usize| {
                let mut slice = boxes[nth].clone();
                layout.only(&mut slice, dimension, *choice);
                let others =
                    boxes.iter().enumerate().filter(|(other, _)| *other != nth).map(|(_, cube)| cube);
                layout.left(&slice, others) == Left::Nothing
            };
            let spare: Vec<usize> = taken.into_iter().filter(spare).collect();
            for choice in spare {
                layout.put(&mut boxes[nth], dimension, choice, false);
            }
        }
    }
    boxes
}

//! A region in boxes for people: each as large as can be, together exactly the region, and few of them.
//!
//! A box begins as the first request that no other box has yet, and takes on choice after choice for as long as all of
//! it lies in the region. So every box is a largest one, and which they are depends on the region alone, however the
//! rules were written.

use smallvec::SmallVec;

use super::cube::{Cube, Layout, Left};
use super::diagram::{Node, Region};

/// The boxes of a region, at most so many; and what they leave.
pub fn cover(region: &Region, layout: &Layout, most: usize) -> (Vec<Cube>, Region) {
    let soil = CoverBuilder::new(region, layout);
    let mut boxes: Vec<Cube> = Vec::new();
    let mut rest = region.clone();
    while let Some(first) = first(&rest, layout).filter(|_| boxes.len() < most) {
        let grown = soil.grown(first);
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

/// A region in which boxes grow.
struct CoverBuilder<'r> {
    region: &'r Region,
    layout: &'r Layout,
    /// Where it branches: the dimension and the place, the first dimensions first.
    forks: Vec<(usize, usize)>,
}

/// Something of each node. Most regions of changes have some dozens.
type Nodes = SmallVec<[bool; 128]>;

impl<'r> CoverBuilder<'r> {
    fn new(region: &'r Region, layout: &'r Layout) -> Self {
        let fork = |(place, node): (usize, &Node<bool>)| match node {
            Node::Fork { dimension, .. } => Some((*dimension, place)),
            Node::End(_) => None,
        };
        let mut forks: Vec<(usize, usize)> = region.nodes.iter().enumerate().filter_map(fork).collect();
        forks.sort_unstable();
        Self { region, layout, forks }
    }

    /// A box that lies in the region, and all that can be added to it choice by choice, the last dimensions first.
    fn grown(&self, mut cube: Cube) -> Cube {
        // A dimension does not change before its turn, so that what the box reaches there is what it reaches at first.
        let reached = self.reached(&cube);
        // Whether all that the box takes from a node on lies in the region.
        let mut inside: Nodes = self.region.nodes.iter().map(|node| *node == Node::End(true)).collect();
        let mut left = self.forks.as_slice();
        for dimension in (0..self.layout.dimensions()).rev() {
            let (before, here) = left.split_at(left.partition_point(|(at, _)| *at < dimension));
            left = before;
            for choice in 0..self.layout.choices(dimension) {
                let leads_inside = |place: usize| inside[self.next(place)[choice]];
                let mut reached = here.iter().map(|(_, place)| *place).filter(|place| reached[*place]);
                if reached.all(leads_inside) {
                    self.layout.put(&mut cube, dimension, choice, true);
                }
            }
            for (_, place) in here {
                let next = self.next(*place);
                inside[*place] = self.layout.taken(&cube, dimension).all(|choice| inside[next[choice]]);
            }
        }
        cube
    }

    /// The nodes that requests of a box come to.
    fn reached(&self, cube: &Cube) -> Nodes {
        let mut reached = Nodes::from_elem(false, self.region.nodes.len());
        reached[self.region.root] = true;
        for (dimension, place) in &self.forks {
            if reached[*place] {
                let next = self.next(*place);
                self.layout.taken(cube, *dimension).for_each(|choice| reached[next[choice]] = true);
            }
        }
        reached
    }

    fn next(&self, place: usize) -> &[usize] {
        match &self.region.nodes[place] {
            Node::Fork { next, .. } => next,
            Node::End(_) => &[],
        }
    }
}

/// Leaves out boxes that the others cover together, the latest first.
pub(super) fn without_spare(layout: &Layout, mut boxes: Vec<Cube>) -> Vec<Cube> {
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
pub fn trimmed(layout: &Layout, mut boxes: Vec<Cube>) -> Vec<Cube> {
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

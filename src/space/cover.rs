//! A region in boxes for people: each a largest one, together exactly the region, and few of them.
//!
//! A box begins as the first request of the region that no earlier box has. It takes on choice after choice, as long as
//! all of it lies in the region. So every box is a largest one, and which boxes they are depends on the region alone,
//! however the rules were written.

use smallvec::SmallVec;

use crate::base::order::sorted;

use super::cube::{Cube, Layout, Remainder};
use super::diagram::Node;
use super::region::Region;

/// The boxes of a region, at most `most`, and the region that they do not have.
pub fn cover(region: &Region, layout: &Layout, most: usize) -> (Vec<Cube>, Region) {
    let builder = CoverBuilder::new(region, layout);
    let mut boxes: Vec<Cube> = Vec::new();
    let mut rest = region.clone();
    while let Some(first) = first(&rest, layout).filter(|_| boxes.len() < most) {
        let largest = builder.grow(first);
        rest = rest.without(layout, &largest);
        boxes.push(largest);
    }
    (without_spare(layout, boxes), rest)
}

/// The first request of a region, with all choices of the dimensions on which the diagram does not branch for it.
fn first(region: &Region, layout: &Layout) -> Option<Cube> {
    if region.is_empty() {
        return None;
    }
    let mut cube = layout.all();
    let mut node = region.root;
    while let Node::Fork { dimension, next } = &region.nodes[node] {
        let choice = next.iter().position(|next| region.nodes[*next] != Node::End(false))?;
        layout.only(&mut cube, *dimension, choice);
        node = next[choice];
    }
    Some(cube)
}

/// Makes boxes of a region as large as possible.
struct CoverBuilder<'r> {
    region: &'r Region,
    layout: &'r Layout,
    /// The dimension and the node of each fork, the first dimensions first.
    forks: Vec<(usize, usize)>,
}

/// A flag for each node. Most regions of changes have some dozens of nodes.
type NodeFlags = SmallVec<[bool; 128]>;

impl<'r> CoverBuilder<'r> {
    fn new(region: &'r Region, layout: &'r Layout) -> Self {
        let fork = |(index, node): (usize, &Node<bool>)| match node {
            Node::Fork { dimension, .. } => Some((*dimension, index)),
            Node::End(_) => None,
        };
        Self { region, layout, forks: sorted(region.nodes.iter().enumerate().filter_map(fork)) }
    }

    /// Adds to a box that lies in the region every choice that keeps it there, the last dimensions first.
    ///
    /// A choice of a dimension can be added if it leads into the region from every fork on that dimension that the box
    /// reaches. Two facts are needed for that, and both are at hand when the dimension has its turn:
    /// which forks the box reaches depends on earlier dimensions only, and these have not been changed so far;
    /// and whether all that the box takes from a node on lies in the region depends on later dimensions only, and these
    /// are done.
    fn grow(&self, mut cube: Cube) -> Cube {
        let reached = self.reached(&cube);
        // Whether all that the box takes from a node on lies in the region.
        let mut inside: NodeFlags = self.region.nodes.iter().map(|node| *node == Node::End(true)).collect();
        let mut forks = self.forks.as_slice();
        for dimension in (0..self.layout.dimensions()).rev() {
            let (earlier, here) = forks.split_at(forks.partition_point(|(at, _)| *at < dimension));
            forks = earlier;
            for choice in 0..self.layout.choices(dimension) {
                let mut reached_here = here.iter().map(|(_, fork)| *fork).filter(|fork| reached[*fork]);
                if reached_here.all(|fork| inside[self.next(fork)[choice]]) {
                    self.layout.put(&mut cube, dimension, choice, true);
                }
            }
            for (_, fork) in here {
                let next = self.next(*fork);
                inside[*fork] = self.layout.taken(&cube, dimension).all(|choice| inside[next[choice]]);
            }
        }
        cube
    }

    /// The nodes that requests of a box reach.
    fn reached(&self, cube: &Cube) -> NodeFlags {
        let mut reached = NodeFlags::from_elem(false, self.region.nodes.len());
        reached[self.region.root] = true;
        for (dimension, fork) in &self.forks {
            if reached[*fork] {
                let next = self.next(*fork);
                self.layout.taken(cube, *dimension).for_each(|choice| reached[next[choice]] = true);
            }
        }
        reached
    }

    fn next(&self, node: usize) -> &[usize] {
        match &self.region.nodes[node] {
            Node::Fork { next, .. } => next,
            Node::End(_) => &[],
        }
    }
}

/// Leaves out boxes that the others cover together, the latest first.
pub(super) fn without_spare(layout: &Layout, mut boxes: Vec<Cube>) -> Vec<Cube> {
    for index in (0..boxes.len()).rev() {
        if layout.remainder(&boxes[index], others(&boxes, index)) == Remainder::Nothing {
            boxes.remove(index);
        }
    }
    boxes
}

/// Takes out of each box, the latest first, the choices for which the others cover it, so that no choice is repeated.
/// The union stays the same.
pub fn trimmed(layout: &Layout, mut boxes: Vec<Cube>) -> Vec<Cube> {
    for index in (0..boxes.len()).rev() {
        for dimension in 0..layout.dimensions() {
            let is_spare = |choice: &usize| {
                let mut slice = boxes[index].clone();
                layout.only(&mut slice, dimension, *choice);
                layout.remainder(&slice, others(&boxes, index)) == Remainder::Nothing
            };
            let spare: Vec<usize> = layout.taken(&boxes[index], dimension).filter(is_spare).collect();
            for choice in spare {
                layout.put(&mut boxes[index], dimension, choice, false);
            }
        }
    }
    boxes
}

/// All boxes but one.
fn others(boxes: &[Cube], index: usize) -> impl Iterator<Item = &Cube> {
    boxes.iter().enumerate().filter(move |(other, _)| *other != index).map(|(_, cube)| cube)
}

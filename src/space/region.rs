//! Sets of requests as diagrams: what is in a box, what is outside of it, and what holds for some or every choice of a
//! dimension.

use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use super::cube::{Cube, Layout};
use super::diagram::{Diagram, Next, Node, Nodes};

/// A set of requests: the value of a request is whether it is in.
pub type Region = Diagram<bool>;

impl Region {
    /// Whether no request is in.
    pub fn is_empty(&self) -> bool {
        self.nodes[self.root] == Node::End(false)
    }

    /// Whether all of it lies in a box.
    fn lies_in(&self, layout: &Layout, cube: &Cube) -> bool {
        let dimensions = layout.dimensions();
        let is_full = |dimension: usize| layout.taken(cube, dimension).count() == layout.choices(dimension);
        let full: SmallVec<[bool; 16]> = (0..dimensions).map(is_full).collect();
        // Where the region does not branch on a dimension, it takes every choice of it.
        let takes_all_to = |from: usize, node: usize| {
            let to = self.nodes[node].dimension();
            full.iter().take(to).skip(from).all(|full| *full)
        };
        let is_out = |node: usize| self.nodes[node] == Node::End(false);
        let branches_inside = |node: &Node<bool>| match node {
            Node::End(_) => true,
            Node::Fork { dimension, next } => next.iter().enumerate().all(|(choice, next)| {
                is_out(*next) || layout.has(cube, *dimension, choice) && takes_all_to(dimension + 1, *next)
            }),
        };
        is_out(self.root) || takes_all_to(0, self.root) && self.nodes.iter().all(branches_inside)
    }

    /// What lies in a box.
    pub fn within(&self, layout: &Layout, cube: &Cube) -> Self {
        self.cut(layout, cube, true)
    }

    /// What lies outside of a box.
    pub fn without(&self, layout: &Layout, cube: &Cube) -> Self {
        // Most regions are one box, and then nothing is left.
        if self.lies_in(layout, cube) { Self::constant(false) } else { self.cut(layout, cube, false) }
    }

    fn cut(&self, layout: &Layout, cube: &Cube, keep: bool) -> Self {
        let done = FxHashMap::with_capacity_and_hasher(self.nodes.len(), FxBuildHasher);
        let mut cutter = Cutter { region: self, layout, cube, keep, made: Nodes::default(), done };
        let root = cutter.inside(self.root, 0);
        cutter.made.into_diagram(root)
    }

    /// The requests that are in with some choice of a dimension, whatever their own choice is.
    pub fn exists(&self, dimension: usize) -> Self {
        self.merged(dimension, |left, right| left || right, false)
    }

    /// The requests that are in with every choice of a dimension.
    pub fn forall(&self, dimension: usize) -> Self {
        self.merged(dimension, |left, right| left && right, true)
    }

    /// Combines the region as it is with each choice of a dimension.
    fn merged(&self, dimension: usize, merge: fn(bool, bool) -> bool, start: bool) -> Self {
        let merge = |left: &bool, right: &bool| merge(*left, *right);
        let Some(next) = self.nodes.iter().find_map(|node| node.branches(dimension)) else {
            return self.clone();
        };
        // If the root branches on it, the region with each choice is what the choice leads to.
        if let Some(next) = self.nodes[self.root].branches(dimension) {
            let mut nodes = next.to_vec();
            nodes.sort_unstable();
            nodes.dedup();
            let join = |region: Self, node: &usize| region.join_at(region.root, self, *node, merge);
            return nodes.iter().fold(Self::constant(start), join);
        }
        let given = |choice: usize| self.given(|at| (at == dimension).then_some(choice));
        (0..next.len()).map(given).fold(Self::constant(start), |region, given| region.join(&given, merge))
    }

    /// The region as it is with these choices of some dimensions. It does not branch on them any more.
    pub fn given(&self, choice: impl Fn(usize) -> Option<usize>) -> Self {
        let mut made = Nodes::default();
        // The new index of each node.
        let mut indices = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            indices.push(match node {
                Node::End(end) => made.place(Node::End(*end)),
                Node::Fork { dimension, next } => match choice(*dimension) {
                    Some(choice) => indices[next[choice]],
                    None => made.fork(*dimension, next.iter().map(|next| indices[*next]).collect()),
                },
            });
        }
        made.diagram_from(indices[self.root])
    }
}

/// Cuts a region into what lies in a box and what lies outside of it, and keeps one of these.
struct Cutter<'r> {
    region: &'r Region,
    layout: &'r Layout,
    cube: &'r Cube,
    /// Whether the inside is kept.
    keep: bool,
    made: Nodes<bool>,
    /// The node made for each node before a dimension; [`OUTSIDE`] stands for requests that are outside already.
    done: FxHashMap<(usize, usize), usize>,
}

const OUTSIDE: usize = usize::MAX;

impl Cutter<'_> {
    /// What is kept from a node on, of requests that are in the box by all dimensions before this one.
    fn inside(&mut self, node: usize, dimension: usize) -> usize {
        if dimension == self.layout.dimensions() {
            let kept = self.keep && self.region.nodes[node] == Node::End(true);
            return self.made.place(Node::End(kept));
        }
        if self.region.nodes[node] == Node::End(false) {
            return self.made.place(Node::End(false));
        }
        if let Some(made) = self.done.get(&(node, dimension)) {
            return *made;
        }
        let mut next = Next::with_capacity(self.layout.choices(dimension));
        for choice in 0..self.layout.choices(dimension) {
            let to = self.region.nodes[node].branches(dimension).map_or(node, |next| next[choice]);
            next.push(if self.layout.has(self.cube, dimension, choice) {
                self.inside(to, dimension + 1)
            } else {
                self.outside(to)
            });
        }
        let made = self.made.fork(dimension, next);
        self.done.insert((node, dimension), made);
        made
    }

    /// What is kept from a node on, of requests that are outside of the box.
    fn outside(&mut self, node: usize) -> usize {
        if self.keep {
            return self.made.place(Node::End(false));
        }
        if let Some(made) = self.done.get(&(node, OUTSIDE)) {
            return *made;
        }
        let made = match &self.region.nodes[node] {
            Node::End(inside) => self.made.place(Node::End(*inside)),
            Node::Fork { dimension, next } => {
                let next = next.iter().map(|next| self.outside(*next)).collect();
                self.made.fork(*dimension, next)
            }
        };
        self.done.insert((node, OUTSIDE), made);
        made
    }
}

//! A set of requests, or any function of a request, as a decision diagram.
//!
//! A request starts at the root. Each fork leads it on by its choice of one dimension, and the end that it reaches is
//! its value. Three rules make the form canonical, so that two diagrams over the same dimensions are equal exactly if
//! they have the same value for every request:
//!
//! - On every path the dimensions come in the same order.
//! - Equal nodes are one node. So two nodes that have the same value for every request are the same node: by induction
//!   from the last dimension on, since nodes are equal when their choices lead to equal nodes.
//! - A fork whose choices all lead to the same node is left out. So a diagram branches on a dimension exactly if the
//!   value of some request depends on it.
//!
//! Nodes are numbered in the order in which a walk through the choices completes them, so equal diagrams have equal
//! lists of nodes.

use std::hash::Hash;

use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use crate::base::interner::Interner;

/// A function from requests to `E`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagram<E> {
    /// A node comes after all nodes that it leads to.
    pub nodes: Vec<Node<E>>,
    /// The index of the node where every request starts.
    pub root: usize,
}

/// A node of a diagram.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node<E> {
    /// The value of all requests that reach this node.
    End(E),
    /// A branch on a dimension.
    Fork {
        /// The dimension.
        dimension: usize,
        /// The index of the node that each choice leads to.
        next: Next,
    },
}

/// The index of the node that each choice of a dimension leads to. Most dimensions have a few choices.
pub type Next = SmallVec<[usize; 4]>;

/// The diagram takes more states to make than the limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// Most diagrams take about this number of states.
const USUAL_STATES: usize = 28;

/// Makes a diagram from states: each choice of the next dimension leads from a state to another. What follows depends
/// on the state and the dimension alone, so each pair of these is walked once, however many requests come to it.
pub trait Walk {
    /// What is known of a request so far.
    type State: Clone + Eq + Hash;
    /// The value of a request.
    type End: Clone + Eq + Hash;

    /// The state that a choice leads to.
    fn step(&self, state: &Self::State, dimension: usize, choice: usize) -> Self::State;

    /// The value of all requests that come to a state before a dimension, if they have the same value. After the last
    /// dimension there must be a value.
    fn end(&self, state: &Self::State, dimension: usize) -> Option<Self::End>;
}

impl<E: Clone + Eq + Hash> Diagram<E> {
    /// The diagram of a walk over dimensions with these numbers of choices.
    ///
    /// # Errors
    ///
    /// The walk takes more than `most` states.
    pub fn of<W: Walk<End = E>>(
        walk: &W,
        choices: &[usize],
        start: W::State,
        most: usize,
    ) -> Result<Self, TooLarge> {
        let walked = FxHashMap::with_capacity_and_hasher(USUAL_STATES, FxBuildHasher);
        let mut walker = Walker { walk, choices, most, nodes: Nodes::default(), walked };
        let root = walker.enter(0, start)?;
        Ok(Self { nodes: walker.nodes.into_list(), root })
    }

    /// The same without a limit.
    pub fn whole<W: Walk<End = E>>(walk: &W, choices: &[usize], start: W::State) -> Self {
        // No list has `usize::MAX` states, so it is never too large.
        Self::of(walk, choices, start, usize::MAX).unwrap_or(Self { nodes: Vec::new(), root: 0 })
    }

    /// The same value for all requests.
    pub fn constant(end: E) -> Self {
        Self { nodes: vec![Node::End(end)], root: 0 }
    }

    /// The same function, with each value changed.
    pub fn map<F: Clone + Eq + Hash>(&self, mut change: impl FnMut(&E) -> F) -> Diagram<F> {
        let mut made = Nodes::default();
        // The new index of each node.
        let mut indices = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            indices.push(match node {
                Node::End(end) => made.place(Node::End(change(end))),
                Node::Fork { dimension, next } => {
                    made.fork(*dimension, next.iter().map(|next| indices[*next]).collect())
                }
            });
        }
        made.into_diagram(indices[self.root])
    }

    /// The values of each request in two diagrams, combined.
    pub fn join<F, G>(&self, other: &Diagram<F>, combine: impl Fn(&E, &F) -> G) -> Diagram<G>
    where
        F: Clone + Eq + Hash,
        G: Clone + Eq + Hash,
    {
        self.join_at(self.root, other, other.root, combine)
    }

    /// The same from a node of each on.
    pub fn join_at<F, G>(
        &self,
        node: usize,
        other: &Diagram<F>,
        other_node: usize,
        combine: impl Fn(&E, &F) -> G,
    ) -> Diagram<G>
    where
        F: Clone + Eq + Hash,
        G: Clone + Eq + Hash,
    {
        let joined = FxHashMap::with_capacity_and_hasher(self.nodes.len(), FxBuildHasher);
        let mut joiner = Joiner { left: self, right: other, combine, made: Nodes::default(), joined };
        let root = joiner.join(node, other_node);
        joiner.made.into_diagram(root)
    }

    /// The value of the request with these choices.
    pub fn at(&self, choice: impl Fn(usize) -> usize) -> &E {
        let mut node = self.root;
        loop {
            match &self.nodes[node] {
                Node::End(end) => return end,
                Node::Fork { dimension, next } => node = next[choice(*dimension)],
            }
        }
    }

    /// For each node, the result of a fold over all paths from there to the ends. `fork` gets a dimension, the nodes
    /// that its choices lead to, and the results of the nodes so far.
    pub fn fold<T>(&self, end: impl Fn(&E) -> T, fork: impl Fn(usize, &[usize], &[T]) -> T) -> Vec<T> {
        let mut values: Vec<T> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let value = match node {
                Node::End(value) => end(value),
                Node::Fork { dimension, next } => fork(*dimension, next, &values),
            };
            values.push(value);
        }
        values
    }
}

/// The nodes made so far, each once.
pub(super) type Nodes<E> = Interner<Node<E>>;

impl<E: Clone + Eq + Hash> Nodes<E> {
    /// The index of a fork, or of the node that all its choices lead to.
    pub(super) fn fork(&mut self, dimension: usize, next: Next) -> usize {
        match next.as_slice() {
            [first, rest @ ..] if rest.iter().all(|next| next == first) => *first,
            _ => self.place(Node::Fork { dimension, next }),
        }
    }

    /// The diagram that starts at a node. The node must lead to all others, and they must have been made in the order
    /// in which a walk from there completes them.
    pub(super) fn into_diagram(self, root: usize) -> Diagram<E> {
        Diagram { nodes: self.into_list(), root }
    }

    /// The diagram that starts at a node, with those nodes only that it leads to, in the order in which they are
    /// completed.
    pub(super) fn diagram_from(&self, root: usize) -> Diagram<E> {
        let mut indices: Vec<Option<usize>> = vec![None; self.list().len()];
        let mut nodes = Vec::new();
        let root = self.complete(root, &mut indices, &mut nodes);
        Diagram { nodes, root }
    }

    fn complete(&self, node: usize, indices: &mut [Option<usize>], nodes: &mut Vec<Node<E>>) -> usize {
        if let Some(index) = indices[node] {
            return index;
        }
        let completed = match &self.list()[node] {
            Node::End(end) => Node::End(end.clone()),
            Node::Fork { dimension, next } => Node::Fork {
                dimension: *dimension,
                next: next.iter().map(|next| self.complete(*next, indices, nodes)).collect(),
            },
        };
        nodes.push(completed);
        indices[node] = Some(nodes.len() - 1);
        nodes.len() - 1
    }
}

struct Walker<'w, W: Walk> {
    walk: &'w W,
    choices: &'w [usize],
    most: usize,
    nodes: Nodes<W::End>,
    /// The node of each state before a dimension.
    walked: FxHashMap<(usize, W::State), usize>,
}

impl<W: Walk> Walker<'_, W> {
    fn enter(&mut self, dimension: usize, state: W::State) -> Result<usize, TooLarge> {
        if let Some(end) = self.walk.end(&state, dimension) {
            return Ok(self.nodes.place(Node::End(end)));
        }
        let key = (dimension, state);
        if let Some(node) = self.walked.get(&key) {
            return Ok(*node);
        }
        if self.walked.len() >= self.most {
            return Err(TooLarge);
        }
        let mut next = Next::with_capacity(self.choices[dimension]);
        for choice in 0..self.choices[dimension] {
            let state = self.walk.step(&key.1, dimension, choice);
            next.push(self.enter(dimension + 1, state)?);
        }
        let node = self.nodes.fork(dimension, next);
        self.walked.insert(key, node);
        Ok(node)
    }
}

/// Walks through two diagrams at once.
struct Joiner<'d, E, F, G, C> {
    left: &'d Diagram<E>,
    right: &'d Diagram<F>,
    combine: C,
    made: Nodes<G>,
    /// The node made for each pair of nodes.
    joined: FxHashMap<(usize, usize), usize>,
}

impl<E, F, G, C> Joiner<'_, E, F, G, C>
where
    G: Clone + Eq + Hash,
    C: Fn(&E, &F) -> G,
{
    /// Joins two nodes. The node that branches on the earlier dimension goes on; the other waits for its own.
    fn join(&mut self, left: usize, right: usize) -> usize {
        if let Some(node) = self.joined.get(&(left, right)) {
            return *node;
        }
        let (left_diagram, right_diagram) = (self.left, self.right);
        let (left_node, right_node) = (&left_diagram.nodes[left], &right_diagram.nodes[right]);
        let node = if let (Node::End(left), Node::End(right)) = (left_node, right_node) {
            self.made.place(Node::End((self.combine)(left, right)))
        } else {
            let dimension = left_node.dimension().min(right_node.dimension());
            let (left_next, right_next) = (left_node.branches(dimension), right_node.branches(dimension));
            let choices = left_next.or(right_next).map_or(0, <[usize]>::len);
            let next = (0..choices).map(|choice| {
                let left = left_next.map_or(left, |next| next[choice]);
                let right = right_next.map_or(right, |next| next[choice]);
                self.join(left, right)
            });
            let next = next.collect();
            self.made.fork(dimension, next)
        };
        self.joined.insert((left, right), node);
        node
    }
}

impl<E> Node<E> {
    /// The dimension that it branches on; an end comes after all dimensions.
    pub(super) fn dimension(&self) -> usize {
        if let Self::Fork { dimension, .. } = self { *dimension } else { usize::MAX }
    }

    /// Where the choices of a dimension lead, if it branches on that dimension.
    pub(super) fn branches(&self, on: usize) -> Option<&[usize]> {
        match self {
            Self::Fork { dimension, next } if *dimension == on => Some(next),
            _ => None,
        }
    }
}

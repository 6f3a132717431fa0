//! What a service's rules come to, as a decision diagram: it branches on one attribute after another, and
//! ways that lead to the same end are one way. Every cell of every matrix is read off it, exactly.

use std::collections::{BTreeMap, HashMap};

use super::level::Level;
use crate::compile::Mask;

/// A diagram whose ends say `E`.
#[derive(Clone, Debug)]
pub(super) struct Diagram<E> {
    /// A node stands after all those that it leads to.
    pub(super) nodes: Vec<Node<E>>,
    /// Where one starts.
    pub(super) root: usize,
}

/// One place of a diagram.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Node<E> {
    /// What the rules say of all requests that come here.
    End(E),
    /// Where each choice of an attribute leads.
    Fork { attribute: usize, next: Vec<usize> },
}

/// How much of what is left of the space something holds for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Extent {
    pub(super) share: f64,
    /// For some of it.
    pub(super) some: bool,
    /// For all of it.
    pub(super) all: bool,
}

/// Makes a diagram; ways on which the same boxes are alive are walked once.
struct Builder<'l, E, F, S> {
    levels: &'l [Level],
    settle: S,
    end: F,
    nodes: Vec<Node<E>>,
    interned: BTreeMap<Node<E>, usize>,
    walked: HashMap<(usize, Mask), usize>,
}

impl<E: Clone + Ord> Diagram<E> {
    /// The diagram of some levels. `alive` are the boxes to begin with; `settle` makes states alike from which
    /// the same follows; `end` says what the boxes that survive come to.
    pub(super) fn of(
        levels: &[Level],
        alive: &Mask,
        settle: impl Fn(&mut Mask),
        end: impl Fn(&[u64]) -> E,
    ) -> Self {
        let mut builder = Builder {
            levels,
            settle,
            end,
            nodes: Vec::new(),
            interned: BTreeMap::new(),
            walked: HashMap::new(),
        };
        let root = builder.walk(0, alive.clone());
        Self { nodes: builder.nodes, root }
    }

    /// How much of the space something holds for, where each choice weighs so much; the weights of an attribute
    /// add up to one.
    pub(super) fn extent(&self, weights: &[Vec<f64>], holds: impl Fn(&E) -> bool) -> Extent {
        let mut extents: Vec<Extent> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let extent = match node {
                Node::End(end) => {
                    let holds = holds(end);
                    Extent { share: if holds { 1.0 } else { 0.0 }, some: holds, all: holds }
                }
                Node::Fork { attribute, next } => {
                    let mut extent = Extent { share: 0.0, some: false, all: true };
                    let taken = next.iter().zip(&weights[*attribute]).filter(|(_, weight)| **weight > 0.0);
                    for (next, weight) in taken {
                        extent.share += weight * extents[*next].share;
                        extent.some |= extents[*next].some;
                        extent.all &= extents[*next].all;
                    }
                    extent
                }
            };
            extents.push(extent);
        }
        extents[self.root]
    }

    /// The ends that are reached through choices that weigh something.
    pub(super) fn reached(&self, weights: &[Vec<f64>]) -> Vec<&E> {
        let mut reached = vec![false; self.nodes.len()];
        reached[self.root] = true;
        let mut ends = Vec::new();
        for (nth, node) in self.nodes.iter().enumerate().rev() {
            match node {
                _ if !reached[nth] => {}
                Node::End(end) => ends.push(end),
                Node::Fork { attribute, next } => {
                    let taken = next.iter().zip(&weights[*attribute]).filter(|(_, weight)| **weight > 0.0);
                    taken.for_each(|(next, _)| reached[*next] = true);
                }
            }
        }
        ends
    }
}

impl<E: Clone + Ord, F: Fn(&[u64]) -> E, S: Fn(&mut Mask)> Builder<'_, E, F, S> {
    fn walk(&mut self, attribute: usize, mut alive: Mask) -> usize {
        (self.settle)(&mut alive);
        let Some(level) = self.levels.get(attribute) else {
            let end = (self.end)(&alive);
            return self.intern(Node::End(end));
        };
        if alive.iter().all(|word| *word == 0) {
            return self.walk(self.levels.len(), alive);
        }
        let key = (attribute, alive);
        if let Some(known) = self.walked.get(&key) {
            return *known;
        }
        let and = |passes: &Mask| passes.iter().zip(&key.1).map(|(passes, alive)| passes & alive).collect();
        let next: Vec<usize> =
            level.choices.iter().map(|passes| self.walk(attribute + 1, and(passes))).collect();
        let place = match next.as_slice() {
            [first, others @ ..] if others.iter().all(|other| other == first) => *first,
            _ => self.intern(Node::Fork { attribute, next }),
        };
        self.walked.insert(key, place);
        place
    }

    fn intern(&mut self, node: Node<E>) -> usize {
        let place = *self.interned.entry(node.clone()).or_insert(self.nodes.len());
        if place == self.nodes.len() {
            self.nodes.push(node);
        }
        place
    }
}

//! A set of requests, or anything that is said of each request, as a decision diagram: it branches on one dimension
//! after another, ways that lead to the same end are one way, and a fork whose choices all lead to the same place is
//! none.
//!
//! That form is canonical: two diagrams over the same dimensions are equal exactly where they say the same of every
//! request. Nodes are numbered as they are completed on the way through the choices in order, so that equality is
//! equality of the lists.

use std::hash::Hash;

use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use super::cube::{Cube, Layout};
use crate::base::interner::Interner;

/// A diagram whose ends say `E`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagram<E> {
    /// A node stands after all those that it leads to.
    pub nodes: Vec<Node<E>>,
    /// Where one starts.
    pub root: usize,
}

/// A set: its ends say whether a request is in.
pub type Region = Diagram<bool>;

/// One place of a diagram.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node<E> {
    /// What is said of all requests that come here.
    End(E),
    /// Where each choice of a dimension leads.
    Fork {
        /// The dimension.
        dimension: usize,
        /// The place of the node that each of its choices leads to.
        next: Next,
    },
}

/// The place to which each choice of a dimension leads. Most dimensions have a few.
pub type Next = SmallVec<[usize; 4]>;

/// A space whose diagram has more nodes, or takes more steps, than there is room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooLarge;

/// So many states a diagram may take to make; a service that a person writes takes some hundreds.
pub const MOST_STATES: usize = 200_000;

/// So many states most diagrams take at least.
const SOME: usize = 28;

/// Makes a diagram from states, each of which leads to one for each choice of the next dimension: what follows from a
/// state depends on the state and the dimension alone, so that each is walked once.
pub trait Walk {
    /// What is known of a request so far.
    type State: Clone + Eq + Hash;
    /// What is said at the end.
    type End: Clone + Eq + Hash;

    /// Where a choice leads.
    fn step(&self, state: &Self::State, dimension: usize, choice: usize) -> Self::State;

    /// What is said of all that comes to a state before a dimension, if that is clear already. At the last it must be.
    fn end(&self, state: &Self::State, dimension: usize) -> Option<Self::End>;
}

impl<E: Clone + Eq + Hash> Diagram<E> {
    /// The diagram of a walk over dimensions with so many choices each.
    pub fn of<W: Walk<End = E>>(
        walk: &W,
        choices: &[usize],
        start: W::State,
        most: usize,
    ) -> Result<Self, TooLarge> {
        let walked = FxHashMap::with_capacity_and_hasher(SOME, FxBuildHasher);
        let mut walker = Walker { walk, choices, most, nodes: Nodes::default(), walked };
        let root = walker.enter(0, start)?;
        Ok(Self { nodes: walker.nodes.into_list(), root })
    }

    /// The same, however many states it takes.
    pub fn whole<W: Walk<End = E>>(walk: &W, choices: &[usize], start: W::State) -> Self {
        // No list has as many as that.
        Self::of(walk, choices, start, usize::MAX).unwrap_or(Self { nodes: Vec::new(), root: 0 })
    }

    /// One end for all requests.
    pub fn constant(end: E) -> Self {
        Self { nodes: vec![Node::End(end)], root: 0 }
    }

    /// The same with other words at the ends.
    pub fn map<F: Clone + Eq + Hash>(&self, mut words: impl FnMut(&E) -> F) -> Diagram<F> {
        let mut made = Nodes::default();
        let mut places = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            places.push(match node {
                Node::End(end) => made.place(Node::End(words(end))),
                Node::Fork { dimension, next } => {
                    made.fork(*dimension, next.iter().map(|next| places[*next]).collect())
                }
            });
        }
        made.into_diagram(places[self.root])
    }

    /// What two diagrams say of each request, together.
    pub fn join<F, G>(&self, other: &Diagram<F>, words: impl Fn(&E, &F) -> G) -> Diagram<G>
    where
        F: Clone + Eq + Hash,
        G: Clone + Eq + Hash,
    {
        self.join_at(self.root, other, other.root, words)
    }

    /// The same from a node of each on.
    pub fn join_at<F, G>(
        &self,
        one: usize,
        other: &Diagram<F>,
        place: usize,
        words: impl Fn(&E, &F) -> G,
    ) -> Diagram<G>
    where
        F: Clone + Eq + Hash,
        G: Clone + Eq + Hash,
    {
        let known = FxHashMap::with_capacity_and_hasher(self.nodes.len(), FxBuildHasher);
        let mut joiner = Joiner { one: self, other, words, made: Nodes::default(), known };
        let root = joiner.at(one, place);
        joiner.made.into_diagram(root)
    }

    /// What is said of the request of these choices.
    pub fn at(&self, choice: impl Fn(usize) -> usize) -> &E {
        let mut place = self.root;
        loop {
            match &self.nodes[place] {
                Node::End(end) => return end,
                Node::Fork { dimension, next } => place = next[choice(*dimension)],
            }
        }
    }

    /// For each node, what a fold over all ways to the ends comes to; the last is the root's if it is kept whole.
    pub fn fold<T>(&self, end: impl Fn(&E) -> T, fork: impl Fn(usize, &[usize], &[T]) -> T) -> Vec<T> {
        let mut values: Vec<T> = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            let value = match node {
                Node::End(said) => end(said),
                Node::Fork { dimension, next } => fork(*dimension, next, &values),
            };
            values.push(value);
        }
        values
    }
}

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
        // Where it goes past dimensions without branching, it takes every choice of them.
        let takes_all_to = |from: usize, place: usize| {
            let to = match &self.nodes[place] {
                Node::End(_) => dimensions,
                Node::Fork { dimension, .. } => *dimension,
            };
            full.iter().take(to).skip(from).all(|full| *full)
        };
        let is_out = |place: usize| self.nodes[place] == Node::End(false);
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
        // Mostly nothing does: one box is all of the region.
        if self.lies_in(layout, cube) { Self::constant(false) } else { self.cut(layout, cube, false) }
    }

    fn cut(&self, layout: &Layout, cube: &Cube, keep: bool) -> Self {
        let known = FxHashMap::with_capacity_and_hasher(self.nodes.len(), FxBuildHasher);
        let mut cutter = Cutter { region: self, layout, cube, keep, made: Nodes::default(), known };
        let root = cutter.at(self.root, 0);
        cutter.made.into_diagram(root)
    }

    /// The requests that are in for some choice of a dimension, whatever they choose there.
    pub fn exists(&self, dimension: usize) -> Self {
        self.merged(dimension, |one, other| one || other, false)
    }

    /// The requests that are in for every choice of a dimension.
    pub fn forall(&self, dimension: usize) -> Self {
        self.merged(dimension, |one, other| one && other, true)
    }

    fn merged(&self, dimension: usize, merge: fn(bool, bool) -> bool, start: bool) -> Self {
        let branches =
            |node: &Node<bool>| matches!(node, Node::Fork { dimension: at, .. } if *at == dimension);
        let Some(Node::Fork { next, .. }) = self.nodes.iter().find(|node| branches(node)) else {
            return self.clone();
        };
        let choices = 0..next.len();
        // What branches on it at once needs no choice to be put in: its parts stand there.
        if let Node::Fork { dimension: at, next } = &self.nodes[self.root]
            && *at == dimension
        {
            let part = |all: Self, place: &usize| {
                all.join_at(all.root, self, *place, |one, other| merge(*one, *other))
            };
            let mut places = next.to_vec();
            places.sort_unstable();
            places.dedup();
            return places.iter().fold(Self::constant(start), part);
        }
        let given = |choice: usize| self.given(|at| (at == dimension).then_some(choice));
        choices
            .map(given)
            .fold(Self::constant(start), |all, one| all.join(&one, |one, other| merge(*one, *other)))
    }

    /// What is in where some dimensions have these choices; they are not looked at any more.
    pub fn given(&self, choice: impl Fn(usize) -> Option<usize>) -> Self {
        let mut made = Nodes::default();
        let mut places = Vec::with_capacity(self.nodes.len());
        for node in &self.nodes {
            places.push(match node {
                Node::End(end) => made.place(Node::End(*end)),
                Node::Fork { dimension, next } => match choice(*dimension) {
                    Some(choice) => places[next[choice]],
                    None => made.fork(*dimension, next.iter().map(|next| places[*next]).collect()),
                },
            });
        }
        made.from(places[self.root])
    }
}

/// Nodes made so far.
type Nodes<E> = Interner<Node<E>>;

impl<E: Clone + Eq + Hash> Nodes<E> {
    fn fork(&mut self, dimension: usize, next: Next) -> usize {
        match next.as_slice() {
            [first, others @ ..] if others.iter().all(|other| other == first) => *first,
            _ => self.place(Node::Fork { dimension, next }),
        }
    }

    /// The diagram that starts at a node, where that leads to all of them, and they were made in the order in which a walk
    /// from there completes them.
    fn into_diagram(self, root: usize) -> Diagram<E> {
        Diagram { nodes: self.into_list(), root }
    }

    /// The diagram that starts at a node: the nodes that it leads to, in the order in which they are completed.
    fn from(&self, root: usize) -> Diagram<E> {
        let mut numbers: Vec<Option<usize>> = vec![None; self.list().len()];
        let mut nodes = Vec::new();
        let root = self.complete(root, &mut numbers, &mut nodes);
        Diagram { nodes, root }
    }

    fn complete(&self, place: usize, numbers: &mut [Option<usize>], nodes: &mut Vec<Node<E>>) -> usize {
        if let Some(number) = numbers[place] {
            return number;
        }
        let node = match &self.list()[place] {
            Node::End(end) => Node::End(end.clone()),
            Node::Fork { dimension, next } => Node::Fork {
                dimension: *dimension,
                next: next.iter().map(|next| self.complete(*next, numbers, nodes)).collect(),
            },
        };
        nodes.push(node);
        numbers[place] = Some(nodes.len() - 1);
        nodes.len() - 1
    }
}

struct Walker<'w, W: Walk> {
    walk: &'w W,
    choices: &'w [usize],
    most: usize,
    nodes: Nodes<W::End>,
    walked: FxHashMap<(usize, W::State), usize>,
}

impl<W: Walk> Walker<'_, W> {
    fn enter(&mut self, dimension: usize, state: W::State) -> Result<usize, TooLarge> {
        if let Some(end) = self.walk.end(&state, dimension) {
            return Ok(self.nodes.place(Node::End(end)));
        }
        let key = (dimension, state);
        if let Some(known) = self.walked.get(&key) {
            return Ok(*known);
        }
        if self.walked.len() >= self.most {
            return Err(TooLarge);
        }
        let mut next = Next::with_capacity(self.choices[dimension]);
        for choice in 0..self.choices[dimension] {
            let state = self.walk.step(&key.1, dimension, choice);
            next.push(self.enter(dimension + 1, state)?);
        }
        let place = self.nodes.fork(dimension, next);
        self.walked.insert(key, place);
        Ok(place)
    }
}

struct Joiner<'d, E, F, G, W> {
    one: &'d Diagram<E>,
    other: &'d Diagram<F>,
    words: W,
    made: Nodes<G>,
    known: FxHashMap<(usize, usize), usize>,
}

impl<E, F, G, W> Joiner<'_, E, F, G, W>
where
    G: Clone + Eq + Hash,
    W: Fn(&E, &F) -> G,
{
    fn at(&mut self, one: usize, other: usize) -> usize {
        if let Some(known) = self.known.get(&(one, other)) {
            return *known;
        }
        let (mine, theirs) = (&self.one.nodes[one], &self.other.nodes[other]);
        let place = match (mine, theirs) {
            (Node::End(mine), Node::End(theirs)) => self.made.place(Node::End((self.words)(mine, theirs))),
            (Node::Fork { dimension, next }, Node::End(_)) => {
                let next = next.iter().map(|next| self.at(*next, other)).collect();
                self.made.fork(*dimension, next)
            }
            (Node::End(_), Node::Fork { dimension, next }) => {
                let next = next.iter().map(|next| self.at(one, *next)).collect();
                self.made.fork(*dimension, next)
            }
            (Node::Fork { dimension: mine, next }, Node::Fork { dimension: theirs, .. }) if mine < theirs => {
                let next = next.iter().map(|next| self.at(*next, other)).collect();
                self.made.fork(*mine, next)
            }
            (Node::Fork { dimension: mine, .. }, Node::Fork { dimension: theirs, next }) if theirs < mine => {
                let next = next.iter().map(|next| self.at(one, *next)).collect();
                self.made.fork(*theirs, next)
            }
            (Node::Fork { dimension, next }, Node::Fork { next: others, .. }) => {
                let next = next.iter().zip(others).map(|(next, other)| self.at(*next, *other)).collect();
                self.made.fork(*dimension, next)
            }
        };
        self.known.insert((one, other), place);
        place
    }
}

/// Keeps of a region what lies in a box, or what lies outside of it.
struct Cutter<'r> {
    region: &'r Region,
    layout: &'r Layout,
    cube: &'r Cube,
    keep: bool,
    made: Nodes<bool>,
    known: FxHashMap<(usize, usize), usize>,
}

impl Cutter<'_> {
    /// What is left from a node on, of the requests that lie in the box by all dimensions before this one.
    fn at(&mut self, place: usize, dimension: usize) -> usize {
        if dimension == self.layout.dimensions() {
            let inside = self.keep && self.region.nodes[place] == Node::End(true);
            return self.made.place(Node::End(inside));
        }
        if self.region.nodes[place] == Node::End(false) {
            return self.made.place(Node::End(false));
        }
        if let Some(known) = self.known.get(&(place, dimension)) {
            return *known;
        }
        let mut next = Next::with_capacity(self.layout.choices(dimension));
        for choice in 0..self.layout.choices(dimension) {
            let to = match &self.region.nodes[place] {
                Node::Fork { dimension: at, next } if *at == dimension => next[choice],
                _ => place,
            };
            next.push(if self.layout.has(self.cube, dimension, choice) {
                self.at(to, dimension + 1)
            } else {
                self.outside(to)
            });
        }
        let made = self.made.fork(dimension, next);
        self.known.insert((place, dimension), made);
        made
    }

    /// What is left from a node on, of requests outside of the box.
    fn outside(&mut self, place: usize) -> usize {
        if self.keep {
            return self.made.place(Node::End(false));
        }
        let key = (place, usize::MAX);
        if let Some(known) = self.known.get(&key) {
            return *known;
        }
        let made = match &self.region.nodes[place] {
            Node::End(inside) => self.made.place(Node::End(*inside)),
            Node::Fork { dimension, next } => {
                let next = next.iter().map(|next| self.outside(*next)).collect();
                self.made.fork(*dimension, next)
            }
        };
        self.known.insert(key, made);
        made
    }
}

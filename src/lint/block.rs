//! Boxes as bits, for asking many small questions of them: do these cover that, and if not, what is left?

use crate::compile::{Axis, Epoch};

/// Where each attribute's kinds stand in a block. An attribute of one kind has no place: no box is without it.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    /// The attribute, its first word and the word behind its last.
    places: Vec<(usize, usize, usize)>,
    words: usize,
}

/// A set of requests: for each attribute some of its kinds, a bit each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Block(Vec<u64>);

/// How much work one question may be: enough for every policy that a person writes. A question that takes more
/// has no answer, and a finding that rests on it is not made.
const MOST_STEPS: usize = 20_000;

/// What is left of a block without others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Left {
    /// Nothing: the others cover it.
    Nothing,
    /// This part of it, and maybe more.
    Part(Block),
    /// The answer would take too long.
    Unknown,
}

impl Layout {
    pub(super) fn of(epoch: &Epoch) -> Self {
        let mut places = Vec::new();
        let mut words = 0;
        for (attribute, axis) in epoch.axes.iter().enumerate().filter(|(_, axis)| axis.kinds.len() > 1) {
            let end = words + axis.kinds.len().div_ceil(64);
            places.push((attribute, words, end));
            words = end;
        }
        Self { places, words }
    }

    /// The block of the kinds for which something holds.
    pub(super) fn block(&self, epoch: &Epoch, inside: impl Fn(usize, usize) -> bool) -> Block {
        let mut words = vec![0; self.words];
        for (attribute, start, _) in &self.places {
            let kinds = epoch.axes.get(*attribute).map_or(0, |axis| axis.kinds.len());
            for kind in (0..kinds).filter(|kind| inside(*attribute, *kind)) {
                set(&mut words, start + kind / 64, kind % 64);
            }
        }
        Block(words)
    }

    /// A box of an epoch as a block.
    pub(super) fn of_box(&self, epoch: &Epoch, nth: usize) -> Block {
        self.block(epoch, |attribute, kind| {
            epoch.axes.get(attribute).is_some_and(|axis| passes(axis, kind, nth))
        })
    }

    /// One kind of each attribute, in the order of the attributes.
    pub(super) fn cell(&self, epoch: &Epoch, block: &Block) -> Vec<usize> {
        let mut cell = vec![0; epoch.axes.len()];
        for (attribute, start, end) in &self.places {
            let words = block.0.get(*start..*end).unwrap_or_default();
            let first = words.iter().zip(0..).find(|(word, _)| **word != 0);
            if let (Some(kind), Some((word, nth))) = (cell.get_mut(*attribute), first) {
                *kind = nth * 64 + word.trailing_zeros() as usize;
            }
        }
        cell
    }

    fn is_empty(&self, block: &Block) -> bool {
        self.places.iter().any(|(_, start, end)| block.range(*start, *end).all(|word| word == 0))
    }

    /// What two blocks share.
    pub(super) fn and(&self, one: &Block, other: &Block) -> Option<Block> {
        let both = Block(one.0.iter().zip(&other.0).map(|(one, other)| one & other).collect());
        (!self.is_empty(&both)).then_some(both)
    }

    fn meet(&self, one: &Block, other: &Block) -> bool {
        let share = |(start, end): (usize, usize)| {
            one.range(start, end).zip(other.range(start, end)).any(|(one, other)| one & other != 0)
        };
        self.places.iter().all(|(_, start, end)| share((*start, *end)))
    }

    /// How many attributes keep a block from lying in another.
    fn beyond(&self, one: &Block, other: &Block) -> usize {
        let outside = |(start, end): (usize, usize)| {
            one.range(start, end).zip(other.range(start, end)).any(|(one, other)| one & !other != 0)
        };
        self.places.iter().filter(|(_, start, end)| outside((*start, *end))).count()
    }

    /// What is left of a block without all of these.
    pub(super) fn left<'b>(&self, of: &Block, without: impl Iterator<Item = &'b Block>) -> Left {
        let without: Vec<&Block> = without.filter(|other| self.meet(of, other)).collect();
        self.search(of.clone(), &without, &mut MOST_STEPS.clone())
    }

    /// Takes away the box that is closest to covering what is left, side by side: each piece outside of it must be
    /// covered by the others.
    fn search(&self, mut piece: Block, without: &[&Block], steps: &mut usize) -> Left {
        let Some(closest) = without.iter().min_by_key(|other| self.beyond(&piece, other)) else {
            return Left::Part(piece);
        };
        for (_, start, end) in &self.places {
            let Some(left) = steps.checked_sub(1) else { return Left::Unknown };
            *steps = left;
            let Some(outside) = piece.outside(closest, *start, *end) else { continue };
            let others: Vec<&Block> =
                without.iter().copied().filter(|other| self.meet(&outside, other)).collect();
            match self.search(outside, &others, steps) {
                Left::Nothing => piece.restrict(closest, *start, *end),
                found => return found,
            }
        }
        Left::Nothing
    }
}

impl Block {
    fn range(&self, start: usize, end: usize) -> impl Iterator<Item = u64> + '_ {
        self.0.get(start..end).unwrap_or_default().iter().copied()
    }

    /// The part that lies outside of another by one attribute.
    fn outside(&self, other: &Self, start: usize, end: usize) -> Option<Self> {
        let outside: Vec<u64> =
            self.range(start, end).zip(other.range(start, end)).map(|(one, other)| one & !other).collect();
        if outside.iter().all(|word| *word == 0) {
            return None;
        }
        let mut part = self.clone();
        part.0.get_mut(start..end)?.copy_from_slice(&outside);
        Some(part)
    }

    /// Keeps what lies inside another by one attribute.
    fn restrict(&mut self, other: &Self, start: usize, end: usize) {
        for (one, other) in self.0.iter_mut().zip(&other.0).take(end).skip(start) {
            *one &= other;
        }
    }
}

fn set(words: &mut [u64], word: usize, bit: usize) {
    if let Some(word) = words.get_mut(word) {
        *word |= 1 << bit;
    }
}

/// Whether a kind of value passes a box.
pub(super) fn passes(axis: &Axis, kind: usize, nth: usize) -> bool {
    axis.kinds
        .get(kind)
        .and_then(|kind| kind.passes.get(nth / 64))
        .is_some_and(|word| word >> (nth % 64) & 1 == 1)
}

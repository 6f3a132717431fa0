//! Boxes as rows of bits: each dimension has a bit for each of its choices, set where the box takes the choice.
//!
//! All boxes of one space have the same layout, so that intersecting and comparing them is word by word. A dimension of
//! up to 64 choices is within one word. A longer one begins a word and shares none.

use smallvec::SmallVec;

use crate::base::bit_set::bits;
use crate::limits::MOST_COVERING_STEPS;

/// A box: for each dimension some of its choices. Nearly every space fits into two words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cube(SmallVec<[u64; 2]>);

/// Where the bits of each dimension are in the boxes of a space.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    ranges: Vec<BitRange>,
    words: usize,
}

/// The bits of one dimension.
#[derive(Clone, Copy, Debug)]
struct BitRange {
    /// Its first word, and the word after its last.
    words: (usize, usize),
    /// Its first bit in its first word; 0 where it has several words.
    shift: usize,
    choices: usize,
}

impl BitRange {
    /// The bits of a word that belong to this dimension.
    fn mask(&self, word: usize) -> u64 {
        let left = self.choices - (word - self.words.0) * 64;
        if left >= 64 { u64::MAX } else { ((1 << left) - 1) << self.shift }
    }

    /// The word of a choice, and its bit there.
    fn bit(&self, choice: usize) -> (usize, usize) {
        (self.words.0 + choice / 64, self.shift + choice % 64)
    }

    /// The words of a box for this dimension, without the bits of other dimensions.
    fn words_of<'c>(&'c self, cube: &'c Cube) -> impl Iterator<Item = u64> + 'c {
        (self.words.0..self.words.1).map(move |word| cube.0[word] & self.mask(word))
    }

    /// Those of two boxes.
    fn pairs<'c>(&'c self, first: &'c Cube, second: &'c Cube) -> impl Iterator<Item = (u64, u64)> + 'c {
        self.words_of(first).zip(self.words_of(second))
    }

    /// Whether a box takes a choice of this dimension that another does not take.
    fn exceeds(&self, cube: &Cube, other: &Cube) -> bool {
        self.pairs(cube, other).any(|(mine, theirs)| mine & !theirs != 0)
    }

    /// The part of a box that is outside of another by this dimension.
    fn outside(&self, cube: &Cube, other: &Cube) -> Option<Cube> {
        if !self.exceeds(cube, other) {
            return None;
        }
        let mut part = cube.clone();
        for word in self.words.0..self.words.1 {
            part.0[word] &= !(other.0[word] & self.mask(word));
        }
        Some(part)
    }

    /// Keeps the part of a box that is inside another by this dimension.
    fn restrict(&self, cube: &mut Cube, other: &Cube) {
        for word in self.words.0..self.words.1 {
            cube.0[word] &= other.0[word] | !self.mask(word);
        }
    }
}

/// What remains of a box without other boxes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remainder {
    /// Nothing: the others cover it.
    Nothing,
    /// This part of it, and maybe more.
    Part(Cube),
    /// The answer would take too long.
    Unknown,
}

impl Layout {
    /// The layout of dimensions with these numbers of choices.
    pub fn new(choices: impl IntoIterator<Item = usize>) -> Self {
        let mut layout = Self::default();
        let mut used = 64;
        for choices in choices {
            if used + choices.max(1) > 64 {
                layout.words += 1;
                used = 0;
            }
            let first = layout.words - 1;
            let end = first + choices.div_ceil(64).max(1);
            layout.ranges.push(BitRange { words: (first, end), shift: used, choices });
            layout.words = end;
            used = if end - first > 1 { 64 } else { used + choices };
        }
        layout
    }

    /// The number of dimensions.
    pub fn dimensions(&self) -> usize {
        self.ranges.len()
    }

    /// The number of choices of a dimension.
    pub fn choices(&self, dimension: usize) -> usize {
        self.ranges.get(dimension).map_or(0, |range| range.choices)
    }

    /// The box of the choices for which `inside(dimension, choice)` holds.
    pub fn cube(&self, inside: impl Fn(usize, usize) -> bool) -> Cube {
        let mut cube = Cube(SmallVec::from_elem(0, self.words));
        for (dimension, range) in self.ranges.iter().enumerate() {
            for choice in (0..range.choices).filter(|choice| inside(dimension, *choice)) {
                cube.put(range.bit(choice), true);
            }
        }
        cube
    }

    /// The box of all requests.
    pub fn all(&self) -> Cube {
        let mut cube = self.cube(|_, _| false);
        (0..self.ranges.len()).for_each(|dimension| self.widen(&mut cube, dimension));
        cube
    }

    /// Whether a box takes a choice.
    pub fn has(&self, cube: &Cube, dimension: usize, choice: usize) -> bool {
        let (word, bit) = self.ranges[dimension].bit(choice);
        cube.0.get(word).is_some_and(|word| word >> bit & 1 == 1)
    }

    /// Puts a choice into a box, or takes it out.
    pub fn put(&self, cube: &mut Cube, dimension: usize, choice: usize, inside: bool) {
        cube.put(self.ranges[dimension].bit(choice), inside);
    }

    /// Puts a choice into those boxes of a list that `which` gives.
    pub fn put_all(
        &self,
        cubes: &mut [Cube],
        which: impl Iterator<Item = usize>,
        dimension: usize,
        choice: usize,
    ) {
        let (word, bit) = self.ranges[dimension].bit(choice);
        for index in which {
            cubes[index].0[word] |= 1 << bit;
        }
    }

    /// The choices of a dimension that a box takes, in order.
    pub fn taken<'c>(&'c self, cube: &'c Cube, dimension: usize) -> impl Iterator<Item = usize> + 'c {
        (0..self.choices(dimension)).filter(move |choice| self.has(cube, dimension, *choice))
    }

    /// For each choice of a dimension, whether a box takes it.
    pub fn choice_flags(&self, cube: &Cube, dimension: usize) -> Vec<bool> {
        (0..self.choices(dimension)).map(|choice| self.has(cube, dimension, choice)).collect()
    }

    /// Takes out of a dimension the choices for which `inside` does not hold.
    pub fn keep(&self, cube: &mut Cube, dimension: usize, inside: impl Fn(usize) -> bool) {
        for choice in (0..self.choices(dimension)).filter(|choice| !inside(*choice)) {
            self.put(cube, dimension, choice, false);
        }
    }

    /// Takes every choice of a dimension.
    pub fn widen(&self, cube: &mut Cube, dimension: usize) {
        let range = &self.ranges[dimension];
        for word in range.words.0..range.words.1 {
            cube.0[word] |= range.mask(word);
        }
    }

    /// Takes one choice of a dimension, and no other.
    pub fn only(&self, cube: &mut Cube, dimension: usize, choice: usize) {
        let range = &self.ranges[dimension];
        for word in range.words.0..range.words.1 {
            cube.0[word] &= !range.mask(word);
        }
        cube.put(range.bit(choice), true);
    }

    /// The first choice of each dimension that a box takes; nothing where it takes none of some dimension.
    pub fn first(&self, cube: &Cube) -> Option<Vec<usize>> {
        let first = |range: &BitRange| {
            let words: SmallVec<[u64; 2]> = range.words_of(cube).collect();
            bits(&words).next().map(|bit| bit - range.shift)
        };
        self.ranges.iter().map(first).collect()
    }

    /// The number of requests in a box.
    pub fn size(&self, cube: &Cube) -> u128 {
        let taken = |range: &BitRange| range.words_of(cube).map(|word| u128::from(word.count_ones())).sum();
        self.ranges.iter().map(taken).fold(1, u128::saturating_mul)
    }

    /// Whether a box has no request.
    pub fn is_empty(&self, cube: &Cube) -> bool {
        self.ranges.iter().any(|range| range.words_of(cube).all(|word| word == 0))
    }

    /// The intersection of two boxes, if they share a request.
    pub fn and(&self, first: &Cube, second: &Cube) -> Option<Cube> {
        let both = first.and(second);
        (!self.is_empty(&both)).then_some(both)
    }

    /// Whether two boxes share a request: in every dimension they share a choice.
    pub fn meet(&self, first: &Cube, second: &Cube) -> bool {
        self.ranges.iter().all(|range| range.pairs(first, second).any(|(first, second)| first & second != 0))
    }

    /// What remains of a box without another, in boxes that may overlap, each as large as can be.
    ///
    /// A request is outside of a box if it is outside by at least one dimension; so there is one part for each
    /// dimension.
    pub fn minus(&self, cube: &Cube, other: &Cube) -> Vec<Cube> {
        if !self.meet(cube, other) {
            return vec![cube.clone()];
        }
        self.ranges.iter().filter_map(|range| range.outside(cube, other)).collect()
    }

    /// What remains of a box without all of `others`, as far as 20,000 steps show it.
    pub fn remainder<'c>(&self, cube: &Cube, others: impl IntoIterator<Item = &'c Cube>) -> Remainder {
        self.remainder_within(MOST_COVERING_STEPS, cube, others)
    }

    /// A part of a box that is outside of all of `others`, if there is one, however long it takes to find.
    pub fn outside<'c>(&self, cube: &Cube, others: impl IntoIterator<Item = &'c Cube>) -> Option<Cube> {
        match self.remainder_within(usize::MAX, cube, others) {
            Remainder::Part(part) => Some(part),
            Remainder::Nothing | Remainder::Unknown => None,
        }
    }

    fn remainder_within<'c>(
        &self,
        mut steps: usize,
        cube: &Cube,
        others: impl IntoIterator<Item = &'c Cube>,
    ) -> Remainder {
        if self.is_empty(cube) {
            return Remainder::Nothing;
        }
        let others: Vec<&Cube> = others.into_iter().filter(|other| self.meet(cube, other)).collect();
        self.search(cube.clone(), &others, &mut steps)
    }

    /// Looks for a part of a box that none of `others` has, all of which meet the box.
    ///
    /// It splits the box by the box among `others` that nearly covers it, dimension by dimension: the slice outside of
    /// that box by the dimension must be covered by the rest of `others`, and what is inside goes on to the next
    /// dimension. After the last dimension all that is left lies inside that box, so it is covered.
    fn search(&self, mut piece: Cube, others: &[&Cube], steps: &mut usize) -> Remainder {
        let Some(closest) = others.iter().min_by_key(|other| self.dimensions_outside(&piece, other)) else {
            return Remainder::Part(piece);
        };
        for range in &self.ranges {
            let Some(left) = steps.checked_sub(1) else { return Remainder::Unknown };
            *steps = left;
            let Some(slice) = range.outside(&piece, closest) else { continue };
            let others: Vec<&Cube> =
                others.iter().copied().filter(|other| self.meet(&slice, other)).collect();
            match self.search(slice, &others, steps) {
                Remainder::Nothing => range.restrict(&mut piece, closest),
                remainder => return remainder,
            }
        }
        Remainder::Nothing
    }

    /// The number of dimensions by which a box is not within another.
    fn dimensions_outside(&self, cube: &Cube, other: &Cube) -> usize {
        self.ranges.iter().filter(|range| range.exceeds(cube, other)).count()
    }

    /// The largest box that lies in the union of two by one dimension, if it takes more of that dimension than either.
    fn join(&self, range: &BitRange, first: &Cube, second: &Cube) -> Option<Cube> {
        if !range.exceeds(first, second) || !range.exceeds(second, first) {
            return None;
        }
        let mut joined = first.and(second);
        for word in range.words.0..range.words.1 {
            joined.0[word] |= (first.0[word] | second.0[word]) & range.mask(word);
        }
        (!self.is_empty(&joined)).then_some(joined)
    }

    /// The joins of two boxes, across each dimension.
    fn joins(&self, first: &Cube, second: &Cube) -> impl Iterator<Item = Cube> {
        self.ranges.iter().filter_map(|range| self.join(range, first, second))
    }

    /// Every largest box of a union, if this takes at most `most` boxes at a time: which boxes these are depends on the
    /// union alone. Otherwise the boxes of the union as they are, without those that lie in another.
    ///
    /// Two boxes join across a dimension: the join takes what either takes there, and what both take of every other
    /// dimension. So it lies in the union. Joins are added, and boxes that lie in a join are left out, until no join is
    /// new. Then the boxes are exactly the largest (the method of iterated consensus).
    pub fn largest(&self, mut cubes: Vec<Cube>, most: usize) -> Vec<Cube> {
        absorb(&mut cubes);
        let mut largest = cubes.clone();
        let mut fresh = cubes.clone();
        while let Some(new) = fresh.pop() {
            if !largest.contains(&new) {
                continue;
            }
            if largest.len() > most {
                return cubes;
            }
            let joins: Vec<Cube> = largest.iter().flat_map(|old| self.joins(&new, old)).collect();
            for join in joins {
                if add(&mut largest, join.clone()) {
                    fresh.push(join);
                }
            }
        }
        largest
    }
}

/// Drops every box that lies in another.
pub fn absorb(cubes: &mut Vec<Cube>) {
    for cube in std::mem::take(cubes) {
        add(cubes, cube);
    }
}

/// Adds a box, unless it lies in a box of the list; takes out those that lie in it. Returns whether it was added.
fn add(cubes: &mut Vec<Cube>, cube: Cube) -> bool {
    let is_new = !cubes.iter().any(|larger| larger.covers(&cube));
    if is_new {
        cubes.retain(|smaller| !cube.covers(smaller));
        cubes.push(cube);
    }
    is_new
}

impl Cube {
    /// Whether another box lies in this one.
    pub fn covers(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(mine, theirs)| mine & theirs == *theirs)
    }

    /// The intersection of two boxes; it may have no request.
    pub fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(mine, theirs)| mine & theirs).collect())
    }

    /// Keeps what lies in another box.
    pub fn limit(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine &= theirs);
    }

    /// A key that sorts boxes by the choices they take of the first dimension, early choices first, then of the next.
    ///
    /// Early choices are low bits: reversed, they are the ones that weigh most, and inverted, a box that takes one
    /// comes first.
    pub fn order(&self) -> Vec<u64> {
        self.0.iter().map(|word| !word.reverse_bits()).collect()
    }

    fn put(&mut self, (word, bit): (usize, usize), inside: bool) {
        let Some(word) = self.0.get_mut(word) else { return };
        if inside { *word |= 1 << bit } else { *word &= !(1 << bit) }
    }
}

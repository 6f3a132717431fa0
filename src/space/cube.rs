//! Boxes as rows of bits: each dimension has a bit for each of its choices, set where the box takes the choice.
//!
//! All boxes of one space are equally long, so that meeting, cutting and comparing them is word by word. A
//! dimension of up to 64 choices lies in one word; a longer one begins a word of its own.

use smallvec::SmallVec;

/// A set of requests: for each dimension some of its choices. Nearly every space fits into two words.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Cube(SmallVec<[u64; 2]>);

/// Where the bits of each dimension stand in the boxes of a space.
#[derive(Clone, Debug, Default)]
pub struct Layout {
    /// `places[d]` is dimension `d`.
    places: Vec<Place>,
    words: usize,
}

#[derive(Clone, Copy, Debug)]
struct Place {
    /// Its first word and the word behind its last.
    words: (usize, usize),
    /// Its first bit in its first word; 0 where it has several.
    shift: usize,
    choices: usize,
}

impl Place {
    /// The bits of a word of it that are its own.
    fn mask(&self, word: usize) -> u64 {
        let left = self.choices - (word - self.words.0) * 64;
        if left >= 64 { u64::MAX } else { ((1 << left) - 1) << self.shift }
    }

    fn bit(&self, choice: usize) -> (usize, usize) {
        (self.words.0 + choice / 64, self.shift + choice % 64)
    }
}

/// How much work one question about covering may be: enough for every policy that a person writes.
const MOST_STEPS: usize = 20_000;

/// What is left of a box without others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Left {
    /// Nothing: the others cover it.
    Nothing,
    /// This part of it, and maybe more.
    Part(Cube),
    /// The answer would take too long.
    Unknown,
}

impl Layout {
    /// The layout of dimensions with so many choices each.
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
            layout.places.push(Place { words: (first, end), shift: used, choices });
            layout.words = end;
            used = if end - first > 1 { 64 } else { used + choices };
        }
        layout
    }

    /// How many dimensions there are.
    pub fn dimensions(&self) -> usize {
        self.places.len()
    }

    /// How many choices a dimension has.
    pub fn choices(&self, dimension: usize) -> usize {
        self.places.get(dimension).map_or(0, |place| place.choices)
    }

    /// The box of the choices for which something holds.
    pub fn cube(&self, inside: impl Fn(usize, usize) -> bool) -> Cube {
        let mut cube = Cube(SmallVec::from_elem(0, self.words));
        for (dimension, place) in self.places.iter().enumerate() {
            for choice in (0..place.choices).filter(|choice| inside(dimension, *choice)) {
                cube.put(place.bit(choice), true);
            }
        }
        cube
    }

    /// Everything.
    pub fn all(&self) -> Cube {
        let mut cube = self.cube(|_, _| false);
        (0..self.places.len()).for_each(|dimension| self.widen(&mut cube, dimension));
        cube
    }

    /// Whether a box takes a choice.
    pub fn has(&self, cube: &Cube, dimension: usize, choice: usize) -> bool {
        let (word, bit) = self.places[dimension].bit(choice);
        cube.0.get(word).is_some_and(|word| word >> bit & 1 == 1)
    }

    /// Puts a choice into a box, or takes it out.
    pub fn put(&self, cube: &mut Cube, dimension: usize, choice: usize, inside: bool) {
        cube.put(self.places[dimension].bit(choice), inside);
    }

    /// Puts a choice into some of these boxes.
    pub fn put_all(
        &self,
        cubes: &mut [Cube],
        which: impl Iterator<Item = usize>,
        dimension: usize,
        choice: usize,
    ) {
        let (word, bit) = self.places[dimension].bit(choice);
        for nth in which {
            cubes[nth].0[word] |= 1 << bit;
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

    /// Takes out of a dimension the choices for which something does not hold.
    pub fn keep(&self, cube: &mut Cube, dimension: usize, inside: impl Fn(usize) -> bool) {
        for choice in (0..self.choices(dimension)).filter(|choice| !inside(*choice)) {
            self.put(cube, dimension, choice, false);
        }
    }

    /// Takes of a dimension every choice.
    pub fn widen(&self, cube: &mut Cube, dimension: usize) {
        let place = &self.places[dimension];
        for word in place.words.0..place.words.1 {
            cube.0[word] |= place.mask(word);
        }
    }

    /// Takes of a dimension this one choice.
    pub fn only(&self, cube: &mut Cube, dimension: usize, choice: usize) {
        let place = &self.places[dimension];
        for word in place.words.0..place.words.1 {
            cube.0[word] &= !place.mask(word);
        }
        cube.put(place.bit(choice), true);
    }

    /// The first choice that a box takes of each dimension; nothing where there is a dimension of which it takes none.
    pub fn first(&self, cube: &Cube) -> Option<Vec<usize>> {
        let first = |place: &Place| {
            let (nth, word) = words(place, cube).enumerate().find(|(_, word)| *word != 0)?;
            Some(nth * 64 + word.trailing_zeros() as usize - place.shift)
        };
        self.places.iter().map(first).collect()
    }

    /// How many requests lie in a box.
    pub fn size(&self, cube: &Cube) -> u128 {
        let taken = |place| words(place, cube).map(|word| u128::from(word.count_ones())).sum();
        self.places.iter().map(taken).fold(1, u128::saturating_mul)
    }

    /// Whether no request lies in a box.
    pub fn is_empty(&self, cube: &Cube) -> bool {
        self.places.iter().any(|place| words(place, cube).all(|word| word == 0))
    }

    /// What two boxes share.
    pub fn and(&self, one: &Cube, other: &Cube) -> Option<Cube> {
        let both = one.and(other);
        (!self.is_empty(&both)).then_some(both)
    }

    /// Whether two boxes share anything.
    pub fn meet(&self, one: &Cube, other: &Cube) -> bool {
        let share = |place: &Place| pairs(place, one, other).any(|(one, other)| one & other != 0);
        self.places.iter().all(share)
    }

    /// What is left of a box without another, in boxes that may overlap, each as large as can be.
    pub fn minus(&self, cube: &Cube, other: &Cube) -> Vec<Cube> {
        if !self.meet(cube, other) {
            return vec![cube.clone()];
        }
        self.places.iter().filter_map(|place| outside(place, cube, other)).collect()
    }

    /// What is left of a box without all of these, if that is found out soon enough.
    pub fn left<'c>(&self, of: &Cube, without: impl IntoIterator<Item = &'c Cube>) -> Left {
        self.left_within(MOST_STEPS, of, without)
    }

    /// A part of a box that lies outside of all of these, if there is one, however long it takes to find.
    pub fn outside<'c>(&self, of: &Cube, others: impl IntoIterator<Item = &'c Cube>) -> Option<Cube> {
        match self.left_within(usize::MAX, of, others) {
            Left::Part(part) => Some(part),
            Left::Nothing | Left::Unknown => None,
        }
    }

    fn left_within<'c>(
        &self,
        mut steps: usize,
        of: &Cube,
        without: impl IntoIterator<Item = &'c Cube>,
    ) -> Left {
        if self.is_empty(of) {
            return Left::Nothing;
        }
        let without: Vec<&Cube> = without.into_iter().filter(|other| self.meet(of, other)).collect();
        self.search(of.clone(), &without, &mut steps)
    }

    /// Takes away the box that is closest to covering what is left, constraint by constraint: each piece outside of it must be
    /// covered by the others.
    fn search(&self, mut piece: Cube, without: &[&Cube], steps: &mut usize) -> Left {
        let Some(closest) = without.iter().min_by_key(|other| self.beyond(&piece, other)) else {
            return Left::Part(piece);
        };
        for place in &self.places {
            let Some(left) = steps.checked_sub(1) else { return Left::Unknown };
            *steps = left;
            let Some(outside) = outside(place, &piece, closest) else { continue };
            let others: Vec<&Cube> =
                without.iter().copied().filter(|other| self.meet(&outside, other)).collect();
            match self.search(outside, &others, steps) {
                Left::Nothing => restrict(place, &mut piece, closest),
                found => return found,
            }
        }
        Left::Nothing
    }

    /// How many dimensions keep a box from lying in another.
    fn beyond(&self, one: &Cube, other: &Cube) -> usize {
        let outside = |place: &&Place| pairs(place, one, other).any(|(one, other)| one & !other != 0);
        self.places.iter().filter(outside).count()
    }

    /// The largest box that lies in the union of two across one dimension, if it is larger than either there.
    fn across(&self, one: &Cube, other: &Cube, place: &Place) -> Option<Cube> {
        let mut joined = one.and(other);
        let (mut more, mut less) = (false, false);
        for word in place.words.0..place.words.1 {
            let (mine, theirs) = (one.0[word] & place.mask(word), other.0[word] & place.mask(word));
            more |= theirs & !mine != 0;
            less |= mine & !theirs != 0;
            joined.0[word] |= mine | theirs;
        }
        (more && less && !self.is_empty(&joined)).then_some(joined)
    }

    /// Every largest box of a union, if there are at most `most`: which boxes these are depends on the union alone. If there
    /// are more, the boxes of the union as they are, without those that lie in another.
    ///
    /// A largest box is found because two boxes join across one dimension: the join takes what either takes there, and
    /// what both take of every other dimension, so it lies in the union. When no join of two boxes is new, no box of the
    /// union is missing (the method of consensus).
    pub fn largest(&self, mut cubes: Vec<Cube>, most: usize) -> Vec<Cube> {
        absorb(&mut cubes);
        let mut largest = cubes.clone();
        let mut fresh = cubes.clone();
        while !fresh.is_empty() && largest.len() <= most {
            let mut joined: Vec<Cube> = Vec::new();
            for new in &fresh {
                for old in &largest {
                    let joins = self.places.iter().filter_map(|place| self.across(new, old, place));
                    for join in joins.filter(|join| !largest.iter().any(|cube| cube.covers(join))) {
                        add(&mut joined, join);
                    }
                }
                if joined.len() > most {
                    return cubes;
                }
            }
            for new in &joined {
                add(&mut largest, new.clone());
            }
            fresh = joined;
        }
        if largest.len() > most { cubes } else { largest }
    }
}

/// Drops every box that lies in another.
pub fn absorb(cubes: &mut Vec<Cube>) {
    for cube in std::mem::take(cubes) {
        add(cubes, cube);
    }
}

/// Adds a box, unless it lies in one of them; those that lie in it go.
fn add(cubes: &mut Vec<Cube>, cube: Cube) {
    if !cubes.iter().any(|known| known.covers(&cube)) {
        cubes.retain(|known| !cube.covers(known));
        cubes.push(cube);
    }
}

impl Cube {
    /// Whether another box lies in this one.
    pub fn covers(&self, other: &Self) -> bool {
        self.0.iter().zip(&other.0).all(|(mine, theirs)| mine & theirs == *theirs)
    }

    /// What two boxes share; perhaps nothing.
    pub fn and(&self, other: &Self) -> Self {
        Self(self.0.iter().zip(&other.0).map(|(mine, theirs)| mine & theirs).collect())
    }

    /// Keeps what lies in another.
    pub fn limit(&mut self, other: &Self) {
        self.0.iter_mut().zip(&other.0).for_each(|(mine, theirs)| *mine &= theirs);
    }

    /// Sorts boxes by what they take of the first dimension, the early choices first, then of the next.
    pub fn order(&self) -> Vec<u64> {
        self.0.iter().map(|word| !word.reverse_bits()).collect()
    }

    fn put(&mut self, (word, bit): (usize, usize), inside: bool) {
        let Some(word) = self.0.get_mut(word) else { return };
        if inside { *word |= 1 << bit } else { *word &= !(1 << bit) }
    }
}

/// The words of a dimension, without the bits of others.
fn words(place: &Place, cube: &Cube) -> impl Iterator<Item = u64> {
    (place.words.0..place.words.1).map(move |word| cube.0[word] & place.mask(word))
}

fn pairs(place: &Place, one: &Cube, other: &Cube) -> impl Iterator<Item = (u64, u64)> {
    let own = |word: usize| (one.0[word] & place.mask(word), other.0[word] & place.mask(word));
    (place.words.0..place.words.1).map(own)
}

/// The part of a box that lies outside of another by one dimension.
fn outside(place: &Place, cube: &Cube, other: &Cube) -> Option<Cube> {
    if pairs(place, cube, other).all(|(mine, theirs)| mine & !theirs == 0) {
        return None;
    }
    let mut part = cube.clone();
    for word in place.words.0..place.words.1 {
        part.0[word] &= !(other.0[word] & place.mask(word));
    }
    Some(part)
}

/// Keeps of a box what lies inside another by one dimension.
fn restrict(place: &Place, cube: &mut Cube, other: &Cube) {
    for word in place.words.0..place.words.1 {
        cube.0[word] &= other.0[word] | !place.mask(word);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Small dimensions share a word; one that does not fit begins the next; a long one has words of its own.
    #[test]
    fn every_choice_has_a_bit_of_its_own() {
        let layout = Layout::new([3, 60, 5, 130, 1, 64, 2]);
        for dimension in 0..layout.dimensions() {
            for choice in 0..layout.choices(dimension) {
                let cube = layout.cube(|d, c| (d, c) == (dimension, choice));
                let taken = |d: usize| layout.taken(&cube, d).collect::<Vec<_>>();
                for other in 0..layout.dimensions() {
                    assert_eq!(taken(other), if other == dimension { vec![choice] } else { vec![] });
                }
            }
        }
        assert!(!layout.is_empty(&layout.all()));
    }

    /// A row of numbers without a pattern; the same each time.
    fn dice() -> impl FnMut(usize) -> usize {
        let mut state = 7u64;
        move |constraints| {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            (state >> 33) as usize % constraints
        }
    }

    fn random(layout: &Layout, dice: &mut impl FnMut(usize) -> usize) -> Cube {
        let mut cube = layout.all();
        for dimension in 0..layout.dimensions() {
            let inside: Vec<bool> = (0..layout.choices(dimension)).map(|_| dice(3) > 0).collect();
            layout.keep(&mut cube, dimension, |choice| inside[choice]);
        }
        cube
    }

    /// Going through the requests one by one says the same as the boxes do.
    #[test]
    fn boxes_are_sets_of_requests() {
        let layout = Layout::new([3, 2, 62, 1, 2]);
        let mut requests = vec![Vec::new()];
        for dimension in 0..layout.dimensions() {
            let choices = 0..layout.choices(dimension);
            let longer = |known: &Vec<usize>| {
                choices.clone().map(|choice| [known.as_slice(), &[choice]].concat()).collect::<Vec<_>>()
            };
            requests = requests.iter().flat_map(longer).collect();
        }
        let inside = |cube: &Cube, request: &[usize]| {
            request.iter().enumerate().all(|(dimension, choice)| layout.has(cube, dimension, *choice))
        };
        let any = |cubes: &[Cube], request: &[usize]| cubes.iter().any(|cube| inside(cube, request));
        let mut dice = dice();
        for _ in 0..40 {
            let one = random(&layout, &mut dice);
            let others: Vec<Cube> = (0..1 + dice(6)).map(|_| random(&layout, &mut dice)).collect();
            let mut of_one = requests.iter().filter(|request| inside(&one, request));
            assert_eq!(layout.size(&one), of_one.clone().count() as u128);
            assert_eq!(layout.first(&one).as_ref(), of_one.clone().next());
            let first = &others[0];
            assert_eq!(layout.meet(&one, first), of_one.clone().any(|request| inside(first, request)));
            let rest = layout.minus(&one, first);
            let largest = layout.largest(others.clone(), 1_000);
            for request in &requests {
                assert_eq!(any(&rest, request), inside(&one, request) && !inside(first, request));
                assert_eq!(any(&largest, request), any(&others, request));
            }
            match layout.outside(&one, &others) {
                Some(part) => {
                    let mut of_part = requests.iter().filter(|request| inside(&part, request)).peekable();
                    assert!(of_part.peek().is_some());
                    assert!(of_part.all(|request| inside(&one, request) && !any(&others, request)));
                }
                None => assert!(of_one.all(|request| any(&others, request))),
            }
        }
    }
}

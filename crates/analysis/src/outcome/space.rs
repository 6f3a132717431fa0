//! The requests for one service on every date, as a space: a dimension for each plain attribute, one for each value of a
//! set attribute and one for whether the set has any, and one for the time.

use meterwarden::base::bit_set::{RuleSet, has};
use meterwarden::policy::Test;
use meterwarden::space::{Allowed, RuleBox, SetTest, Subset};
use meterwarden::space::{Cube, Layout, absorb};

/// Where everything is.
#[derive(Clone, Debug)]
pub(super) struct Space {
    pub(super) layout: Layout,
    /// `attributes[a]` is attribute `a`.
    pub(super) attributes: Vec<Place>,
    /// The dimension of the time: a choice for each stretch of it.
    time: usize,
    pub(super) stretches: usize,
}

/// What a box asks of a set attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Asks {
    /// For each value by itself, whether it is there: `relation registered`, `fields excludes A, B`.
    One,
    /// That any of some values is there: `fields only A, B`.
    AnyOfSeveral,
    /// That some values are there together: `fields includes A, B`.
    SeveralAtOnce,
}

/// Where an attribute is.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    /// Its first dimension.
    first: usize,
    values: usize,
    pub(super) set: bool,
}

/// A choice of a dimension.
pub(super) type Bit = (usize, usize);

impl Place {
    /// Of a plain attribute: the value.
    pub(super) fn value(self, nth: usize) -> Bit {
        (self.first, nth)
    }

    /// Of a set attribute: the value is there.
    pub(super) fn present(self, nth: usize) -> Bit {
        (self.first + 1 + nth, 0)
    }

    /// Of a set attribute: the value is not there.
    pub(super) fn absent(self, nth: usize) -> Bit {
        (self.first + 1 + nth, 1)
    }

    /// Of a set attribute: nothing is there.
    pub(super) fn none(self) -> Bit {
        (self.first, 0)
    }

    /// Of a set attribute: something is there.
    pub(super) fn some(self) -> Bit {
        (self.first, 1)
    }
}

/// Past this many boxes a union is left as it is: exact, but not in its largest boxes.
const MOST_CUBES: usize = 3_000;

impl Space {
    /// The space of attributes with so many values, those with `true` sets, over so many stretches of time.
    pub(super) fn new(attributes: &[(usize, bool)], stretches: usize) -> Self {
        let mut choices = Vec::new();
        let mut places = Vec::new();
        for &(values, set) in attributes {
            places.push(Place { first: choices.len(), values, set });
            match set {
                true if values > 0 => choices.extend(vec![2; values + 1]),
                true => {}
                false => choices.push(values),
            }
        }
        let time = choices.len();
        choices.push(stretches);
        Self { layout: Layout::new(choices), attributes: places, time, stretches }
    }

    pub(super) fn has(&self, cube: &Cube, (dimension, choice): Bit) -> bool {
        self.layout.has(cube, dimension, choice)
    }

    /// Takes a choice out of a box.
    pub(super) fn drop(&self, cube: &mut Cube, (dimension, choice): Bit) {
        self.layout.put(cube, dimension, choice, false);
    }

    /// Whether a box holds in a stretch of time.
    pub(super) fn holds(&self, cube: &Cube, stretch: usize) -> bool {
        self.layout.has(cube, self.time, stretch)
    }

    /// A box of a rule, in a stretch of time, as boxes of this space.
    pub(super) fn boxes(&self, one: &RuleBox, stretch: usize) -> Vec<Cube> {
        let mut start = self.layout.all();
        self.layout.only(&mut start, self.time, stretch);
        let mut cubes = vec![start];
        for constraint in &*one.constraints {
            let place = self.attributes[constraint.attribute];
            cubes = match &constraint.allowed {
                Allowed::Values(allowed) => {
                    cubes.into_iter().map(|cube| self.plain(place, cube, allowed)).collect()
                }
                Allowed::Subsets(test) => {
                    cubes.iter().flat_map(|cube| self.subsets(place, cube, *test)).collect()
                }
            };
        }
        cubes.retain(|cube| !self.layout.is_empty(cube));
        cubes
    }

    /// Every largest box of a union, as small as says the same requests.
    pub(super) fn largest(&self, cubes: Vec<Cube>) -> Vec<Cube> {
        let mut all = cubes;
        all.extend(self.impossible());
        let largest = self.layout.largest(all, MOST_CUBES);
        let mut cubes: Vec<Cube> = largest.into_iter().filter_map(|cube| self.tight(cube)).collect();
        cubes = cubes.iter().flat_map(|cube| self.runs(cube)).collect();
        absorb(&mut cubes);
        cubes
    }

    /// What no request can be: nothing there and yet a value, something there and yet no value. Whether it is
    /// permitted is all the same, so it may complete a box.
    fn impossible(&self) -> Vec<Cube> {
        let mut found = Vec::new();
        for place in self.attributes.iter().filter(|place| place.set && place.values > 0) {
            for nth in 0..place.values {
                let mut cube = self.layout.all();
                self.drop(&mut cube, place.some());
                self.drop(&mut cube, place.absent(nth));
                found.push(cube);
            }
            let mut cube = self.layout.all();
            self.drop(&mut cube, place.none());
            (0..place.values).for_each(|nth| self.drop(&mut cube, place.present(nth)));
            found.push(cube);
        }
        found
    }

    /// The smallest box with the same requests; nothing where there are none.
    fn tight(&self, mut cube: Cube) -> Option<Cube> {
        for place in self.attributes.iter().filter(|place| place.set && place.values > 0) {
            let may: Vec<usize> =
                (0..place.values).filter(|nth| self.has(&cube, place.present(*nth))).collect();
            if may.is_empty() {
                self.drop(&mut cube, place.some());
            }
            if !self.has(&cube, place.some()) {
                may.iter().for_each(|nth| self.drop(&mut cube, place.present(*nth)));
            }
            if !self.has(&cube, place.none()) && may.len() == 1 {
                may.iter().for_each(|nth| self.drop(&mut cube, place.absent(*nth)));
            }
            if (0..place.values).any(|nth| !self.has(&cube, place.absent(nth))) {
                self.drop(&mut cube, place.none());
            }
        }
        (!self.layout.is_empty(&cube)).then_some(cube)
    }

    /// What a box asks of its sets, at most.
    pub(super) fn asks(&self, cube: &Cube) -> Asks {
        let of = |place: &Place| {
            let must = (0..place.values).filter(|nth| !self.has(cube, place.absent(*nth))).count();
            match must {
                0 if self.has(cube, place.none()) => Asks::One,
                0 => Asks::AnyOfSeveral,
                1 => Asks::One,
                _ => Asks::SeveralAtOnce,
            }
        };
        let sets = self.attributes.iter().filter(|place| place.set && place.values > 0);
        sets.map(of).max().unwrap_or(Asks::One)
    }

    /// Whether boxes cover another together.
    pub(super) fn covered(&self, cube: &Cube, by: &[Cube]) -> bool {
        let mut left = vec![cube.clone()];
        for other in by {
            let pieces = left.iter().flat_map(|piece| self.layout.minus(piece, other));
            left = pieces.filter_map(|piece| self.tight(piece)).collect();
            absorb(&mut left);
        }
        left.is_empty()
    }

    /// A box for each unbroken run of time.
    fn runs(&self, cube: &Cube) -> Vec<Cube> {
        let inside = |nth: usize| nth < self.stretches && self.holds(cube, nth);
        let starts = (0..self.stretches).filter(|nth| inside(*nth) && (*nth == 0 || !inside(nth - 1)));
        let run = |start: usize| {
            let end = (start..).find(|nth| !inside(*nth)).unwrap_or(start);
            let mut run = cube.clone();
            self.layout.keep(&mut run, self.time, |nth| (start..end).contains(&nth));
            run
        };
        starts.map(run).collect()
    }

    fn plain(&self, place: Place, mut cube: Cube, allowed: &RuleSet) -> Cube {
        self.layout.keep(&mut cube, place.first, |value| has(allowed, value));
        cube
    }

    /// The boxes that a question about a set attribute leaves of a box.
    fn subsets(&self, place: Place, cube: &Cube, test: SetTest) -> Vec<Cube> {
        let listed = |nth: &usize| u32::try_from(*nth).is_ok_and(|nth| test.listed.contains(nth));
        let (inside, outside): (Vec<usize>, Vec<usize>) = (0..place.values).partition(listed);
        let mut left = cube.clone();
        let mut drop = |bit: Bit| self.drop(&mut left, bit);
        match test.test {
            Test::Any => {}
            Test::In => {
                let one = |nth: usize| {
                    let mut left = cube.clone();
                    self.drop(&mut left, place.absent(nth));
                    left
                };
                return inside.into_iter().map(one).collect();
            }
            Test::Only => {
                outside.into_iter().for_each(|nth| drop(place.present(nth)));
                drop(place.none());
            }
            Test::Excludes | Test::Not => inside.into_iter().for_each(|nth| drop(place.present(nth))),
            Test::Includes => inside.into_iter().for_each(|nth| drop(place.absent(nth))),
            Test::Exactly => {
                outside.into_iter().for_each(|nth| drop(place.present(nth)));
                inside.into_iter().for_each(|nth| drop(place.absent(nth)));
                drop(if test.listed == Subset::default() { place.some() } else { place.none() });
            }
        }
        vec![left]
    }
}

//! The requests for one service on every date, as bits: a variable for each plain attribute, two bits for each
//! value of a set attribute, and one variable for the time.

use super::cube::{Cube, Variables, absorb};
use crate::compile::{RuleBox, SetTest, Subset, Wants};
use crate::policy::Test;

/// Where the bits of everything are.
#[derive(Clone, Debug)]
pub(super) struct Space {
    pub(super) variables: Variables,
    /// `attributes[a]` is attribute `a`.
    pub(super) attributes: Vec<Place>,
    /// The first bit of the time: one for each stretch of it.
    pub(super) time: usize,
    pub(super) stretches: usize,
    bits: usize,
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

/// Where the bits of an attribute begin.
#[derive(Clone, Copy, Debug)]
pub(super) struct Place {
    pub(super) first: usize,
    pub(super) values: usize,
    pub(super) set: bool,
}

impl Place {
    /// Of a plain attribute: the value.
    pub(super) fn value(self, nth: usize) -> usize {
        self.first + nth
    }

    /// Of a set attribute: the value is there.
    pub(super) fn present(self, nth: usize) -> usize {
        self.first + 2 + 2 * nth
    }

    /// Of a set attribute: the value is not there.
    pub(super) fn absent(self, nth: usize) -> usize {
        self.first + 3 + 2 * nth
    }

    /// Of a set attribute: nothing is there.
    pub(super) fn none(self) -> usize {
        self.first
    }

    /// Of a set attribute: something is there.
    pub(super) fn some(self) -> usize {
        self.first + 1
    }
}

impl Space {
    /// The space of attributes with so many values, those with `true` sets, over so many stretches of time.
    pub(super) fn new(attributes: &[(usize, bool)], stretches: usize) -> Self {
        let mut ranges = Vec::new();
        let mut places = Vec::new();
        let mut bits = 0;
        for &(values, set) in attributes {
            places.push(Place { first: bits, values, set });
            let sizes = if set && values > 0 { vec![2; values + 1] } else { vec![values; usize::from(!set)] };
            for size in sizes {
                ranges.push(bits..bits + size);
                bits += size;
            }
        }
        ranges.push(bits..bits + stretches);
        let time = bits;
        bits += stretches;
        let variable = |range: std::ops::Range<usize>| with(Cube::empty(bits), range);
        let variables = Variables(ranges.into_iter().map(variable).collect());
        Self { variables, attributes: places, time, stretches, bits }
    }

    /// Everything.
    pub(super) fn all(&self) -> Cube {
        with(Cube::empty(self.bits), 0..self.bits)
    }

    /// A box of a rule, in a stretch of time, as boxes of bits.
    pub(super) fn boxes(&self, one: &RuleBox, stretch: usize) -> Vec<Cube> {
        let mut start = self.all();
        (0..self.stretches).for_each(|nth| start.put(self.time + nth, nth == stretch));
        let mut cubes = vec![start];
        for side in &one.sides {
            let place = self.attributes[side.attribute];
            cubes = match &side.wants {
                Wants::Values(allowed) => cubes.into_iter().map(|cube| plain(place, cube, allowed)).collect(),
                Wants::Subsets(test) => cubes.iter().flat_map(|cube| subsets(place, cube, *test)).collect(),
            };
        }
        cubes.retain(|cube| !self.variables.nothing(cube));
        cubes
    }

    /// Every largest box of a union, as small as says the same requests.
    pub(super) fn largest(&self, cubes: Vec<Cube>) -> Vec<Cube> {
        let mut all = cubes;
        all.extend(self.impossible());
        let largest = self.variables.largest(all);
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
                let mut cube = self.all();
                cube.put(place.some(), false);
                cube.put(place.absent(nth), false);
                found.push(cube);
            }
            let mut cube = self.all();
            cube.put(place.none(), false);
            (0..place.values).for_each(|nth| cube.put(place.present(nth), false));
            found.push(cube);
        }
        found
    }

    /// The smallest box with the same requests; nothing where there are none.
    fn tight(&self, mut cube: Cube) -> Option<Cube> {
        for place in self.attributes.iter().filter(|place| place.set && place.values > 0) {
            let may: Vec<usize> = (0..place.values).filter(|nth| cube.has(place.present(*nth))).collect();
            if may.is_empty() {
                cube.put(place.some(), false);
            }
            if !cube.has(place.some()) {
                may.iter().for_each(|nth| cube.put(place.present(*nth), false));
            }
            if !cube.has(place.none()) && may.len() == 1 {
                may.iter().for_each(|nth| cube.put(place.absent(*nth), false));
            }
            if (0..place.values).any(|nth| !cube.has(place.absent(nth))) {
                cube.put(place.none(), false);
            }
        }
        (!self.variables.nothing(&cube)).then_some(cube)
    }

    /// What a box asks of its sets, at most.
    pub(super) fn asks(&self, cube: &Cube) -> Asks {
        let of = |place: &Place| {
            let must = (0..place.values).filter(|nth| !cube.has(place.absent(*nth))).count();
            match must {
                0 if cube.has(place.none()) => Asks::One,
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
            let pieces = left.iter().flat_map(|piece| self.variables.minus(piece, other));
            left = pieces.filter_map(|piece| self.tight(piece)).collect();
            absorb(&mut left);
        }
        left.is_empty()
    }

    /// A box for each unbroken run of time.
    fn runs(&self, cube: &Cube) -> Vec<Cube> {
        let inside = |nth: usize| nth < self.stretches && cube.has(self.time + nth);
        let starts = (0..self.stretches).filter(|nth| inside(*nth) && (*nth == 0 || !inside(nth - 1)));
        let run = |start: usize| {
            let end = (start..).find(|nth| !inside(*nth)).unwrap_or(start);
            let mut run = cube.clone();
            (0..self.stretches).for_each(|nth| run.put(self.time + nth, (start..end).contains(&nth)));
            run
        };
        starts.map(run).collect()
    }
}

fn with(mut cube: Cube, bits: std::ops::Range<usize>) -> Cube {
    bits.for_each(|bit| cube.put(bit, true));
    cube
}

fn plain(place: Place, mut cube: Cube, allowed: &[bool]) -> Cube {
    for (nth, _) in allowed.iter().enumerate().filter(|(_, allowed)| !**allowed) {
        cube.put(place.value(nth), false);
    }
    cube
}

/// The boxes that a question about a set attribute leaves of a box.
fn subsets(place: Place, cube: &Cube, test: SetTest) -> Vec<Cube> {
    let listed = |nth: &usize| u32::try_from(*nth).is_ok_and(|nth| test.listed.contains(nth));
    let mut left = cube.clone();
    let mut absent = |nth: usize| left.put(place.present(nth), false);
    let (inside, outside): (Vec<usize>, Vec<usize>) = (0..place.values).partition(listed);
    match test.test {
        Test::Any => {}
        Test::In => {
            let one = |nth: usize| {
                let mut left = cube.clone();
                left.put(place.absent(nth), false);
                left
            };
            return inside.into_iter().map(one).collect();
        }
        Test::Only => {
            outside.into_iter().for_each(&mut absent);
            left.put(place.none(), false);
        }
        Test::Excludes | Test::Not => inside.into_iter().for_each(&mut absent),
        Test::Includes => inside.into_iter().for_each(|nth| left.put(place.absent(nth), false)),
        Test::Exactly => {
            outside.into_iter().for_each(&mut absent);
            inside.iter().for_each(|nth| left.put(place.absent(*nth), false));
            left.put(if test.listed == Subset::default() { place.some() } else { place.none() }, false);
        }
    }
    vec![left]
}

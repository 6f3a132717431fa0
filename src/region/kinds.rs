//! Sets of requests for one service on one date, as unions of boxes, exactly.
//!
//! A [`Cube`] gives each attribute the kinds of value that it may have. Two cubes that together hold a
//! larger one are completed by it, until the union is written in its largest boxes: that form is the same
//! however the rules were written. Boxes that the others cover together are left out of it.

use crate::compile::{Axis, Epoch};
use crate::decide::Facts;
use crate::policy::Policy;

/// A box: for each attribute, which kinds of value. `sides[a][k]` says whether kind `k` of `a` is in.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Cube {
    pub(crate) sides: Vec<Vec<bool>>,
}

/// Past this many boxes a union is left as it is; it stays exact, but not in its largest boxes.
const MOST_CUBES: usize = 2_000;

impl Cube {
    pub(crate) fn is_empty(&self) -> bool {
        self.sides.iter().any(|side| !side.contains(&true))
    }

    fn cells(&self) -> u128 {
        let inside = |side: &Vec<bool>| side.iter().filter(|inside| **inside).count() as u128;
        self.sides.iter().map(inside).fold(1, u128::saturating_mul)
    }

    /// The part of the box in which an attribute has one kind of value.
    fn slice(&self, attribute: usize, kind: usize) -> Self {
        let mut slice = self.clone();
        for (nth, inside) in slice.sides[attribute].iter_mut().enumerate() {
            *inside &= nth == kind;
        }
        slice
    }

    pub(crate) fn covers(&self, other: &Self) -> bool {
        let within = |(mine, theirs): (&Vec<bool>, &Vec<bool>)| {
            mine.iter().zip(theirs).all(|(mine, theirs)| *mine || !theirs)
        };
        self.sides.iter().zip(&other.sides).all(within)
    }

    pub(crate) fn and(&self, other: &Self) -> Self {
        self.zip(other, |mine, theirs| mine && theirs)
    }

    fn zip(&self, other: &Self, join: impl Fn(bool, bool) -> bool + Copy) -> Self {
        let side = |(mine, theirs): (&Vec<bool>, &Vec<bool>)| -> Vec<bool> {
            mine.iter().zip(theirs).map(|(mine, theirs)| join(*mine, *theirs)).collect()
        };
        Self { sides: self.sides.iter().zip(&other.sides).map(side).collect() }
    }

    /// What is left of this box without the other, as boxes that may overlap, each as large as can be.
    fn minus(&self, other: &Self) -> Vec<Self> {
        if self.and(other).is_empty() {
            return vec![self.clone()];
        }
        let without = |attribute: usize| {
            let mut left = self.clone();
            for (mine, theirs) in left.sides[attribute].iter_mut().zip(&other.sides[attribute]) {
                *mine &= !theirs;
            }
            left
        };
        (0..self.sides.len()).map(without).filter(|left| !left.is_empty()).collect()
    }

    /// The largest box that lies in the union of the two across one attribute, if there is one.
    fn across(&self, other: &Self, attribute: usize) -> Option<Self> {
        let mut joined = self.and(other);
        let union = self.sides[attribute].iter().zip(&other.sides[attribute]);
        joined.sides[attribute] = union.map(|(mine, theirs)| *mine || *theirs).collect();
        let more = joined.sides[attribute] != self.sides[attribute]
            && joined.sides[attribute] != other.sides[attribute];
        (more && !joined.is_empty()).then_some(joined)
    }
}

/// What is permitted among the requests that agree with the facts, in its largest boxes, in a stable order.
pub(crate) fn permitted(policy: &Policy, epoch: &Epoch, facts: Option<&Facts>) -> Vec<Cube> {
    permitted_in(epoch, &room(policy, epoch, facts))
}

/// What is permitted in a box, in its largest boxes, in a stable order.
pub(crate) fn permitted_in(epoch: &Epoch, room: &Cube) -> Vec<Cube> {
    let boxed = |nth: usize| cube(epoch, nth).and(room);
    let (permits, forbids): (Vec<usize>, Vec<usize>) =
        (0..epoch.boxes.len()).partition(|nth| epoch.permits[nth / 64] >> (nth % 64) & 1 == 1);
    let mut cubes: Vec<Cube> = permits.into_iter().map(boxed).filter(|cube| !cube.is_empty()).collect();
    for forbid in forbids.into_iter().map(boxed).filter(|cube| !cube.is_empty()) {
        cubes = cubes.iter().flat_map(|cube| cube.minus(&forbid)).collect();
        absorb(&mut cubes);
    }
    largest(cubes)
}

/// Everything that agrees with the facts and carries nothing undeclared.
fn room(policy: &Policy, epoch: &Epoch, facts: Option<&Facts>) -> Cube {
    let side = |(attribute, axis): (usize, &Axis)| -> Vec<bool> {
        let stated = facts.and_then(|facts| facts.kind(attribute));
        let declared = |nth: usize| policy.fields != Some(attribute) || !axis.kinds[nth].undeclared;
        let inside = |nth: usize| stated.is_none_or(|stated| stated as usize == nth) && declared(nth);
        (0..axis.kinds.len()).map(inside).collect()
    };
    Cube { sides: epoch.axes.iter().enumerate().map(side).collect() }
}

fn cube(epoch: &Epoch, nth: usize) -> Cube {
    let side =
        |axis: &Axis| axis.kinds.iter().map(|kind| kind.passes[nth / 64] >> (nth % 64) & 1 == 1).collect();
    Cube { sides: epoch.axes.iter().map(side).collect() }
}

/// Drops every box that lies in another.
fn absorb(cubes: &mut Vec<Cube>) {
    let mut kept: Vec<Cube> = Vec::new();
    for cube in std::mem::take(cubes) {
        if kept.iter().any(|known| known.covers(&cube)) {
            continue;
        }
        kept.retain(|known| !cube.covers(known));
        kept.push(cube);
    }
    *cubes = kept;
}

/// The largest boxes of a union: joins pairs across each attribute until nothing new comes of it.
fn largest(mut cubes: Vec<Cube>) -> Vec<Cube> {
    absorb(&mut cubes);
    let mut fresh = cubes.clone();
    while !fresh.is_empty() && cubes.len() <= MOST_CUBES {
        let joined = fresh.iter().flat_map(|new| {
            cubes.iter().flat_map(move |old| {
                (0..new.sides.len()).filter_map(move |attribute| new.across(old, attribute))
            })
        });
        let mut joined: Vec<Cube> = joined.filter(|new| !cubes.iter().any(|old| old.covers(new))).collect();
        absorb(&mut joined);
        cubes.extend(joined.iter().cloned());
        absorb(&mut cubes);
        fresh = joined;
    }
    cubes.sort_unstable_by(|a, b| b.cmp(a));
    without_spare(cubes)
}

/// Leaves out the boxes that the others cover together, the smallest first.
fn without_spare(mut cubes: Vec<Cube>) -> Vec<Cube> {
    let mut by_size: Vec<Cube> = cubes.clone();
    by_size.sort_by_key(Cube::cells);
    for cube in by_size {
        let others: Vec<Cube> = cubes.iter().filter(|other| **other != cube).cloned().collect();
        if covered(&cube, &others) {
            cubes = others;
        }
    }
    cubes
}

/// Whether boxes cover another together.
fn covered(cube: &Cube, by: &[Cube]) -> bool {
    let mut left = vec![cube.clone()];
    for other in by {
        left = left.iter().flat_map(|piece| piece.minus(other)).collect();
        absorb(&mut left);
    }
    left.is_empty()
}

/// Takes out of each box, the smallest first, the kinds for which the others cover it: what is said once
/// is not said again. The union stays the same.
pub(crate) fn trimmed(mut cubes: Vec<Cube>) -> Vec<Cube> {
    let mut by_size: Vec<usize> = (0..cubes.len()).collect();
    by_size.sort_by_key(|nth| cubes[*nth].cells());
    for nth in by_size {
        for attribute in 0..cubes[nth].sides.len() {
            let others = others(&cubes, nth);
            let spare = |kind: &usize| covered(&cubes[nth].slice(attribute, *kind), &others);
            let inside =
                (0..cubes[nth].sides[attribute].len()).filter(|kind| cubes[nth].sides[attribute][*kind]);
            let spare: Vec<usize> = inside.filter(spare).collect();
            for kind in spare {
                cubes[nth].sides[attribute][kind] = false;
            }
        }
    }
    cubes
}

fn others(cubes: &[Cube], without: usize) -> Vec<Cube> {
    cubes.iter().enumerate().filter(|(nth, _)| *nth != without).map(|(_, cube)| cube.clone()).collect()
}

//! What one service's rules permit on a date, as a region over the attributes that a question leaves open.

use super::cube::{Cube, Layout};
use super::diagram::{MOST_STATES, Region, TooLarge, Walk};
use crate::base::bit_set::Mask;
use crate::space::{Epoch, Kind};

/// The open attributes of a service on a date, and which of the kinds of each are meant.
#[derive(Clone, Debug)]
pub struct Room {
    /// The attribute of each dimension.
    pub attributes: Vec<usize>,
    /// `kinds[d][c]`: the kind of value that choice `c` of dimension `d` is.
    pub kinds: Vec<Vec<usize>>,
    /// Where the bits of each dimension are in the boxes of this space.
    pub layout: Layout,
    /// The boxes that pass what is settled.
    alive: Mask,
}

impl Room {
    /// The room of the kinds that are meant of each attribute. Where one kind alone is, nothing is open.
    pub fn new(epoch: &Epoch, meant: impl Fn(usize, usize) -> bool) -> Self {
        let mut alive: Mask =
            epoch.permits.iter().zip(&epoch.forbids).map(|(permits, forbids)| permits | forbids).collect();
        let (mut attributes, mut open) = (Vec::new(), Vec::new());
        for (attribute, axis) in epoch.axes.iter().enumerate() {
            let kinds: Vec<usize> = (0..axis.kinds.len()).filter(|kind| meant(attribute, *kind)).collect();
            match kinds.as_slice() {
                [] => alive.fill(0),
                [kind] => pass(&mut alive, &axis.kinds[*kind]),
                _ => {
                    attributes.push(attribute);
                    open.push(kinds);
                }
            }
        }
        let layout = Layout::new(open.iter().map(Vec::len));
        Self { attributes, kinds: open, layout, alive }
    }

    /// What is permitted in it.
    pub fn permitted(&self, epoch: &Epoch) -> Result<Region, TooLarge> {
        let choices: Vec<usize> = self.kinds.iter().map(Vec::len).collect();
        Region::of(&Permitted { room: self, epoch }, &choices, self.alive.clone(), MOST_STATES)
    }

    /// For each kind of an attribute, whether a box takes it. Of what is settled, and not told apart, every kind.
    pub fn side(&self, epoch: &Epoch, cube: &Cube, attribute: usize) -> Vec<bool> {
        let kinds = epoch.axes.get(attribute).map_or(0, |axis| axis.kinds.len());
        let Some(dimension) = self.attributes.iter().position(|one| *one == attribute) else {
            return vec![true; kinds];
        };
        let mut side = vec![false; kinds];
        self.layout.taken(cube, dimension).for_each(|choice| side[self.kinds[dimension][choice]] = true);
        side
    }

    /// Whether some request of a box of the room matches a box of the rules.
    pub fn meets(&self, epoch: &Epoch, cube: &Cube, nth: usize) -> bool {
        let some = |(dimension, attribute): (usize, &usize)| {
            let mut taken = self.layout.taken(cube, dimension);
            taken.any(|choice| epoch.axes[*attribute].kinds[self.kinds[dimension][choice]].passes(nth))
        };
        let alive = self.alive.get(nth / 64).is_some_and(|word| word >> (nth % 64) & 1 == 1);
        alive && self.attributes.iter().enumerate().all(some)
    }
}

/// Keeps the boxes that a kind of value passes: none, of what the service does not declare.
fn pass(alive: &mut Mask, kind: &Kind) {
    let declared = if kind.undeclared { 0 } else { u64::MAX };
    alive.iter_mut().zip(&kind.passes).for_each(|(word, passes)| *word &= passes & declared);
}

struct Permitted<'r> {
    room: &'r Room,
    epoch: &'r Epoch,
}

impl Walk for Permitted<'_> {
    type State = Mask;
    type End = bool;

    fn step(&self, state: &Mask, dimension: usize, choice: usize) -> Mask {
        let axis = &self.epoch.axes[self.room.attributes[dimension]];
        let kind = &axis.kinds[self.room.kinds[dimension][choice]];
        let mut alive = state.clone();
        pass(&mut alive, kind);
        alive
    }

    /// Without a permit nothing is; without a forbid, some permit must match to the end.
    fn end(&self, state: &Mask, dimension: usize) -> Option<bool> {
        let any = |of: &Mask| state.iter().zip(of).any(|(alive, of)| alive & of != 0);
        match (any(&self.epoch.permits), dimension == self.room.attributes.len()) {
            (false, _) => Some(false),
            (true, true) => Some(!any(&self.epoch.forbids)),
            (true, false) => None,
        }
    }
}

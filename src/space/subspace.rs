//! What one service's rules permit on a date, as a region over the attributes that a question leaves open.

use super::cube::{Cube, Layout};
use super::diagram::{MOST_STATES, Region, TooLarge, Walk};
use crate::base::bit_set::RuleSet;
use crate::space::{RuleSpace, ValueClass};

/// The open attributes of a service on a date, and which of the classes of each are meant.
#[derive(Clone, Debug)]
pub struct Subspace {
    /// The attribute of each dimension.
    pub attributes: Vec<usize>,
    /// `classes[d][c]`: the class of value that choice `c` of dimension `d` is.
    pub classes: Vec<Vec<usize>>,
    /// Where the bits of each dimension are in the boxes of this space.
    pub layout: Layout,
    /// The boxes that pass what is settled.
    alive: RuleSet,
}

impl Subspace {
    /// The room of the classes that are meant of each attribute. Where one class alone is, nothing is open.
    pub fn new(rule_space: &RuleSpace, meant: impl Fn(usize, usize) -> bool) -> Self {
        let mut alive: RuleSet = rule_space
            .permits
            .iter()
            .zip(&rule_space.forbids)
            .map(|(permits, forbids)| permits | forbids)
            .collect();
        let (mut attributes, mut open) = (Vec::new(), Vec::new());
        for (attribute, dimension) in rule_space.dimensions.iter().enumerate() {
            let classes: Vec<usize> =
                (0..dimension.classes.len()).filter(|class| meant(attribute, *class)).collect();
            match classes.as_slice() {
                [] => alive.fill(0),
                [class] => pass(&mut alive, &dimension.classes[*class]),
                _ => {
                    attributes.push(attribute);
                    open.push(classes);
                }
            }
        }
        let layout = Layout::new(open.iter().map(Vec::len));
        Self { attributes, classes: open, layout, alive }
    }

    /// What is permitted in it.
    pub fn permitted(&self, rule_space: &RuleSpace) -> Result<Region, TooLarge> {
        let choices: Vec<usize> = self.classes.iter().map(Vec::len).collect();
        Region::of(&Permitted { room: self, rule_space }, &choices, self.alive.clone(), MOST_STATES)
    }

    /// For each class of an attribute, whether a box takes it. Of what is settled, and not told apart, every class.
    pub fn class_flags(&self, rule_space: &RuleSpace, cube: &Cube, attribute: usize) -> Vec<bool> {
        let classes = rule_space.dimensions.get(attribute).map_or(0, |dimension| dimension.classes.len());
        let Some(dimension) = self.attributes.iter().position(|one| *one == attribute) else {
            return vec![true; classes];
        };
        let mut constraint = vec![false; classes];
        self.layout
            .taken(cube, dimension)
            .for_each(|choice| constraint[self.classes[dimension][choice]] = true);
        constraint
    }

    /// Whether some request of a box of the room matches a box of the rules.
    pub fn meets(&self, rule_space: &RuleSpace, cube: &Cube, nth: usize) -> bool {
        let some = |(dimension, attribute): (usize, &usize)| {
            let mut taken = self.layout.taken(cube, dimension);
            taken.any(|choice| {
                rule_space.dimensions[*attribute].classes[self.classes[dimension][choice]].passes(nth)
            })
        };
        let alive = self.alive.get(nth / 64).is_some_and(|word| word >> (nth % 64) & 1 == 1);
        alive && self.attributes.iter().enumerate().all(some)
    }
}

/// Keeps the boxes that a class of value passes: none, of what the service does not declare.
fn pass(alive: &mut RuleSet, class: &ValueClass) {
    let declared = if class.undeclared { 0 } else { u64::MAX };
    alive.iter_mut().zip(&class.passes).for_each(|(word, passes)| *word &= passes & declared);
}

struct Permitted<'r> {
    room: &'r Subspace,
    rule_space: &'r RuleSpace,
}

impl Walk for Permitted<'_> {
    type State = RuleSet;
    type End = bool;

    fn step(&self, state: &RuleSet, dimension: usize, choice: usize) -> RuleSet {
        let attribute = self.room.attributes[dimension];
        let class = &self.rule_space.dimensions[attribute].classes[self.room.classes[dimension][choice]];
        let mut alive = state.clone();
        pass(&mut alive, class);
        alive
    }

    /// Without a permit nothing is; without a forbid, some permit must match to the end.
    fn end(&self, state: &RuleSet, dimension: usize) -> Option<bool> {
        let any = |of: &RuleSet| state.iter().zip(of).any(|(alive, of)| alive & of != 0);
        match (any(&self.rule_space.permits), dimension == self.room.attributes.len()) {
            (false, _) => Some(false),
            (true, true) => Some(!any(&self.rule_space.forbids)),
            (true, false) => None,
        }
    }
}

//! The requests that a question leaves open, for one service in one interval, and the region of them that is permitted.

use super::cube::{Cube, Layout};
use super::diagram::{TooLarge, Walk};
use super::region::Region;
use crate::base::bit_set::{RuleSet, has, meet};
use crate::limits::MOST_STATES;
use crate::space::{RuleSpace, ValueClass};

/// The requests that have some of the value classes of each attribute. An attribute with several of these classes is a
/// dimension; an attribute with one class is settled.
#[derive(Clone, Debug)]
pub struct Subspace {
    /// The attribute of each dimension.
    pub attributes: Vec<usize>,
    /// `classes[d][c]`: the value class that choice `c` of dimension `d` stands for.
    pub classes: Vec<Vec<usize>>,
    /// Where the bits of each dimension are in the boxes of this space.
    pub layout: Layout,
    /// The boxes of rules that match the settled attributes.
    matching: RuleSet,
}

impl Subspace {
    /// The requests of those classes of each attribute for which `includes(attribute, class)` holds.
    pub fn new(rule_space: &RuleSpace, includes: impl Fn(usize, usize) -> bool) -> Self {
        let mut matching: RuleSet = rule_space
            .permits
            .iter()
            .zip(&rule_space.forbids)
            .map(|(permits, forbids)| permits | forbids)
            .collect();
        let (mut attributes, mut open) = (Vec::new(), Vec::new());
        for (attribute, dimension) in rule_space.dimensions.iter().enumerate() {
            let classes: Vec<usize> =
                (0..dimension.classes.len()).filter(|class| includes(attribute, *class)).collect();
            match classes.as_slice() {
                [] => matching.fill(0),
                [class] => keep_passing(&mut matching, &dimension.classes[*class]),
                _ => {
                    attributes.push(attribute);
                    open.push(classes);
                }
            }
        }
        let layout = Layout::new(open.iter().map(Vec::len));
        Self { attributes, classes: open, layout, matching }
    }

    /// What is permitted in it.
    ///
    /// # Errors
    ///
    /// The diagram of the region takes more than [`MOST_STATES`] states.
    pub fn permitted(&self, rule_space: &RuleSpace) -> Result<Region, TooLarge> {
        let choices: Vec<usize> = self.classes.iter().map(Vec::len).collect();
        Region::of(&Permitted { space: self, rule_space }, &choices, self.matching.clone(), MOST_STATES)
    }

    /// For each class of an attribute, whether a box takes it. Of an attribute that is no dimension, every class.
    pub fn class_flags(&self, rule_space: &RuleSpace, cube: &Cube, attribute: usize) -> Vec<bool> {
        let classes = rule_space.dimensions.get(attribute).map_or(0, |dimension| dimension.classes.len());
        let Some(dimension) = self.attributes.iter().position(|open| *open == attribute) else {
            return vec![true; classes];
        };
        let mut flags = vec![false; classes];
        self.layout.taken(cube, dimension).for_each(|choice| flags[self.classes[dimension][choice]] = true);
        flags
    }

    /// Whether some request of a box of this space matches a box of the rules.
    pub fn meets(&self, rule_space: &RuleSpace, cube: &Cube, rule_box: usize) -> bool {
        let some_class_passes = |(dimension, attribute): (usize, &usize)| {
            let mut taken = self.layout.taken(cube, dimension);
            taken.any(|choice| {
                rule_space.dimensions[*attribute].classes[self.classes[dimension][choice]].passes(rule_box)
            })
        };
        has(&self.matching, rule_box) && self.attributes.iter().enumerate().all(some_class_passes)
    }
}

/// Keeps the boxes of rules that a value class passes. A class that the service does not declare passes none.
fn keep_passing(matching: &mut RuleSet, class: &ValueClass) {
    if class.undeclared {
        matching.fill(0);
    }
    matching.iter_mut().zip(&class.passes).for_each(|(word, passes)| *word &= passes);
}

/// The walk to the region that is permitted. Its state is the set of the boxes of rules that match so far.
struct Permitted<'r> {
    space: &'r Subspace,
    rule_space: &'r RuleSpace,
}

impl Walk for Permitted<'_> {
    type State = RuleSet;
    type End = bool;

    fn step(&self, matching: &RuleSet, dimension: usize, choice: usize) -> RuleSet {
        let attribute = self.space.attributes[dimension];
        let class = &self.rule_space.dimensions[attribute].classes[self.space.classes[dimension][choice]];
        let mut matching = matching.clone();
        keep_passing(&mut matching, class);
        matching
    }

    /// Without a permit that matches, nothing is permitted. With one, it depends on every dimension.
    fn end(&self, matching: &RuleSet, dimension: usize) -> Option<bool> {
        if !meet(matching, &self.rule_space.permits) {
            return Some(false);
        }
        let is_last = dimension == self.space.attributes.len();
        is_last.then(|| !meet(matching, &self.rule_space.forbids))
    }
}

//! The requests for one service on every date, as a space of single values.
//!
//! A plain attribute is one dimension with a choice for each value. A set attribute is a dimension for each of its
//! values, present or absent, and one for whether the set is empty. The last dimension is the time, with a choice for
//! each interval.
//!
//! The canonical diagrams of [`meterwarden::space`], which [`ask`](fn@crate::ask) uses, have one dimension for a whole
//! set attribute. Its choices are the classes of subsets that the tests of the rules distinguish. That form does not
//! suit a stored text: two tests make one box where this space makes two, and a further test in any rule of the service
//! may change the words of the box. In this space no test of a rule appears in a box.
//!
//! ```
//! # use meterwarden::{Date, Policy, Source, compile};
//! # use meterwarden_analysis::{ask, ask::Question, outcomes};
//! let rules = r#"
//!     set attribute fields "Fields" { refuse E2 "not these fields" }
//!     service 1 "Update" {
//!         fields F, G, H
//!         permit first { fields includes F  source "row 1" }
//!         permit second { fields includes G  source "row 2" }
//!     }"#;
//! # let plan = compile(Policy::from_sources(vec![Source::new("a.rules", rules)])?.into());
//! # let question = Question::new("1").at(Date::constant(2026, 1, 1));
//! let text = outcomes(&plan, "1").unwrap();
//! assert_eq!(text, "1 Update\n\n  always\n    - fields includes G\n    - fields includes F\n");
//! let regions = &ask(&plan, &question)?.services[0].times[0].regions;
//! assert_eq!(regions[0].clauses, ["fields includes F, or includes G"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use meterwarden::base::bit_set::has;
use meterwarden::policy::{Policy, Service, Test};
use meterwarden::space::{Allowed, Cube, Layout, RuleBox, SetTest, Subset, absorb};

use crate::limits::MOST_BOXES_MERGED;

/// The dimensions of the attributes of one service, and of the time.
#[derive(Clone, Debug)]
pub(super) struct ValueSpace {
    pub(super) layout: Layout,
    /// The dimensions of each attribute.
    pub(super) attributes: Vec<AttributeDimensions>,
    /// The dimension of the time.
    time: usize,
}

/// The most complex constraint of a set attribute in a box, from simple to complex.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum SetConstraint {
    /// Each value by itself is present or absent: `relation registered`, `fields excludes A, B`.
    SingleValues,
    /// Any of some values is present: `fields only A, B`.
    AnyOfSeveral,
    /// Several values are present together: `fields includes A, B`.
    SeveralTogether,
}

/// The dimensions of one attribute.
#[derive(Clone, Copy, Debug)]
pub(super) struct AttributeDimensions {
    /// For a plain attribute its dimension. For a set attribute the dimension for whether it is empty; the dimensions
    /// of its values follow. A set attribute without values has no dimension.
    first: usize,
    values: usize,
    pub(super) set: bool,
}

/// A dimension and one of its choices.
pub(super) type Choice = (usize, usize);

impl AttributeDimensions {
    /// A value of a plain attribute.
    pub(super) fn value(self, value: usize) -> Choice {
        (self.first, value)
    }

    /// A value is present in a set attribute.
    pub(super) fn present(self, value: usize) -> Choice {
        (self.first + 1 + value, 0)
    }

    /// A value is absent from a set attribute.
    pub(super) fn absent(self, value: usize) -> Choice {
        (self.first + 1 + value, 1)
    }

    /// A set attribute is empty.
    pub(super) fn empty(self) -> Choice {
        (self.first, 0)
    }

    /// A set attribute is not empty.
    pub(super) fn non_empty(self) -> Choice {
        (self.first, 1)
    }
}

impl ValueSpace {
    /// The space of a service whose rules have this number of intervals.
    pub(super) fn new(policy: &Policy, service: &Service, intervals: usize) -> Self {
        let mut choices = Vec::new();
        let mut attributes = Vec::new();
        for (index, attribute) in policy.attributes().iter().enumerate() {
            let values = policy.value_count(index, service);
            attributes.push(AttributeDimensions { first: choices.len(), values, set: attribute.set });
            match attribute.set {
                true if values > 0 => choices.extend(vec![2; values + 1]),
                true => {}
                false => choices.push(values),
            }
        }
        let time = choices.len();
        choices.push(intervals);
        Self { layout: Layout::new(choices), attributes, time }
    }

    pub(super) fn has(&self, cube: &Cube, (dimension, choice): Choice) -> bool {
        self.layout.has(cube, dimension, choice)
    }

    pub(super) fn remove(&self, cube: &mut Cube, (dimension, choice): Choice) {
        self.layout.put(cube, dimension, choice, false);
    }

    /// Whether a value is present in every request of a box.
    pub(super) fn requires(&self, cube: &Cube, attribute: AttributeDimensions, value: usize) -> bool {
        !self.has(cube, attribute.absent(value))
    }

    /// The intervals in which a box holds.
    pub(super) fn intervals<'c>(&'c self, cube: &'c Cube) -> impl Iterator<Item = usize> + 'c {
        self.layout.taken(cube, self.time)
    }

    /// The set attributes that have dimensions.
    fn sets(&self) -> impl Iterator<Item = AttributeDimensions> + '_ {
        self.attributes.iter().copied().filter(|attribute| attribute.set && attribute.values > 0)
    }

    /// A box of the rules of one interval, as boxes of this space.
    pub(super) fn cubes(&self, rule_box: &RuleBox, interval: usize) -> Vec<Cube> {
        let mut start = self.layout.all();
        self.layout.only(&mut start, self.time, interval);
        let mut cubes = vec![start];
        for constraint in &*rule_box.constraints {
            let attribute = self.attributes[constraint.attribute];
            match &constraint.allowed {
                Allowed::Values(allowed) => {
                    for cube in &mut cubes {
                        self.layout.keep(cube, attribute.first, |value| has(allowed, value));
                    }
                }
                Allowed::Subsets(test) => {
                    cubes = cubes.into_iter().flat_map(|cube| self.tested(attribute, cube, *test)).collect();
                }
            }
        }
        cubes.retain(|cube| !self.layout.is_empty(cube));
        cubes
    }

    /// The part of a box that satisfies the test of a set attribute. Only the test for any of several values makes
    /// several boxes.
    fn tested(&self, attribute: AttributeDimensions, mut cube: Cube, test: SetTest) -> Vec<Cube> {
        let is_listed = |value: &usize| u32::try_from(*value).is_ok_and(|value| test.listed.contains(value));
        let (listed, others): (Vec<usize>, Vec<usize>) = (0..attribute.values).partition(is_listed);
        let mut remove = |choice: Choice| self.remove(&mut cube, choice);
        match test.test {
            Test::Any => {}
            Test::In => {
                let with = |value: usize| {
                    let mut with = cube.clone();
                    self.remove(&mut with, attribute.absent(value));
                    with
                };
                return listed.into_iter().map(with).collect();
            }
            Test::Only => {
                others.into_iter().for_each(|value| remove(attribute.present(value)));
                remove(attribute.empty());
            }
            Test::Excludes | Test::Not => {
                listed.into_iter().for_each(|value| remove(attribute.present(value)))
            }
            Test::Includes => listed.into_iter().for_each(|value| remove(attribute.absent(value))),
            Test::Exactly => {
                others.into_iter().for_each(|value| remove(attribute.present(value)));
                listed.into_iter().for_each(|value| remove(attribute.absent(value)));
                let is_empty = test.listed == Subset::default();
                remove(if is_empty { attribute.non_empty() } else { attribute.empty() });
            }
        }
        vec![cube]
    }

    /// Every largest box of a union, without its impossible requests, and cut into runs of adjacent intervals.
    pub(super) fn largest(&self, mut cubes: Vec<Cube>) -> Vec<Cube> {
        cubes.extend(self.impossible());
        let largest = self.layout.largest(cubes, MOST_BOXES_MERGED);
        let possible = largest.into_iter().filter_map(|cube| self.tight(cube));
        let mut cubes: Vec<Cube> = possible.flat_map(|cube| self.runs(&cube)).collect();
        absorb(&mut cubes);
        cubes
    }

    /// The points of the space that are no requests: an empty set with a value, and a set that is not empty but has no
    /// value. They may be counted as permitted, since they do not exist; with them, boxes can grow larger.
    fn impossible(&self) -> Vec<Cube> {
        let mut impossible = Vec::new();
        for attribute in self.sets() {
            for value in 0..attribute.values {
                let mut cube = self.layout.all();
                self.remove(&mut cube, attribute.non_empty());
                self.remove(&mut cube, attribute.absent(value));
                impossible.push(cube);
            }
            let mut cube = self.layout.all();
            self.remove(&mut cube, attribute.empty());
            (0..attribute.values).for_each(|value| self.remove(&mut cube, attribute.present(value)));
            impossible.push(cube);
        }
        impossible
    }

    /// The smallest box with the same requests; `None` if the box has no request.
    fn tight(&self, mut cube: Cube) -> Option<Cube> {
        for attribute in self.sets() {
            let possible: Vec<usize> =
                (0..attribute.values).filter(|value| self.has(&cube, attribute.present(*value))).collect();
            // Without a possible value the set is empty, and an empty set has no value.
            if possible.is_empty() {
                self.remove(&mut cube, attribute.non_empty());
            }
            if !self.has(&cube, attribute.non_empty()) {
                possible.iter().for_each(|value| self.remove(&mut cube, attribute.present(*value)));
            }
            // The only possible value of a set that is not empty is required, and a set with a required value is not
            // empty.
            if !self.has(&cube, attribute.empty()) && possible.len() == 1 {
                possible.iter().for_each(|value| self.remove(&mut cube, attribute.absent(*value)));
            }
            if (0..attribute.values).any(|value| self.requires(&cube, attribute, value)) {
                self.remove(&mut cube, attribute.empty());
            }
        }
        (!self.layout.is_empty(&cube)).then_some(cube)
    }

    /// The most complex constraint of a set attribute in a box.
    pub(super) fn set_constraint(&self, cube: &Cube) -> SetConstraint {
        let constraint = |attribute: AttributeDimensions| {
            let required =
                (0..attribute.values).filter(|value| self.requires(cube, attribute, *value)).count();
            match required {
                0 if self.has(cube, attribute.empty()) => SetConstraint::SingleValues,
                0 => SetConstraint::AnyOfSeveral,
                1 => SetConstraint::SingleValues,
                _ => SetConstraint::SeveralTogether,
            }
        };
        self.sets().map(constraint).max().unwrap_or(SetConstraint::SingleValues)
    }

    /// Whether other boxes cover a box together.
    pub(super) fn covered(&self, cube: &Cube, others: &[Cube]) -> bool {
        let mut rest = vec![cube.clone()];
        for other in others {
            let pieces = rest.iter().flat_map(|piece| self.layout.minus(piece, other));
            rest = pieces.filter_map(|piece| self.tight(piece)).collect();
            absorb(&mut rest);
        }
        rest.is_empty()
    }

    /// The parts of a box that hold without gaps in time.
    fn runs(&self, cube: &Cube) -> Vec<Cube> {
        let intervals: Vec<usize> = self.intervals(cube).collect();
        let run = |run: &[usize]| {
            let mut part = cube.clone();
            self.layout.keep(&mut part, self.time, |interval| run.contains(&interval));
            part
        };
        intervals.chunk_by(|left, right| left + 1 == *right).map(run).collect()
    }
}

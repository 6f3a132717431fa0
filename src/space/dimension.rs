//! One attribute as the rules of one service see it: its value classes.

use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use super::rule_box::{Constraint, RuleBox, asked, tests, values};
use super::subset::{Members, SetTest, Subset, weighted, witnesses_among};
use crate::base::bit_set::{RuleSet, has, mask};
use crate::base::order::distinct;
use crate::limits::MOST_TESTS;
use crate::policy::{Answer, Edge, Policy, Service};

/// An attribute in one interval of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// Values that no box and no response code distinguishes are one class. Never empty in a policy that was checked.
    pub classes: Vec<ValueClass>,
    /// The class of each value.
    pub lookup: Lookup,
}

/// Values that the rules do not distinguish.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueClass {
    /// The boxes that these values pass.
    pub passes: RuleSet,
    /// The values of a plain attribute; empty for a set attribute.
    pub values: SmallVec<[u32; 4]>,
    /// For a set attribute, one of the subsets.
    pub subset: Subset,
    /// For `fields`, whether these subsets have anything that the service does not declare at this time.
    pub undeclared: bool,
    /// What a refusal of these values answers, where it is not the attribute's answer.
    pub refuse: Option<Box<Answer>>,
}

/// From values to classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// `classes[class_of[v]]` is the class of value `v`.
    Plain(Vec<u32>),
    /// The class of a subset is the class of its outcome.
    Set(Arc<SetLookup>),
    /// `fields` of a service that declares none: one class.
    Unseen,
}

/// From subsets to classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetLookup {
    /// The tests of the boxes, in order.
    pub tests: Vec<SetTest>,
    /// The outcomes of the tests, see `outcome`, each with its class. In order, for a binary search.
    outcomes: Vec<(u128, u32)>,
    /// The values of the attribute.
    pub values: Subset,
    /// The fields that are not declared at this time.
    undeclared: Subset,
}

/// An attribute as these boxes of a service see it at a time. `at` decides which fields are declared.
pub fn of(policy: &Policy, service: &Service, attribute: usize, boxes: &[RuleBox], at: Edge) -> Dimension {
    if !policy.attributes[attribute].set {
        return plain(policy, attribute, boxes);
    }
    let is_fields = policy.fields == Some(attribute);
    if !is_fields {
        let values = Subset::of((0..).take(policy.attributes[attribute].values.len()));
        return set(attribute, boxes, values, Subset::default());
    }
    let Some(fields) = &service.fields else { return unseen(boxes.len()) };
    let outside = fields.iter().zip(0..).filter(|(field, _)| !field.window.contains(at));
    let undeclared = Subset::of(outside.map(|(_, index)| index)).with(Subset::UNKNOWN);
    set(attribute, boxes, Subset::of((0..).take(fields.len())), undeclared)
}

fn unseen(boxes: usize) -> Dimension {
    let class = ValueClass {
        passes: mask(boxes, |_| true),
        values: SmallVec::new(),
        subset: Subset::default(),
        undeclared: false,
        refuse: None,
    };
    Dimension { classes: vec![class], lookup: Lookup::Unseen }
}

fn plain(policy: &Policy, attribute: usize, boxes: &[RuleBox]) -> Dimension {
    let values = &policy.attributes[attribute].values;
    let passes = passes(asked(boxes), attribute, values.len());
    let every_box = mask(boxes.len(), |_| true);
    // The answers of values distinguish them only where a request can fail: at an attribute that a box constrains, and
    // at the first attribute, where it fails if no permit is in force.
    let can_fail = attribute == 0 || passes.iter().any(|mask| *mask != every_box);
    let mut classes: Vec<ValueClass> = Vec::new();
    let mut class_of = Vec::with_capacity(values.len());
    for ((value_place, value), passes) in (0u32..).zip(values).zip(passes) {
        let refuse = value.refuse.as_ref().filter(|_| can_fail);
        let is_same = |class: &ValueClass| class.passes == passes && class.refuse.as_deref() == refuse;
        let class = classes.iter().position(is_same).unwrap_or(classes.len());
        if class == classes.len() {
            classes.push(ValueClass {
                passes,
                values: SmallVec::new(),
                subset: Subset::default(),
                undeclared: false,
                refuse: refuse.cloned().map(Box::new),
            });
        }
        classes[class].values.push(value_place);
        class_of.push(u32::try_from(class).unwrap_or(u32::MAX));
    }
    classes.iter_mut().for_each(|class| class.values.shrink_to_fit());
    classes.shrink_to_fit();
    Dimension { classes, lookup: Lookup::Plain(class_of) }
}

/// For each value of a plain attribute, which of these boxes it passes.
pub fn passes<'s>(
    boxes: impl ExactSizeIterator<Item = &'s [Constraint]>,
    attribute: usize,
    count: usize,
) -> Vec<RuleSet> {
    let mut passes = vec![mask(boxes.len(), |_| true); count];
    for (rule_box, constraints) in boxes.enumerate() {
        for allowed in values(constraints, attribute) {
            for value in (0..count).filter(|value| !has(allowed, *value)) {
                passes[value][rule_box / 64] &= !(1 << (rule_box % 64));
            }
        }
    }
    passes
}

fn set(attribute: usize, boxes: &[RuleBox], values: Subset, undeclared: Subset) -> Dimension {
    let mut tests = distinct_tests(asked(boxes), attribute);
    tests.truncate(MOST_TESTS);
    let asks = asks(asked(boxes), attribute, &tests);
    let (mut classes, mut outcomes, _) = classes_of_subsets(values, undeclared, &tests, &asks);
    // Both are kept as long as the plan, for every service and interval.
    classes.shrink_to_fit();
    outcomes.shrink_to_fit();
    let lookup = SetLookup { tests, outcomes, values, undeclared };
    Dimension { classes, lookup: Lookup::Set(Arc::new(lookup)) }
}

/// For each box, which of these tests it has, a bit each, as in an outcome. `all_tests` are in order.
pub fn asks<'s>(
    boxes: impl Iterator<Item = &'s [Constraint]>,
    attribute: usize,
    all_tests: &[SetTest],
) -> Vec<u128> {
    let place = |test: SetTest| all_tests.binary_search(&test).ok();
    let asks = |constraints| {
        tests(constraints, attribute).filter_map(place).fold(0, |asks: u128, place| asks | 1u128 << place)
    };
    boxes.map(asks).collect()
}

/// The classes of subsets that boxes distinguish; the outcomes of the tests with the class of each, in order; and the
/// number of subsets of each class. `asks` are the tests of each box, a bit each.
///
/// A subset passes a box if it passes all tests of the box. So subsets with the same outcome are in the same class, and
/// one subset of each outcome is enough to find all classes.
pub fn classes_of_subsets(
    values: Subset,
    undeclared: Subset,
    tests: &[SetTest],
    asks: &[u128],
) -> (Vec<ValueClass>, Vec<(u128, u32)>, Vec<u128>) {
    let witnesses = weighted(values, undeclared, tests);
    let capacity = witnesses.len();
    let (mut classes, mut counts) = (Vec::with_capacity(capacity), Vec::<u128>::with_capacity(capacity));
    let mut outcomes = Vec::with_capacity(capacity);
    // The class of the boxes that are passed, and of what is undeclared.
    let mut class_of: FxHashMap<(RuleSet, u128), u32> =
        FxHashMap::with_capacity_and_hasher(capacity, FxBuildHasher);
    for (subset, count) in witnesses {
        let outcome = outcome(tests, undeclared, subset);
        let passes = mask(asks.len(), |rule_box| asks[rule_box] & !outcome == 0);
        let class = *class_of.entry((passes, outcome >> MOST_TESTS)).or_insert_with_key(|(passes, _)| {
            classes.push(ValueClass {
                passes: passes.clone(),
                values: SmallVec::new(),
                subset,
                undeclared: subset.meets(undeclared),
                refuse: None,
            });
            counts.push(0);
            u32::try_from(classes.len() - 1).unwrap_or(u32::MAX)
        });
        counts[class as usize] = counts[class as usize].saturating_add(count);
        outcomes.push((outcome, class));
    }
    (classes, distinct(outcomes), counts)
}

/// The tests that boxes have of a set attribute, each once, in order.
pub fn distinct_tests<'s>(boxes: impl Iterator<Item = &'s [Constraint]>, attribute: usize) -> Vec<SetTest> {
    distinct(boxes.flat_map(|constraints| tests(constraints, attribute)))
}

/// The outcome of the tests for a subset: a bit for each test, set where it holds. The last two bits are set where the
/// subset has anything undeclared, and anything unknown.
fn outcome(tests: &[SetTest], undeclared: Subset, subset: Subset) -> u128 {
    let holds = tests.iter().map(|test| test.holds(subset));
    let bits = holds.enumerate().fold(0, |outcome, (test, holds)| outcome | u128::from(holds) << test);
    let [undeclared, unknown] = [undeclared, Subset::UNKNOWN].map(|fields| u128::from(subset.meets(fields)));
    bits | undeclared << MOST_TESTS | unknown << (MOST_TESTS + 1)
}

impl SetLookup {
    /// Tests, and their outcomes with the class of each, in order, where everything is declared.
    pub fn of_outcomes(tests: Vec<SetTest>, outcomes: Vec<(u128, u32)>) -> Self {
        let (values, undeclared) = (Subset::default(), Subset::default());
        Self { tests, outcomes, values, undeclared }
    }

    /// The outcomes of the tests, a bit for each test, with the class of each outcome.
    pub fn outcomes(&self) -> impl Iterator<Item = (u128, usize)> {
        self.outcomes.iter().map(|(outcome, class)| (*outcome, *class as usize))
    }

    /// The place of the outcome of a subset.
    fn place(&self, subset: Subset) -> Option<usize> {
        let outcome = outcome(&self.tests, self.undeclared, subset);
        self.outcomes.binary_search_by_key(&outcome, |(outcome, _)| *outcome).ok()
    }

    /// The fields that are not declared at this time.
    pub fn undeclared(&self) -> Subset {
        self.undeclared
    }
}

impl ValueClass {
    /// Whether these values pass a box.
    pub fn passes(&self, rule_box: usize) -> bool {
        has(&self.passes, rule_box)
    }
}

impl Dimension {
    /// Whether a box leaves out at least one value. A field that the service never declares does not count as a value.
    pub fn constrained_by(&self, rule_box: usize) -> bool {
        self.classes.iter().any(|class| !class.subset.meets(Subset::UNKNOWN) && !class.passes(rule_box))
    }

    /// Whether any box leaves out at least one value; `boxes` is their number.
    pub fn constrains(&self, boxes: usize) -> bool {
        let passes_all = |class: &ValueClass| {
            class.passes.iter().map(|word| word.count_ones()).sum::<u32>() as usize == boxes
        };
        self.classes.iter().any(|class| !class.subset.meets(Subset::UNKNOWN) && !passes_all(class))
    }

    /// The class of a value of a plain attribute.
    pub fn class_of_value(&self, value: u32) -> u32 {
        match &self.lookup {
            Lookup::Plain(class_of) => class_of.get(value as usize).copied().unwrap_or(0),
            Lookup::Set(_) | Lookup::Unseen => 0,
        }
    }

    /// The outcomes of the tests for the subsets with these members, with the class of each, in order.
    pub fn outcomes_among(&self, members: Option<Members>) -> Vec<(u128, u32)> {
        let Lookup::Set(lookup) = &self.lookup else { return vec![(0, 0)] };
        let Some(members) = members else { return lookup.outcomes.clone() };
        let mut is_possible = vec![false; lookup.outcomes.len()];
        let subsets = witnesses_among(lookup.values, lookup.undeclared, &lookup.tests, members);
        subsets
            .into_iter()
            .filter_map(|subset| lookup.place(subset))
            .for_each(|place| is_possible[place] = true);
        let outcomes = lookup.outcomes.iter().zip(is_possible);
        outcomes.filter(|(_, is_possible)| *is_possible).map(|(outcome, _)| *outcome).collect()
    }

    /// A subset of a class that has these members.
    pub fn subset_among(&self, members: Members, class: usize) -> Option<Subset> {
        let Lookup::Set(lookup) = &self.lookup else { return None };
        let subsets = witnesses_among(lookup.values, lookup.undeclared, &lookup.tests, members);
        subsets.into_iter().find(|subset| self.class_of_subset(*subset) as usize == class)
    }

    /// The class of a subset of a set attribute.
    pub fn class_of_subset(&self, subset: Subset) -> u32 {
        let Lookup::Set(lookup) = &self.lookup else { return 0 };
        lookup.place(subset).and_then(|place| lookup.outcomes.get(place)).map_or(0, |(_, class)| *class)
    }
}

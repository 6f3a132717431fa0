//! One attribute as the boxes of one service see it: the classes of value that they tell apart.

use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use super::rule_box::{Constraint, RuleBox, asked, tests, values};
use super::subset::{SetTest, Subset, weighted};
use crate::base::bit_set::{RuleSet, has, mask};
use crate::policy::{Answer, Edge, Policy, Service};

/// An attribute in one rule_space of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dimension {
    /// Never empty. Values that no box and no response code tells apart are one class.
    pub classes: Vec<ValueClass>,
    /// Which class a value is.
    pub lookup: Lookup,
}

/// Values that come to the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ValueClass {
    /// The boxes that these values pass.
    pub passes: RuleSet,
    /// Of a plain attribute its values; of a set attribute one subset of the class, see `subset`.
    pub values: SmallVec<[u32; 4]>,
    /// Of a set attribute, one subset of the class.
    pub subset: Subset,
    /// Of `fields`, whether these subsets hold anything that the service does not declare at this time.
    pub undeclared: bool,
    /// What a refusal of these values answers, where that differs from the attribute's.
    pub refuse: Option<Box<Answer>>,
}

/// From values to classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// `classes[class_of[v]]` is the class of value `v`.
    Plain(Vec<u32>),
    /// A subset's class is that of `outcomes`: how each of the tests comes out for it.
    Set(Arc<SetLookup>),
    /// A set attribute that no box looks at: one class.
    Unseen,
}

/// From subsets to classes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetLookup {
    /// The questions that the boxes ask.
    pub tests: Vec<SetTest>,
    /// `outcomes[i].1` is the class of the subsets for which the tests come out as `outcomes[i].0` says.
    /// In order, for a binary search.
    outcomes: Vec<(u128, u32)>,
    /// What counts as undeclared at this time.
    undeclared: Subset,
    /// The fields of the service's line by name, sorted; empty for other attributes, whose names the policy holds.
    pub names: Vec<(String, u32)>,
}

/// The tests of one attribute in one service are held as bits.
pub const MOST_TESTS: usize = 126;

/// An attribute as these boxes of a service see it at a time.
pub fn of(policy: &Policy, service: &Service, attribute: usize, boxes: &[RuleBox], at: Edge) -> Dimension {
    if !policy.attributes[attribute].set {
        return plain(policy, attribute, boxes);
    }
    let is_fields = policy.fields == Some(attribute);
    if !is_fields {
        let values = Subset::of((0..).take(policy.attributes[attribute].values.len()));
        return set(attribute, boxes, values, None);
    }
    let Some(fields) = &service.fields else { return unseen(boxes.len()) };
    let mut names: Vec<_> = fields.iter().zip(0u32..).map(|(field, nth)| (field.name.clone(), nth)).collect();
    names.sort_unstable();
    let outside = fields.iter().zip(0..).filter(|(field, _)| !field.window.contains(at));
    let undeclared = Subset::of(outside.map(|(_, nth)| nth)).with(Subset::UNKNOWN);
    set(attribute, boxes, Subset::of(names.iter().map(|(_, nth)| *nth)), Some((names, undeclared)))
}

fn unseen(boxes: usize) -> Dimension {
    let all = ValueClass {
        passes: mask(boxes, |_| true),
        values: SmallVec::new(),
        subset: Subset::default(),
        undeclared: false,
        refuse: None,
    };
    Dimension { classes: vec![all], lookup: Lookup::Unseen }
}

fn plain(policy: &Policy, attribute: usize, boxes: &[RuleBox]) -> Dimension {
    let values = &policy.attributes[attribute].values;
    let passes = passes(asked(boxes), attribute, values.len());
    let all = mask(boxes.len(), |_| true);
    // Codes of values can show only where something can fail: at an attribute that a box constrains, and
    // at the first one, where a request fails if no permit is in force.
    let codes = attribute == 0 || passes.iter().any(|mask| *mask != all);
    let mut classes: Vec<ValueClass> = Vec::new();
    let mut class_of = Vec::with_capacity(values.len());
    for ((nth, value), passes) in (0u32..).zip(values).zip(passes) {
        let refuse = value.refuse.as_ref().filter(|_| codes);
        let alike = |class: &ValueClass| class.passes == passes && class.refuse.as_deref() == refuse;
        let place = classes.iter().position(alike).unwrap_or(classes.len());
        if place == classes.len() {
            classes.push(ValueClass {
                passes,
                values: SmallVec::new(),
                subset: Subset::default(),
                undeclared: false,
                refuse: refuse.cloned().map(Box::new),
            });
        }
        classes[place].values.push(nth);
        class_of.push(u32::try_from(place).unwrap_or(u32::MAX));
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
    for (nth, constraints) in boxes.enumerate() {
        for allowed in values(constraints, attribute) {
            for value in (0..count).filter(|value| !has(allowed, *value)) {
                passes[value][nth / 64] &= !(1 << (nth % 64));
            }
        }
    }
    passes
}

fn set(
    attribute: usize,
    boxes: &[RuleBox],
    values: Subset,
    fields: Option<(Vec<(String, u32)>, Subset)>,
) -> Dimension {
    let (names, undeclared) = fields.unwrap_or_default();
    let mut tests = distinct_tests(asked(boxes), attribute);
    tests.truncate(MOST_TESTS);
    let asks = asks(asked(boxes), attribute, &tests);
    let (mut classes, mut outcomes, _) = classes_of_subsets(values, undeclared, &tests, &asks);
    // Both are kept for as long as the plan is, for every service at every time.
    classes.shrink_to_fit();
    outcomes.shrink_to_fit();
    Dimension { classes, lookup: Lookup::Set(Arc::new(SetLookup { tests, outcomes, names, undeclared })) }
}

/// Which of these questions each box asks, a bit each, as in an outcome.
pub fn asks<'s>(
    boxes: impl Iterator<Item = &'s [Constraint]>,
    attribute: usize,
    questions: &[SetTest],
) -> Vec<u128> {
    let place = |test: SetTest| questions.binary_search(&test).ok();
    let asks = |constraints| {
        tests(constraints, attribute).filter_map(place).fold(0, |asks: u128, nth| asks | 1u128 << nth)
    };
    boxes.map(asks).collect()
}

/// The classes of subset that boxes tell apart, each box asking some of the questions, a bit each; how the questions come out,
/// with the class of each outcome, in order; and of how many subsets each class is.
pub fn classes_of_subsets(
    values: Subset,
    undeclared: Subset,
    tests: &[SetTest],
    asks: &[u128],
) -> (Vec<ValueClass>, Vec<(u128, u32)>, Vec<u128>) {
    let all = weighted(values, undeclared, tests);
    let (mut classes, mut counts) = (Vec::with_capacity(all.len()), Vec::<u128>::with_capacity(all.len()));
    let mut outcomes = Vec::with_capacity(all.len());
    let mut known: FxHashMap<(RuleSet, u128), u32> =
        FxHashMap::with_capacity_and_hasher(all.len(), FxBuildHasher);
    for (subset, count) in all {
        let outcome = outcome(tests, undeclared, subset);
        let passes = mask(asks.len(), |nth| asks[nth] & !outcome == 0);
        let class = *known.entry((passes, outcome >> MOST_TESTS)).or_insert_with_key(|(passes, _)| {
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
    outcomes.sort_unstable();
    outcomes.dedup();
    (classes, outcomes, counts)
}

/// The questions that boxes ask about a set attribute, each once.
pub fn distinct_tests<'s>(boxes: impl Iterator<Item = &'s [Constraint]>, attribute: usize) -> Vec<SetTest> {
    let mut tests: Vec<SetTest> = boxes.flat_map(|constraints| tests(constraints, attribute)).collect();
    tests.sort_unstable();
    tests.dedup();
    tests
}

/// How the tests come out for a subset, a bit each; the last two bits are whether it has anything undeclared,
/// and anything unknown.
fn outcome(tests: &[SetTest], undeclared: Subset, subset: Subset) -> u128 {
    let bits = tests.iter().map(|test| test.holds(subset));
    let bits = bits.enumerate().fold(0, |outcome, (nth, bit)| outcome | u128::from(bit) << nth);
    let [undeclared, unknown] = [undeclared, Subset::UNKNOWN].map(|of| u128::from(subset.meets(of)));
    bits | undeclared << MOST_TESTS | unknown << (MOST_TESTS + 1)
}

impl SetLookup {
    /// Questions with how they come out and the class of each outcome, in order, where everything is declared.
    pub fn of_outcomes(tests: Vec<SetTest>, outcomes: Vec<(u128, u32)>) -> Self {
        Self { tests, outcomes, undeclared: Subset::default(), names: Vec::new() }
    }

    /// How the tests can come out, a bit each, each with the class of the subsets for which they come out so.
    pub fn outcomes(&self) -> impl Iterator<Item = (u128, usize)> {
        self.outcomes.iter().map(|(outcome, class)| (*outcome, *class as usize))
    }

    /// What counts as undeclared at this time.
    pub fn undeclared(&self) -> Subset {
        self.undeclared
    }
}

impl ValueClass {
    /// Whether these values pass a box.
    pub fn passes(&self, nth: usize) -> bool {
        has(&self.passes, nth)
    }
}

impl Dimension {
    /// Whether a box leaves out at least one value. What no line of fields names is no value.
    pub fn constrained_by(&self, nth: usize) -> bool {
        self.classes.iter().any(|class| !class.subset.meets(Subset::UNKNOWN) && !class.passes(nth))
    }

    /// Whether any of so many boxes leaves out at least one value.
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

    /// The class of a subset of a set attribute.
    pub fn class_of_subset(&self, subset: Subset) -> u32 {
        let Lookup::Set(lookup) = &self.lookup else { return 0 };
        let outcome = outcome(&lookup.tests, lookup.undeclared, subset);
        let found = lookup.outcomes.binary_search_by_key(&outcome, |(outcome, _)| *outcome);
        found.ok().and_then(|nth| lookup.outcomes.get(nth)).map_or(0, |(_, class)| *class)
    }
}

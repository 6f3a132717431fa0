//! One attribute as the boxes of one service see it: the kinds of value that they tell apart.

use std::sync::Arc;

use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use super::rule_box::{RuleBox, Side, asked, tests, values};
use super::subset::{SetTest, Subset, weighted};
use crate::base::bit_set::{Mask, has, mask};
use crate::policy::{Answer, Edge, Policy, Service};

/// An attribute in one epoch of one service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Axis {
    /// Never empty. Values that no box and no response code tells apart are one kind.
    pub kinds: Vec<Kind>,
    /// Which kind a value is.
    pub lookup: Lookup,
}

/// Values that come to the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Kind {
    /// The boxes that these values pass.
    pub passes: Mask,
    /// Of a plain attribute its values; of a set attribute one subset of the kind, see `subset`.
    pub values: SmallVec<[u32; 4]>,
    /// Of a set attribute, one subset of the kind.
    pub subset: Subset,
    /// Of `fields`, whether these subsets hold anything that the service does not declare at this time.
    pub undeclared: bool,
    /// What a refusal of these values answers, where that differs from the attribute's.
    pub refuse: Option<Box<Answer>>,
}

/// From values to kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lookup {
    /// `kinds[kind_of[v]]` is the kind of value `v`.
    Plain(Vec<u32>),
    /// A subset's kind is that of `outcomes`: how each of the tests comes out for it.
    Set(Arc<SetLookup>),
    /// A set attribute that no box looks at: one kind.
    Unseen,
}

/// From subsets to kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetLookup {
    /// The questions that the boxes ask.
    pub tests: Vec<SetTest>,
    /// `outcomes[i].1` is the kind of the subsets for which the tests come out as `outcomes[i].0` says.
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
pub fn of(policy: &Policy, service: &Service, attribute: usize, boxes: &[RuleBox], at: Edge) -> Axis {
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

fn unseen(boxes: usize) -> Axis {
    let all = Kind {
        passes: mask(boxes, |_| true),
        values: SmallVec::new(),
        subset: Subset::default(),
        undeclared: false,
        refuse: None,
    };
    Axis { kinds: vec![all], lookup: Lookup::Unseen }
}

fn plain(policy: &Policy, attribute: usize, boxes: &[RuleBox]) -> Axis {
    let values = &policy.attributes[attribute].values;
    let passes = passes(asked(boxes), attribute, values.len());
    let all = mask(boxes.len(), |_| true);
    // Codes of values can show only where something can fail: at an attribute that a box constrains, and
    // at the first one, where a request fails if no permit is in force.
    let codes = attribute == 0 || passes.iter().any(|mask| *mask != all);
    let mut kinds: Vec<Kind> = Vec::new();
    let mut kind_of = Vec::with_capacity(values.len());
    for ((nth, value), passes) in (0u32..).zip(values).zip(passes) {
        let refuse = value.refuse.as_ref().filter(|_| codes);
        let alike = |kind: &Kind| kind.passes == passes && kind.refuse.as_deref() == refuse;
        let place = kinds.iter().position(alike).unwrap_or(kinds.len());
        if place == kinds.len() {
            kinds.push(Kind {
                passes,
                values: SmallVec::new(),
                subset: Subset::default(),
                undeclared: false,
                refuse: refuse.cloned().map(Box::new),
            });
        }
        kinds[place].values.push(nth);
        kind_of.push(u32::try_from(place).unwrap_or(u32::MAX));
    }
    kinds.iter_mut().for_each(|kind| kind.values.shrink_to_fit());
    kinds.shrink_to_fit();
    Axis { kinds, lookup: Lookup::Plain(kind_of) }
}

/// For each value of a plain attribute, which of these boxes it passes.
pub fn passes<'s>(
    boxes: impl ExactSizeIterator<Item = &'s [Side]>,
    attribute: usize,
    count: usize,
) -> Vec<Mask> {
    let mut passes = vec![mask(boxes.len(), |_| true); count];
    for (nth, sides) in boxes.enumerate() {
        for allowed in values(sides, attribute) {
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
) -> Axis {
    let (names, undeclared) = fields.unwrap_or_default();
    let mut tests = distinct_tests(asked(boxes), attribute);
    tests.truncate(MOST_TESTS);
    let asks = asks(asked(boxes), attribute, &tests);
    let (mut kinds, mut outcomes, _) = kinds_of_subset(values, undeclared, &tests, &asks);
    // Both are kept for as long as the plan is, for every service at every time.
    kinds.shrink_to_fit();
    outcomes.shrink_to_fit();
    Axis { kinds, lookup: Lookup::Set(Arc::new(SetLookup { tests, outcomes, names, undeclared })) }
}

/// Which of these questions each box asks, a bit each, as in an outcome.
pub fn asks<'s>(
    boxes: impl Iterator<Item = &'s [Side]>,
    attribute: usize,
    questions: &[SetTest],
) -> Vec<u128> {
    let place = |test: SetTest| questions.binary_search(&test).ok();
    let asks =
        |sides| tests(sides, attribute).filter_map(place).fold(0, |asks: u128, nth| asks | 1u128 << nth);
    boxes.map(asks).collect()
}

/// The kinds of subset that boxes tell apart, each box asking some of the questions, a bit each; how the questions come out,
/// with the kind of each outcome, in order; and of how many subsets each kind is.
pub fn kinds_of_subset(
    values: Subset,
    undeclared: Subset,
    tests: &[SetTest],
    asks: &[u128],
) -> (Vec<Kind>, Vec<(u128, u32)>, Vec<u128>) {
    let all = weighted(values, undeclared, tests);
    let (mut kinds, mut counts) = (Vec::with_capacity(all.len()), Vec::<u128>::with_capacity(all.len()));
    let mut outcomes = Vec::with_capacity(all.len());
    let mut known: FxHashMap<(Mask, u128), u32> =
        FxHashMap::with_capacity_and_hasher(all.len(), FxBuildHasher);
    for (subset, count) in all {
        let outcome = outcome(tests, undeclared, subset);
        let passes = mask(asks.len(), |nth| asks[nth] & !outcome == 0);
        let kind = *known.entry((passes, outcome >> MOST_TESTS)).or_insert_with_key(|(passes, _)| {
            kinds.push(Kind {
                passes: passes.clone(),
                values: SmallVec::new(),
                subset,
                undeclared: subset.meets(undeclared),
                refuse: None,
            });
            counts.push(0);
            u32::try_from(kinds.len() - 1).unwrap_or(u32::MAX)
        });
        counts[kind as usize] = counts[kind as usize].saturating_add(count);
        outcomes.push((outcome, kind));
    }
    outcomes.sort_unstable();
    outcomes.dedup();
    (kinds, outcomes, counts)
}

/// The questions that boxes ask about a set attribute, each once.
pub fn distinct_tests<'s>(boxes: impl Iterator<Item = &'s [Side]>, attribute: usize) -> Vec<SetTest> {
    let mut tests: Vec<SetTest> = boxes.flat_map(|sides| tests(sides, attribute)).collect();
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
    /// Questions with how they come out and the kind of each outcome, in order, where everything is declared.
    pub fn of_outcomes(tests: Vec<SetTest>, outcomes: Vec<(u128, u32)>) -> Self {
        Self { tests, outcomes, undeclared: Subset::default(), names: Vec::new() }
    }

    /// How the tests can come out, a bit each, each with the kind of the subsets for which they come out so.
    pub fn outcomes(&self) -> impl Iterator<Item = (u128, usize)> {
        self.outcomes.iter().map(|(outcome, kind)| (*outcome, *kind as usize))
    }

    /// What counts as undeclared at this time.
    pub fn undeclared(&self) -> Subset {
        self.undeclared
    }
}

impl Kind {
    /// Whether these values pass a box.
    pub fn passes(&self, nth: usize) -> bool {
        has(&self.passes, nth)
    }
}

impl Axis {
    /// Whether a box leaves out at least one value. What no line of fields names is no value.
    pub fn constrained_by(&self, nth: usize) -> bool {
        self.kinds.iter().any(|kind| !kind.subset.meets(Subset::UNKNOWN) && !kind.passes(nth))
    }

    /// Whether any of so many boxes leaves out at least one value.
    pub fn constrains(&self, boxes: usize) -> bool {
        let passes_all =
            |kind: &Kind| kind.passes.iter().map(|word| word.count_ones()).sum::<u32>() as usize == boxes;
        self.kinds.iter().any(|kind| !kind.subset.meets(Subset::UNKNOWN) && !passes_all(kind))
    }

    /// The kind of a value of a plain attribute.
    pub fn kind_of_value(&self, value: u32) -> u32 {
        match &self.lookup {
            Lookup::Plain(kind_of) => kind_of.get(value as usize).copied().unwrap_or(0),
            Lookup::Set(_) | Lookup::Unseen => 0,
        }
    }

    /// The kind of a subset of a set attribute.
    pub fn kind_of_subset(&self, subset: Subset) -> u32 {
        let Lookup::Set(lookup) = &self.lookup else { return 0 };
        let outcome = outcome(&lookup.tests, lookup.undeclared, subset);
        let found = lookup.outcomes.binary_search_by_key(&outcome, |(outcome, _)| *outcome);
        found.ok().and_then(|nth| lookup.outcomes.get(nth)).map_or(0, |(_, kind)| *kind)
    }
}

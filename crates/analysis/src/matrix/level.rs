//! One attribute as a diagram branches on it: the choices that the rules tell apart, and how much of each a
//! question leaves.

use meterwarden::base::bit_set::RuleSet;
use meterwarden::policy::{Policy, Service, Test};
use meterwarden::space::{Lookup, RuleSpace, SetTest, Subset, asked, distinct_tests, weighted, witnesses};

/// One service between two dates, or in two such stretches side by side.
#[derive(Clone, Copy)]
pub(super) struct Scene<'p> {
    pub(super) policy: &'p Policy,
    pub(super) service: &'p Service,
    pub(super) rule_spaces: &'p [&'p RuleSpace],
}

/// What a question leaves of an attribute.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Pick {
    /// Everything.
    Any,
    /// Of a plain attribute, these values.
    Values(Vec<u32>),
    /// Of a set attribute, the subsets that hold any of these, and perhaps the empty one.
    Subsets { present: Subset, empty: bool },
}

/// An attribute, by the choices that the rules tell apart.
#[derive(Clone, Debug)]
pub(super) struct Level {
    /// The boxes that pass each choice, those of several rule_spaces side by side. Each differs from the others.
    pub(super) choices: Vec<RuleSet>,
    /// Of a plain attribute, `of_value[v]` is the choice of value `v`.
    pub(super) of_value: Vec<usize>,
}

impl Scene<'_> {
    /// All attributes, in checking order.
    pub(super) fn levels(&self) -> Vec<Level> {
        (0..self.policy.attributes().len()).map(|attribute| self.level(attribute)).collect()
    }

    fn level(&self, attribute: usize) -> Level {
        let mut choices: Vec<RuleSet> = Vec::new();
        let mut place = |passes: RuleSet| {
            choices.iter().position(|known| *known == passes).unwrap_or_else(|| {
                choices.push(passes);
                choices.len() - 1
            })
        };
        if self.policy.attributes()[attribute].set {
            for subset in witnesses(self.values(attribute), Subset::default(), &self.tests(attribute, None)) {
                place(self.passes(attribute, subset));
            }
            return Level { choices, of_value: Vec::new() };
        }
        let of_value = |value: u32| {
            let classes = self.rule_spaces.iter().map(|rule_space| {
                let dimension = &rule_space.dimensions[attribute];
                &dimension.classes[dimension.class_of_value(value) as usize].passes
            });
            place(classes.flatten().copied().collect())
        };
        let of_value =
            (0u32..).take(self.policy.attributes()[attribute].values.len()).map(of_value).collect();
        Level { choices, of_value }
    }

    /// How much each choice of an attribute has of what a pick leaves; nothing, where it leaves nothing.
    pub(super) fn weights(&self, level: &Level, attribute: usize, pick: &Pick) -> Option<Vec<f64>> {
        let mut counts = vec![0u128; level.choices.len()];
        match pick {
            Pick::Subsets { .. } if self.looks_at(attribute) => {
                self.subsets(level, attribute, Some(pick), &mut counts)
            }
            _ if self.policy.attributes()[attribute].set => self.subsets(level, attribute, None, &mut counts),
            Pick::Values(values) => {
                values.iter().for_each(|value| counts[level.of_value[*value as usize]] += 1);
            }
            Pick::Any | Pick::Subsets { .. } => level.of_value.iter().for_each(|choice| counts[*choice] += 1),
        }
        let sum: u128 = counts.iter().sum();
        (sum > 0).then(|| counts.into_iter().map(|count| count as f64 / sum as f64).collect())
    }

    /// Which classes of an attribute a pick leaves something of. Of one rule_space.
    pub(super) fn classes(&self, attribute: usize, pick: &Pick) -> Vec<bool> {
        let Some(dimension) = self.rule_spaces.first().map(|rule_space| &rule_space.dimensions[attribute])
        else {
            return Vec::new();
        };
        let mut left = vec![false; dimension.classes.len()];
        match pick {
            Pick::Values(values) => {
                values.iter().for_each(|value| left[dimension.class_of_value(*value) as usize] = true);
            }
            Pick::Subsets { .. } if self.looks_at(attribute) => {
                let subsets =
                    witnesses(self.values(attribute), Subset::default(), &self.tests(attribute, Some(pick)));
                let subsets = subsets.into_iter().filter(|subset| pick.admits(*subset));
                subsets.for_each(|subset| left[dimension.class_of_subset(subset) as usize] = true);
            }
            Pick::Any | Pick::Subsets { .. } => {
                left.iter_mut().zip(&dimension.classes).for_each(|(left, class)| *left = !class.undeclared);
            }
        }
        left
    }

    fn subsets(&self, level: &Level, attribute: usize, pick: Option<&Pick>, counts: &mut [u128]) {
        for (subset, count) in
            weighted(self.values(attribute), Subset::default(), &self.tests(attribute, pick))
        {
            let passes = self.passes(attribute, subset);
            let choice = level.choices.iter().position(|known| *known == passes);
            if let Some(choice) = choice.filter(|_| pick.is_none_or(|pick| pick.admits(subset))) {
                counts[choice] += count;
            }
        }
    }

    /// The boxes that a subset passes; none in an rule_space to which it is undeclared.
    fn passes(&self, attribute: usize, subset: Subset) -> RuleSet {
        let of_epoch = |rule_space: &&RuleSpace| {
            let dimension = &rule_space.dimensions[attribute];
            let class = &dimension.classes[dimension.class_of_subset(subset) as usize];
            let declared = if class.undeclared { 0 } else { u64::MAX };
            class.passes.iter().map(move |word| word & declared).collect::<RuleSet>()
        };
        self.rule_spaces.iter().flat_map(of_epoch).collect()
    }

    /// Everything that may stand in a set attribute: of fields, what is declared in some rule_space.
    fn values(&self, attribute: usize) -> Subset {
        if self.policy.fields_attribute() != Some(attribute) {
            return Subset::of((0u32..).take(self.policy.attributes()[attribute].values.len()));
        }
        let fields = self.service.fields.iter().flatten().zip(0u32..);
        let declared = fields.filter(|(field, _)| {
            self.rule_spaces.iter().any(|rule_space| field.window.contains(rule_space.from))
        });
        Subset::of(declared.map(|(_, nth)| nth))
    }

    /// The questions asked of a set attribute, by the rules, by what is declared when, and by a pick.
    fn tests(&self, attribute: usize, pick: Option<&Pick>) -> Vec<SetTest> {
        let mut tests: Vec<SetTest> = self
            .rule_spaces
            .iter()
            .flat_map(|rule_space| distinct_tests(asked(&rule_space.boxes), attribute))
            .collect();
        if self.policy.fields_attribute() == Some(attribute) {
            for rule_space in self.rule_spaces {
                let outside = self.service.fields.iter().flatten().zip(0u32..);
                let outside = outside.filter(|(field, _)| !field.window.contains(rule_space.from));
                tests.push(SetTest { test: Test::In, listed: Subset::of(outside.map(|(_, nth)| nth)) });
            }
        }
        if let Some(Pick::Subsets { present, .. }) = pick {
            tests.push(SetTest { test: Test::In, listed: *present });
            tests.push(SetTest { test: Test::Exactly, listed: Subset::default() });
        }
        tests.sort_unstable();
        tests.dedup();
        tests
    }

    /// Whether the service looks at the attribute at all: one without a line of fields does not look at the body.
    fn looks_at(&self, attribute: usize) -> bool {
        self.rule_spaces
            .iter()
            .any(|rule_space| !matches!(rule_space.dimensions[attribute].lookup, Lookup::Unseen))
    }
}

impl Pick {
    pub(super) fn admits(&self, subset: Subset) -> bool {
        match self {
            Self::Subsets { present, empty } => {
                subset.meets(*present) || (*empty && subset == Subset::default())
            }
            Self::Any | Self::Values(_) => true,
        }
    }
}

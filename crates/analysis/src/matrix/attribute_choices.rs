//! One attribute as a diagram branches on it: the choices that the rules distinguish, and the weight of each choice
//! under a selection of values.

use smallvec::SmallVec;

use meterwarden::base::bit_set::RuleSet;
use meterwarden::policy::{Policy, Service, Test};
use meterwarden::space::{Lookup, RuleSpace, SetTest, Subset, asked, distinct_tests, weighted, witnesses};

/// One service in one interval, or in two intervals that are compared.
#[derive(Clone, Copy)]
pub(super) struct ServiceRules<'p> {
    pub(super) policy: &'p Policy,
    pub(super) service: &'p Service,
    pub(super) rule_spaces: &'p [&'p RuleSpace],
}

/// For each of the rule spaces, a set of its boxes.
pub(super) type BoxSets = SmallVec<[RuleSet; 2]>;

/// The values of an attribute to which a cell is limited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Selection {
    /// Every value or subset.
    Any,
    /// These values of a plain attribute.
    Values(Vec<u32>),
    /// The subsets of a set attribute that contain any of these values, and the empty one if `empty`.
    Subsets { present: Subset, empty: bool },
}

/// An attribute as the list of choices that the rules distinguish.
#[derive(Clone, Debug)]
pub(super) struct AttributeChoices {
    /// The boxes that each choice passes. No two choices pass the same boxes.
    pub(super) choices: Vec<BoxSets>,
    /// For a plain attribute, `of_value[v]` is the choice of value `v`.
    pub(super) of_value: Vec<usize>,
}

impl ServiceRules<'_> {
    /// The choices of all attributes, in check order.
    pub(super) fn all_choices(&self) -> Vec<AttributeChoices> {
        (0..self.policy.attributes().len()).map(|attribute| self.choices(attribute)).collect()
    }

    fn choices(&self, attribute: usize) -> AttributeChoices {
        let mut choices: Vec<BoxSets> = Vec::new();
        let mut choice_of = |passes: BoxSets| {
            choices.iter().position(|choice| *choice == passes).unwrap_or_else(|| {
                choices.push(passes);
                choices.len() - 1
            })
        };
        if self.policy.attributes()[attribute].set {
            let tests = self.tests(attribute, None);
            for subset in witnesses(self.values(attribute), Subset::default(), &tests) {
                choice_of(self.passes(attribute, subset));
            }
            return AttributeChoices { choices, of_value: Vec::new() };
        }
        let of_value = |value: u32| {
            let passes = |rule_space: &&RuleSpace| {
                let dimension = &rule_space.dimensions[attribute];
                dimension.classes[dimension.class_of_value(value) as usize].passes.clone()
            };
            choice_of(self.rule_spaces.iter().map(passes).collect())
        };
        let of_value =
            (0u32..).take(self.policy.attributes()[attribute].values.len()).map(of_value).collect();
        AttributeChoices { choices, of_value }
    }

    /// The share of each choice among the selected values or subsets, from 0 to 1, in sum 1; `None` if nothing is
    /// selected.
    pub(super) fn weights(
        &self,
        choices: &AttributeChoices,
        attribute: usize,
        selection: &Selection,
    ) -> Option<Vec<f64>> {
        let mut counts = vec![0u128; choices.choices.len()];
        match selection {
            Selection::Subsets { .. } if self.checks(attribute) => {
                self.count_subsets(choices, attribute, Some(selection), &mut counts);
            }
            _ if self.policy.attributes()[attribute].set => {
                self.count_subsets(choices, attribute, None, &mut counts);
            }
            Selection::Values(values) => {
                values.iter().for_each(|value| counts[choices.of_value[*value as usize]] += 1);
            }
            Selection::Any | Selection::Subsets { .. } => {
                choices.of_value.iter().for_each(|choice| counts[*choice] += 1);
            }
        }
        let sum: u128 = counts.iter().sum();
        (sum > 0).then(|| counts.into_iter().map(|count| count as f64 / sum as f64).collect())
    }

    fn count_subsets(
        &self,
        choices: &AttributeChoices,
        attribute: usize,
        selection: Option<&Selection>,
        counts: &mut [u128],
    ) {
        let tests = self.tests(attribute, selection);
        for (subset, count) in weighted(self.values(attribute), Subset::default(), &tests) {
            let passes = self.passes(attribute, subset);
            let choice = choices.choices.iter().position(|choice| *choice == passes);
            if let Some(choice) = choice.filter(|_| selection.is_none_or(|selected| selected.admits(subset)))
            {
                counts[choice] += count;
            }
        }
    }

    /// For each value class of an attribute in the first rule space, whether any selected value is in it.
    pub(super) fn selected_classes(&self, attribute: usize, selection: &Selection) -> Vec<bool> {
        let Some(dimension) = self.rule_spaces.first().map(|rule_space| &rule_space.dimensions[attribute])
        else {
            return Vec::new();
        };
        let mut selected = vec![false; dimension.classes.len()];
        match selection {
            Selection::Values(values) => {
                values.iter().for_each(|value| selected[dimension.class_of_value(*value) as usize] = true);
            }
            Selection::Subsets { .. } if self.checks(attribute) => {
                let tests = self.tests(attribute, Some(selection));
                let subsets = witnesses(self.values(attribute), Subset::default(), &tests);
                let subsets = subsets.into_iter().filter(|subset| selection.admits(*subset));
                subsets.for_each(|subset| selected[dimension.class_of_subset(subset) as usize] = true);
            }
            Selection::Any | Selection::Subsets { .. } => {
                let declared = dimension.classes.iter().map(|class| !class.undeclared);
                selected = declared.collect();
            }
        }
        selected
    }

    /// The boxes that a subset passes; none of a rule space that does not declare all of the subset.
    fn passes(&self, attribute: usize, subset: Subset) -> BoxSets {
        let passes = |rule_space: &&RuleSpace| {
            let dimension = &rule_space.dimensions[attribute];
            let class = &dimension.classes[dimension.class_of_subset(subset) as usize];
            if class.undeclared { RuleSet::from_elem(0, class.passes.len()) } else { class.passes.clone() }
        };
        self.rule_spaces.iter().map(passes).collect()
    }

    /// Every value that a set attribute may contain; for `fields`, what is declared in any of the rule spaces.
    fn values(&self, attribute: usize) -> Subset {
        if self.policy.fields_attribute() != Some(attribute) {
            return Subset::of((0u32..).take(self.policy.attributes()[attribute].values.len()));
        }
        let fields = self.service.fields.iter().flatten().zip(0u32..);
        let declared = fields.filter(|(field, _)| {
            self.rule_spaces.iter().any(|rule_space| field.window.contains(rule_space.from))
        });
        Subset::of(declared.map(|(_, field)| field))
    }

    /// The tests of a set attribute that matter: those of the rules, of the declared fields, and of the selection.
    /// Subsets that agree on all of them are in one choice, and are selected or not together.
    fn tests(&self, attribute: usize, selection: Option<&Selection>) -> Vec<SetTest> {
        let of_rules = |rule_space: &&RuleSpace| distinct_tests(asked(&rule_space.boxes), attribute);
        let mut tests: Vec<SetTest> = self.rule_spaces.iter().flat_map(of_rules).collect();
        if self.policy.fields_attribute() == Some(attribute) {
            for rule_space in self.rule_spaces {
                let fields = self.service.fields.iter().flatten().zip(0u32..);
                let undeclared = fields.filter(|(field, _)| !field.window.contains(rule_space.from));
                let listed = Subset::of(undeclared.map(|(_, field)| field));
                tests.push(SetTest { test: Test::In, listed });
            }
        }
        if let Some(Selection::Subsets { present, .. }) = selection {
            tests.push(SetTest { test: Test::In, listed: *present });
            tests.push(SetTest { test: Test::Exactly, listed: Subset::default() });
        }
        tests.sort_unstable();
        tests.dedup();
        tests
    }

    /// Whether the service checks the attribute. A service without a line of fields does not check the body.
    fn checks(&self, attribute: usize) -> bool {
        self.rule_spaces
            .iter()
            .any(|rule_space| !matches!(rule_space.dimensions[attribute].lookup, Lookup::Unseen))
    }
}

impl Selection {
    /// Whether a subset is selected.
    pub(super) fn admits(&self, subset: Subset) -> bool {
        match self {
            Self::Subsets { present, empty } => {
                subset.meets(*present) || (*empty && subset == Subset::default())
            }
            Self::Any | Self::Values(_) => true,
        }
    }
}

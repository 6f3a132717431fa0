//! One service in both versions at once: the boxes of either, and the requests that these boxes distinguish.

use std::collections::BTreeSet;
use std::sync::Arc;

use num_bigint::BigUint;
use smallvec::SmallVec;

use super::count::Count;
use super::interval::{IntervalRules, VersionService, constrained_attributes};
use super::joint_boxes::{DeclaredFields, IntervalBoxes, JointBox, JointBoxes};
use super::vocabulary::{JointVocabulary, field_places};
use meterwarden::base::bit_set::RuleSet;
use meterwarden::limits::MOST_TESTS;
use meterwarden::policy::{Policy, Service};
use meterwarden::space::{
    Constraint, Dimension, Layout, Lookup, SetLookup, Subset, TooLarge, ValueClass, asks, classes_of_subsets,
    distinct_tests, passes,
};

/// The requests for one service, in both versions.
///
/// Two requests are in the same class if every box of *either* version accepts both or neither, and if both versions
/// answer the same code at every attribute. Neither version can then distinguish them. So comparing the versions once
/// for each combination of classes compares them for every request, without sampling.
pub(super) struct JointSpace<'p> {
    pub(super) policy: &'p Policy,
    /// The service with the fields of both versions.
    pub(super) service: Service,
    /// The intervals in which the versions may differ.
    pub(super) intervals: Vec<IntervalBoxes>,
    pub(super) boxes: Vec<JointBox<'p>>,
    /// For each version, the attributes with values that it does not have, and the box of these values. The boxes
    /// belong to no version.
    pub(super) unknown: [Vec<(usize, usize)>; 2],
    /// The value classes of each joint attribute.
    pub(super) dimensions: Vec<Dimension>,
    /// Dimension 0 is the time, with a choice for each interval. Attribute `a` is dimension `a + 1`, with a choice for
    /// each class.
    pub(super) layout: Layout,
    /// `weights[d][c]` is the number of values or subsets in choice `c` of dimension `d`.
    pub(super) weights: Vec<Vec<u128>>,
}

impl<'p> JointSpace<'p> {
    /// `None` if the versions have the same rules in every interval.
    pub(super) fn new(
        joint: &'p JointVocabulary<'p>,
        services: [VersionService<'p>; 2],
        intervals: &[IntervalRules<'p>],
    ) -> Result<Option<Self>, TooLarge> {
        // Unchanged rules are recognised before they are translated, since most services do not change.
        let (unchanged, changed): (Vec<&IntervalRules<'p>>, Vec<&IntervalRules<'p>>) =
            intervals.iter().partition(|interval| joint.identical && interval.is_unchanged(joint, services));
        if changed.is_empty() && services.iter().all(Option::is_some) {
            return Ok(None);
        }
        let service = joint.service(services.map(|service| service.map(|(service, _)| service)));
        let mut boxes = JointBoxes::default();
        let intervals = interval_boxes(joint, services, &service, &changed, &mut boxes);
        if intervals.is_empty() {
            return Ok(None);
        }
        // A value that one version does not have matters only if the rules of the service mention its attribute.
        let mentioned = if joint.values_differ { boxes.mentioned_attributes() } else { BTreeSet::new() };
        let unknown = [0, 1].map(|version: usize| {
            let constraints = joint.versions[version].unknown(&joint.policy).into_iter();
            let mentioned = constraints.filter(|constraint| mentioned.contains(&constraint.attribute));
            mentioned.map(|constraint| (constraint.attribute, boxes.add_unknown(constraint))).collect()
        });
        let mut space = Self {
            policy: &joint.policy,
            unknown,
            service,
            intervals,
            boxes: boxes.into_list(),
            dimensions: Vec::new(),
            layout: Layout::default(),
            weights: Vec::new(),
        };
        space.add_dimensions(joint, &constrained_attributes(joint, services, &unchanged))?;
        Ok(Some(space))
    }

    /// The number of requests, without the time.
    pub(super) fn size(&self) -> Count {
        let total = |weights: &Vec<u128>| weights.iter().copied().map(BigUint::from).sum::<BigUint>();
        Count(self.weights.iter().skip(1).map(total).product())
    }

    /// Adds the classes of each attribute. `elsewhere` are the attributes that the rules constrain in the unchanged
    /// intervals.
    fn add_dimensions(
        &mut self,
        joint: &JointVocabulary<'_>,
        elsewhere: &BTreeSet<usize>,
    ) -> Result<(), TooLarge> {
        self.weights.push(vec![1; self.intervals.len()]);
        for attribute in 0..self.policy.attributes().len() {
            let (dimension, mut weights) = if self.policy.attributes()[attribute].set {
                self.set_dimension(attribute)?
            } else {
                self.plain_dimension(joint, attribute)
            };
            // An attribute that the service's rules never constrain does not multiply the number of requests.
            if dimension.classes.len() == 1 && !elsewhere.contains(&attribute) {
                weights = vec![1];
            }
            self.dimensions.push(dimension);
            self.weights.push(weights);
        }
        self.layout = Layout::new(self.weights.iter().map(Vec::len));
        Ok(())
    }

    /// The classes of a plain attribute: values that pass the same boxes and have the same codes in both versions.
    fn plain_dimension(&self, joint: &JointVocabulary<'_>, attribute: usize) -> (Dimension, Vec<u128>) {
        let values = self.policy.attributes()[attribute].values.len();
        let passes = passes(self.constraints(), attribute, values);
        let (mut classes, mut codes) = (Vec::with_capacity(values), Vec::<[u16; 2]>::with_capacity(values));
        let mut class_of = Vec::with_capacity(values);
        for (value, passes) in (0u32..).zip(passes) {
            let value_codes =
                joint.refusal_codes.each_ref().map(|attributes| attributes[attribute].of(Some(value)));
            let same =
                |(class, codes): (&ValueClass, &[u16; 2])| class.passes == passes && *codes == value_codes;
            let class = classes.iter().zip(&codes).position(same).unwrap_or(classes.len());
            if class == classes.len() {
                classes.push(empty_class(passes));
                codes.push(value_codes);
            }
            classes[class].values.push(value);
            class_of.push(u32::try_from(class).unwrap_or(u32::MAX));
        }
        let weights = classes.iter().map(|class| class.values.len() as u128).collect();
        (Dimension { classes, lookup: Lookup::Plain(class_of) }, weights)
    }

    /// The classes of a set attribute: subsets that pass the same boxes.
    fn set_dimension(&self, attribute: usize) -> Result<(Dimension, Vec<u128>), TooLarge> {
        let values = self.policy.value_count(attribute, &self.service);
        let tests = distinct_tests(self.constraints(), attribute);
        if values > 127 || tests.len() > MOST_TESTS {
            return Err(TooLarge);
        }
        let asks = asks(self.constraints(), attribute, &tests);
        let all = Subset::of((0u32..).take(values));
        let (classes, outcomes, counts) = classes_of_subsets(all, Subset::default(), &tests, &asks);
        let lookup = Lookup::Set(Arc::new(SetLookup::of_outcomes(tests, outcomes)));
        Ok((Dimension { classes, lookup }, counts))
    }

    /// The constraints of each box.
    fn constraints(&self) -> impl ExactSizeIterator<Item = &[Constraint]> {
        self.boxes.iter().map(|joint_box| &*joint_box.constraints)
    }
}

/// Translates the rules of the changed intervals, and keeps the intervals in which they differ in joint terms.
fn interval_boxes<'p>(
    joint: &'p JointVocabulary<'p>,
    services: [VersionService<'p>; 2],
    joint_service: &Service,
    changed: &[&IntervalRules<'p>],
    boxes: &mut JointBoxes<'p>,
) -> Vec<IntervalBoxes> {
    let fields = services.map(|service| field_places(joint_service, service.map(|(service, _)| service)));
    let mut intervals = Vec::new();
    for interval in changed {
        let versions = [0, 1].map(|version| {
            let (service, _) = services[version]?;
            let declared = DeclaredFields { service, fields: &fields[version], joint_service };
            let (rule_space, at) = (interval.rule_spaces[version]?, interval.dates[version]);
            Some(boxes.add_version(&joint.versions[version], joint, declared, rule_space, at))
        });
        let interval = IntervalBoxes { time: interval.time, versions };
        if joint.codes_differ || joint.values_differ || interval.differs() {
            intervals.push(interval);
        }
    }
    intervals
}

/// A class without values.
fn empty_class(passes: RuleSet) -> ValueClass {
    ValueClass { passes, values: SmallVec::new(), subset: Subset::default(), undeclared: false, refuse: None }
}

//! One service under two laws at once: every box of either, in the same terms, and the requests that they tell apart.

use std::collections::BTreeSet;
use std::sync::Arc;

use num_bigint::BigUint;
use smallvec::SmallVec;

use super::count::Count;
use super::law::{Boxes, Declared, JointBox, Stretch};
use super::times::{Known, Times, looked_at};
use super::vocabulary::{Joint, field_places};
use meterwarden::base::bit_set::RuleSet;
use meterwarden::policy::{Policy, Service};
use meterwarden::space::{
    Constraint, Dimension, Lookup, MOST_TESTS, SetLookup, Subset, ValueClass, asks, classes_of_subsets,
    distinct_tests, passes,
};
use meterwarden::space::{Layout, TooLarge};

/// Everything that either law says of one service.
pub(super) struct Space<'p> {
    pub(super) policy: &'p Policy,
    /// The service as both know it.
    pub(super) service: Service,
    /// When neither law changes.
    pub(super) stretches: Vec<Stretch>,
    pub(super) boxes: Vec<JointBox<'p>>,
    /// Of each policy, the boxes of what it has no word for, each with the attribute that it is about. They are of no law.
    pub(super) unknown: [Vec<(usize, usize)>; 2],
    /// `dimensions[a]` is joint attribute `a`: the classes of value that the boxes tell apart.
    pub(super) dimensions: Vec<Dimension>,
    /// Dimension 0 is the time, one choice a stretch; attribute `a` is dimension `a + 1`, one choice a class.
    pub(super) layout: Layout,
    /// `weights[d][c]`: how many values or subsets choice `c` of dimension `d` stands for.
    pub(super) weights: Vec<Vec<u128>>,
}

impl<'p> Space<'p> {
    /// Nothing where the two laws are the same, word for word.
    pub(super) fn of(
        joint: &'p Joint<'p>,
        known: [Known<'p>; 2],
        times: &[Times<'p>],
    ) -> Result<Option<Self>, TooLarge> {
        // What is the same in both is not even put into joint terms.
        let (same, changed): (Vec<&Times<'p>>, Vec<&Times<'p>>) =
            times.iter().partition(|one| joint.identical && one.is_unchanged(joint, known));
        if changed.is_empty() && known.iter().all(Option::is_some) {
            return Ok(None);
        }
        let service = joint.service(known.map(|known| known.map(|(service, _)| service)));
        let fields = known.map(|known| field_places(&service, known.map(|(service, _)| service)));
        let mut boxes = Boxes::default();
        let mut stretches = Vec::new();
        for one in changed {
            let laws = [0, 1].map(|nth| {
                let (own, _) = known[nth]?;
                let own = Declared { service: own, fields: &fields[nth], of: &service };
                Some(boxes.law(&joint.own[nth], joint, own, one.rule_spaces[nth]?, one.dates[nth]))
            });
            let stretch = Stretch { time: one.time, laws };
            if joint.answers_differ || joint.values_differ || stretch.differs() {
                stretches.push(stretch);
            }
        }
        if stretches.is_empty() {
            return Ok(None);
        }
        // A value that the other policy has no word for is none where the rules of the service do not mention the attribute.
        let mentioned = if joint.values_differ { boxes.mentioned() } else { BTreeSet::new() };
        let unknown = [0, 1].map(|nth: usize| {
            let constraints = joint.own[nth].unknown(&joint.policy).into_iter();
            let constraints = constraints.filter(|constraint| mentioned.contains(&constraint.attribute));
            constraints.map(|constraint| (constraint.attribute, boxes.unknown(constraint))).collect()
        });
        let mut space = Self {
            policy: &joint.policy,
            unknown,
            service,
            stretches,
            boxes: boxes.into_list(),
            dimensions: Vec::new(),
            layout: Layout::default(),
            weights: Vec::new(),
        };
        space.tell_apart(joint, &looked_at(joint, known, &same))?;
        Ok(Some(space))
    }

    /// How many requests it has, whatever the time.
    pub(super) fn size(&self) -> Count {
        let total = |weights: &Vec<u128>| weights.iter().copied().map(BigUint::from).sum::<BigUint>();
        Count(self.weights.iter().skip(1).map(total).product())
    }

    /// Works out the classes of value that the boxes, and the answers of values, tell apart.
    /// At the attributes that `elsewhere` names, the rules tell values apart at times when both laws are the same.
    fn tell_apart(&mut self, joint: &Joint<'_>, elsewhere: &BTreeSet<usize>) -> Result<(), TooLarge> {
        self.weights.push(vec![1; self.stretches.len()]);
        for attribute in 0..self.policy.attributes().len() {
            let (dimension, mut weights) = if self.policy.attributes()[attribute].set {
                self.set(attribute)?
            } else {
                self.plain(joint, attribute)
            };
            // An attribute of which the rules tell nothing apart counts as one case, whatever it may be.
            if dimension.classes.len() == 1 && !elsewhere.contains(&attribute) {
                weights = vec![1];
            }
            self.dimensions.push(dimension);
            self.weights.push(weights);
        }
        self.layout = Layout::new(self.weights.iter().map(Vec::len));
        Ok(())
    }

    fn plain(&self, joint: &Joint<'_>, attribute: usize) -> (Dimension, Vec<u128>) {
        let values = self.policy.attributes()[attribute].values.len();
        let passes = passes(self.constraints(), attribute, values);
        let (mut classes, mut codes) = (Vec::with_capacity(values), Vec::<[u16; 2]>::with_capacity(values));
        let mut class_of = Vec::with_capacity(values);
        for (value, passes) in (0u32..).zip(passes) {
            let answers = joint.answers.each_ref().map(|answers| answers[attribute].to(Some(value)));
            let alike =
                |(class, codes): (&ValueClass, &[u16; 2])| class.passes == passes && *codes == answers;
            let place = classes.iter().zip(&codes).position(alike).unwrap_or(classes.len());
            if place == classes.len() {
                classes.push(class(passes));
                codes.push(answers);
            }
            classes[place].values.push(value);
            class_of.push(u32::try_from(place).unwrap_or(u32::MAX));
        }
        let weights = classes.iter().map(|class| class.values.len() as u128).collect();
        (Dimension { classes, lookup: Lookup::Plain(class_of) }, weights)
    }

    fn set(&self, attribute: usize) -> Result<(Dimension, Vec<u128>), TooLarge> {
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

    /// What each box asks.
    fn constraints(&self) -> impl ExactSizeIterator<Item = &[Constraint]> {
        self.boxes.iter().map(|one| &*one.constraints)
    }
}

/// A class of no value yet.
fn class(passes: RuleSet) -> ValueClass {
    ValueClass { passes, values: SmallVec::new(), subset: Subset::default(), undeclared: false, refuse: None }
}

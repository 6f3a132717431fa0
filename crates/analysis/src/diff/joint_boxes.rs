//! The rules of one service in both versions, as boxes in the joint vocabulary. A box that both versions have is stored
//! once.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::vocabulary::{JointVocabulary, VersionVocabulary};
use meterwarden::base::bit_set::{RuleSet, bits, has, mask};
use meterwarden::base::interner::Interner;
use meterwarden::policy::{Answer, Edge, Effect, Rule, Service, Test, Window};
use meterwarden::space::{Allowed, Constraint, RuleSpace, SetTest, Subset};

/// An interval, and the boxes of each version in it.
pub(super) struct IntervalBoxes {
    pub(super) time: Window,
    /// `None` if a version does not have the service.
    pub(super) versions: [Option<VersionBoxes>; 2],
}

/// The boxes of one version in one interval.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct VersionBoxes {
    /// The places of its boxes among the joint boxes.
    pub(super) boxes: RuleSet,
    /// Each box with the first rule that has it, in the order of the boxes. The box of the undeclared fields has no
    /// rule.
    rules: Vec<(usize, usize)>,
    /// The boxes of the forbids in policy order, if any of them has a code of its own: then the first forbid that
    /// matches decides the code. Else it is empty.
    forbid_order: Vec<usize>,
}

/// A box of either version, or of both.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct JointBox<'p> {
    pub(super) effect: Effect,
    pub(super) constraints: Cow<'p, [Constraint]>,
    /// The answer of a forbid that has its own.
    pub(super) refuse: Option<&'p Answer>,
    /// The check at which a forbid answers, in the order of the joint attributes.
    pub(super) answers: usize,
    /// Whether it is the box of the fields that the service does not declare.
    pub(super) undeclared: bool,
}

/// A service of one version, with the places of its fields among the joint fields.
#[derive(Clone, Copy)]
pub(super) struct DeclaredFields<'s> {
    pub(super) service: &'s Service,
    pub(super) fields: &'s [u32],
    /// The service with the fields of both versions.
    pub(super) joint_service: &'s Service,
}

impl IntervalBoxes {
    /// Whether the versions have different boxes, or another order of forbids.
    pub(super) fn differs(&self) -> bool {
        match &self.versions {
            [Some(before), Some(after)] => {
                before.boxes != after.boxes || before.forbid_order != after.forbid_order
            }
            _ => true,
        }
    }

    /// Whether the versions have forbids in common, in another order, so that another forbid may answer.
    pub(super) fn is_reordered(&self) -> bool {
        let [Some(before), Some(after)] = &self.versions else { return false };
        let shared = |version: &VersionBoxes, other: &VersionBoxes| -> Vec<usize> {
            version.forbid_order.iter().copied().filter(|index| other.has(*index)).collect()
        };
        shared(before, after) != shared(after, before)
    }
}

impl VersionBoxes {
    /// The places of its boxes.
    pub(super) fn places(&self) -> impl Iterator<Item = usize> + '_ {
        bits(&self.boxes)
    }

    /// The first rule that has a box; `None` for the box of the undeclared fields.
    pub(super) fn rule(&self, index: usize) -> Option<usize> {
        let found = self.rules.binary_search_by_key(&index, |(index, _)| *index).ok()?;
        Some(self.rules[found].1)
    }

    /// Whether it has a box.
    pub(super) fn has(&self, index: usize) -> bool {
        has(&self.boxes, index)
    }
}

/// The boxes of both versions so far. Equal boxes are stored once.
#[derive(Default)]
pub(super) struct JointBoxes<'p> {
    boxes: Interner<JointBox<'p>>,
}

impl<'p> JointBoxes<'p> {
    /// Adds the boxes of one version in one interval.
    pub(super) fn add_version(
        &mut self,
        version: &VersionVocabulary<'p>,
        joint: &JointVocabulary<'p>,
        declared: DeclaredFields<'_>,
        rule_space: &'p RuleSpace,
        at: Edge,
    ) -> VersionBoxes {
        let mut likely = 0;
        let mut rules: Vec<(usize, usize)> = Vec::with_capacity(rule_space.boxes.len());
        for rule_box in &rule_space.boxes {
            let rule = &version.policy.rules()[rule_box.rule];
            let joint_box = JointBox {
                effect: rule.effect,
                constraints: version.constraints(&rule_box.constraints, declared.fields),
                refuse: rule.refuse.as_ref(),
                // In another check order a forbid could answer before all of it has matched. Then it waits for the end.
                answers: if joint.same_order { version.check(rule_box.answers) } else { usize::MAX },
                undeclared: false,
            };
            // Most boxes are equal to those of the other version or of another interval, in the same order. So the box
            // after the previous one is compared first, before the box is hashed.
            let place = if self.boxes.list().get(likely) == Some(&joint_box) {
                likely
            } else {
                self.boxes.place(joint_box)
            };
            rules.push((place, rule_box.rule));
            likely = place + 1;
        }
        let forbid_order = forbid_order(&rules, version.policy.rules());
        // The sort is stable, so that the first rule of a box is the one that is left.
        rules.sort_by_key(|(place, _)| *place);
        rules.dedup_by_key(|(place, _)| *place);
        let undeclared = self.undeclared(joint, declared, at);
        let last = rules.last().map(|(place, _)| *place).max(undeclared);
        let is_own = |place: usize| {
            undeclared == Some(place) || rules.binary_search_by_key(&place, |(place, _)| *place).is_ok()
        };
        let boxes = mask(last.map_or(0, |last| last + 1), is_own);
        VersionBoxes { boxes, rules, forbid_order }
    }

    /// The box of the fields that the service does not declare on a date. It is a forbid: such requests are refused
    /// where the fields are checked.
    fn undeclared(
        &mut self,
        joint: &JointVocabulary<'_>,
        DeclaredFields { service, fields, joint_service }: DeclaredFields<'_>,
        at: Edge,
    ) -> Option<usize> {
        let attribute = joint.policy.fields_attribute()?;
        let in_force =
            service.fields.as_ref()?.iter().zip(fields).filter(|(field, _)| field.window.contains(at));
        let declared = Subset::of(in_force.map(|(_, place)| *place));
        let joint_fields = (0u32..).take(joint_service.fields.iter().flatten().count());
        let undeclared = Subset::of(joint_fields.filter(|place| !declared.contains(*place)));
        (undeclared != Subset::default()).then(|| {
            let allowed = Allowed::Subsets(SetTest { test: Test::In, listed: undeclared });
            self.boxes.place(JointBox {
                effect: Effect::Forbid,
                constraints: Cow::Owned(vec![Constraint { attribute, allowed }]),
                refuse: None,
                answers: attribute + 1,
                undeclared: true,
            })
        })
    }

    /// The attributes that any box constrains, including those with the constraint `any`.
    pub(super) fn mentioned_attributes(&self) -> BTreeSet<usize> {
        let constraints = self.boxes.list().iter().flat_map(|joint_box| joint_box.constraints.iter());
        constraints.map(|constraint| constraint.attribute).collect()
    }

    /// Adds the box of the values that a version does not have. It belongs to no version.
    pub(super) fn add_unknown(&mut self, constraint: Constraint) -> usize {
        let constraints = Cow::Owned(vec![constraint]);
        let (effect, answers) = (Effect::Forbid, usize::MAX);
        self.boxes.place(JointBox { effect, constraints, refuse: None, answers, undeclared: false })
    }

    pub(super) fn into_list(self) -> Vec<JointBox<'p>> {
        self.boxes.into_list()
    }
}

/// The boxes of the forbids in policy order, each once, if any forbid has a code of its own.
fn forbid_order(boxes: &[(usize, usize)], rules: &[Rule]) -> Vec<usize> {
    let forbids = || boxes.iter().filter(|(_, rule)| rules[*rule].effect == Effect::Forbid);
    let mut order = Vec::new();
    if forbids().any(|(_, rule)| rules[*rule].refuse.is_some()) {
        for (place, _) in forbids() {
            if !order.contains(place) {
                order.push(*place);
            }
        }
    }
    order
}

//! The rules and modifications that cause a change.
//!
//! A region changes from refused to permitted because a permit matches that did not match before, or because a forbid
//! that matched no longer does. So the causes are the boxes of one version that the other does not have in the same
//! interval and that match some request of the region: of the version that permits the region its permits, and of the
//! other version its forbids. Every box that both versions have acts the same in both, and causes nothing.

use serde::Serialize;

use super::joint_boxes::{JointBox, VersionBoxes};
use super::joint_space::JointSpace;
use super::vocabulary::JointVocabulary;
use crate::explain::rule_note::titled;
use meterwarden::policy::{Edge, Effect, Policy, Window};
use meterwarden::space::Cube;

/// A rule, or a line of fields, that causes a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Cause {
    /// What the rule does now, or no longer does.
    pub does: Contribution,
    /// `8.4/esme-variant-correction`; for a line of fields, the service.
    pub rule: String,
    /// Its description, for people.
    pub text: String,
    /// Its place: `path:line:column`, in the policy that has it.
    pub place: String,
    /// The modifications of the rule that are in force in one version and not in the other, or with whose dates the
    /// change begins or ends: `MP125 Correcting Device …`.
    pub modifications: Vec<String>,
}

/// How a rule contributes to a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Contribution {
    /// A permit that did not permit these requests before.
    Permits,
    /// A forbid that did not forbid them before.
    Forbids,
    /// A line of fields that does not declare their fields.
    LeavesOut,
    /// A permit that permitted them and no longer does.
    NoLongerPermits,
    /// A forbid that forbade them and no longer does.
    NoLongerForbids,
    /// A line of fields that declares their fields, and did not before.
    Declares,
}

/// Whether a region is permitted after the change, or was before.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Wider,
    Narrower,
}

/// Finds the causes of the change of one region.
pub(super) struct Causes<'s, 'p> {
    joint: &'s JointVocabulary<'p>,
    space: &'s JointSpace<'p>,
    region: &'s Cube,
    /// The dates whose rules are compared, if they are fixed.
    dates: Option<[Edge; 2]>,
    /// When the region begins and ends; on fixed dates it has no such edges.
    edges: [Edge; 2],
    direction: Direction,
}

impl<'s, 'p> Causes<'s, 'p> {
    pub(super) fn new(
        joint: &'s JointVocabulary<'p>,
        space: &'s JointSpace<'p>,
        dates: Option<[Edge; 2]>,
        region: &'s Cube,
        direction: Direction,
    ) -> Self {
        let mut times = space.layout.taken(region, 0).map(|interval| space.intervals[interval].time);
        let edges = match (dates, times.next()) {
            (None, Some(first)) => [first.from, times.last().unwrap_or(first).until],
            _ => [Edge::Start, Edge::Never],
        };
        Self { joint, space, region, dates, edges, direction }
    }

    /// The causes, sorted.
    pub(super) fn find(&self) -> Vec<Cause> {
        let causes = self.of_boxes(true);
        // If no box is new, a new value is the cause: the same rules now reach requests that the other version does
        // not know.
        if causes.is_empty() { self.of_boxes(false) } else { causes }
    }

    /// The causes among the boxes that match a request of the region; only those of one version alone, if `only_new`.
    fn of_boxes(&self, only_new: bool) -> Vec<Cause> {
        let mut causes: Vec<Cause> = Vec::new();
        for interval in self.space.layout.taken(self.region, 0) {
            let interval = &self.space.intervals[interval];
            let at = self.dates.unwrap_or([interval.time.from; 2]);
            for version in [0, 1] {
                let (Some(boxes), other) = (&interval.versions[version], &interval.versions[1 - version])
                else {
                    continue;
                };
                let is_new = |index: usize| other.as_ref().is_none_or(|other| !other.has(index));
                for index in boxes.places().filter(|index| !only_new || is_new(*index)) {
                    if self.matters(version, index) {
                        add(&mut causes, self.cause(version, boxes, index, at));
                    }
                }
            }
        }
        causes.sort();
        causes
    }

    /// Whether a box contributes to the change: a permit of the version that permits the region, or a forbid of the
    /// other version, that matches some request of the region.
    fn matters(&self, version: usize, index: usize) -> bool {
        let permits_region = (version == 1) == (self.direction == Direction::Wider);
        let is_permit = self.space.boxes[index].effect == Effect::Permit;
        permits_region == is_permit && self.meets_region(index)
    }

    /// Whether a box matches some request of the region. Both are products of choices, so it is enough that they have a
    /// choice in common in each dimension.
    fn meets_region(&self, index: usize) -> bool {
        self.space.dimensions.iter().enumerate().all(|(attribute, dimension)| {
            let mut taken = self.space.layout.taken(self.region, attribute + 1);
            taken.any(|class| dimension.classes[class].passes(index))
        })
    }

    fn cause(&self, version: usize, boxes: &VersionBoxes, index: usize, at: [Edge; 2]) -> Cause {
        let does = contribution(version, &self.space.boxes[index]);
        match boxes.rule(index) {
            Some(rule) => self.rule_cause(version, rule, does, at),
            None => fields_cause(self.joint.versions[version].policy, &self.space.service.name, does),
        }
    }

    fn rule_cause(&self, version: usize, index: usize, does: Contribution, at: [Edge; 2]) -> Cause {
        let policies = self.joint.versions.each_ref().map(|version| version.policy);
        let policy = policies[version];
        let rule = &policy.rules()[index];
        let service = policy.service(&self.space.service.name);
        let coverage = service.into_iter().flat_map(|service| &service.rules);
        let coverage = coverage.filter(|covered| covered.rule == index);
        let coverage = coverage.flat_map(|covered| covered.covered.iter().chain(&covered.left_out));
        let windows = policy.rule_windows(rule).chain(coverage);
        let mut modifications: Vec<usize> = windows.flat_map(Window::modifications).flatten().collect();
        modifications.sort_unstable();
        modifications.dedup();
        modifications.retain(|index| {
            let modification = &policy.modifications()[*index];
            is_in_force_in_one(&modification.name, policies, at)
                || self.begins_or_ends(modification.effective)
        });
        Cause {
            does,
            rule: rule.name.clone(),
            text: rule.text.clone(),
            place: policy.place(rule.name_span),
            modifications: modifications.into_iter().map(|index| titled(policy, index)).collect(),
        }
    }

    /// Whether the region begins or ends on the date of a modification.
    fn begins_or_ends(&self, effective: Edge) -> bool {
        matches!(effective, Edge::On(_)) && self.edges.contains(&effective)
    }
}

fn contribution(version: usize, joint_box: &JointBox<'_>) -> Contribution {
    match (version, joint_box.effect, joint_box.undeclared) {
        (1, Effect::Permit, _) => Contribution::Permits,
        (1, Effect::Forbid, false) => Contribution::Forbids,
        (1, Effect::Forbid, true) => Contribution::LeavesOut,
        (_, Effect::Permit, _) => Contribution::NoLongerPermits,
        (_, Effect::Forbid, false) => Contribution::NoLongerForbids,
        (_, Effect::Forbid, true) => Contribution::Declares,
    }
}

/// Adds a cause. A rule that matters in several intervals is one cause; its modifications are those that it has in all
/// of them.
fn add(causes: &mut Vec<Cause>, cause: Cause) {
    let same = |known: &&mut Cause| {
        (known.does, &known.rule, &known.place) == (cause.does, &cause.rule, &cause.place)
    };
    match causes.iter_mut().find(same) {
        Some(known) => {
            known.modifications.retain(|modification| cause.modifications.contains(modification));
        }
        None => causes.push(cause),
    }
}

/// Whether a modification is in force in one version and not in the other, each on its date.
fn is_in_force_in_one(name: &str, policies: [&Policy; 2], at: [Edge; 2]) -> bool {
    let in_force = |version: usize| {
        let mut modifications = policies[version].modifications().iter();
        modifications.find(|modification| modification.name == name).is_some_and(|modification| {
            modification.effective <= at[version] && modification.effective != Edge::Never
        })
    };
    in_force(0) != in_force(1)
}

fn fields_cause(policy: &Policy, name: &str, does: Contribution) -> Cause {
    let service = policy.service(name);
    let first = service.and_then(|service| service.fields.as_ref()?.first());
    Cause {
        does,
        rule: name.to_owned(),
        text: "the line of fields".to_owned(),
        place: first.map_or_else(String::new, |field| policy.place(field.span)),
        modifications: Vec::new(),
    }
}

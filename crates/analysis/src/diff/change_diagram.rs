//! The changes of one service as a diagram: every request is decided under both versions at once.
//!
//! The walk goes through the checks of the attributes, and keeps for each version the boxes that may still match. It is
//! exact because requests of the same classes match the same boxes in both versions (see [`JointSpace`]). It ends
//! early as soon as the remaining checks cannot make a difference, so that its work depends on what changed, not on
//! the number of requests.

use std::marker::PhantomData;

use super::codes::{CodeList, RefusalCodes};
use super::joint_boxes::{IntervalBoxes, JointBox};
use super::joint_space::JointSpace;
use super::vocabulary::JointVocabulary;
use meterwarden::base::bit_set::{BitSet, RuleSet, mask};
use meterwarden::limits::MOST_STATES;
use meterwarden::policy::Effect;
use meterwarden::space::{Diagram, Dimension, TooLarge, Walk};

/// How the outcome of a request changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Change {
    /// It does not: the outcome is the same, and a refusal has the same code.
    Same,
    /// It was not permitted and is.
    Wider,
    /// It was permitted and is not.
    Narrower,
    /// It is refused with another code: the places of both codes in the list of codes.
    Code(u16, u16),
}

/// The changes of one service.
pub(super) fn changes(
    space: &JointSpace<'_>,
    joint: &JointVocabulary<'_>,
) -> Result<Diagram<Change>, TooLarge> {
    // Nearly every service has at most 64 boxes, which are one machine word.
    if space.boxes.len() <= 64 { walk::<u64>(space, joint) } else { walk::<RuleSet>(space, joint) }
}

fn walk<A: BitSet>(space: &JointSpace<'_>, joint: &JointVocabulary<'_>) -> Result<Diagram<Change>, TooLarge> {
    let choices: Vec<usize> = space.weights.iter().map(Vec::len).collect();
    let refusals = RefusalRules::new(space, joint);
    let walk = VersionsWalk { space, joint, refusals, choices: &choices, alive: PhantomData };
    // The boxes of each version are known once the interval, dimension 0, is chosen.
    let none = || Progress::Open(A::of(&mask(space.boxes.len(), |_| false)));
    Diagram::of(&walk, &choices, [none(), none()], MOST_STATES)
}

struct VersionsWalk<'s, 'p, A> {
    space: &'s JointSpace<'p>,
    joint: &'s JointVocabulary<'p>,
    refusals: RefusalRules,
    choices: &'s [usize],
    alive: PhantomData<A>,
}

/// What one version has decided about a request so far.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
enum Progress<A> {
    /// Nothing; these boxes may still match.
    Open(A),
    /// It is refused with this code.
    Refused(u16),
}

/// Where and with which code a version refuses.
struct RefusalRules {
    permits: RuleSet,
    forbids: RuleSet,
    /// The forbids that answer at each check.
    forbids_at: Vec<RuleSet>,
    /// The own code of each box, if it has one.
    box_codes: Vec<Option<u16>>,
    /// `class_codes[version][attribute][class]`: the code of a refusal at an attribute.
    class_codes: [Vec<Vec<u16>>; 2],
    /// The code of a refusal at the first attribute, which is also the code of a forbid that matches every request.
    first_codes: [u16; 2],
    /// `ranks[version][box]`: the first rule that has the box, by its place in policy order.
    ranks: [Vec<usize>; 2],
    /// `all_known[d]`: whether both versions have every value from dimension `d` on.
    all_known: Vec<bool>,
    /// `same_codes[d]`: whether both versions answer the same codes from dimension `d` on.
    same_codes: Vec<bool>,
}

impl<A: BitSet> Walk for VersionsWalk<'_, '_, A> {
    type State = [Progress<A>; 2];
    type End = Change;

    fn step(&self, state: &[Progress<A>; 2], dimension: usize, choice: usize) -> [Progress<A>; 2] {
        match dimension.checked_sub(1) {
            None => [0, 1].map(|version| self.begin(version, choice)),
            Some(attribute) => [0, 1].map(|version| self.check(version, &state[version], attribute, choice)),
        }
    }

    fn end(&self, state: &[Progress<A>; 2], dimension: usize) -> Option<Change> {
        let is_last = dimension == self.choices.len();
        let permits = |progress: &Progress<A>| match progress {
            // A version stays open after the last check only while a permit matches.
            Progress::Open(alive) => !alive.meets(&self.refusals.forbids),
            Progress::Refused(_) => false,
        };
        match state {
            // A value that a version does not have replaces the code by `UNKNOWN`, so later attributes may still
            // matter.
            [Progress::Refused(before), Progress::Refused(after)]
                if before == after || is_last || self.refusals.all_known[dimension] =>
            {
                Some(self.code_change(*before, *after))
            }
            // The same boxes and the same codes from here on give the same outcome.
            [before, after] if before == after && dimension > 0 && self.refusals.same_codes[dimension] => {
                Some(Change::Same)
            }
            [before, after] if is_last => Some(match (permits(before), permits(after)) {
                (true, false) => Change::Narrower,
                (false, true) => Change::Wider,
                _ => Change::Same,
            }),
            _ => None,
        }
    }
}

impl<A: BitSet> VersionsWalk<'_, '_, A> {
    fn code_change(&self, before: u16, after: u16) -> Change {
        let is_known = before != CodeList::UNKNOWN && after != CodeList::UNKNOWN;
        if self.joint.same_order && is_known && before != after {
            Change::Code(before, after)
        } else {
            Change::Same
        }
    }

    /// The boxes of a version in an interval, and the forbids among them that answer before any check.
    fn begin(&self, version: usize, interval: usize) -> Progress<A> {
        let Some(version_boxes) = &self.space.intervals[interval].versions[version] else {
            return Progress::Refused(CodeList::UNKNOWN);
        };
        let alive = A::of(&mask(self.space.boxes.len(), |index| version_boxes.has(index)));
        match self.forbid_code(version, &alive, 0) {
            Some(CodeList::ATTRIBUTE) => Progress::Refused(self.refusals.first_codes[version]),
            Some(code) => Progress::Refused(code),
            None => Progress::Open(alive),
        }
    }

    /// One check of one version.
    fn check(&self, version: usize, progress: &Progress<A>, attribute: usize, class: usize) -> Progress<A> {
        let value_class = &self.space.dimensions[attribute].classes[class];
        let is_unknown = |(about, index): &(usize, usize)| *about == attribute && value_class.passes(*index);
        if self.space.unknown[version].iter().any(is_unknown) {
            return Progress::Refused(CodeList::UNKNOWN);
        }
        let Progress::Open(alive) = progress else { return progress.clone() };
        let alive = alive.both(&value_class.passes);
        if !self.joint.refusal_codes[version][attribute].checked {
            return Progress::Open(alive); // the version does not have the attribute, so it does not check it
        }
        let class_code = self.refusals.class_codes[version][attribute][class];
        if let Some(code) = self.forbid_code(version, &alive, attribute + 1) {
            return Progress::Refused(if code == CodeList::ATTRIBUTE { class_code } else { code });
        }
        if alive.meets(&self.refusals.permits) {
            Progress::Open(alive)
        } else {
            Progress::Refused(class_code)
        }
    }

    /// The code of the first forbid, in policy order, that answers at a check.
    fn forbid_code(&self, version: usize, alive: &A, check: usize) -> Option<u16> {
        let here = &self.refusals.forbids_at[check];
        if !alive.meets(here) {
            return None;
        }
        let ranks = &self.refusals.ranks[version];
        let first = alive.both(here).bits().min_by_key(|index| ranks[*index])?;
        Some(self.refusals.box_codes[first].unwrap_or(CodeList::ATTRIBUTE))
    }
}

impl RefusalRules {
    fn new(space: &JointSpace<'_>, joint: &JointVocabulary<'_>) -> Self {
        let mask = |holds: &dyn Fn(&JointBox<'_>) -> bool| {
            mask(space.boxes.len(), |index| holds(&space.boxes[index]))
        };
        let is_forbid = |joint_box: &JointBox<'_>| joint_box.effect == Effect::Forbid;
        let forbids_at = |check| mask(&|joint_box| is_forbid(joint_box) && joint_box.answers == check);
        let box_code = |joint_box: &JointBox<'_>| joint_box.refuse.map(|refuse| joint.codes.place(refuse));
        let class_codes = joint.refusal_codes.each_ref().map(|attributes| {
            let codes = |(dimension, codes): (&Dimension, &RefusalCodes)| {
                dimension.classes.iter().map(|class| codes.of(class.values.first().copied())).collect()
            };
            space.dimensions.iter().zip(attributes).map(codes).collect()
        });
        let all_known = all_known(space);
        Self {
            permits: mask(&|joint_box| joint_box.effect == Effect::Permit),
            forbids: mask(&is_forbid),
            forbids_at: (0..=space.dimensions.len()).map(forbids_at).collect(),
            box_codes: space.boxes.iter().map(box_code).collect(),
            first_codes: [0, 1].map(|version: usize| joint.first_code(version)),
            ranks: [0, 1].map(|version| ranks(space, version)),
            same_codes: same_codes(space, joint, &class_codes, &all_known),
            class_codes,
            all_known,
        }
    }
}

fn ranks(space: &JointSpace<'_>, version: usize) -> Vec<usize> {
    let rank = |index: usize| {
        let versions = space.intervals.iter().filter_map(|interval| interval.versions[version].as_ref());
        versions.filter_map(|boxes| boxes.rule(index)).min().unwrap_or(usize::MAX)
    };
    (0..space.boxes.len()).map(rank).collect()
}

fn all_known(space: &JointSpace<'_>) -> Vec<bool> {
    let attributes = space.dimensions.len();
    let has_unknown = |attribute: usize| space.unknown.iter().flatten().any(|(about, _)| *about == attribute);
    let mut all_known = vec![true; attributes + 2];
    for attribute in (0..attributes).rev() {
        all_known[attribute + 1] = all_known[attribute + 2] && !has_unknown(attribute);
    }
    all_known
}

fn same_codes(
    space: &JointSpace<'_>,
    joint: &JointVocabulary<'_>,
    class_codes: &[Vec<Vec<u16>>; 2],
    all_known: &[bool],
) -> Vec<bool> {
    let same_forbid_order = !space.intervals.iter().any(IntervalBoxes::is_reordered);
    let mut same_codes = vec![same_forbid_order; all_known.len()];
    for attribute in (0..class_codes[0].len()).rev() {
        let checked = joint.refusal_codes.each_ref().map(|attributes| attributes[attribute].checked);
        let same = class_codes[0][attribute] == class_codes[1][attribute] && checked[0] == checked[1];
        same_codes[attribute + 1] = same_codes[attribute + 2] && same && all_known[attribute + 1];
    }
    same_codes
}

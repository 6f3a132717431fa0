//! Whether two policies answer every request for a service alike. The answer is exact: the search goes through the
//! value classes attribute by attribute, and leaves a branch only when no difference can be left in it.

use crate::intervals::intervals;
use crate::single_constraint;
use meterwarden::base::bit_set::{RuleSet, bits, mask};
use meterwarden::policy::{Edge, Effect, Policy, Service, Test, Window};
use meterwarden::space::{Cube, layout};
use meterwarden::space::{Dimension, RuleBox, Subset, dimension, rule_boxes, service_edges};

/// Requests that two policies answer differently.
#[derive(Debug)]
pub(super) struct Difference {
    /// The attributes, with the value classes that either policy distinguishes.
    pub(super) dimensions: Vec<Dimension>,
    /// Requests that are answered differently, all of them in the same way.
    pub(super) cube: Cube,
    pub(super) interval: Window,
}

/// Requests for a service that two policies answer differently, if there are any. Requests that only one of the two
/// permits are preferred.
pub(super) fn difference(before: &Policy, after: &Policy, service: usize) -> Option<Difference> {
    let edges = |policy: &Policy| service_edges(policy, &policy.services()[service]);
    let intervals = intervals(edges(before).into_iter().chain(edges(after)));
    let comparisons: Vec<(Comparison<'_>, Window)> = intervals
        .into_iter()
        .filter_map(|interval| Some((Comparison::of(before, after, service, interval.from)?, interval)))
        .collect();
    let find = |only_permits: bool| {
        comparisons.iter().find_map(|(comparison, interval)| {
            let cube = comparison.find(only_permits)?;
            Some(Difference { dimensions: comparison.dimensions.clone(), cube, interval: *interval })
        })
    };
    find(true).or_else(|| find(false))
}

/// Two policies for one service on one date, with shared boxes and value classes.
struct Comparison<'p> {
    /// The boxes of both policies. A box that both have is here once.
    boxes: Vec<RuleBox>,
    dimensions: Vec<Dimension>,
    versions: [Version<'p>; 2],
}

/// One of the two policies.
struct Version<'p> {
    policy: &'p Policy,
    /// Which of the shared boxes are its permits.
    permits: RuleSet,
    /// Which of the shared boxes are its forbids.
    forbids: RuleSet,
    /// The fields that it does not declare.
    undeclared: Subset,
}

/// How far a policy has decided a request of which only the first attributes are known.
#[derive(Clone, PartialEq, Eq)]
enum State<'p> {
    /// It is undecided: the permits and the forbids that can still match.
    Open(RuleSet, RuleSet),
    Decided(Answer<'p>),
}

/// What a scenario can distinguish of a decision: the outcome, the rule, the code and the check.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer<'p> {
    Permit(usize),
    /// `check` is 0 before the first attribute, and otherwise the index of the attribute plus 1.
    Refuse {
        check: usize,
        code: Option<&'p str>,
        rule: Option<usize>,
    },
}

impl<'p> Comparison<'p> {
    /// `None` if the two policies have the same boxes, so that no request is answered differently.
    fn of(before: &'p Policy, after: &'p Policy, service: usize, at: Edge) -> Option<Self> {
        let SharedBoxes { mut boxes, members } = SharedBoxes::of(before, after, service, at);
        let undeclared =
            [before, after].map(|policy| undeclared_fields(policy, &policy.services()[service], at));
        if members[0] == members[1] && undeclared[0] == undeclared[1] {
            return None;
        }
        let rule_boxes_end = boxes.len();
        boxes.extend(distinguishing_boxes(before, undeclared));
        let dimensions: Vec<Dimension> = (0..before.attributes().len())
            .map(|attribute| dimension(before, &before.services()[service], attribute, &boxes, at))
            .collect();
        for (index, rule_box) in boxes.iter_mut().enumerate() {
            let last = dimensions.iter().rposition(|dimension| dimension.constrained_by(index));
            rule_box.answers = last.map_or(0, |attribute| attribute + 1);
        }
        let version = |policy: &'p Policy, members: &[usize], undeclared: Subset| {
            let of_effect = |effect: Effect| {
                mask(boxes.len(), |index| {
                    index < rule_boxes_end
                        && members.contains(&index)
                        && policy.rules()[boxes[index].rule].effect == effect
                })
            };
            let (permits, forbids) = (of_effect(Effect::Permit), of_effect(Effect::Forbid));
            Version { policy, permits, forbids, undeclared }
        };
        let versions =
            [version(before, &members[0], undeclared[0]), version(after, &members[1], undeclared[1])];
        Some(Self { boxes, dimensions, versions })
    }

    /// Requests that the two answer differently; with `only_permits`, only requests that exactly one of them permits.
    fn find(&self, only_permits: bool) -> Option<Cube> {
        let states = self.versions.each_ref().map(|version| self.start(version));
        let mut classes = Vec::new();
        self.search(&mut classes, &states, only_permits).then(|| {
            // Attributes after the last chosen class make no difference: every class of them is in the cube.
            layout(&self.dimensions)
                .cube(|attribute, class| classes.get(attribute).is_none_or(|chosen| *chosen == class))
        })
    }

    /// The state before the first attribute. A forbid without constraints refuses every request there.
    fn start(&self, version: &Version<'p>) -> State<'p> {
        let unconditional = bits(&version.forbids).filter(|index| self.boxes[*index].answers == 0);
        match unconditional.map(|index| self.boxes[index].rule).min() {
            Some(rule) => State::Decided(refusal(version, 0, None, Some(rule))),
            None => State::Open(version.permits.clone(), version.forbids.clone()),
        }
    }

    /// Tries every class of the next attribute. Returns true as soon as the answers differ; then `classes` are the
    /// classes of the request. A branch in which both states are the same, and stay the same, is left.
    fn search(&self, classes: &mut Vec<usize>, states: &[State<'p>; 2], only_permits: bool) -> bool {
        match states {
            [State::Decided(before), State::Decided(after)] => return differ(before, after, only_permits),
            // The other cannot be refused at a check that it has passed already: the answers differ.
            [State::Decided(_), _] | [_, State::Decided(_)] if !only_permits => return true,
            [before, after] if before == after && self.is_alike_from(classes.len()) => return false,
            _ => {}
        }
        let Some(dimension) = self.dimensions.get(classes.len()) else {
            let [before, after] = states.each_ref().map(|state| self.answer(state));
            return differ(&before, &after, only_permits);
        };
        for class in 0..dimension.classes.len() {
            let next = [0, 1].map(|v| self.step(&self.versions[v], &states[v], classes.len(), class));
            classes.push(class);
            if self.search(classes, &next, only_permits) {
                return true;
            }
            classes.pop();
        }
        false
    }

    /// Whether undeclared fields make no difference between the two from this attribute on.
    fn is_alike_from(&self, attribute: usize) -> bool {
        let [before, after] = &self.versions;
        let fields = before.policy.fields_attribute();
        before.undeclared == after.undeclared || fields.is_none_or(|fields| fields < attribute)
    }

    /// The state after an attribute, for a request that has this class there.
    fn step(&self, version: &Version<'p>, state: &State<'p>, attribute: usize, class: usize) -> State<'p> {
        let State::Open(permits, forbids) = state else { return state.clone() };
        let class = &self.dimensions[attribute].classes[class];
        let passing =
            |boxes: &RuleSet| -> RuleSet { boxes.iter().zip(&class.passes).map(|(a, b)| a & b).collect() };
        let (permits, forbids) = (passing(permits), passing(forbids));
        let answering = bits(&forbids).filter(|index| self.boxes[*index].answers == attribute + 1);
        let forbid = answering.map(|index| self.boxes[index].rule).min();
        let is_fields = version.policy.fields_attribute() == Some(attribute);
        let is_undeclared = is_fields && class.subset.meets(version.undeclared);
        if forbid.is_none() && !is_undeclared && permits.iter().any(|word| *word != 0) {
            return State::Open(permits, forbids);
        }
        State::Decided(refusal(version, attribute + 1, class.values.first().copied(), forbid))
    }

    /// The answer after the last attribute: the first permit that still matches.
    fn answer(&self, state: &State<'p>) -> Answer<'p> {
        match state {
            State::Decided(answer) => answer.clone(),
            State::Open(permits, _) => {
                Answer::Permit(bits(permits).map(|index| self.boxes[index].rule).min().unwrap_or_default())
            }
        }
    }
}

/// The boxes of two policies, without duplicates.
struct SharedBoxes {
    boxes: Vec<RuleBox>,
    /// For each policy, the sorted indices of its boxes.
    members: [Vec<usize>; 2],
}

impl SharedBoxes {
    fn of(before: &Policy, after: &Policy, service: usize, at: Edge) -> Self {
        // A box of the edited policy whose rule has another `refuse` is not the same box, although it matches the same
        // requests.
        let mut boxes: Vec<(RuleBox, bool)> = Vec::new();
        let mut members = [before, after].map(|policy| {
            let mut indices = Vec::new();
            for rule_box in in_force(policy, service, at) {
                let rule = rule_box.rule;
                let has_other_refuse = before.rules()[rule].refuse != after.rules()[rule].refuse;
                let key = (rule_box, has_other_refuse && std::ptr::eq(policy, after));
                let known = boxes.iter().position(|known| *known == key);
                indices.push(known.unwrap_or(boxes.len()));
                if known.is_none() {
                    boxes.push(key);
                }
            }
            indices
        });
        members.iter_mut().for_each(|indices| indices.sort_unstable());
        Self { boxes: boxes.into_iter().map(|(rule_box, _)| rule_box).collect(), members }
    }
}

/// The refusal at a check of a request that has this value there.
fn refusal<'p>(version: &Version<'p>, check: usize, value: Option<u32>, forbid: Option<usize>) -> Answer<'p> {
    let own = forbid.and_then(|rule| version.policy.rules()[rule].refuse.as_ref());
    let attribute = version.policy.attributes().get(check.saturating_sub(1));
    let refuse = own.or_else(|| {
        let value = attribute?.values.get(value? as usize)?;
        value.refuse.as_ref()
    });
    let refuse = refuse.or(attribute.map(|attribute| &attribute.refuse));
    Answer::Refuse { check, code: refuse.and_then(|refuse| refuse.code.as_deref()), rule: forbid }
}

fn differ(before: &Answer<'_>, after: &Answer<'_>, only_permits: bool) -> bool {
    let permits = |answer: &Answer<'_>| matches!(answer, Answer::Permit(_));
    if only_permits { permits(before) != permits(after) } else { before != after }
}

/// The boxes in force. The alternatives that they come from are removed, so that equal boxes compare equal.
fn in_force(policy: &Policy, service: usize, at: Edge) -> impl Iterator<Item = RuleBox> {
    let covering = policy.services()[service].rules.iter().filter(move |covered| covered.holds(at));
    let rules =
        covering.map(|covered| covered.rule).filter(move |rule| policy.rules()[*rule].window.contains(at));
    rules
        .flat_map(move |rule| rule_boxes(policy, rule, at))
        .map(|rule_box| RuleBox { cases: Vec::new(), ..rule_box })
}

/// The fields that a message of the service must not carry.
fn undeclared_fields(policy: &Policy, service: &Service, at: Edge) -> Subset {
    let Some(fields) = service.fields.as_ref().filter(|_| policy.fields_attribute().is_some()) else {
        return Subset::default();
    };
    let outside = (0..).zip(fields).filter(|(_, field)| !field.window.contains(at));
    Subset::of(outside.map(|(index, _)| index)).with(Subset::UNKNOWN)
}

/// Boxes of neither policy, one for each field that only one of the two declares. They make the classes of the fields
/// attribute distinguish these fields.
fn distinguishing_boxes(policy: &Policy, undeclared: [Subset; 2]) -> Vec<RuleBox> {
    let Some(attribute) = policy.fields_attribute() else { return Vec::new() };
    let only_one = |field: &u32| undeclared[0].contains(*field) != undeclared[1].contains(*field);
    let without = |field: u32| {
        single_constraint::box_of(0, single_constraint::on_member(attribute, Test::Excludes, field))
    };
    (0..128).filter(only_one).map(without).collect()
}

//! Whether two policies answer every request for a service alike, exactly: every request is tried, as far as it takes
//! to see that nothing that tells the two apart can still matter.

use meterwarden::base::bit_set::{RuleSet, bits, mask};
use meterwarden::policy::{Edge, Effect, Policy, Service, Test, Window};
use meterwarden::space::{
    Allowed, Constraint, Dimension, RuleBox, SetTest, Subset, dimension, rule_boxes, service_edges,
};
use meterwarden::space::{Cube, layout};

/// Requests to which the two answer differently.
#[derive(Debug)]
pub(super) struct Difference {
    /// The attributes as the two see them together.
    pub(super) dimensions: Vec<Dimension>,
    /// One such request, and more where they are all alike.
    pub(super) cube: Cube,
    /// When.
    pub(super) time: Window,
}

/// A request for a service to which the policies answer differently, if there is one; rather one that only one of the
/// two permits.
pub(super) fn difference(before: &Policy, after: &Policy, service: usize) -> Option<Difference> {
    let one = |policy: &Policy| service_edges(policy, &policy.services()[service]);
    let mut starts: Vec<Edge> = [Edge::Start].into_iter().chain(one(before)).chain(one(after)).collect();
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).copied().chain([Edge::Never]);
    let times: Vec<Window> = starts.iter().zip(ends).map(|(from, until)| Window::new(*from, until)).collect();
    let pairs: Vec<(Pair<'_>, Window)> = times
        .into_iter()
        .filter_map(|time| Some((Pair::of(before, after, service, time.from)?, time)))
        .collect();
    let find = |only_permits: bool| {
        pairs.iter().find_map(|(pair, time)| {
            let cube = pair.find(only_permits)?;
            Some(Difference { dimensions: pair.dimensions.clone(), cube, time: *time })
        })
    };
    find(true).or_else(|| find(false))
}

/// Two laws for one service on one date, in the same terms.
struct Pair<'p> {
    /// The boxes of both; what both have stands here once.
    boxes: Vec<RuleBox>,
    dimensions: Vec<Dimension>,
    laws: [Law<'p>; 2],
}

/// One of the two.
struct Law<'p> {
    policy: &'p Policy,
    permits: RuleSet,
    forbids: RuleSet,
    /// What counts as undeclared.
    undeclared: Subset,
}

/// How far one law has come with a request.
#[derive(Clone, PartialEq, Eq)]
enum State<'p> {
    /// The boxes that may still match.
    Open(RuleSet, RuleSet),
    /// The answer.
    Done(Answer<'p>),
}

/// What a scenario can tell apart: what is decided, by which rule, with which code and at which check.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Answer<'p> {
    Permit(usize),
    Refuse { check: usize, code: Option<&'p str>, rule: Option<usize> },
}

impl<'p> Pair<'p> {
    /// Nothing where the two laws are the same, word for word.
    fn of(before: &'p Policy, after: &'p Policy, service: usize, at: Edge) -> Option<Self> {
        let mut boxes: Vec<(RuleBox, bool)> = Vec::new();
        let mut held = [before, after].map(|policy| {
            let changed = |rule: usize| before.rules()[rule].refuse != after.rules()[rule].refuse;
            let mut places = Vec::new();
            for one in in_force(policy, service, at) {
                let own = changed(one.rule) && std::ptr::eq(policy, after);
                let known = boxes.iter().position(|known| known.0 == one && known.1 == own);
                places.push(known.unwrap_or(boxes.len()));
                if known.is_none() {
                    boxes.push((one, own));
                }
            }
            places
        });
        held.iter_mut().for_each(|places| places.sort_unstable());
        let undeclared = [before, after].map(|policy| undeclared(policy, &policy.services()[service], at));
        if held[0] == held[1] && undeclared[0] == undeclared[1] {
            return None;
        }
        let mut boxes: Vec<RuleBox> = boxes.into_iter().map(|(one, _)| one).collect();
        let count = boxes.len();
        boxes.extend(telling_apart(before, undeclared));
        let dimensions: Vec<Dimension> = (0..before.attributes().len())
            .map(|nth| dimension(before, &before.services()[service], nth, &boxes, at))
            .collect();
        for (nth, one) in boxes.iter_mut().enumerate() {
            one.answers = dimensions
                .iter()
                .rposition(|dimension| dimension.constrained_by(nth))
                .map_or(0, |last| last + 1);
        }
        let law = |policy: &'p Policy, places: &[usize], undeclared: Subset| {
            let of = |effect: Effect| {
                let is =
                    |nth: usize| places.contains(&nth) && policy.rules()[boxes[nth].rule].effect == effect;
                mask(boxes.len(), |nth| nth < count && is(nth))
            };
            Law { policy, permits: of(Effect::Permit), forbids: of(Effect::Forbid), undeclared }
        };
        let laws = [law(before, &held[0], undeclared[0]), law(after, &held[1], undeclared[1])];
        Some(Self { dimensions, laws, boxes })
    }

    /// Requests that the two answer differently; if asked, only those that one of them permits.
    fn find(&self, only_permits: bool) -> Option<Cube> {
        let states = self.laws.each_ref().map(|law| self.start(law));
        let mut classes = Vec::new();
        self.enter(&mut classes, &states, only_permits).then(|| {
            layout(&self.dimensions).cube(|nth, class| classes.get(nth).is_none_or(|said| *said == class))
        })
    }

    fn start(&self, law: &Law<'p>) -> State<'p> {
        let at_once = bits(&law.forbids).filter(|nth| self.boxes[*nth].answers == 0);
        match at_once.map(|nth| self.boxes[nth].rule).min() {
            Some(rule) => State::Done(refusal(law, 0, None, Some(rule))),
            None => State::Open(law.permits.clone(), law.forbids.clone()),
        }
    }

    /// Goes through the classes of the next attribute; true once the two differ, with the request in `classes`.
    fn enter(&self, classes: &mut Vec<usize>, states: &[State<'p>; 2], only_permits: bool) -> bool {
        match states {
            [State::Done(one), State::Done(other)] => return differ(one, other, only_permits),
            [State::Done(_), _] | [_, State::Done(_)] if !only_permits => return true,
            [one, other] if one == other && self.alike_from(classes.len()) => return false,
            _ => {}
        }
        let Some(dimension) = self.dimensions.get(classes.len()) else {
            let [one, other] = states.each_ref().map(|state| self.end(state));
            return differ(&one, &other, only_permits);
        };
        for class in 0..dimension.classes.len() {
            let next = [0, 1].map(|nth| self.step(&self.laws[nth], &states[nth], classes.len(), class));
            classes.push(class);
            if self.enter(classes, &next, only_permits) {
                return true;
            }
            classes.pop();
        }
        false
    }

    /// Whether the two treat undeclared fields alike from an attribute on.
    fn alike_from(&self, attribute: usize) -> bool {
        let fields = self.laws[0].policy.fields_attribute();
        self.laws[0].undeclared == self.laws[1].undeclared || fields.is_none_or(|fields| fields < attribute)
    }

    fn step(&self, law: &Law<'p>, state: &State<'p>, attribute: usize, class: usize) -> State<'p> {
        let State::Open(permits, forbids) = state else { return state.clone() };
        let class = &self.dimensions[attribute].classes[class];
        let pass = |mask: &RuleSet| -> RuleSet {
            mask.iter().zip(&class.passes).map(|(mine, passes)| mine & passes).collect()
        };
        let (permits, forbids) = (pass(permits), pass(forbids));
        let answering = bits(&forbids).filter(|nth| self.boxes[*nth].answers == attribute + 1);
        let forbid = answering.map(|nth| self.boxes[nth].rule).min();
        let undeclared =
            law.policy.fields_attribute() == Some(attribute) && class.subset.meets(law.undeclared);
        if forbid.is_none() && !undeclared && permits.iter().any(|word| *word != 0) {
            return State::Open(permits, forbids);
        }
        State::Done(refusal(law, attribute + 1, class.values.first().copied(), forbid))
    }

    /// The answer where every check has been passed.
    fn end(&self, state: &State<'p>) -> Answer<'p> {
        match state {
            State::Done(answer) => answer.clone(),
            State::Open(permits, _) => {
                Answer::Permit(bits(permits).map(|nth| self.boxes[nth].rule).min().unwrap_or_default())
            }
        }
    }
}

/// What a refusal at a check answers, to a request that has this value there.
fn refusal<'p>(law: &Law<'p>, check: usize, value: Option<u32>, forbid: Option<usize>) -> Answer<'p> {
    let own = forbid.and_then(|rule| law.policy.rules()[rule].refuse.as_ref());
    let attribute = law.policy.attributes().get(check.saturating_sub(1));
    let answer = own.or_else(|| {
        let value = attribute?.values.get(value? as usize)?;
        value.refuse.as_ref()
    });
    let code =
        answer.or(attribute.map(|attribute| &attribute.refuse)).and_then(|answer| answer.code.as_deref());
    Answer::Refuse { check, code, rule: forbid }
}

fn differ(one: &Answer<'_>, other: &Answer<'_>, only_permits: bool) -> bool {
    let permits = |answer: &Answer<'_>| matches!(answer, Answer::Permit(_));
    if only_permits { permits(one) != permits(other) } else { one != other }
}

/// The boxes in force, by what they ask alone.
fn in_force(policy: &Policy, service: usize, at: Edge) -> impl Iterator<Item = RuleBox> {
    let covering = policy.services()[service].rules.iter().filter(move |covered| covered.holds(at));
    let rules =
        covering.map(|covered| covered.rule).filter(move |rule| policy.rules()[*rule].window.contains(at));
    rules.flat_map(move |rule| rule_boxes(policy, rule, at)).map(|one| RuleBox { cases: Vec::new(), ..one })
}

/// The fields that a message of the service must not carry.
fn undeclared(policy: &Policy, service: &Service, at: Edge) -> Subset {
    let Some(fields) = service.fields.as_ref().filter(|_| policy.fields_attribute().is_some()) else {
        return Subset::default();
    };
    let outside = (0..).zip(fields).filter(|(_, field)| !field.window.contains(at));
    Subset::of(outside.map(|(nth, _)| nth)).with(Subset::UNKNOWN)
}

/// Boxes that are in neither law, so that their attribute tells apart what only one of the two declares.
fn telling_apart(policy: &Policy, undeclared: [Subset; 2]) -> Vec<RuleBox> {
    let Some(attribute) = policy.fields_attribute() else { return Vec::new() };
    let alone = |value: u32| {
        let test = SetTest { test: Test::Excludes, listed: Subset::of([value]) };
        let constraints = vec![Constraint { attribute, allowed: Allowed::Subsets(test) }];
        RuleBox { rule: 0, cases: Vec::new(), constraints: constraints.into(), answers: 0 }
    };
    let only_one = |value: &u32| undeclared[0].contains(*value) != undeclared[1].contains(*value);
    (0..128).filter(only_one).map(alone).collect()
}

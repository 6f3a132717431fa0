//! One service under two laws at once: every box of either, in the same terms, and the requests that they tell apart.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use num_bigint::BigUint;
use rustc_hash::FxHashMap;

use super::count::Count;
use super::vocabulary::{Joint, Own, field_places};
use crate::compile::{
    Axis, Epoch, Kind, Lookup, MOST_TESTS, Mask, ServicePlan, SetLookup, SetTest, Side, Subset, Wants, bits,
    kinds_of_subset, mask,
};
use crate::policy::{Answer, Edge, Effect, Policy, Service, Test, Window};
use crate::region::{Layout, TooLarge};

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
    /// `axes[a]` is joint attribute `a`: the kinds of value that the boxes tell apart.
    pub(super) axes: Vec<Axis>,
    /// Dimension 0 is the time, one choice a stretch; attribute `a` is dimension `a + 1`, one choice a kind.
    pub(super) layout: Layout,
    /// `weights[d][c]`: how many values or subsets choice `c` of dimension `d` stands for.
    pub(super) weights: Vec<Vec<u128>>,
}

/// A stretch of time, and the boxes of each law in it.
pub(super) struct Stretch {
    pub(super) time: Window,
    /// Nothing where a law does not know the service.
    pub(super) laws: [Option<Law>; 2],
}

/// The boxes of one law on one date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Law {
    pub(super) boxes: Mask,
    /// `rules[b]`: of which rule a box is, the first of them; nothing for what the line of fields leaves out.
    pub(super) rules: BTreeMap<usize, usize>,
    /// The forbids in policy order, where any of them has an answer of its own: which of them comes first matters.
    order: Vec<usize>,
}

/// A box of either law, or of both.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct JointBox<'p> {
    pub(super) effect: Effect,
    sides: Cow<'p, [Side]>,
    /// What a forbid answers, where it says so.
    pub(super) refuse: Option<&'p Answer>,
    /// Where it answers, in the order of the joint attributes.
    pub(super) answers: usize,
    /// Whether it stands for what the line of fields leaves out.
    pub(super) undeclared: bool,
}

/// A service as one policy has it.
pub(super) type Known<'p> = Option<(&'p Service, &'p ServicePlan)>;

impl<'p> Space<'p> {
    /// Nothing where the two laws are the same, word for word.
    pub(super) fn of(
        joint: &'p Joint<'p>,
        known: [Known<'p>; 2],
        times: &[Times<'p>],
    ) -> Result<Option<Self>, TooLarge> {
        let service = joint.service(known.map(|known| known.map(|(service, _)| service)));
        let mut boxes = Boxes::default();
        let mut stretches = Vec::new();
        for one in times {
            let laws = [0, 1].map(|nth| {
                let (own, _) = known[nth]?;
                Some(boxes.law(&joint.own[nth], joint, &service, own, one.epochs[nth]?, one.dates[nth]))
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
        let mentioned = boxes.mentioned();
        let unknown = [0, 1].map(|nth: usize| {
            let sides = joint.own[nth].unknown(&joint.policy).into_iter();
            let sides = sides.filter(|side| mentioned.contains(&side.attribute));
            sides.map(|side| (side.attribute, boxes.unknown(side))).collect()
        });
        let mut space = Self {
            policy: &joint.policy,
            unknown,
            service,
            stretches,
            boxes: boxes.in_order(),
            axes: Vec::new(),
            layout: Layout::default(),
            weights: Vec::new(),
        };
        space.tell_apart(joint)?;
        Ok(Some(space))
    }

    /// How many requests it has, whatever the time.
    pub(super) fn size(&self) -> Count {
        let total = |weights: &Vec<u128>| weights.iter().copied().map(BigUint::from).sum::<BigUint>();
        Count(self.weights.iter().skip(1).map(total).product())
    }

    /// Works out the kinds of value that the boxes, and the answers of values, tell apart.
    fn tell_apart(&mut self, joint: &Joint<'_>) -> Result<(), TooLarge> {
        self.weights.push(vec![1; self.stretches.len()]);
        for attribute in 0..self.policy.attributes.len() {
            let (axis, weights) = if self.policy.attributes[attribute].set {
                self.set(attribute)?
            } else {
                self.plain(joint, attribute)
            };
            self.axes.push(axis);
            self.weights.push(weights);
        }
        self.layout = Layout::new(self.weights.iter().map(Vec::len));
        Ok(())
    }

    fn plain(&self, joint: &Joint<'_>, attribute: usize) -> (Axis, Vec<u128>) {
        let mut kinds: Vec<Kind> = Vec::new();
        let mut known: FxHashMap<(Mask, [Option<&Answer>; 2]), usize> = FxHashMap::default();
        let mut kind_of = Vec::new();
        for value in 0..self.policy.attributes[attribute].values.len() {
            let passes = mask(self.boxes.len(), |nth| self.boxes[nth].allows(attribute, value));
            let place = u32::try_from(value).unwrap_or(u32::MAX);
            let answers = [0, 1].map(|nth| joint.own[nth].answer(attribute, Some(place)));
            let kind = *known.entry((passes.clone(), answers)).or_insert_with(|| {
                kinds.push(kind(passes, Subset::default()));
                kinds.len() - 1
            });
            kinds[kind].values.push(place);
            kind_of.push(u32::try_from(kind).unwrap_or(u32::MAX));
        }
        let weights = kinds.iter().map(|kind| kind.values.len() as u128).collect();
        self.whole(Axis { kinds, lookup: Lookup::Plain(kind_of) }, weights)
    }

    fn set(&self, attribute: usize) -> Result<(Axis, Vec<u128>), TooLarge> {
        let values = self.policy.values(attribute, &self.service).len();
        let mut tests: Vec<SetTest> = self.boxes.iter().flat_map(|one| one.tests(attribute)).collect();
        tests.sort_unstable();
        tests.dedup();
        if values > 127 || tests.len() > MOST_TESTS {
            return Err(TooLarge);
        }
        let place = |test: SetTest| tests.binary_search(&test).ok();
        let asks = |one: &JointBox<'_>| {
            one.tests(attribute).filter_map(place).fold(0, |asks, nth| asks | 1u128 << nth)
        };
        let asks: Vec<u128> = self.boxes.iter().map(asks).collect();
        let all = Subset::of((0u32..).take(values));
        let (kinds, outcomes, counts) = kinds_of_subset(all, Subset::default(), &tests, &asks);
        let lookup = Lookup::Set(SetLookup::of_outcomes(tests, outcomes));
        Ok(self.whole(Axis { kinds, lookup }, counts))
    }

    /// An attribute of which the rules tell nothing apart counts as one case, whatever it may be.
    fn whole(&self, axis: Axis, weights: Vec<u128>) -> (Axis, Vec<u128>) {
        let weights = if axis.kinds.len() == 1 { vec![1] } else { weights };
        (axis, weights)
    }
}

fn kind(passes: Mask, subset: Subset) -> Kind {
    Kind { passes, values: Vec::new(), subset, undeclared: false, refuse: None }
}

impl Stretch {
    fn differs(&self) -> bool {
        match &self.laws {
            [Some(one), Some(other)] => one.boxes != other.boxes || one.order != other.order,
            _ => true,
        }
    }

    /// Whether forbids of both laws stand in another order, so that another one may answer.
    pub(super) fn is_reordered(&self) -> bool {
        let [Some(one), Some(other)] = &self.laws else { return false };
        let shared = |mine: &Law, theirs: &Law| -> Vec<usize> {
            mine.order.iter().copied().filter(|nth| theirs.has(*nth)).collect()
        };
        shared(one, other) != shared(other, one)
    }
}

impl Law {
    /// Its boxes.
    pub(super) fn bits(&self) -> impl Iterator<Item = usize> + '_ {
        bits(&self.boxes)
    }

    /// Whether a box is of this law.
    pub(super) fn has(&self, nth: usize) -> bool {
        self.boxes.get(nth / 64).is_some_and(|word| word >> (nth % 64) & 1 == 1)
    }
}

impl JointBox<'_> {
    fn about(&self, attribute: usize) -> impl Iterator<Item = &Wants> {
        self.sides.iter().filter(move |side| side.attribute == attribute).map(|side| &side.wants)
    }

    fn allows(&self, attribute: usize, value: usize) -> bool {
        self.about(attribute).all(|wants| match wants {
            Wants::Values(allowed) => allowed.get(value).copied().unwrap_or(false),
            Wants::Subsets(_) => true,
        })
    }

    fn tests(&self, attribute: usize) -> impl Iterator<Item = SetTest> {
        self.about(attribute).filter_map(|wants| match wants {
            Wants::Subsets(test) => Some(*test),
            Wants::Values(_) => None,
        })
    }
}

/// The boxes of both laws so far; what is alike stands once.
#[derive(Default)]
struct Boxes<'p> {
    /// The place of each.
    known: FxHashMap<JointBox<'p>, usize>,
}

impl<'p> Boxes<'p> {
    fn law(
        &mut self,
        own: &Own<'p>,
        joint: &Joint<'p>,
        service: &Service,
        known: &Service,
        epoch: &'p Epoch,
        at: Edge,
    ) -> Law {
        let fields = field_places(service, Some(known));
        let mut rules = BTreeMap::new();
        let (mut order, mut own_answers) = (Vec::new(), false);
        for one in &epoch.boxes {
            let rule = &own.policy.rules[one.rule];
            let made = JointBox {
                effect: rule.effect,
                sides: own.sides(&one.sides, &fields),
                refuse: rule.refuse.as_ref(),
                // In another order a forbid may answer before all of it has matched; then it waits for the end.
                answers: if joint.same_order { own.check(one.answers) } else { usize::MAX },
                undeclared: false,
            };
            let place = self.place(made);
            rules.entry(place).or_insert(one.rule);
            if rule.effect == Effect::Forbid && !order.contains(&place) {
                order.push(place);
                own_answers |= rule.refuse.is_some();
            }
        }
        if !own_answers {
            order.clear();
        }
        let undeclared = self.undeclared(joint, service, known, &fields, at);
        let places: Vec<usize> = rules.keys().copied().chain(undeclared).collect();
        Law { boxes: mask_of(&places), rules, order }
    }

    /// What the line of fields leaves out on a date, as what it is: refused where the fields are checked.
    fn undeclared(
        &mut self,
        joint: &Joint<'_>,
        service: &Service,
        known: &Service,
        places: &[u32],
        at: Edge,
    ) -> Option<usize> {
        let attribute = joint.policy.fields?;
        let declared = known.fields.as_ref()?.iter().zip(places);
        let declared =
            Subset::of(declared.filter(|(field, _)| field.window.contains(at)).map(|(_, place)| *place));
        let all = (0u32..).take(service.fields.iter().flatten().count());
        let outside = Subset::of(all.filter(|place| !declared.contains(*place)));
        (outside != Subset::default()).then(|| {
            let wants = Wants::Subsets(SetTest { test: Test::In, listed: outside });
            self.place(JointBox {
                effect: Effect::Forbid,
                sides: Cow::Owned(vec![Side { attribute, wants }]),
                refuse: None,
                answers: attribute + 1,
                undeclared: true,
            })
        })
    }

    /// The attributes of which some box says something, be it `any`.
    fn mentioned(&self) -> BTreeSet<usize> {
        self.known.keys().flat_map(|one| one.sides.iter()).map(|side| side.attribute).collect()
    }

    /// The box of something that a policy has no word for.
    fn unknown(&mut self, side: Side) -> usize {
        let sides = Cow::Owned(vec![side]);
        let (effect, answers) = (Effect::Forbid, usize::MAX);
        self.place(JointBox { effect, sides, refuse: None, answers, undeclared: false })
    }

    fn place(&mut self, made: JointBox<'p>) -> usize {
        let next = self.known.len();
        *self.known.entry(made).or_insert(next)
    }

    fn in_order(self) -> Vec<JointBox<'p>> {
        let mut boxes: Vec<(JointBox<'p>, usize)> = self.known.into_iter().collect();
        boxes.sort_unstable_by_key(|(_, place)| *place);
        boxes.into_iter().map(|(one, _)| one).collect()
    }
}

fn mask_of(places: &[usize]) -> Mask {
    let most = places.iter().max().map_or(1, |most| most / 64 + 1);
    let mut mask = Mask::from_elem(0, most);
    places.iter().for_each(|place| mask[place / 64] |= 1 << (place % 64));
    mask
}

/// A stretch of time in which neither law changes, and what each comes to.
#[derive(Clone, Copy)]
pub(super) struct Times<'p> {
    pub(super) time: Window,
    pub(super) epochs: [Option<&'p Epoch>; 2],
    /// The dates that choose the law of each.
    pub(super) dates: [Edge; 2],
}

/// The stretches of time to compare: one where both dates are fixed, else all of either law.
pub(super) fn times<'p>(known: [Known<'p>; 2], at: [Option<Edge>; 2]) -> Vec<Times<'p>> {
    let epoch = |nth: usize, date: Edge| {
        let (_, plan) = known[nth]?;
        plan.epochs.iter().rev().find(|epoch| epoch.from <= date)
    };
    if let [Some(before), Some(after)] = at {
        let (epochs, dates) = ([epoch(0, before), epoch(1, after)], [before, after]);
        return vec![Times { time: Window::ALWAYS, epochs, dates }];
    }
    let plans = known.iter().flatten().flat_map(|(_, plan)| &plan.epochs);
    let mut starts: Vec<Edge> = plans.map(|epoch| epoch.from).collect();
    starts.sort_unstable();
    starts.dedup();
    let ends = starts.iter().skip(1).copied().chain([Edge::Never]);
    let time = |(from, until): (&Edge, Edge)| Times {
        time: Window::new(*from, until),
        epochs: [epoch(0, *from), epoch(1, *from)],
        dates: [*from; 2],
    };
    starts.iter().zip(ends).map(time).collect()
}

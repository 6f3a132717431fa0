//! What the rules of one service say at one time under each of two laws, in the same terms: boxes that both share stand once.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::vocabulary::{Joint, Own};
use meterwarden::base::bit_set::{RuleSet, bits, has};
use meterwarden::base::interner::Interner;
use meterwarden::policy::{Answer, Edge, Effect, Rule, Service, Test, Window};
use meterwarden::space::{Allowed, Constraint, RuleSpace, SetTest, Subset};

/// A stretch of time, and the boxes of each law in it.
pub(super) struct Stretch {
    pub(super) time: Window,
    /// Nothing where a law does not know the service.
    pub(super) laws: [Option<Law>; 2],
}

/// The boxes of one law on one date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Law {
    pub(super) boxes: RuleSet,
    /// Its boxes in order, but for what the line of fields leaves out, each with the first rule that it is of.
    rules: Vec<(usize, usize)>,
    /// The forbids in policy order, where any of them has an answer of its own: which of them comes first matters.
    order: Vec<usize>,
}

/// A box of either law, or of both.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct JointBox<'p> {
    pub(super) effect: Effect,
    pub(super) constraints: Cow<'p, [Constraint]>,
    /// What a forbid answers, where it says so.
    pub(super) refuse: Option<&'p Answer>,
    /// Where it answers, in the order of the joint attributes.
    pub(super) answers: usize,
    /// Whether it stands for what the line of fields leaves out.
    pub(super) undeclared: bool,
}

/// A service as one policy has it, and where its fields stand among those of both.
#[derive(Clone, Copy)]
pub(super) struct Declared<'s> {
    pub(super) service: &'s Service,
    pub(super) fields: &'s [u32],
    /// The service as both know it.
    pub(super) of: &'s Service,
}

impl Stretch {
    /// Whether the laws say different things.
    pub(super) fn differs(&self) -> bool {
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

    /// The rule of a box, the first of them; nothing for what the line of fields leaves out.
    pub(super) fn rule(&self, nth: usize) -> Option<usize> {
        let found = self.rules.binary_search_by_key(&nth, |(place, _)| *place).ok()?;
        Some(self.rules[found].1)
    }

    /// Whether a box is of this law.
    pub(super) fn has(&self, nth: usize) -> bool {
        has(&self.boxes, nth)
    }
}

/// The boxes of both laws so far; what is alike stands once.
#[derive(Default)]
pub(super) struct Boxes<'p> {
    known: Interner<JointBox<'p>>,
}

impl<'p> Boxes<'p> {
    /// One of two laws.
    pub(super) fn law(
        &mut self,
        own: &Own<'p>,
        joint: &Joint<'p>,
        declared: Declared<'_>,
        rule_space: &'p RuleSpace,
        at: Edge,
    ) -> Law {
        let mut likely = 0;
        let mut rules: Vec<(usize, usize)> = Vec::with_capacity(rule_space.boxes.len());
        for one in &rule_space.boxes {
            let rule = &own.policy.rules()[one.rule];
            let made = JointBox {
                effect: rule.effect,
                constraints: own.constraints(&one.constraints, declared.fields),
                refuse: rule.refuse.as_ref(),
                // In another order a forbid may answer before all of it has matched; then it waits for the end.
                answers: if joint.same_order { own.check(one.answers) } else { usize::MAX },
                undeclared: false,
            };
            // The boxes of one law are mostly those of the other, and of the same one at another time, in the same order.
            likely = self.place_likely(made, likely) + 1;
            rules.push((likely - 1, one.rule));
        }
        let order = order(&rules, own.policy.rules());
        // Of the rules of one box the first stands for it.
        rules.sort_by_key(|(place, _)| *place);
        rules.dedup_by_key(|(place, _)| *place);
        let undeclared = self.undeclared(joint, declared, at);
        let boxes = mask_of(rules.iter().map(|(place, _)| *place).chain(undeclared));
        Law { boxes, rules, order }
    }

    /// What the line of fields leaves out on a date, as what it is: refused where the fields are checked.
    fn undeclared(
        &mut self,
        joint: &Joint<'_>,
        Declared { service, fields, of }: Declared<'_>,
        at: Edge,
    ) -> Option<usize> {
        let attribute = joint.policy.fields_attribute()?;
        let declared = service.fields.as_ref()?.iter().zip(fields);
        let declared =
            Subset::of(declared.filter(|(field, _)| field.window.contains(at)).map(|(_, place)| *place));
        let all = (0u32..).take(of.fields.iter().flatten().count());
        let outside = Subset::of(all.filter(|place| !declared.contains(*place)));
        (outside != Subset::default()).then(|| {
            let allowed = Allowed::Subsets(SetTest { test: Test::In, listed: outside });
            self.known.place(JointBox {
                effect: Effect::Forbid,
                constraints: Cow::Owned(vec![Constraint { attribute, allowed }]),
                refuse: None,
                answers: attribute + 1,
                undeclared: true,
            })
        })
    }

    /// The attributes of which some box says something, be it `any`.
    pub(super) fn mentioned(&self) -> BTreeSet<usize> {
        self.known
            .list()
            .iter()
            .flat_map(|one| one.constraints.iter())
            .map(|constraint| constraint.attribute)
            .collect()
    }

    /// The box of something that a policy has no word for.
    pub(super) fn unknown(&mut self, constraint: Constraint) -> usize {
        let constraints = Cow::Owned(vec![constraint]);
        let (effect, answers) = (Effect::Forbid, usize::MAX);
        self.known.place(JointBox { effect, constraints, refuse: None, answers, undeclared: false })
    }

    pub(super) fn into_list(self) -> Vec<JointBox<'p>> {
        self.known.into_list()
    }

    /// The place of a box that is likely to be the one at `likely`.
    fn place_likely(&mut self, made: JointBox<'p>, likely: usize) -> usize {
        if self.known.list().get(likely) == Some(&made) { likely } else { self.known.place(made) }
    }
}

/// The forbids in policy order, each once, where any of them has an answer of its own.
fn order(boxes: &[(usize, usize)], rules: &[Rule]) -> Vec<usize> {
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

fn mask_of(places: impl Iterator<Item = usize>) -> RuleSet {
    let mut mask = RuleSet::from_elem(0, 1);
    for place in places {
        if place / 64 >= mask.len() {
            mask.resize(place / 64 + 1, 0);
        }
        mask[place / 64] |= 1 << (place % 64);
    }
    mask
}

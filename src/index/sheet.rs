//! The rules of one service in force on a date as rows of bits: for everything that can be said of an attribute, which
//! boxes pass it.

use rustc_hash::FxHashMap;

use super::SetIds;
use crate::compile::{Mask, RuleBox, Subset, Wants, has, mask, rule_boxes};
use crate::policy::{Edge, Effect, Field, Policy, Rule, Service};

/// Boxes, and what they ask; a bit of a mask is the place of a box.
pub(super) struct Sheet {
    /// `rules[b]`: the rule of a box, as a place in the policy's list. Permits first, then forbids, each in policy order.
    pub(super) rules: Vec<usize>,
    pub(super) permits: Mask,
    /// `answering[c]`: the forbids that answer at check `c`.
    pub(super) answering: Vec<Mask>,
    /// `settled[c]`: the boxes that constrain nothing behind check `c`.
    pub(super) settled: Vec<Mask>,
    /// What is to ask of, in checking order.
    pub(super) columns: Vec<Column>,
    /// Up to which column, and with it, something undeclared may still be found.
    pub(super) undeclared: Option<usize>,
}

/// One attribute: what can be said of it, in kinds of which all come to the same.
pub(super) struct Column {
    pub(super) attribute: usize,
    pub(super) kinds: Vec<Kind>,
    /// `kind_of[v]`: the kind of the value, or of the subset, with number `v`.
    pub(super) kind_of: Vec<usize>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct Kind {
    /// The boxes that pass.
    pub(super) passes: Mask,
    /// Whether it holds a field that is not declared.
    pub(super) undeclared: bool,
    /// The value whose code a refusal answers, where it has one of its own.
    pub(super) code: Option<u32>,
}

/// What a sheet is made from.
pub(super) struct Ground<'p> {
    pub(super) policy: &'p Policy,
    pub(super) service: &'p Service,
    pub(super) at: Edge,
    /// How subsets are numbered.
    pub(super) fields: &'p SetIds,
    pub(super) sets: &'p [SetIds],
}

/// Boxes of rules in force, permits first, then forbids, each in policy order.
pub(super) struct Boxes {
    pub(super) all: Vec<RuleBox>,
    /// How many are permits.
    pub(super) permits: usize,
}

impl Ground<'_> {
    /// The boxes of those rules in force that are wanted.
    pub(super) fn boxes(&self, wanted: impl Fn(&Rule) -> bool) -> Boxes {
        let (policy, at) = (self.policy, self.at);
        let covering = self.service.rules.iter().filter(|covered| covered.holds(at));
        let rules = covering.map(|covered| covered.rule);
        let rules: Vec<usize> = rules
            .filter(|rule| policy.rules[*rule].window.contains(at) && wanted(&policy.rules[*rule]))
            .collect();
        let of = |effect: Effect| {
            let rules = rules.iter().filter(move |rule| policy.rules[**rule].effect == effect);
            rules.flat_map(move |rule| rule_boxes(policy, *rule, at))
        };
        let mut all: Vec<RuleBox> = of(Effect::Permit).collect();
        let permits = all.len();
        all.extend(of(Effect::Forbid));
        Boxes { all, permits }
    }

    /// The sheet of boxes.
    pub(super) fn sheet(&self, boxes: &Boxes) -> Sheet {
        let Boxes { all: boxes, permits } = boxes;
        let (policy, permits) = (self.policy, *permits);
        let mut answers = vec![0; boxes.len()];
        let attributes = 0..policy.attributes.len();
        let columns: Vec<Column> =
            attributes.filter_map(|nth| self.column(nth, boxes, &mut answers)).collect();
        let open = |column: &Column| column.kinds.iter().any(|kind| kind.undeclared);
        let checks = 0..=policy.attributes.len();
        Sheet {
            rules: boxes.iter().map(|one| one.rule).collect(),
            permits: mask(boxes.len(), |nth| nth < permits),
            answering: checks
                .clone()
                .map(|check| mask(boxes.len(), |nth| nth >= permits && answers[nth] == check))
                .collect(),
            settled: checks.map(|check| mask(boxes.len(), |nth| answers[nth] <= check)).collect(),
            undeclared: columns.iter().rposition(open),
            columns,
        }
    }

    /// An attribute, where it makes a difference; and the last check of the boxes that constrain it.
    fn column(&self, attribute: usize, boxes: &[RuleBox], answers: &mut [usize]) -> Option<Column> {
        let undeclared = self.undeclared(attribute);
        let asked = boxes.iter().any(|one| one.sides.iter().any(|side| side.attribute == attribute));
        // At the first attribute everything is refused where no permit is in force.
        if !(asked || undeclared.is_some() || attribute == 0) {
            return None;
        }
        let said = self.said(attribute);
        let all = mask(boxes.len(), |_| true);
        let mut passes = vec![all.clone(); said.len()];
        for (nth, one) in boxes.iter().enumerate() {
            for side in one.sides.iter().filter(|side| side.attribute == attribute) {
                for (said, passes) in
                    said.iter().zip(&mut passes).filter(|(said, _)| !said.passes(&side.wants))
                {
                    passes[nth / 64] &= !(1 << (nth % 64));
                    if !said.is_unknown() {
                        answers[nth] = attribute + 1;
                    }
                }
            }
        }
        // A value's own code can show only where something can fail.
        let codes = attribute == 0 || passes.iter().any(|passes| *passes != all);
        let mut known: FxHashMap<Kind, usize> = FxHashMap::default();
        let mut kinds = Vec::new();
        let kind_of = said.iter().zip(passes).map(|(said, passes)| {
            let undeclared = undeclared.is_some_and(|undeclared| said.meets(undeclared));
            let kind = Kind { passes, undeclared, code: self.code(attribute, said).filter(|_| codes) };
            *known.entry(kind).or_insert_with_key(|kind| {
                kinds.push(kind.clone());
                kinds.len() - 1
            })
        });
        let kind_of = kind_of.collect();
        Some(Column { attribute, kinds, kind_of })
    }

    /// The fields that the service does not declare on the date; nothing of other attributes, or where it has no fields.
    pub(super) fn undeclared(&self, attribute: usize) -> Option<Subset> {
        let fields = self.service.fields.as_ref().filter(|_| self.policy.fields == Some(attribute))?;
        Some(undeclared(fields, self.at))
    }

    /// What can be said of an attribute, by its numbers.
    fn said(&self, attribute: usize) -> Vec<Saying> {
        if self.policy.attributes[attribute].set {
            self.subsets(attribute).map(Saying::Subset).collect()
        } else {
            (0..self.width(attribute)).map(Saying::Value).collect()
        }
    }

    /// How much can be said of an attribute.
    pub(super) fn width(&self, attribute: usize) -> usize {
        let one = &self.policy.attributes[attribute];
        if one.set { self.numbers(attribute).number() } else { one.values.len() }
    }

    /// One subset of each number of a set attribute.
    pub(super) fn subsets(&self, attribute: usize) -> impl Iterator<Item = Subset> {
        self.numbers(attribute).subsets()
    }

    fn numbers(&self, attribute: usize) -> &SetIds {
        if self.policy.fields == Some(attribute) { self.fields } else { &self.sets[attribute] }
    }

    /// The value whose own code a refusal of this answers: of those that have the same the first.
    fn code(&self, attribute: usize, said: &Saying) -> Option<u32> {
        let Saying::Value(value) = said else { return None };
        let values = &self.policy.attributes[attribute].values;
        let own = values[*value].refuse.as_ref()?;
        let first = values.iter().position(|value| value.refuse.as_ref() == Some(own))?;
        u32::try_from(first).ok()
    }
}

/// The fields that a service does not declare at a time.
pub(super) fn undeclared(fields: &[Field], at: Edge) -> Subset {
    let outside = fields.iter().zip(0..).filter(|(field, _)| !field.window.contains(at));
    Subset::of(outside.map(|(_, nth)| nth)).with(Subset::UNKNOWN)
}

/// What a request says of one attribute.
enum Saying {
    Value(usize),
    Subset(Subset),
}

impl Saying {
    fn passes(&self, wants: &Wants) -> bool {
        match (self, wants) {
            (Self::Value(value), Wants::Values(allowed)) => has(allowed, *value),
            (Self::Subset(subset), Wants::Subsets(test)) => test.holds(*subset),
            _ => true,
        }
    }

    /// Whether it is what no line of fields names, which is no value.
    fn is_unknown(&self) -> bool {
        self.meets(Subset::UNKNOWN)
    }

    fn meets(&self, other: Subset) -> bool {
        matches!(self, Self::Subset(subset) if subset.meets(other))
    }
}

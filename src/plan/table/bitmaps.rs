//! The rules of one service in force on a date as rows of bits: for everything that can be said of an attribute, which
//! boxes pass it.

use rustc_hash::FxHashMap;

use super::SetIds;
use super::boxes::{Boxes, NumberedBox};
use crate::base::bit_set::{RuleSet, gaps, has, mask};
use crate::policy::{Edge, Field, Policy, Service};
use crate::space::Subset;

/// Boxes, and what they ask; a bit of a mask is the place of a box.
pub(super) struct Bitmaps {
    /// `rules[b]`: the rule of a box, as a place in the policy's list. Permits first, then forbids, each in policy order.
    pub(super) rules: Vec<usize>,
    pub(super) permits: RuleSet,
    /// `answering[c]`: the forbids that answer at check `c`.
    pub(super) answering: Vec<RuleSet>,
    /// `settled[c]`: the boxes that constrain nothing behind check `c`.
    pub(super) settled: Vec<RuleSet>,
    /// What is to ask of, in checking order.
    pub(super) columns: Vec<Column>,
    /// Up to which column, and with it, something undeclared may still be found.
    pub(super) undeclared: Option<usize>,
}

/// One attribute: what can be said of it, in classes of which all come to the same.
pub(super) struct Column {
    pub(super) attribute: usize,
    pub(super) classes: Vec<ValueClass>,
    /// `class_of[v]`: the class of the value, or of the subset, with number `v`.
    pub(super) class_of: Vec<usize>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct ValueClass {
    /// The boxes that pass.
    pub(super) passes: RuleSet,
    /// Whether it holds a field that is not declared.
    pub(super) undeclared: bool,
    /// The value whose code a refusal answers, where it has one of its own.
    pub(super) code: Option<u32>,
}

/// What a bitmaps is made from.
pub(super) struct TableInput<'p> {
    pub(super) policy: &'p Policy,
    pub(super) service: &'p Service,
    pub(super) at: Edge,
    /// How subsets are numbered.
    pub(super) fields: &'p SetIds,
    pub(super) sets: &'p [SetIds],
}

impl TableInput<'_> {
    /// The bitmaps of boxes.
    pub(super) fn bitmaps(&self, boxes: &Boxes) -> Bitmaps {
        let Boxes { all: boxes, permits } = boxes;
        let (policy, permits) = (self.policy, *permits);
        let mut answers = vec![0; boxes.len()];
        let attributes = 0..policy.attributes.len();
        let columns: Vec<Column> =
            attributes.filter_map(|nth| self.column(nth, boxes, &mut answers)).collect();
        let open = |column: &Column| column.classes.iter().any(|class| class.undeclared);
        let checks = 0..=policy.attributes.len();
        Bitmaps {
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
    fn column(&self, attribute: usize, boxes: &[NumberedBox], answers: &mut [usize]) -> Option<Column> {
        let undeclared = self.undeclared(attribute);
        let asked = boxes.iter().any(|one| one.about(attribute).next().is_some());
        // At the first attribute everything is refused where no permit is in force.
        if !(asked || undeclared.is_some() || attribute == 0) {
            return None;
        }
        let all = mask(boxes.len(), |_| true);
        let mut passes = vec![all.clone(); self.width(attribute)];
        for (nth, one) in boxes.iter().enumerate() {
            for constraint in one.about(attribute) {
                for said in gaps(&constraint.passes, passes.len()) {
                    passes[said][nth / 64] &= !(1 << (nth % 64));
                }
                if constraint.constrains {
                    answers[nth] = attribute + 1;
                }
            }
        }
        // A value's own code can show only where something can fail.
        let codes = attribute == 0 || passes.iter().any(|passes| *passes != all);
        let mut known: FxHashMap<ValueClass, usize> = FxHashMap::default();
        let mut classes = Vec::new();
        let class_of = passes.into_iter().enumerate().map(|(said, passes)| {
            let undeclared = undeclared.as_ref().is_some_and(|undeclared| has(undeclared, said));
            let class = ValueClass { passes, undeclared, code: self.code(attribute, said).filter(|_| codes) };
            *known.entry(class).or_insert_with_key(|class| {
                classes.push(class.clone());
                classes.len() - 1
            })
        });
        let class_of = class_of.collect();
        Some(Column { attribute, classes, class_of })
    }

    /// The numbers of the subsets with a field that the service does not declare on the date; nothing of other attributes,
    /// or where it has no fields.
    pub(super) fn undeclared(&self, attribute: usize) -> Option<RuleSet> {
        let undeclared = undeclared(self.declared(attribute)?, self.at);
        Some(mask(self.fields.number(), |nth| self.fields.subset(nth).meets(undeclared)))
    }

    /// The fields that the service ever declares; nothing of other attributes, or where it has no fields.
    pub(super) fn declared(&self, attribute: usize) -> Option<&[Field]> {
        self.service.fields.as_deref().filter(|_| self.policy.fields == Some(attribute))
    }

    /// How much can be said of an attribute.
    pub(super) fn width(&self, attribute: usize) -> usize {
        let one = &self.policy.attributes[attribute];
        if one.set { self.numbers(attribute).number() } else { one.values.len() }
    }

    /// How the subsets of a set attribute are numbered.
    pub(super) fn numbers(&self, attribute: usize) -> &SetIds {
        if self.policy.fields == Some(attribute) { self.fields } else { &self.sets[attribute] }
    }

    /// The value whose own code a refusal of this answers: of those that have the same the first.
    fn code(&self, attribute: usize, said: usize) -> Option<u32> {
        let plain = Some(&self.policy.attributes[attribute]).filter(|attribute| !attribute.set)?;
        let values = &plain.values;
        let own = values[said].refuse.as_ref()?;
        let first = values.iter().position(|value| value.refuse.as_ref() == Some(own))?;
        u32::try_from(first).ok()
    }
}

/// The fields that a service does not declare at a time.
pub(super) fn undeclared(fields: &[Field], at: Edge) -> Subset {
    let outside = fields.iter().zip(0..).filter(|(field, _)| !field.window.contains(at));
    Subset::of(outside.map(|(_, nth)| nth)).with(Subset::UNKNOWN)
}

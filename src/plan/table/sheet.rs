//! The rules of one service in force on a date as rows of bits: for everything that can be said of an attribute, which
//! boxes pass it.

use rustc_hash::FxHashMap;

use super::SetIds;
use super::boxes::{Boxes, NumberedBox};
use crate::base::bit_set::{Mask, gaps, has, mask};
use crate::policy::{Edge, Field, Policy, Service};
use crate::space::Subset;

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

impl Ground<'_> {
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
            for side in one.about(attribute) {
                for said in gaps(&side.passes, passes.len()) {
                    passes[said][nth / 64] &= !(1 << (nth % 64));
                }
                if side.constrains {
                    answers[nth] = attribute + 1;
                }
            }
        }
        // A value's own code can show only where something can fail.
        let codes = attribute == 0 || passes.iter().any(|passes| *passes != all);
        let mut known: FxHashMap<Kind, usize> = FxHashMap::default();
        let mut kinds = Vec::new();
        let kind_of = passes.into_iter().enumerate().map(|(said, passes)| {
            let undeclared = undeclared.as_ref().is_some_and(|undeclared| has(undeclared, said));
            let kind = Kind { passes, undeclared, code: self.code(attribute, said).filter(|_| codes) };
            *known.entry(kind).or_insert_with_key(|kind| {
                kinds.push(kind.clone());
                kinds.len() - 1
            })
        });
        let kind_of = kind_of.collect();
        Some(Column { attribute, kinds, kind_of })
    }

    /// The numbers of the subsets with a field that the service does not declare on the date; nothing of other attributes,
    /// or where it has no fields.
    pub(super) fn undeclared(&self, attribute: usize) -> Option<Mask> {
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

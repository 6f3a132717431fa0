//! The rules of a service at a time as bitmaps: for each value of each attribute, the set of the boxes that it passes.

use rustc_hash::FxHashMap;

use super::boxes::{Boxes, NumberedBox};
use super::table_input::TableInput;
use crate::base::bit_set::{RuleSet, gaps, has, mask, remove};
use crate::policy::{Edge, Field};
use crate::space::Subset;

/// The bitmaps of the boxes of a service. Item `b` of each set is box `b`.
pub(super) struct Bitmaps {
    /// `rules[b]`: the rule of box `b`, as an index into the policy's rules. Permits first, then forbids, each in
    /// policy order.
    pub(super) rules: Vec<usize>,
    pub(super) permits: RuleSet,
    /// `forbids_at[c]`: the forbids that refuse at check `c`. It is the check of the last attribute that they
    /// constrain.
    pub(super) forbids_at: Vec<RuleSet>,
    /// `complete_at[c]`: the boxes that constrain no attribute after check `c`.
    pub(super) complete_at: Vec<RuleSet>,
    /// The attributes that can make a difference, in check order.
    pub(super) columns: Vec<Column>,
    /// The index of the last column that has an undeclared field.
    pub(super) last_undeclared: Option<usize>,
}

/// One attribute. Its values are in classes, and values of one class have the same result.
pub(super) struct Column {
    pub(super) attribute: usize,
    pub(super) classes: Vec<ColumnClass>,
    /// `class_of[v]`: the class of the value, or of the subset, with number `v`.
    pub(super) class_of: Vec<usize>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
pub(super) struct ColumnClass {
    /// The boxes that the values pass.
    pub(super) passes: RuleSet,
    /// Whether the subsets contain a field that is not declared.
    pub(super) undeclared: bool,
    /// The value whose own answer a refusal gives.
    pub(super) answering_value: Option<u32>,
}

impl TableInput<'_> {
    pub(super) fn bitmaps(&self, boxes: &Boxes) -> Bitmaps {
        let Boxes { list: boxes, permits } = boxes;
        let (policy, permits) = (self.policy, *permits);
        let mut last_checks = vec![0; boxes.len()];
        let columns: Vec<Column> = (0..policy.attributes.len())
            .filter_map(|attribute| self.column(attribute, boxes, &mut last_checks))
            .collect();
        let has_undeclared = |column: &Column| column.classes.iter().any(|class| class.undeclared);
        let checks = 0..=policy.attributes.len();
        let forbids_at = checks
            .clone()
            .map(|check| mask(boxes.len(), |index| index >= permits && last_checks[index] == check));
        let complete_at = checks.map(|check| mask(boxes.len(), |index| last_checks[index] <= check));
        Bitmaps {
            rules: boxes.iter().map(|numbered| numbered.rule).collect(),
            permits: mask(boxes.len(), |index| index < permits),
            forbids_at: forbids_at.collect(),
            complete_at: complete_at.collect(),
            last_undeclared: columns.iter().rposition(has_undeclared),
            columns,
        }
    }

    /// The column of an attribute, if the attribute can make a difference. Raises the last check of each box that
    /// constrains it.
    fn column(&self, attribute: usize, boxes: &[NumberedBox], last_checks: &mut [usize]) -> Option<Column> {
        let undeclared = self.undeclared(attribute);
        let is_constrained = boxes.iter().any(|numbered| numbered.about(attribute).next().is_some());
        // If no permit is in force, every request is refused at the first attribute.
        if !(is_constrained || undeclared.is_some() || attribute == 0) {
            return None;
        }
        let all = mask(boxes.len(), |_| true);
        let mut passes = vec![all.clone(); self.width(attribute)];
        for (index, numbered) in boxes.iter().enumerate() {
            for constraint in numbered.about(attribute) {
                for value in gaps(&constraint.passes, passes.len()) {
                    remove(&mut passes[value], index);
                }
                if constraint.constrains {
                    last_checks[index] = attribute + 1;
                }
            }
        }
        // A value's own answer matters only where a value can fail.
        let can_fail = attribute == 0 || passes.iter().any(|passes| *passes != all);
        let mut class_indices: FxHashMap<ColumnClass, usize> = FxHashMap::default();
        let mut classes = Vec::new();
        let class_of = passes.into_iter().enumerate().map(|(value, passes)| {
            let undeclared = undeclared.as_ref().is_some_and(|undeclared| has(undeclared, value));
            let answering_value = self.answering_value(attribute, value).filter(|_| can_fail);
            let class = ColumnClass { passes, undeclared, answering_value };
            *class_indices.entry(class).or_insert_with_key(|class| {
                classes.push(class.clone());
                classes.len() - 1
            })
        });
        let class_of = class_of.collect();
        Some(Column { attribute, classes, class_of })
    }

    /// The numbers of the subsets with a field that the service does not declare at the time. `None` for other
    /// attributes and for a service without fields.
    fn undeclared(&self, attribute: usize) -> Option<RuleSet> {
        let fields = self.service.fields.as_deref().filter(|_| self.policy.fields == Some(attribute))?;
        let undeclared = undeclared(fields, self.at);
        Some(mask(self.fields.number(), |id| self.fields.subset(id).meets(undeclared)))
    }

    /// The value whose own answer a refusal of this value gives: the first of the values with the same answer.
    fn answering_value(&self, attribute: usize, value: usize) -> Option<u32> {
        let plain = Some(&self.policy.attributes[attribute]).filter(|attribute| !attribute.set)?;
        let answer = plain.values[value].refuse.as_ref()?;
        let first = plain.values.iter().position(|value| value.refuse.as_ref() == Some(answer))?;
        u32::try_from(first).ok()
    }
}

/// The fields that a service does not declare at a time.
pub(super) fn undeclared(fields: &[Field], at: Edge) -> Subset {
    let undeclared = fields.iter().zip(0..).filter(|(field, _)| !field.window.contains(at));
    Subset::of(undeclared.map(|(_, index)| index)).with(Subset::UNKNOWN)
}

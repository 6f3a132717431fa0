//! One grid, before what is alike in several stands once.

use std::ops::Range;

use super::grid::{Column, MOST_BOXES, ones};
use super::sheet::{Boxes, Ground};
use crate::compile::{RuleBox, Subset, Wants, has};

/// The grid of a service on a date.
pub(super) struct Draft {
    /// The rules of its boxes.
    pub(super) rules: Vec<u32>,
    pub(super) permits: usize,
    pub(super) columns: Vec<Asked>,
    pub(super) words: Vec<u64>,
}

/// A column, and where its words stand.
pub(super) struct Asked {
    pub(super) column: Column,
    pub(super) words: Range<usize>,
}

impl Draft {
    /// The grid of these boxes; nothing where they are more than a word has bits, or where a forbid answers before any
    /// attribute is looked at.
    pub(super) fn of(ground: &Ground<'_>, boxes: &Boxes) -> Option<Self> {
        let Boxes { all, permits } = boxes;
        if all.len() > MOST_BOXES {
            return None;
        }
        let rules = all.iter().map(|one| u32::try_from(one.rule).ok()).collect::<Option<_>>()?;
        let mut draft = Self { rules, permits: *permits, columns: Vec::new(), words: Vec::new() };
        // The last attribute that constrains a box.
        let mut last = [None; MOST_BOXES];
        for attribute in 0..ground.policy.attributes.len() {
            draft.column(ground, attribute, all, &mut last)?;
        }
        draft.answer(ground, all, &last).then_some(draft)
    }

    /// Adds an attribute, where it makes a difference.
    fn column(
        &mut self,
        ground: &Ground<'_>,
        attribute: usize,
        boxes: &[RuleBox],
        last: &mut [Option<u8>; MOST_BOXES],
    ) -> Option<()> {
        let number = u8::try_from(attribute).ok()?;
        let undeclared = ground.undeclared(attribute);
        let asked = boxes.iter().any(|one| one.sides.iter().any(|side| side.attribute == attribute));
        // At the first attribute everything is refused where no permit is in force.
        if !(asked || undeclared.is_some() || attribute == 0) {
            return Some(());
        }
        let (start, every) = (self.words.len(), ones(boxes.len()));
        let (all, first) = (start, start + 1);
        self.words.resize(first + 1 + ground.width(attribute), every);
        let said = &mut self.words[first + 1..];
        for (nth, one) in boxes.iter().enumerate() {
            for side in one.sides.iter().filter(|side| side.attribute == attribute) {
                if fail(ground, attribute, &side.wants, 1 << nth, said) {
                    last[nth] = Some(number);
                }
            }
        }
        if let Some(undeclared) = undeclared {
            let meet =
                ground.subsets(attribute).zip(said.iter_mut()).filter(|(said, _)| said.meets(undeclared));
            meet.for_each(|(_, word)| *word &= !ones(self.permits));
        }
        let always = said.iter().fold(every, |always, word| always & word);
        if always == every && attribute > 0 {
            self.words.truncate(start);
            return Some(());
        }
        (self.words[all], self.words[first]) = (always, 0);
        let column = Column { asked: 0, first: u32::try_from(first).ok()?, attribute: number, own: false };
        self.columns.push(Asked { column, words: start..self.words.len() });
        Some(())
    }

    /// Fills in where each forbid answers; false where one does before any attribute is looked at.
    fn answer(&mut self, ground: &Ground<'_>, boxes: &[RuleBox], last: &[Option<u8>; MOST_BOXES]) -> bool {
        for asked in &mut self.columns {
            asked.column.asked = ones(self.permits);
        }
        boxes.iter().zip(last).enumerate().skip(self.permits).all(|(nth, (one, last))| {
            let mut columns = self.columns.iter_mut().map(|asked| &mut asked.column);
            let Some(column) = columns.find(|column| Some(column.attribute) == *last) else { return false };
            column.asked |= 1 << nth;
            column.own |= ground.policy.rules[one.rule].refuse.is_some();
            true
        })
    }
}

/// Takes a box out of the words of what fails it. Whether anything does, besides what no line of fields names: that is no
/// value.
fn fail(ground: &Ground<'_>, attribute: usize, wants: &Wants, one: u64, words: &mut [u64]) -> bool {
    let mut constrains = false;
    match wants {
        Wants::Values(allowed) => {
            for (_, word) in words.iter_mut().enumerate().filter(|(value, _)| !has(allowed, *value)) {
                *word &= !one;
                constrains = true;
            }
        }
        Wants::Subsets(test) => {
            let subsets = ground.subsets(attribute).zip(words);
            for (subset, word) in subsets.filter(|(subset, _)| !test.holds(*subset)) {
                *word &= !one;
                constrains |= !subset.meets(Subset::UNKNOWN);
            }
        }
    }
    constrains
}

//! One grid, before what is alike in several stands once.

use std::ops::Range;

use super::bitmaps::TableInput;
use super::boxes::{Boxes, NumberedBox};
use super::grid::{Column, MOST_BOXES, ones};
use crate::base::bit_set::bits;

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
    pub(super) fn of(input: &TableInput<'_>, boxes: &Boxes) -> Option<Self> {
        let Boxes { all, permits } = boxes;
        if all.len() > MOST_BOXES {
            return None;
        }
        let rules = all.iter().map(|one| u32::try_from(one.rule).ok()).collect::<Option<_>>()?;
        let columns = Vec::with_capacity(input.policy.attributes.len());
        let mut draft = Self { rules, permits: *permits, columns, words: Vec::new() };
        let places = draft.places(input, all);
        let last = draft.strike(all, &places);
        for (attribute, words) in places.into_iter().enumerate().filter(|(_, words)| !words.is_empty()) {
            draft.column(input, attribute, words)?;
        }
        draft.answer(input, all, &last).then_some(draft)
    }

    /// Where the words of each attribute stand, which every box passes yet; nowhere where nothing is asked of it. First
    /// stand the word for whatever is said, and that for nothing said.
    fn places(&mut self, input: &TableInput<'_>, boxes: &[NumberedBox]) -> Vec<Range<usize>> {
        let mut asked = vec![false; input.policy.attributes.len()];
        boxes
            .iter()
            .flat_map(|one| &*one.constraints)
            .for_each(|constraint| asked[constraint.attribute] = true);
        let mut end = 0;
        let place = |(attribute, asked)| {
            let start = end;
            // At the first attribute everything is refused where no permit is in force.
            if asked || attribute == 0 || input.declared(attribute).is_some() {
                end += 2 + input.width(attribute);
            }
            start..end
        };
        let places = asked.into_iter().enumerate().map(place).collect();
        self.words = vec![ones(boxes.len()); end];
        places
    }

    /// Takes boxes out of the words of what fails them. The last attribute that constrains each.
    fn strike(&mut self, boxes: &[NumberedBox], places: &[Range<usize>]) -> Vec<Option<usize>> {
        let mut last = vec![None; boxes.len()];
        for (nth, one) in boxes.iter().enumerate() {
            for constraint in &*one.constraints {
                constraint.strike(nth, &mut self.words[places[constraint.attribute].clone()][2..]);
                if constraint.constrains {
                    last[nth] = last[nth].max(Some(constraint.attribute));
                }
            }
        }
        last
    }

    /// Adds an attribute, where it makes a difference.
    fn column(&mut self, input: &TableInput<'_>, attribute: usize, words: Range<usize>) -> Option<()> {
        let every = ones(self.rules.len());
        let [always, unsaid, said @ ..] = &mut self.words[words.clone()] else { return None };
        for undeclared in input.undeclared(attribute).iter().flat_map(|undeclared| bits(undeclared)) {
            said[undeclared] &= !ones(self.permits);
        }
        *always = said.iter().fold(every, |always, word| always & word);
        *unsaid = 0;
        if *always == every && attribute > 0 {
            return Some(());
        }
        let column = Column { asked: 0, first: 0, attribute: u8::try_from(attribute).ok()?, own: false };
        self.columns.push(Asked { column, words });
        Some(())
    }

    /// Fills in where each forbid answers; false where one does before any attribute is looked at.
    fn answer(&mut self, input: &TableInput<'_>, boxes: &[NumberedBox], last: &[Option<usize>]) -> bool {
        for asked in &mut self.columns {
            asked.column.asked = ones(self.permits);
        }
        boxes.iter().zip(last).enumerate().skip(self.permits).all(|(nth, (one, last))| {
            let mut columns = self.columns.iter_mut().map(|asked| &mut asked.column);
            let place = columns.find(|column| Some(usize::from(column.attribute)) == *last);
            let Some(column) = place else { return false };
            column.asked |= 1 << nth;
            column.own |= input.policy.rules[one.rule].refuse.is_some();
            true
        })
    }
}

//! The rules of a service on a date as rows of bits: for everything that can be said of an attribute, the boxes that pass.
//!
//! A bit is a box: permits first, then forbids, each in policy order. What the words that a request asks for have in
//! common are the boxes that match it. Where each word stands is known without the others, so that a request does not
//! wait for the memory once for every attribute.

use std::hash::{BuildHasher, Hash};
use std::num::NonZeroU8;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{Draft, TableOutcome, TableRefusal, ValueSource};

/// The grids of all services. Words, and runs of columns, that are alike stand once, whichever services they are of.
#[derive(Clone, Debug, Default)]
pub(super) struct Grids {
    pub(super) columns: Vec<Column>,
    pub(super) words: Vec<u64>,
    /// The rules of boxes, as places in the policy's list.
    pub(super) rules: Vec<u32>,
}

/// As many boxes as a word has bits.
pub(super) const MOST_BOXES: usize = 64;

/// One service on a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grid {
    /// Where its columns begin.
    pub(super) columns: u32,
    /// Where the rules of its boxes begin.
    pub(super) rules: u32,
    pub(super) width: NonZeroU8,
    /// How many of its boxes are permits.
    pub(super) permits: u8,
}

/// One attribute.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Column {
    /// The permits, and the forbids that answer here.
    pub(super) asked: u64,
    /// The boxes that pass where `n` is said are the word `first + n`; nothing said, none do. Before that stand the boxes
    /// that pass whatever is said.
    pub(super) first: u32,
    pub(super) attribute: u8,
    /// Whether a forbid that answers here has an answer of its own.
    pub(super) own: bool,
}

/// Where a request fails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RefusedAt {
    /// Where the rules of the boxes begin.
    rules: u32,
    /// What is said there.
    said: u16,
    attribute: u8,
    /// The forbid that answers, as a box; [`MOST_BOXES`] where none does.
    forbid: u8,
    /// Whether it may have an answer of its own.
    own: bool,
}

impl Column {
    /// Whether a permit is left of these boxes, and no forbid answers. The permits are the lowest bits.
    #[inline]
    fn goes_on(&self, boxes: u64, permits: u64) -> bool {
        (boxes & self.asked).wrapping_sub(1) < permits
    }

    /// What is said of its attribute.
    #[inline]
    fn said(&self, said: &impl ValueSource) -> u16 {
        said.says(self.attribute)
    }
}

impl Grid {
    /// The boxes that are permits.
    #[inline]
    fn permits(self) -> u64 {
        ones(usize::from(self.permits))
    }

    /// These boxes match.
    #[inline]
    fn permitted(self, boxes: u64) -> TableOutcome {
        TableOutcome::Permits { rules: self.rules, boxes: boxes & self.permits() }
    }

    /// At a column, of whose attribute this is said, no permit is left of these boxes, or a forbid answers.
    #[inline]
    fn refused(self, column: &Column, boxes: u64, said: u16) -> TableOutcome {
        let forbid = (boxes & column.asked & !self.permits()).trailing_zeros() as u8;
        let Column { attribute, own, .. } = *column;
        TableOutcome::RefusedAt(RefusedAt { rules: self.rules, said, attribute, forbid, own })
    }
}

/// The lowest bits, so many.
#[inline]
pub(super) fn ones(number: usize) -> u64 {
    u64::MAX.checked_shr(u64::BITS - number as u32).unwrap_or(0)
}

impl Grids {
    /// What a request comes to that says this.
    // Inlined, its loop would share the registers with whatever is around it, and take twice the time.
    #[inline(never)]
    pub(super) fn end(&self, grid: Grid, said: &impl ValueSource) -> TableOutcome {
        let permits = grid.permits();
        let mut boxes = u64::MAX;
        for column in self.columns(grid) {
            boxes &= self.passing(column, said);
            if !column.goes_on(boxes, permits) {
                return self.stopped(grid, column, boxes, said);
            }
        }
        grid.permitted(boxes)
    }

    /// The boxes that pass what is said of an attribute.
    #[inline]
    fn passing(&self, column: &Column, said: &impl ValueSource) -> u64 {
        self.word(column.first as usize + usize::from(column.said(said)))
    }

    /// What a request comes to that does not go on at a column, where these boxes match.
    #[inline]
    fn stopped(&self, grid: Grid, column: &Column, boxes: u64, said: &impl ValueSource) -> TableOutcome {
        match column.said(said) {
            0 => self.unsaid(grid, said),
            here => grid.refused(column, boxes, here),
        }
    }

    /// What a request comes to that leaves something unsaid: where what is so far left of the boxes passes whatever is said,
    /// nothing has to be.
    #[cold]
    fn unsaid(&self, grid: Grid, said: &impl ValueSource) -> TableOutcome {
        let mut boxes = u64::MAX;
        for column in self.columns(grid) {
            let (here, left) = (column.said(said), boxes & self.passing(column, said));
            if column.goes_on(left, grid.permits()) {
                boxes = left;
            } else if here > 0 {
                return grid.refused(column, left, here);
            } else if boxes & !self.word((column.first as usize).wrapping_sub(1)) != 0 {
                return TableOutcome::OPEN;
            }
        }
        grid.permitted(boxes)
    }

    #[inline]
    pub(super) fn columns(&self, grid: Grid) -> &[Column] {
        let first = grid.columns as usize;
        self.columns.get(first..first + usize::from(grid.width.get())).unwrap_or_default()
    }

    #[inline]
    fn word(&self, nth: usize) -> u64 {
        self.words.get(nth).copied().unwrap_or(0)
    }

    /// The rules of boxes, each once: several boxes of one rule stand together.
    pub(super) fn rules(&self, rules: u32, boxes: u64) -> impl Iterator<Item = u32> {
        let own = self.rules.get(rules as usize..).unwrap_or_default();
        let lowest_gone = |boxes: &u64| Some(boxes & (boxes - 1)).filter(|boxes| *boxes != 0);
        let left = std::iter::successors(Some(boxes).filter(|boxes| *boxes != 0), lowest_gone);
        let mut last = None;
        left.filter_map(|boxes| own.get(boxes.trailing_zeros() as usize).copied())
            .filter(move |rule| last.replace(*rule) != Some(*rule))
    }

    #[inline]
    pub(super) fn refused(&self, stopped: RefusedAt) -> TableRefusal {
        let forbid = Some(usize::from(stopped.forbid)).filter(|forbid| *forbid < MOST_BOXES);
        TableRefusal {
            check: stopped.attribute + 1,
            forbid: forbid.and_then(|nth| self.rules.get(stopped.rules as usize + nth).copied()),
            own: stopped.own,
            value: stopped.said.checked_sub(1).map(u32::from),
        }
    }
}

impl Grids {
    /// Gives back the room that was made for more.
    pub(super) fn shrink_to_fit(&mut self) {
        self.columns.shrink_to_fit();
        self.words.shrink_to_fit();
        self.rules.shrink_to_fit();
    }
}

/// Grids made so far.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) grids: Grids,
    /// Where such words begin, by their hash.
    words: FxHashMap<u64, u32>,
    /// Where such a run of columns begins.
    columns: FxHashMap<u64, u32>,
    /// Where the rules of the grid before begin, which often are the same.
    rules: usize,
}

impl Builder {
    /// The grid that a draft is of; nothing where there is no room for it.
    pub(super) fn grid(&mut self, draft: &Draft) -> Option<Grid> {
        let columns = draft.columns.iter().map(|asked| {
            let words = &draft.words[asked.words.clone()];
            // The word for whatever is said stands before the first.
            let first = once(&mut self.grids.words, &mut self.words, words)? + 1;
            Some(Column { first, ..asked.column })
        });
        let columns: Vec<Column> = columns.collect::<Option<_>>()?;
        Some(Grid {
            columns: once(&mut self.grids.columns, &mut self.columns, &columns)?,
            rules: self.rules(&draft.rules)?,
            width: NonZeroU8::new(u8::try_from(columns.len()).ok()?)?,
            permits: u8::try_from(draft.permits).ok()?,
        })
    }

    fn rules(&mut self, own: &[u32]) -> Option<u32> {
        let rules = &mut self.grids.rules;
        if rules[self.rules..] != *own {
            self.rules = rules.len();
            rules.extend_from_slice(own);
        }
        u32::try_from(self.rules).ok()
    }
}

/// Where a part stands in a list, to which it is added where it does not yet.
fn once<T: Copy + Eq + Hash>(list: &mut Vec<T>, known: &mut FxHashMap<u64, u32>, part: &[T]) -> Option<u32> {
    let hash = FxBuildHasher.hash_one(part);
    if let Some(first) = known.get(&hash)
        && list.get(*first as usize..).is_some_and(|rest| rest.starts_with(part))
    {
        return Some(*first);
    }
    let first = u32::try_from(list.len()).ok()?;
    list.extend_from_slice(part);
    known.insert(hash, first);
    Some(first)
}

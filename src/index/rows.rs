//! Many requests at a time, several on their way through the diagrams together: while one waits for the table the others go
//! on.

use super::{Day, End, Index, Own, Place, Said, Stretch};
use crate::policy::MOST_ATTRIBUTES;

/// A request without the plan whose numbers it is in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) service: u32,
    pub(crate) at: Day,
    pub(crate) said: Said,
}

/// So many requests go on together: enough that few are left alone on the longest ways, and that all stay near the processor.
const TOGETHER: usize = 128;

/// A request on its way.
#[derive(Clone, Copy)]
struct Way {
    /// Where it has come to.
    place: Place,
    /// Which of those that go together it is.
    lane: u32,
}

/// What stands in the lanes that nobody takes: a request that is at its end.
const NOBODY: Row = Row { service: u32::MAX, at: Day::START, said: [0; MOST_ATTRIBUTES] };

impl Index {
    /// What every request comes to, in order.
    pub(crate) fn ends(&self, rows: &[Row], mut tell: impl FnMut(End)) {
        let (whole, rest) = rows.as_chunks();
        for rows in whole {
            self.ends_together(rows, TOGETHER, &mut tell);
        }
        if !rest.is_empty() {
            let rows = std::array::from_fn(|lane| rest.get(lane).copied().unwrap_or(NOBODY));
            self.ends_together(&rows, rest.len(), &mut tell);
        }
    }

    /// What the first so many requests come to.
    #[inline]
    fn ends_together(&self, rows: &[Row; TOGETHER], number: usize, tell: &mut impl FnMut(End)) {
        let stretches = rows.each_ref().map(|row| self.stretch(row.service, row.at));
        let own = self.walk_together(rows, |lane| match stretches[lane] {
            Some(Stretch { own: Own::Diagram(place), .. }) => *place,
            _ => Place::UNKNOWN,
        });
        let none_above = stretches.iter().flatten().all(|stretch| stretch.above == Place::NONE);
        let above = match none_above {
            true => [Place::NONE; TOGETHER],
            false => self.walk_together(rows, |lane| stretches[lane].map_or(Place::NONE, |one| one.above)),
        };
        for (lane, row) in rows.iter().enumerate().take(number) {
            let own = match stretches[lane] {
                Some(Stretch { own: Own::Grid(grid), .. }) => self.grids.end(*grid, &row.said),
                _ => End::Place(own[lane]),
            };
            tell(self.first(own, above[lane]));
        }
    }

    /// Where each request comes to from where it starts: all go a step, then those that are not at an end another. They
    /// are kept in a list without a branch on which they are, since a guess at that would be wrong too often.
    #[inline]
    fn walk_together(&self, rows: &[Row; TOGETHER], start: impl Fn(usize) -> Place) -> [Place; TOGETHER] {
        let mut ends: [Place; TOGETHER] = std::array::from_fn(start);
        let mut ways = std::array::from_fn(|lane| Way { place: ends[lane], lane: lane as u32 });
        let mut left = kept(&mut ways, TOGETHER, |way| way.place);
        while left > 0 {
            left = kept(&mut ways, left, |way| {
                let lane = way.lane as usize % TOGETHER;
                let place = self.step(way.place, &rows[lane].said);
                ends[lane] = place;
                place
            });
        }
        ends
    }
}

/// Takes the first ways of a list a step on and moves those that go on to its front: so many are left.
#[inline]
fn kept(ways: &mut [Way; TOGETHER], number: usize, mut step: impl FnMut(&Way) -> Place) -> usize {
    let mut left = 0;
    for nth in 0..number.min(TOGETHER) {
        let place = step(&ways[nth]);
        ways[left % TOGETHER] = Way { place, ..ways[nth] };
        left += usize::from(!place.is_end());
    }
    left
}

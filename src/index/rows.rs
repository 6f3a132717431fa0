//! Many requests at a time, several on their way through the diagrams together: while one waits for the table the others go
//! on.

use super::{Day, End, Index, Own, Place, Said, Stretch};

/// A request without the plan whose numbers it is in.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    pub(crate) service: u32,
    pub(crate) at: Day,
    pub(crate) said: Said,
}

/// So many requests go on together: enough to fill the time that one waits.
const TOGETHER: usize = 16;

impl Index {
    /// What every request comes to, in order.
    pub(crate) fn ends(&self, rows: &[Row], mut tell: impl FnMut(End)) {
        for rows in rows.chunks(TOGETHER) {
            let mut stretches = [None; TOGETHER];
            let (mut own, mut above) = ([Place::UNKNOWN; TOGETHER], [Place::NONE; TOGETHER]);
            for (lane, row) in rows.iter().enumerate() {
                let Some(stretch) = self.stretch(row.service, row.at) else { continue };
                (stretches[lane], above[lane]) = (Some(stretch), stretch.above);
                if let Own::Diagram(place) = stretch.own {
                    own[lane] = place;
                }
            }
            self.walk_together(&mut own, rows);
            if above.iter().any(|above| *above != Place::NONE) {
                self.walk_together(&mut above, rows);
            }
            for (lane, row) in rows.iter().enumerate() {
                let own = match stretches[lane] {
                    Some(Stretch { own: Own::Grid(grid), .. }) => self.grids.end(*grid, &row.said),
                    _ => End::Place(own[lane]),
                };
                tell(self.first(own, above[lane]));
            }
        }
    }

    /// Takes the request of each lane to its end. One that is there already looks into the table all the same, and stays:
    /// no lane waits for a guess of how long the way of another is.
    #[inline]
    fn walk_together(&self, places: &mut [Place; TOGETHER], rows: &[Row]) {
        while places.iter().any(|place| !place.is_end()) {
            for (place, row) in places.iter_mut().zip(rows) {
                let next = self.step(*place, &row.said);
                *place = if place.is_end() { *place } else { next };
            }
        }
    }
}

//! Requests by columns, several on their way through the diagrams at a time: while one waits for the table the others go on.

use super::{Day, Index, Place, Said};
use crate::policy::MOST_ATTRIBUTES;

/// What requests say, a column for each attribute.
#[derive(Clone, Debug)]
pub(crate) struct Columns {
    services: Vec<u32>,
    days: Vec<Day>,
    /// `said[a][r]`: what request `r` says of attribute `a`.
    said: Vec<Vec<u16>>,
}

impl Columns {
    pub(crate) fn new(attributes: usize) -> Self {
        Self { services: Vec::new(), days: Vec::new(), said: vec![Vec::new(); attributes] }
    }

    pub(crate) fn push(&mut self, service: u32, at: Day, said: &Said) {
        self.services.push(service);
        self.days.push(at);
        self.said.iter_mut().zip(said).for_each(|(column, said)| column.push(*said));
    }

    pub(crate) fn clear(&mut self) {
        self.services.clear();
        self.days.clear();
        self.said.iter_mut().for_each(Vec::clear);
    }

    pub(crate) fn len(&self) -> usize {
        self.services.len()
    }
}

/// So many requests go on together: enough to fill the time that one waits.
const TOGETHER: usize = 16;

/// What those requests say, by attribute.
type Rows = [[u16; TOGETHER]; MOST_ATTRIBUTES];

impl Columns {
    /// What the requests from `first` on say.
    fn rows(&self, first: usize) -> Rows {
        let mut rows = [[0; TOGETHER]; MOST_ATTRIBUTES];
        for (row, column) in rows.iter_mut().zip(&self.said) {
            let said = column.get(first..).unwrap_or_default();
            match said.first_chunk() {
                Some(whole) => *row = *whole,
                None => row.iter_mut().zip(said).for_each(|(row, said)| *row = *said),
            }
        }
        rows
    }
}

impl Index {
    /// What every request comes to, in order.
    pub(crate) fn ends(&self, columns: &Columns, mut tell: impl FnMut(Place)) {
        let starts = columns.services.chunks(TOGETHER).zip(columns.days.chunks(TOGETHER));
        for (nth, (services, days)) in starts.enumerate() {
            let (mut own, mut above) = ([Place::UNKNOWN; TOGETHER], [Place::NONE; TOGETHER]);
            for (lane, (service, at)) in services.iter().zip(days).enumerate() {
                (own[lane], above[lane]) = self.start(*service, *at);
            }
            let rows = columns.rows(nth * TOGETHER);
            self.walk_together(&mut own, &rows);
            if above.iter().any(|above| *above != Place::NONE) {
                self.walk_together(&mut above, &rows);
            }
            let both = own.into_iter().zip(above).take(services.len());
            both.for_each(|(own, above)| tell(self.first(own, above)));
        }
    }

    /// Takes the request of each lane to its end. One that is there already looks into the table all the same, and stays:
    /// no lane waits for a guess of how long the way of another is.
    #[inline]
    fn walk_together(&self, places: &mut [Place; TOGETHER], rows: &Rows) {
        while places.iter().any(|place| !place.is_end()) {
            for (lane, place) in places.iter_mut().enumerate() {
                let next = self.step(*place, rows[place.attribute()][lane]);
                *place = if place.is_end() { *place } else { next };
            }
        }
    }
}

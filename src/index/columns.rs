//! Requests by columns, several on their way through the diagrams at a time: while one waits for the table the others go on.

use super::{Day, Index, Place, Said};

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

impl Index {
    /// What every request comes to, in order.
    pub(crate) fn ends(&self, columns: &Columns, mut tell: impl FnMut(Place)) {
        let mut first = 0;
        for services in columns.services.chunks(TOGETHER) {
            let (mut own, mut above) = ([Place::UNKNOWN; TOGETHER], [Place::NONE; TOGETHER]);
            let days = columns.days.get(first..).unwrap_or_default();
            for (lane, (service, at)) in services.iter().zip(days).enumerate() {
                (own[lane], above[lane]) = self.start(*service, *at);
            }
            self.walk_together(&mut own, columns, first);
            if above.iter().any(|above| *above != Place::NONE) {
                self.walk_together(&mut above, columns, first);
            }
            let both = own.into_iter().zip(above).take(services.len());
            both.for_each(|(own, above)| tell(self.first(own, above)));
            first += TOGETHER;
        }
    }

    /// Takes the request of each lane, `first` and those that follow, to its end.
    #[inline]
    fn walk_together(&self, places: &mut [Place; TOGETHER], columns: &Columns, first: usize) {
        let mut going = true;
        while going {
            going = false;
            for (lane, place) in places.iter_mut().enumerate() {
                if !place.is_end() {
                    let column = columns.said.get(place.attribute());
                    let said = column.and_then(|column| column.get(first + lane)).copied().unwrap_or(0);
                    *place = self.step(*place, said);
                    going = true;
                }
            }
        }
    }
}

//! Many requests at a time, several on their way through the diagrams together: while one waits for the table the others go
//! on.

use super::{Day, DecisionTable, Interval, NodeRef, Own, TableOutcome, ValueIds, ValueSource};
use crate::policy::MOST_ATTRIBUTES;

/// So many requests go on together: enough that few are left alone on the longest ways, and that all stay near the processor.
const TOGETHER: usize = 128;

/// Requests without the plan whose numbers they are in.
#[derive(Clone, Debug)]
pub(crate) struct BatchColumns {
    services: Vec<u32>,
    dates: Vec<Day>,
    said: Vec<Block>,
    /// How many columns of a block are in use.
    attributes: usize,
}

/// What those requests say that go on together: a column for each attribute.
type Block = [[u16; TOGETHER]; MOST_ATTRIBUTES];

/// One of them.
struct Lane<'c> {
    said: &'c Block,
    lane: usize,
}

impl BatchColumns {
    /// No requests yet, of a policy with so many attributes.
    pub(crate) fn new(attributes: usize) -> Self {
        Self { services: Vec::new(), dates: Vec::new(), said: Vec::new(), attributes }
    }

    pub(crate) fn push(&mut self, service: u32, at: Day, said: &ValueIds) {
        let lane = self.len() % TOGETHER;
        if lane == 0 {
            self.said.push([[0; TOGETHER]; MOST_ATTRIBUTES]);
        }
        self.services.push(service);
        self.dates.push(at);
        if let Some(block) = self.said.last_mut() {
            for (column, said) in block.iter_mut().zip(said).take(self.attributes) {
                column[lane] = *said;
            }
        }
    }

    pub(crate) fn clear(&mut self) {
        self.services.clear();
        self.dates.clear();
        self.said.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.services.len()
    }
}

impl ValueSource for Lane<'_> {
    #[inline]
    fn says(&self, attribute: u8) -> u16 {
        self.said[usize::from(attribute) % MOST_ATTRIBUTES][self.lane % TOGETHER]
    }
}

/// A request on its way.
#[derive(Clone, Copy)]
struct Way {
    /// Where it has come to.
    place: NodeRef,
    /// Which of its block it is.
    lane: u32,
}

impl DecisionTable {
    /// What every request comes to, in order.
    pub(crate) fn ends(&self, requests: &BatchColumns, mut tell: impl FnMut(TableOutcome)) {
        let (services, dates) = (requests.services.chunks(TOGETHER), requests.dates.chunks(TOGETHER));
        for ((services, dates), said) in services.zip(dates).zip(&requests.said) {
            self.ends_together(services, dates, said, &mut tell);
        }
    }

    /// What the requests of a block come to.
    #[inline]
    fn ends_together(
        &self,
        services: &[u32],
        dates: &[Day],
        said: &Block,
        tell: &mut impl FnMut(TableOutcome),
    ) {
        let mut intervals = [None; TOGETHER];
        let mut own = [NodeRef::UNKNOWN; TOGETHER];
        let mut only_diagrams = true;
        for (lane, (service, at)) in services.iter().zip(dates).enumerate().take(TOGETHER) {
            let Some(interval) = self.interval(*service, *at) else { continue };
            intervals[lane] = Some(interval);
            match interval.own {
                Own::Diagram(place) => own[lane] = place,
                Own::Grid(_) => only_diagrams = false,
            }
            only_diagrams &= interval.above == NodeRef::NONE;
        }
        self.walk_together(said, &mut own);
        if only_diagrams {
            return own.iter().take(services.len()).for_each(|place| tell(TableOutcome::NodeRef(*place)));
        }
        let mut above = intervals.map(|interval| interval.map_or(NodeRef::NONE, |one| one.above));
        self.walk_together(said, &mut above);
        for lane in 0..services.len().min(TOGETHER) {
            let own = match intervals[lane] {
                Some(Interval { own: Own::Grid(grid), .. }) => self.grids.end(*grid, &Lane { said, lane }),
                _ => TableOutcome::NodeRef(own[lane]),
            };
            tell(self.first(own, above[lane]));
        }
    }

    /// From where each request stands to where it comes to: all go a step, then those that are not at an end another. They
    /// are kept in a list without a branch on which they are, since a guess at that would be wrong too often.
    #[inline]
    fn walk_together(&self, said: &Block, places: &mut [NodeRef; TOGETHER]) {
        let mut ways = std::array::from_fn(|lane| Way { place: places[lane], lane: lane as u32 });
        let mut left = kept(&mut ways, TOGETHER, |way| way.place);
        while left > 0 {
            left = kept(&mut ways, left, |way| {
                let lane = way.lane as usize % TOGETHER;
                let place = self.step(way.place, &Lane { said, lane });
                places[lane] = place;
                place
            });
        }
    }
}

/// Takes the first ways of a list a step on and moves those that go on to its front: so many are left.
#[inline]
fn kept(ways: &mut [Way; TOGETHER], number: usize, mut step: impl FnMut(&Way) -> NodeRef) -> usize {
    let mut left = 0;
    for nth in 0..number.min(TOGETHER) {
        let place = step(&ways[nth]);
        ways[left % TOGETHER] = Way { place, ..ways[nth] };
        left += usize::from(!place.is_end());
    }
    left
}

//! Many requests at a time. The requests of a block take their steps in turn, so while one waits for the memory, the
//! others go on.

use super::partly_stated::{MOST_PARTLY_STATED, PartlyStated};
use super::{Day, DecisionTable, NodeRef, TableOutcome, ValueIds};
use crate::limits::MOST_ATTRIBUTES;

/// Requests in a block: enough that few remain at the end of the longest walks, and few enough that all stay in the
/// nearest cache.
const BLOCK: usize = 128;

/// Requests in the numbers of one plan, as columns.
#[derive(Clone, Debug)]
pub(crate) struct BatchColumns {
    services: Vec<u32>,
    days: Vec<Day>,
    blocks: Vec<Block>,
    partly: Vec<[PartlyStated; MOST_PARTLY_STATED]>,
    /// The number of columns of a block that are in use.
    attributes: usize,
}

/// The values of the requests of a block: `block[attribute][lane]`.
type Block = [[u16; BLOCK]; MOST_ATTRIBUTES];

impl BatchColumns {
    /// No requests, of a policy with this number of attributes.
    pub(crate) fn new(attributes: usize) -> Self {
        let (services, days, blocks, partly) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { services, days, blocks, partly, attributes }
    }

    pub(crate) fn push(&mut self, service: u32, day: Day, values: &ValueIds) {
        let lane = self.len() % BLOCK;
        if lane == 0 {
            self.blocks.push([[0; BLOCK]; MOST_ATTRIBUTES]);
        }
        self.services.push(service);
        self.days.push(day);
        self.partly.push(values.partly);
        if let Some(block) = self.blocks.last_mut() {
            for (column, value) in block.iter_mut().zip(&values.numbers).take(self.attributes) {
                column[lane] = *value;
            }
        }
    }

    /// What a request of a block states.
    fn values(&self, block: &Block, lane: usize, partly: [PartlyStated; MOST_PARTLY_STATED]) -> ValueIds {
        let mut values = ValueIds { partly, ..ValueIds::default() };
        for (value, column) in values.numbers.iter_mut().zip(block).take(self.attributes) {
            *value = column[lane % BLOCK];
        }
        values
    }

    pub(crate) fn clear(&mut self) {
        self.services.clear();
        self.days.clear();
        self.blocks.clear();
        self.partly.clear();
    }

    pub(crate) fn len(&self) -> usize {
        self.services.len()
    }
}

/// A request of a block that is at a fork.
#[derive(Clone, Copy)]
struct Walker {
    fork: NodeRef,
    /// The index of the request in its block.
    lane: u32,
}

impl DecisionTable {
    /// Passes the outcome of each request to `receive`, in order.
    pub(crate) fn outcomes(&self, requests: &BatchColumns, mut receive: impl FnMut(TableOutcome)) {
        let (services, days) = (requests.services.chunks(BLOCK), requests.days.chunks(BLOCK));
        let rest = requests.partly.chunks(BLOCK).zip(&requests.blocks);
        for ((services, days), (partly, block)) in services.zip(days).zip(rest) {
            let mut nodes = [TableOutcome::UNKNOWN_SERVICE.0; BLOCK];
            for (node, (service, day)) in nodes.iter_mut().zip(services.iter().zip(days)) {
                if let Some(interval) = self.interval(*service, *day) {
                    *node = interval.root;
                }
            }
            self.walk_block(block, &mut nodes);
            for (lane, (node, partly)) in nodes.iter().zip(partly).enumerate() {
                receive(match TableOutcome(*node) {
                    TableOutcome::UNDETERMINED if *partly != [PartlyStated::NONE; MOST_PARTLY_STATED] => {
                        self.outcome(services[lane], days[lane], &requests.values(block, lane, *partly))
                    }
                    outcome => outcome,
                });
            }
        }
    }

    /// Takes each request of a block from its root to its outcome. All requests take one step, then those that are at a
    /// fork take the next.
    #[inline]
    fn walk_block(&self, block: &Block, nodes: &mut [NodeRef; BLOCK]) {
        let mut walkers = std::array::from_fn(|lane| Walker { fork: nodes[lane], lane: lane as u32 });
        let mut count = keep_forks(&mut walkers, BLOCK, |walker| walker.fork);
        while count > 0 {
            count = keep_forks(&mut walkers, count, |walker| {
                let lane = walker.lane as usize % BLOCK;
                let node = self.branch(walker.fork, block[walker.fork.attribute() % MOST_ATTRIBUTES][lane]);
                nodes[lane] = node;
                node
            });
        }
    }
}

/// Takes a step with each of the first `count` walkers, and moves those that are at a fork then to the front of the
/// list. Returns their number.
///
/// Every walker is written to the list, and only the number depends on whether it is at a fork. A branch instead would
/// be mispredicted too often.
#[inline]
fn keep_forks(
    walkers: &mut [Walker; BLOCK],
    count: usize,
    mut step: impl FnMut(&Walker) -> NodeRef,
) -> usize {
    let mut kept = 0;
    for index in 0..count.min(BLOCK) {
        let node = step(&walkers[index]);
        walkers[kept % BLOCK] = Walker { fork: node, ..walkers[index] };
        kept += usize::from(node.is_fork());
    }
    kept
}

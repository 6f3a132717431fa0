//! A policy to its decision table.

use super::diagram::Diagram;
use super::forks::Forks;
use super::outcomes::OutcomesBuilder;
use super::service_draft::{Numbering, ServiceDraft};
use super::{Day, DecisionTable, Interval, TableOutcome, Vocabulary};
use crate::base::parallel;
use crate::limits::{PARALLEL_SERVICES, SERVICES_AT_ONCE};
use crate::policy::Policy;

/// The table of a policy. The bitmaps of a service depend on no other service and are made in parallel. The diagrams
/// share their forks and are made one after another.
pub(crate) fn decision_table(policy: &Policy) -> DecisionTable {
    let numbering = Numbering::of(policy);
    let threads = parallel::threads(policy.services.len() >= PARALLEL_SERVICES);
    let mut builder = Builder {
        policy,
        table: DecisionTable { vocabulary: Vocabulary::of(policy), ..DecisionTable::default() },
        forks: Forks::default(),
        outcomes: OutcomesBuilder::default(),
    };
    for services in policy.services.chunks(SERVICES_AT_ONCE) {
        let drafts = parallel::map(services, threads, |service| numbering.draft(service));
        drafts.into_iter().for_each(|draft| builder.add(draft));
    }
    builder.finish(numbering)
}

struct Builder<'p> {
    policy: &'p Policy,
    table: DecisionTable,
    forks: Forks,
    outcomes: OutcomesBuilder,
}

impl Builder<'_> {
    /// Adds the next service.
    fn add(&mut self, draft: ServiceDraft) {
        let first = self.table.intervals.len();
        self.table.first_interval.push(u32::try_from(first).unwrap_or(u32::MAX));
        for interval in draft.intervals {
            let diagram = interval.bitmaps.and_then(|bitmaps| {
                Diagram::new(self.policy, &bitmaps, &mut self.forks, &mut self.outcomes).root()
            });
            let root = diagram.unwrap_or(TableOutcome::NOT_IN_TABLE.0);
            let intervals = &mut self.table.intervals;
            if intervals[first..].last().is_none_or(|last| last.root != root) {
                intervals.push(Interval { from: Day::of_edge(interval.from), root });
            }
        }
        self.table.field_ids.push(draft.fields);
    }

    fn finish(self, numbering: Numbering<'_>) -> DecisionTable {
        let Self { mut table, forks, outcomes, .. } = self;
        table.first_interval.push(u32::try_from(table.intervals.len()).unwrap_or(u32::MAX));
        table.intervals.shrink_to_fit();
        table.words = forks.words;
        table.words.shrink_to_fit();
        table.outcomes = outcomes.outcomes;
        table.set_ids = numbering.sets;
        table
    }
}

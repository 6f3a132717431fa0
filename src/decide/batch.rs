//! Many requests in numbers at once: the table decides several of them at the same time.

use crate::decide::request_ids::RequestIds;
use crate::decide::verdict::Verdict;
use crate::plan::Plan;
use crate::plan::table::{BatchColumns, TableOutcome};
use crate::policy::Stamp;

/// Requests in the numbers of one plan, in columns.
///
/// ```
/// # use std::sync::Arc;
/// # use meterwarden::{Date, Policy, Request, Source, compile};
/// # let rules = r#"
/// #     attribute status "SMI Status" always { refuse E5 "not in this status"  Pending Commissioned }
/// #     service 4.2 "Read Instantaneous Export Registers" {
/// #         permit reading "anybody reads" { status Commissioned  source "row 4.2" }
/// #     }"#;
/// let plan = compile(Arc::new(Policy::from_sources(vec![Source::new("example.rules", rules)])?));
/// let mut batch = plan.batch();
/// for status in ["Pending", "Commissioned"] {
///     let request = Request::new("4.2", Date::constant(2026, 1, 1)).value("status", status);
///     batch.push(&plan.resolve(&request)?);
/// }
/// let mut verdicts = Vec::new();
/// plan.verdicts(&batch, &mut verdicts);
/// assert_eq!(verdicts.iter().map(|verdict| verdict.is_permit()).collect::<Vec<_>>(), [false, true]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Batch {
    stamp: Stamp,
    requests: BatchColumns,
}

impl Batch {
    /// Adds a request. A request in the numbers of another plan is refused.
    pub fn push(&mut self, request: &RequestIds) {
        let service = if request.stamp == self.stamp { request.service } else { u32::MAX };
        self.requests.push(service, request.at, &request.stated);
    }

    /// Removes the requests, and keeps their memory for the next ones.
    pub fn clear(&mut self) {
        self.requests.clear();
    }

    /// The number of requests.
    pub fn len(&self) -> usize {
        self.requests.len()
    }

    /// Whether there are no requests.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Plan {
    /// A batch without requests.
    pub fn batch(&self) -> Batch {
        Batch { stamp: self.stamp(), requests: BatchColumns::new(self.policy().attributes.len()) }
    }

    /// Decides every request of a batch, in order. `verdicts` is emptied first. All requests of a batch of another plan
    /// are refused.
    pub fn verdicts<'p>(&'p self, batch: &Batch, verdicts: &mut Vec<Verdict<'p>>) {
        verdicts.clear();
        if batch.stamp == self.stamp() {
            self.table().outcomes(&batch.requests, |end| verdicts.push(Verdict::new(self, end)));
        } else {
            verdicts.resize(batch.len(), Verdict::new(self, TableOutcome::FOREIGN));
        }
    }
}

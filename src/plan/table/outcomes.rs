//! The outcomes that the table can give: lists of permits, and refusals.

use std::hash::BuildHasher;

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{NodeRef, TableOutcome};

/// The outcomes of all services. Nearly all are stored once.
#[derive(Clone, Debug, Default)]
pub(super) struct Outcomes {
    /// The permits of outcome `n` are `rules[permits[n]..permits[n + 1]]`.
    pub(super) permits: Vec<u32>,
    pub(super) rules: Vec<u32>,
    pub(super) refusals: Vec<TableRefusal>,
}

/// A refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TableRefusal {
    /// The check that fails: 0 for the service, 1 for the first attribute, and so on.
    pub(crate) check: u8,
    /// The forbid that refuses, as an index into the policy's rules. `None` if no permit matches.
    pub(crate) forbid: Option<u32>,
    /// The value whose own answer is given. `None` if the answer is the forbid's own or the attribute's.
    pub(crate) value: Option<u32>,
}

impl Outcomes {
    /// The permits that match, in policy order, as indices into the policy's rules.
    pub(super) fn permits(&self, outcome: TableOutcome) -> &[u32] {
        let range = outcome.permits().and_then(|number| {
            let (first, end) = (*self.permits.get(number)?, *self.permits.get(number + 1)?);
            self.rules.get(first as usize..end as usize)
        });
        range.unwrap_or_default()
    }

    pub(super) fn refusal(&self, outcome: TableOutcome) -> Option<&TableRefusal> {
        self.refusals.get(outcome.refusal()?)
    }
}

/// Numbers outcomes.
#[derive(Default)]
pub(super) struct OutcomesBuilder {
    pub(super) outcomes: Outcomes,
    /// The outcome of a list of permits, by the hash of the list.
    permits: FxHashMap<u64, NodeRef>,
    refusals: FxHashMap<TableRefusal, NodeRef>,
}

impl OutcomesBuilder {
    /// The outcome of a request that these rules permit. `None` if there are too many outcomes to number.
    pub(super) fn permit(&mut self, rules: &[u32]) -> Option<NodeRef> {
        let hash = FxBuildHasher.hash_one(rules);
        // A list with the hash of another is stored again each time: that takes space, and is still right.
        if let Some(node) = self.permits.get(&hash)
            && TableOutcome::of(*node).is_some_and(|outcome| self.outcomes.permits(outcome) == rules)
        {
            return Some(*node);
        }
        let outcomes = &mut self.outcomes;
        if outcomes.permits.is_empty() {
            outcomes.permits.push(0);
        }
        let node = NodeRef::permit(outcomes.permits.len() - 1)?;
        outcomes.rules.extend_from_slice(rules);
        outcomes.permits.push(u32::try_from(outcomes.rules.len()).ok()?);
        self.permits.insert(hash, node);
        Some(node)
    }

    /// The outcome of a refusal. `None` if there are too many outcomes to number.
    pub(super) fn refusal(&mut self, refusal: TableRefusal) -> Option<NodeRef> {
        if let Some(node) = self.refusals.get(&refusal) {
            return Some(*node);
        }
        let node = NodeRef::refusal(self.outcomes.refusals.len())?;
        self.outcomes.refusals.push(refusal);
        self.refusals.insert(refusal, node);
        Some(node)
    }
}

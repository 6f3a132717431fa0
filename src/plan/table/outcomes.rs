//! What requests come to: the permits that match, or where and by what a request is refused.

use std::hash::{Hash, Hasher};

use rustc_hash::{FxHashMap, FxHasher};

use super::NodeRef;

/// Every end that a service has, each once.
#[derive(Clone, Debug, Default)]
pub(super) struct TableOutcomes {
    /// The permits of end `n` are those from `permits[n]` up to `permits[n + 1]` in `rules`.
    pub(super) permits: Vec<u32>,
    pub(super) rules: Vec<u32>,
    pub(super) refusals: Vec<TableRefusal>,
}

/// A refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct TableRefusal {
    /// The check that fails: 0 for the service, then 1 for the first attribute.
    pub(crate) check: u8,
    /// The forbid that answers, if one does.
    pub(crate) forbid: Option<u32>,
    /// Whether that may have an answer of its own.
    pub(crate) own: bool,
    /// The value whose code is answered; otherwise it is the forbid's own, or else the attribute's.
    pub(crate) value: Option<u32>,
}

impl TableOutcomes {
    /// The rules of an end that permits, in policy order.
    pub(super) fn permits(&self, end: NodeRef) -> &[u32] {
        let offset = |number: usize| self.permits.get(number).filter(|_| end.is_permit());
        let (Some(first), Some(last)) = (offset(end.number()), offset(end.number() + 1)) else { return &[] };
        self.rules.get(*first as usize..*last as usize).unwrap_or_default()
    }

    pub(super) fn refusal(&self, end: NodeRef) -> Option<&TableRefusal> {
        self.refusals.get(end.number()).filter(|_| !end.is_permit())
    }
}

/// TableOutcomes made so far.
#[derive(Default)]
pub(super) struct Builder {
    pub(super) ends: TableOutcomes,
    permits: FxHashMap<u64, u32>,
    refusals: FxHashMap<TableRefusal, u32>,
}

impl Builder {
    /// The end at which these permits match; nothing where there are more than can be numbered.
    pub(super) fn permit(&mut self, rules: &[u32]) -> Option<NodeRef> {
        let mut hasher = FxHasher::default();
        rules.hash(&mut hasher);
        let hash = hasher.finish();
        if self.ends.permits.is_empty() {
            self.ends.permits.push(0);
        }
        if let Some(place) = self.permits.get(&hash).and_then(|known| NodeRef::permit(*known as usize))
            && self.ends.permits(place) == rules
        {
            return Some(place);
        }
        let number = self.ends.permits.len() - 1;
        self.ends.rules.extend_from_slice(rules);
        self.ends.permits.push(u32::try_from(self.ends.rules.len()).ok()?);
        self.permits.insert(hash, u32::try_from(number).ok()?);
        NodeRef::permit(number)
    }

    /// The end of a refusal.
    pub(super) fn refuse(&mut self, refused: TableRefusal) -> Option<NodeRef> {
        let next = self.ends.refusals.len();
        let number = *self.refusals.entry(refused).or_insert(u32::try_from(next).ok()?) as usize;
        if number == next {
            self.ends.refusals.push(refused);
        }
        NodeRef::refuse(number)
    }
}

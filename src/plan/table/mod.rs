//! The decision table: the outcome of every request, on every date.
//!
//! ```text
//! service, day ──▶ Interval ──root──▶ fork ──value──▶ fork ──value──▶ … ──▶ outcome: the permits, or the refusal
//!
//! words   … │ undetermined │ value 0 │ value 1 │ value 2 │ undetermined │ value 0 │ value 1 │ …
//!             ▲ a fork on an attribute with three values   ▲ a fork on an attribute with two
//! ```
//!
//! For each service and each stretch of time in which its rules do not change, the table has a decision diagram. A fork
//! branches on one attribute and has one word for each value of it. A word is the next fork or the outcome. The first
//! word of a fork is the branch of a request that does not state the attribute: it is always `UNDETERMINED`.
//!
//! **Why a decision is fast.** A request passes at most one fork for each attribute, however many rules there are. Each
//! step adds the number of a value to the place of a fork and reads that word. The next step needs the word, so each
//! step is a dependent memory load. A fork at which all values lead to the same word is left out, so most requests pass
//! only the few attributes that make a difference. [`BatchColumns`] takes the steps of many requests in turn, so that
//! these loads overlap.
//!
//! **Why the outcome is right.** A rule is a list of boxes: each box has, for each attribute, the values that pass.
//! [`Bitmaps`](bitmaps::Bitmaps) has, for each value of each attribute, the set of the boxes that the value passes. A
//! [`Diagram`](diagram::Diagram) follows every request through the attributes in check order and keeps the set of the
//! boxes that all values so far pass. This set alone decides what follows, so equal sets at the same attribute share
//! one fork. The walk ends at the attribute where no permit is left or where a forbid matches: this is the check that
//! refuses. Or it ends where the rest of the attributes cannot change the result. The rules remain the reference:
//! [`Plan::interpret`](crate::Plan::interpret) decides by them alone, and tests compare the two.
//!
//! **Why it is small.** Equal forks are stored once, found by their hash, for whichever service and date they were made
//! ([`Forks`](forks::Forks)). Values that no rule distinguishes lead to the same word.
//!
//! **Why a plan file is not trusted.** A table that was read may hold any numbers. `DecisionTable::is_valid` checks
//! that every fork has a branch for each value, that branches lead only to forks on later attributes, and that each
//! outcome exists. So every walk ends, and within the table. An edited file can still answer differently: the digest
//! detects damage and not intent.

mod batch_columns;
mod bitmaps;
mod boxes;
mod build;
mod common_outcome;
mod diagram;
mod encoding;
mod forks;
mod name_index;
mod node_ref;
mod outcomes;
mod partly_stated;
mod service_draft;
mod set_ids;
mod table_input;
mod table_outcome;
mod validity;
mod value_ids;
mod vocabulary;
mod walk;

use jiff::civil::Date;

use crate::policy::Edge;
use name_index::NameIndex;
use node_ref::NodeRef;
use outcomes::Outcomes;
use vocabulary::Vocabulary;

pub(crate) use batch_columns::BatchColumns;
pub(crate) use build::decision_table;
pub(crate) use outcomes::TableRefusal;
pub(crate) use partly_stated::PARTLY_STATED;
pub(crate) use set_ids::SetIds;
pub(crate) use table_outcome::TableOutcome;
pub(crate) use value_ids::ValueIds;

/// The diagrams of all services, and the numbers that requests are in.
#[derive(Clone, Debug, Default)]
pub(crate) struct DecisionTable {
    /// The forks, one after another.
    words: Vec<NodeRef>,
    /// The intervals of service `s` are `intervals[first_interval[s]..first_interval[s + 1]]`.
    first_interval: Vec<u32>,
    intervals: Vec<Interval>,
    outcomes: Outcomes,
    /// `set_ids[a]`: how the subsets of set attribute `a` are numbered. Not used for `fields`.
    set_ids: Vec<SetIds>,
    /// `field_ids[s]`: how the subsets of the fields of service `s` are numbered.
    field_ids: Vec<SetIds>,
    vocabulary: Vocabulary,
}

/// A stretch of time in which the rules of a service do not change. It ends where the next begins.
#[derive(Clone, Copy, Debug)]
struct Interval {
    from: Day,
    /// Where the diagram begins.
    root: NodeRef,
}

/// A date as a number that grows with the date.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Day(i32);

impl Day {
    /// Before every date.
    const START: Self = Self(i32::MIN);

    pub(crate) fn of(date: Date) -> Self {
        Self(i32::from(date.year()) << 9 | i32::from(date.month()) << 5 | i32::from(date.day()))
    }

    fn of_edge(edge: Edge) -> Self {
        match edge {
            Edge::Start => Self::START,
            Edge::On(date) => Self::of(date),
            Edge::Never => Self(i32::MAX),
        }
    }
}

impl DecisionTable {
    /// The permits that match, in policy order, as indices into the policy's rules. None for other outcomes.
    pub(crate) fn permits(&self, outcome: TableOutcome) -> impl Iterator<Item = u32> {
        self.outcomes.permits(outcome).iter().copied()
    }

    /// All refusals, by their number.
    pub(crate) fn refusals(&self) -> &[TableRefusal] {
        &self.outcomes.refusals
    }

    /// The refusal that an outcome is. `None` for permits and for the constants.
    #[inline]
    pub(crate) fn refusal(&self, outcome: TableOutcome) -> Option<TableRefusal> {
        self.outcomes.refusal(outcome).copied()
    }
}

//! What every request comes to, on every date, as one table.
//!
//! ```text
//!                             ┌─▶ Fork ──value──▶ Fork ──value──▶ … ──┐
//! service, date ──▶ Interval ──┤                                       ├──▶ TableOutcome: the permits that match, or the refusal
//!                             └─▶ Grid: a word for each value, and ───┘
//! ```
//!
//! A diagram asks of one attribute after another, in checking order, and stops where the answer is clear: a few looks, each
//! of which waits for the one before. A grid has for each value of each attribute the boxes that pass, as the bits of a
//! word; what the words of a request have in common matches. Those are more looks, and none waits for another. So the few
//! services of a small policy, whose table stays near the processor, are diagrams; the many of a large one are grids, which
//! are smaller and sooner made. A service with more boxes than a word has bits is a diagram in either.
//!
//! What is alike stands once, whichever service and date it is of. The numbers that the table is asked with are those of
//! the vocabulary, so that the looks do not grow with the rules.
//!
//! The rules stay the reference: [`Plan::interpret`](crate::Plan::interpret) decides by them alone.

mod boxes;
mod build;
mod batch_columns;
mod draft;
mod table_outcome;
mod outcomes;
mod grid;
mod name_index;
mod node_ref;
mod set_ids;
mod bitmaps;
mod encoding;
mod walk;

use jiff::civil::Date;

use crate::policy::{Attribute, Edge, MOST_ATTRIBUTES, Policy, Service};
use crate::space::Subset;
use draft::Draft;
use grid::{Grid, Grids};
use name_index::NameIndex;
use outcomes::TableOutcomes;

pub(crate) use batch_columns::BatchColumns;
pub(crate) use build::index;
use node_ref::NodeRef;
pub(crate) use outcomes::TableRefusal;
pub(crate) use set_ids::SetIds;
pub(crate) use table_outcome::TableOutcome;

/// The grids and the diagrams of all services.
#[derive(Clone, Debug, Default)]
pub(crate) struct DecisionTable {
    /// The branches of every fork, one fork behind another.
    table: Vec<NodeRef>,
    /// The intervals of service `s` are those from `services[s]` up to `services[s + 1]`.
    services: Vec<u32>,
    intervals: Vec<Interval>,
    grids: Grids,
    ends: TableOutcomes,
    /// `sets[a]`: how subsets of set attribute `a` are numbered, but those of `fields`.
    sets: Vec<SetIds>,
    /// `fields[s]`: how subsets of the fields of service `s` are numbered.
    fields: Vec<SetIds>,
    names: Vocabulary,
}

/// NameIndex to numbers.
#[derive(Clone, Debug, Default)]
struct Vocabulary {
    services: NameIndex,
    attributes: NameIndex,
    /// `values[a]`: those of attribute `a`.
    values: Vec<NameIndex>,
    /// `fields[s]`: those that service `s` declares.
    fields: Vec<NameIndex>,
}

/// A service from a date on.
#[derive(Clone, Copy, Debug)]
struct Interval {
    from: Day,
    own: Own,
    /// Forbids that cover many services alike, where they are too many to stand in each; otherwise [`NodeRef::NONE`].
    above: NodeRef,
}

/// The rules of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Own {
    Grid(Grid),
    /// The services are few, or the boxes too many for a grid; or it is an end, which needs none.
    Diagram(NodeRef),
}

/// A date as a number that grows with it; the least stands before every date.
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

/// What a request says of each attribute: 0 for nothing, otherwise one more than the number of the value, or of the subset.
pub(crate) type ValueIds = [u16; MOST_ATTRIBUTES];

/// A request, as far as its attributes go.
trait ValueSource {
    /// What it says of one.
    fn says(&self, attribute: u8) -> u16;
}

impl ValueSource for ValueIds {
    #[inline]
    fn says(&self, attribute: u8) -> u16 {
        self[usize::from(attribute) % MOST_ATTRIBUTES]
    }
}

impl Vocabulary {
    fn of(policy: &Policy) -> Self {
        let fields = |service: &Service| {
            let fields = service.fields.as_deref().unwrap_or_default();
            NameIndex::of(fields.iter().map(|field| field.name.as_str()))
        };
        let values =
            |attribute: &Attribute| NameIndex::of(attribute.values.iter().map(|value| value.name.as_str()));
        Self {
            services: NameIndex::of(policy.services.iter().map(|service| service.name.as_str())),
            attributes: NameIndex::of(policy.attributes.iter().map(|attribute| attribute.name.as_str())),
            values: policy.attributes.iter().map(values).collect(),
            fields: policy.services.iter().map(fields).collect(),
        }
    }
}

/// Numbers of a policy's names, as its index has them.
impl DecisionTable {
    #[inline]
    pub(crate) fn service(&self, policy: &Policy, name: &str) -> Option<usize> {
        self.names.services.find(name, |nth| &policy.services[nth].name)
    }

    #[inline]
    pub(crate) fn attribute(&self, policy: &Policy, name: &str) -> Option<usize> {
        self.names.attributes.find(name, |nth| &policy.attributes[nth].name)
    }

    #[inline]
    pub(crate) fn value(&self, policy: &Policy, attribute: usize, name: &str) -> Option<u32> {
        let values = &policy.attributes.get(attribute)?.values;
        let found = self.names.values.get(attribute)?.find(name, |nth| &values[nth].name)?;
        u32::try_from(found).ok()
    }

    /// A field of a service, as a subset of one; what it does not declare is unknown.
    #[inline]
    pub(crate) fn field(&self, policy: &Policy, service: usize, name: &str) -> Subset {
        let fields =
            policy.services.get(service).and_then(|service| service.fields.as_deref()).unwrap_or_default();
        let found =
            self.names.fields.get(service).and_then(|names| names.find(name, |nth| &fields[nth].name));
        found.and_then(|nth| u32::try_from(nth).ok()).map_or(Subset::UNKNOWN, |nth| Subset::of([nth]))
    }

    /// How the subsets of a set attribute are numbered for a service.
    #[inline]
    pub(crate) fn sets(&self, policy: &Policy, service: usize, attribute: usize) -> Option<&SetIds> {
        if policy.fields == Some(attribute) { self.fields.get(service) } else { self.sets.get(attribute) }
    }

    /// The permits of an end that permits, as places in the policy's list.
    pub(crate) fn permits(&self, end: TableOutcome) -> impl Iterator<Item = u32> {
        let (rules, boxes) =
            if let TableOutcome::Permits { rules, boxes } = end { (rules, boxes) } else { (0, 0) };
        let numbered = if let TableOutcome::NodeRef(place) = end { self.ends.permits(place) } else { &[] };
        numbered.iter().copied().chain(self.grids.rules(rules, boxes))
    }

    /// Every refusal that is answered by number.
    pub(crate) fn refusals(&self) -> &[TableRefusal] {
        &self.ends.refusals
    }

    /// What an end that refuses says.
    #[inline]
    pub(crate) fn refusal(&self, end: TableOutcome) -> Option<TableRefusal> {
        match end {
            TableOutcome::NodeRef(place) => self.ends.refusal(place).copied(),
            TableOutcome::Permits { .. } => None,
            TableOutcome::RefusedAt(stopped) => Some(self.grids.refused(stopped)),
        }
    }
}

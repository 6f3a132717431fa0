//! What every request comes to, on every date, as one table.
//!
//! ```text
//!                             ┌─▶ Fork ──value──▶ Fork ──value──▶ … ──┐
//! service, date ──▶ Stretch ──┤                                       ├──▶ End: the permits that match, or the refusal
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
mod columns;
mod draft;
mod end;
mod ends;
mod grid;
mod names;
mod place;
mod sets;
mod sheet;
mod stored;
mod walk;

use jiff::civil::Date;

use crate::policy::{Attribute, Edge, MOST_ATTRIBUTES, Policy, Service};
use crate::space::Subset;
use draft::Draft;
use ends::Ends;
use grid::{Grid, Grids};
use names::Names;

pub(crate) use build::index;
pub(crate) use columns::Columns;
pub(crate) use end::End;
pub(crate) use ends::Refused;
use place::Place;
pub(crate) use sets::SetIds;

/// The grids and the diagrams of all services.
#[derive(Clone, Debug, Default)]
pub(crate) struct Index {
    /// The branches of every fork, one fork behind another.
    table: Vec<Place>,
    /// The stretches of service `s` are those from `services[s]` up to `services[s + 1]`.
    services: Vec<u32>,
    stretches: Vec<Stretch>,
    grids: Grids,
    ends: Ends,
    /// `sets[a]`: how subsets of set attribute `a` are numbered, but those of `fields`.
    sets: Vec<SetIds>,
    /// `fields[s]`: how subsets of the fields of service `s` are numbered.
    fields: Vec<SetIds>,
    names: Vocabulary,
}

/// Names to numbers.
#[derive(Clone, Debug, Default)]
struct Vocabulary {
    services: Names,
    attributes: Names,
    /// `values[a]`: those of attribute `a`.
    values: Vec<Names>,
    /// `fields[s]`: those that service `s` declares.
    fields: Vec<Names>,
}

/// A service from a date on.
#[derive(Clone, Copy, Debug)]
struct Stretch {
    from: Day,
    own: Own,
    /// Forbids that cover many services alike, where they are too many to stand in each; otherwise [`Place::NONE`].
    above: Place,
}

/// The rules of a service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Own {
    Grid(Grid),
    /// The services are few, or the boxes too many for a grid; or it is an end, which needs none.
    Diagram(Place),
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
pub(crate) type Said = [u16; MOST_ATTRIBUTES];

/// A request, as far as its attributes go.
trait Says {
    /// What it says of one.
    fn says(&self, attribute: u8) -> u16;
}

impl Says for Said {
    #[inline]
    fn says(&self, attribute: u8) -> u16 {
        self[usize::from(attribute) % MOST_ATTRIBUTES]
    }
}

impl Vocabulary {
    fn of(policy: &Policy) -> Self {
        let fields = |service: &Service| {
            let fields = service.fields.as_deref().unwrap_or_default();
            Names::of(fields.iter().map(|field| field.name.as_str()))
        };
        let values =
            |attribute: &Attribute| Names::of(attribute.values.iter().map(|value| value.name.as_str()));
        Self {
            services: Names::of(policy.services.iter().map(|service| service.name.as_str())),
            attributes: Names::of(policy.attributes.iter().map(|attribute| attribute.name.as_str())),
            values: policy.attributes.iter().map(values).collect(),
            fields: policy.services.iter().map(fields).collect(),
        }
    }
}

/// Numbers of a policy's names, as its index has them.
impl Index {
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
    pub(crate) fn permits(&self, end: End) -> impl Iterator<Item = u32> {
        let (rules, boxes) = if let End::Permits { rules, boxes } = end { (rules, boxes) } else { (0, 0) };
        let numbered = if let End::Place(place) = end { self.ends.permits(place) } else { &[] };
        numbered.iter().copied().chain(self.grids.rules(rules, boxes))
    }

    /// Every refusal that is answered by number.
    pub(crate) fn refusals(&self) -> &[Refused] {
        &self.ends.refusals
    }

    /// What an end that refuses says.
    #[inline]
    pub(crate) fn refusal(&self, end: End) -> Option<Refused> {
        match end {
            End::Place(place) => self.ends.refusal(place).copied(),
            End::Permits { .. } => None,
            End::Stopped(stopped) => Some(self.grids.refused(stopped)),
        }
    }
}

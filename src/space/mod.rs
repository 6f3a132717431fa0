//! Sets of requests for one service, exactly. Public for the analysis crate and NOT STABLE.
//!
//! ```text
//! Policy ──▶ RuleBox: one combination of a rule's alternatives, in one interval
//!              │
//!              ├──▶ Dimension: an attribute as value classes, the values that no box distinguishes
//!              ▼
//!          RuleSpace ──▶ Cube: a box as bits ──┐
//!              │                               ├── permitted: the boxes that people read
//!              ▼                               │
//!          Diagram, Region: canonical ──cover──┘
//! ```
//!
//! A [`Cube`] is a box: for each dimension, some of its choices. A rule is a few boxes, and people read boxes. But two
//! lists of boxes may differ and still have the same requests. A [`Diagram`] has one form for each set of requests,
//! however the rules were written: so it counts, compares and combines.

mod subset;
mod rule_box;
mod dimension;
mod rule_space;
mod cube;
mod diagram;
mod region;
mod cover;
mod rule_cubes;
mod subspace;
mod permitted;
pub mod clause_text;

pub use cover::{cover, trimmed};
pub use cube::{Cube, Layout, Remainder, absorb};
pub use diagram::{Diagram, Next, Node, TooLarge, Walk};
pub use dimension::{
    Dimension, Lookup, SetLookup, ValueClass, asks, classes_of_subsets, distinct_tests, of as dimension,
    passes,
};
pub use permitted::{permitted, permitted_in};
pub use region::Region;
pub use rule_box::{
    Allowed, Constraint, RuleBox, as_if, asked, clauses, combinations, constraint, impossible_attribute,
    of as rule_boxes,
};
pub use rule_cubes::{cubes, declared, layout};
pub use rule_space::{RuleSpace, ServicePlan, rule_space, rule_space_as_if, service_edges, service_plan};
pub use subset::{Members, SetTest, Subset, weighted, witnesses};
pub use subspace::Subspace;

//! Sets of requests for one service, exactly.
//!
//! ```text
//! rules ──▶ boxes: Cube over a Layout ──▶ Diagram: canonical; join, minus, count, equal ──cover──▶ the fewest words
//! ```
//!
//! A [`Cube`] is what a rule says, and what a person reads: for each dimension, some of its choices. A [`Diagram`] is
//! what a policy comes to: it says one thing of every request, in one form however the rules were written.

mod subset;
mod rule_box;
mod dimension;
mod rule_space;
mod cube;
mod diagram;
mod cover;
mod rule_cubes;
mod subspace;
mod permitted;
pub mod clause_text;

pub use cover::{cover, trimmed};
pub use cube::{Cube, Layout, Left, absorb};
pub use diagram::{Diagram, MOST_STATES, Next, Node, Region, TooLarge, Walk};
pub use dimension::{
    Dimension, Lookup, MOST_TESTS, SetLookup, ValueClass, asks, classes_of_subsets, distinct_tests,
    of as dimension, passes,
};
pub use permitted::{permitted, permitted_in};
pub use rule_box::{
    Allowed, Constraint, RuleBox, as_if, asked, clauses, combinations, constraint, impossible_attribute,
    of as rule_boxes,
};
pub use rule_cubes::{cubes, declared, layout};
pub use rule_space::{
    RuleSpace, ServicePlan, edges, rule_space, rule_space_as_if, service_edges, service_plan,
};
pub use subset::{SetTest, Subset, weighted, witnesses};
pub use subspace::Subspace;

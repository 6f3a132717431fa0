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
mod room;
mod permitted;
pub mod clause_text;

pub use cover::{cover, trimmed};
pub use cube::{Cube, Layout, Left, absorb};
pub use diagram::{Diagram, MOST_STATES, Next, Node, Region, TooLarge, Walk};
pub use dimension::{
    Axis, Kind, Lookup, MOST_TESTS, SetLookup, asks, distinct_tests, kinds_of_subset, of as axis, passes,
};
pub use permitted::{permitted, permitted_in};
pub use room::Room;
pub use rule_box::{
    RuleBox, Side, Wants, as_if, asked, clauses, combinations, impossible_side, of as rule_boxes, side,
};
pub use rule_cubes::{cubes, declared, layout};
pub use rule_space::{Epoch, ServicePlan, edges, epoch, epoch_as_if, service_edges, service_plan};
pub use subset::{SetTest, Subset, weighted, witnesses};

//! Sets of requests for one service, exactly: one algebra for everything that is said of a policy as a whole.
//!
//! ```text
//! rules ──▶ boxes: Cube over a Layout ──▶ Diagram: canonical; join, minus, count, equal ──cover──▶ the fewest words
//! ```
//!
//! A [`Cube`] is what a rule says, and what a person reads: for each dimension, some of its choices. A [`Diagram`] is
//! what a policy comes to: it says one thing of every request, in one form however the rules were written.

mod cube;
mod interner;
mod boxes;
mod diagram;
mod cover;
#[cfg(feature = "parse")]
mod count;
mod law;
mod permitted;
#[cfg(test)]
mod laws;

pub(crate) use boxes::{cubes, declared, layout};
pub(crate) use cover::cover;
pub(crate) use cube::{Cube, Layout, Left, absorb};
pub(crate) use diagram::{Diagram, MOST_STATES, Node, Region, TooLarge, Walk};
pub(crate) use interner::Interner;
pub(crate) use law::Room;
pub(crate) use permitted::{permitted, permitted_in};

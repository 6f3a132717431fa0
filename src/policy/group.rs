//! Groups: named lists of values.

use super::list_item::ListItem;
use super::source::Span;

/// A named list of values of one attribute: `group status live = Whitelisted, Commissioned`.
#[derive(Clone, Debug)]
pub struct Group {
    /// The attribute that the group is declared for, as an index in checking order.
    pub attribute: usize,
    /// `live`
    pub name: String,
    /// The values, each with its dates.
    pub items: Vec<ListItem>,
    /// The declaration.
    pub span: Span,
}

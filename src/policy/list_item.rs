//! A value in a list, and when it is in the list. A policy has more of these than of anything else, and nearly all are
//! without dates. So the dates are in a box of their own, and an item without dates is small.

use super::source::Span;
use super::window::Window;

/// A value in a list.
#[derive(Clone, Debug)]
pub struct ListItem {
    /// The value, as an index in the attribute's list.
    pub value: u32,
    /// The name in the list that means the value. The values of one group share it.
    pub name_span: Span,
    dated: Option<Box<Dated>>,
}

/// The dates of an item, or of a value of a group that has dates.
#[derive(Clone, Debug)]
struct Dated {
    window: Window,
    /// The name and its dates.
    span: Span,
}

impl ListItem {
    /// A value that is in the list during a window. `span` is the item in the text, with its dates.
    pub fn new(value: u32, window: Window, span: Span, name_span: Span) -> Self {
        let plain = window == Window::ALWAYS && span == name_span;
        Self { value, name_span, dated: (!plain).then(|| Box::new(Dated { window, span })) }
    }

    /// The same item in another window.
    pub fn at(&self, window: Window) -> Self {
        Self::new(self.value, window, self.span(), self.name_span)
    }

    /// When the value is in the list.
    pub fn window(&self) -> &Window {
        self.dated.as_ref().map_or(&Window::ALWAYS, |dated| &dated.window)
    }

    /// The item in the text, with its dates. The values of one group share it.
    pub fn span(&self) -> Span {
        self.dated.as_ref().map_or(self.name_span, |dated| dated.span)
    }
}

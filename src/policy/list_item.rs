//! A value in a list, and when it is in it. A policy has more of these than of anything else, and nearly none has dates:
//! what dates need stands apart.

use crate::policy::source::Span;
use crate::policy::window::Window;

/// A value in a list.
#[derive(Clone, Debug)]
pub struct Item {
    /// The value, as a place in the attribute's list.
    pub value: u32,
    /// The name in the list that means it; values of one group share it.
    pub name_span: Span,
    dated: Option<Box<Dated>>,
}

/// What is to be known of an item with dates, or of a group with such.
#[derive(Clone, Debug)]
struct Dated {
    window: Window,
    /// The name and its dates.
    span: Span,
}

impl Item {
    /// A value that is in the list during a window; `span` is the item of the list that means it, with its dates.
    pub fn new(value: u32, window: Window, span: Span, name_span: Span) -> Self {
        let plain = window == Window::ALWAYS && span == name_span;
        Self { value, name_span, dated: (!plain).then(|| Box::new(Dated { window, span })) }
    }

    /// The same at another time.
    pub fn at(&self, window: Window) -> Self {
        Self::new(self.value, window, self.span(), self.name_span)
    }

    /// When it is in the list.
    pub fn window(&self) -> &Window {
        self.dated.as_ref().map_or(&Window::ALWAYS, |dated| &dated.window)
    }

    /// The item of the list that means it, with its dates; values of one group share it.
    pub fn span(&self) -> Span {
        self.dated.as_ref().map_or(self.name_span, |dated| dated.span)
    }
}

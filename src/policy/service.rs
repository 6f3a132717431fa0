//! Services, their fields, and the rules that cover them.

use super::source::Span;
use super::window::{Edge, Window};

/// A Service Reference Variant, as its rules see it.
#[derive(Clone, Debug)]
pub struct Service {
    /// `8.4`
    pub name: String,
    /// `Update Inventory`
    pub text: String,
    /// The `///` lines above it.
    pub doc: String,
    /// Its tags, as indices in the policy's list.
    pub tags: Vec<usize>,
    /// The fields that its rules may name; `None` if the service has no `fields` line, so that no rule reads the body.
    pub fields: Option<Vec<Field>>,
    /// Why nobody may send the service.
    pub closed: Option<String>,
    /// The rules that may cover the service, in policy order, and when they do.
    pub rules: Vec<Covered>,
    /// The name in the declaration.
    pub span: Span,
}

impl Service {
    /// When each field is declared.
    pub fn field_windows(&self) -> impl Iterator<Item = &Window> {
        self.fields.iter().flatten().map(|field| &field.window)
    }
}

/// A field that a service declares.
#[derive(Clone, Debug)]
pub struct Field {
    /// `ESMEVariant`
    pub name: String,
    /// When it is declared.
    pub window: Window,
    /// The name in the `fields` line.
    pub span: Span,
}

/// A rule that covers a service on every date that any window of `covered` contains and no window of `left_out`.
#[derive(Clone, Debug)]
pub struct Covered {
    /// The rule, as an index in the policy's list.
    pub rule: usize,
    /// When the rule's `services` line names the service.
    pub covered: Vec<Window>,
    /// When the rule's `except` names the service.
    pub left_out: Vec<Window>,
}

impl Covered {
    /// Whether the rule covers the service at a time.
    pub fn holds(&self, at: Edge) -> bool {
        let any = |windows: &[Window]| windows.iter().any(|window| window.contains(at));
        any(&self.covered) && !any(&self.left_out)
    }
}

//! The register of modifications.

use super::source::Span;
use super::window::Edge;

/// A change to the code that rules name in `since` and `until`.
#[derive(Clone, Debug)]
pub struct Modification {
    /// `MP125`
    pub name: String,
    /// The title.
    pub text: String,
    /// The effective date; `Never` while the modification is proposed.
    pub effective: Edge,
    /// The document that states the date.
    pub source: Option<String>,
    /// The declaration.
    pub span: Span,
}

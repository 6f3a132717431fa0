//! Conditions: named lists of alternatives that rules name with `when`.

use super::rule::Clause;
use super::source::Span;

/// A named list of alternatives.
#[derive(Clone, Debug)]
pub struct Condition {
    /// `responsible-supplier`
    pub name: String,
    /// What the condition means.
    pub text: String,
    /// The clause of the code that the condition implements.
    pub source: Option<String>,
    /// The assumption that the condition rests on.
    pub assumed: Option<String>,
    /// The clauses of each `case`. The condition holds if all clauses of at least one `case` hold.
    pub cases: Vec<Vec<Clause>>,
    /// The declaration.
    pub span: Span,
}

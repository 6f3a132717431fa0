//! Where a rule says what few rules say. Most are a name, some clauses and a source: what the others need stands apart.

use crate::source::Span;

/// Where a rule says what few rules say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Spans(Option<Box<Said>>);

/// The lines of a rule, beside its clauses and its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Said {
    /// Where it names each of its conditions.
    pub(crate) when: Vec<Span>,
    /// Where it says `since`, and where `until`.
    pub(crate) dates: [Option<Span>; 2],
    /// Outside services, where it says which it covers.
    pub(crate) covers: Option<Span>,
    pub(crate) refuse: Option<Span>,
}

/// Nothing of it.
static NOTHING: Said = Said { when: Vec::new(), dates: [None; 2], covers: None, refuse: None };

impl Spans {
    pub(crate) fn new(said: Said) -> Self {
        Self((said != NOTHING).then(|| Box::new(said)))
    }

    pub(crate) fn said(&self) -> &Said {
        self.0.as_deref().unwrap_or(&NOTHING)
    }
}

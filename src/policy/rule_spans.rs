//! Where a rule says what few rules say. Most are a name, some clauses and a source: what the others need stands apart.

use crate::policy::source::Span;

/// Where a rule says what few rules say.
#[derive(Clone, Debug, Default)]
pub struct Spans(Option<Box<RareSpans>>);

/// The lines of a rule, beside its clauses and its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RareSpans {
    /// Where it names each of its conditions.
    pub when: Vec<Span>,
    /// Where it says `since`, and where `until`.
    pub dates: [Option<Span>; 2],
    /// Outside services, where it says which it covers.
    pub covers: Option<Span>,
    /// Where it has a `refuse` line.
    pub refuse: Option<Span>,
}

/// Nothing of it.
static NOTHING: RareSpans = RareSpans { when: Vec::new(), dates: [None; 2], covers: None, refuse: None };

impl Spans {
    /// The spans of a rule; nothing on the heap where it has none of them.
    pub fn new(said: RareSpans) -> Self {
        Self((said != NOTHING).then(|| Box::new(said)))
    }

    /// The spans.
    pub fn said(&self) -> &RareSpans {
        self.0.as_deref().unwrap_or(&NOTHING)
    }
}

//! Where the rarer lines of a rule are in the text. Most rules have a name, some clauses and a source, and none of
//! these lines. So the spans are in a box of their own, and most rules have no box.

use super::source::Span;

/// Where the rarer lines of a rule are in the text.
#[derive(Clone, Debug, Default)]
pub struct RuleSpans(Option<Box<RareSpans>>);

/// The lines of a rule other than its clauses and its source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RareSpans {
    /// The name of each condition, after `when`.
    pub when: Vec<Span>,
    /// The `since` line and the `until` line.
    pub dates: [Option<Span>; 2],
    /// The `services` line.
    pub covers: Option<Span>,
    /// The `refuse` line.
    pub refuse: Option<Span>,
}

static NONE: RareSpans = RareSpans { when: Vec::new(), dates: [None; 2], covers: None, refuse: None };

impl RuleSpans {
    /// The spans of a rule. They take no heap memory if the rule has none of these lines.
    pub fn new(spans: RareSpans) -> Self {
        Self((spans != NONE).then(|| Box::new(spans)))
    }

    /// The spans.
    pub fn get(&self) -> &RareSpans {
        self.0.as_deref().unwrap_or(&NONE)
    }
}

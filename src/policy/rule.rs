//! Rules: permits and forbids, their clauses, and the services they cover.

use jiff::civil::Date;

use super::list_item::ListItem;
use super::rule_spans::RuleSpans;
use super::source::Span;
use super::vocabulary::Answer;
use super::window::{Edge, Window};

/// What a rule does with the requests it matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Effect {
    /// `permit`
    Permit,
    /// `forbid`
    Forbid,
}

/// One permit or forbid.
#[derive(Clone, Debug)]
pub struct Rule {
    /// `8.4/esme-variant-correction`; the name alone for a rule outside services.
    pub name: String,
    /// What the rule permits or forbids, for people.
    pub text: String,
    /// The `///` lines above it.
    pub doc: String,
    /// What the rule does.
    pub effect: Effect,
    /// The service that contains the rule, as an index in the policy's list; `None` outside services.
    pub service: Option<usize>,
    /// When the rule is in force.
    pub window: Window,
    /// Its own clauses. All must hold.
    pub clauses: Vec<Clause>,
    /// The conditions that it names, as indices in the policy's list. All must hold.
    pub when: Vec<usize>,
    /// Where its rarer lines are in the text.
    pub spans: RuleSpans,
    /// The items of `services` and of `except`, as written; empty for a rule in a service.
    pub selectors: Vec<Selector>,
    /// The clause of the code that the rule implements.
    pub source: Option<String>,
    /// The assumption that the rule rests on.
    pub assumed: Option<String>,
    /// What a forbid answers, if it states that.
    pub refuse: Option<Answer>,
    /// The whole rule in the text.
    pub span: Span,
    /// Its name in the text.
    pub name_span: Span,
}

/// One item of `services` or of `except`.
#[derive(Clone, Debug)]
pub struct Selector {
    /// The services it selects, as indices in the policy's list.
    pub services: Vec<usize>,
    /// When it selects them.
    pub window: Window,
    /// Whether it is an item of `except`.
    pub except: bool,
    /// Whether it names one service by its number.
    pub named: bool,
    /// The item in the text.
    pub span: Span,
}

/// What a rule or an alternative of a condition requires of one attribute.
#[derive(Clone, Debug)]
pub struct Clause {
    /// The attribute, as an index in checking order.
    pub attribute: usize,
    /// How the request's value or set is tested against the list.
    pub test: Test,
    /// The clause in the text.
    pub span: Span,
    /// The list.
    pub items: Vec<ListItem>,
}

/// How a clause tests a value, or a set of values, against the list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Test {
    /// `any`: every value passes.
    Any,
    /// A bare list: the value is one of these; of a set, at least one of these is present.
    In,
    /// `not`: the value is none of these.
    Not,
    /// `only`: at least one of these is present, and nothing else.
    Only,
    /// `includes`: all of these are present.
    Includes,
    /// `excludes`: none of these is present.
    Excludes,
    /// `exactly`, `none`: these are present, and nothing else.
    Exactly,
}

impl Clause {
    /// The values listed on a date, as indices in the attribute's values. In a clause about `fields`, they are indices
    /// in the fields that the rule's service declares.
    ///
    /// ```
    /// # use meterwarden::{Date, Policy, Source};
    /// # let rules = r#"
    /// #     attribute role "User Role" always { refuse E2 "this role may not send it"  IS GS ED }
    /// #     service 4.2 "Read" {
    /// #         permit reader "suppliers read, and later others" {
    /// #             role    IS, ED (since 2024-06-01)
    /// #             source  "an example"
    /// #         }
    /// #     }
    /// # "#;
    /// # let policy = Policy::from_sources(vec![Source::new("example.rules", rules)])?;
    /// // role IS, ED (since 2024-06-01)
    /// let clause = &policy.rules()[0].clauses[0];
    /// assert!(clause.listed_on(Date::constant(2024, 1, 1)).eq([0]));
    /// assert!(clause.listed_on(Date::constant(2025, 1, 1)).eq([0, 2]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn listed_on(&self, at: Date) -> impl Iterator<Item = usize> + '_ {
        self.listed(Edge::On(at)).map(|value| value as usize)
    }

    /// The values listed at a time, as [`Clause::listed_on`] numbers them.
    pub fn listed(&self, at: Edge) -> impl Iterator<Item = u32> + '_ {
        let inside = move |item: &&ListItem| item.window().contains(at);
        self.items.iter().filter(inside).map(|item| item.value)
    }

    /// When each item is in the list.
    pub fn windows(&self) -> impl Iterator<Item = &Window> {
        self.items.iter().map(ListItem::window)
    }
}

//! A policy with every name resolved: the vocabulary, the register of modifications, services and rules.
//! Only [`check`](crate::language::check()) makes one, so that nothing in it can be wrong.

pub mod list_item;
pub mod rule_spans;
pub mod source;
mod stamp;
mod window;

use std::collections::HashMap;
#[cfg(feature = "parse")]
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

#[cfg(feature = "parse")]
use crate::base::parallel;
#[cfg(feature = "parse")]
use crate::language::ast::File;
#[cfg(feature = "parse")]
use crate::language::parse::{parse, threads};
pub use list_item::Item;
pub use rule_spans::Spans;
pub use source::Lines;
pub use source::{Source, Span};
pub use stamp::Stamp;
pub use window::{Edge, Window, edges};

/// More attributes than this cannot be held beside a request without asking for memory.
pub const MOST_ATTRIBUTES: usize = 32;

/// A subset is one machine word of 128 bits, the last of which stands for undeclared fields.
pub const MOST_SET_VALUES: usize = 127;

/// A rule is a box for each combination of its conditions' cases.
pub const MOST_COMBINATIONS: usize = 1_000;

/// The largest space that a service may have, in kinds of request: so many are walked where nothing is said.
pub const MOST_CELLS: u64 = 1_000_000;

/// Rules that belong together, checked. Immutable; share it behind an `Arc`.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) sources: Vec<Source>,
    /// Where the lines of the sources begin.
    pub(crate) lines: Lines,
    /// The rule files as written, read again when somebody first asks: most never do, and they are larger than the rest.
    #[cfg(feature = "parse")]
    pub(crate) files: OnceLock<Arc<[File]>>,
    pub(crate) fingerprint: String,
    pub(crate) attributes: Vec<Attribute>,
    /// `attributes[fields]` is the one whose values each service declares.
    pub(crate) fields: Option<usize>,
    pub(crate) modifications: Vec<Modification>,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) services: Vec<Service>,
    /// Every rule, in policy order: files by path, then as written.
    pub(crate) rules: Vec<Rule>,
    pub(crate) attribute_index: HashMap<String, usize>,
    pub(crate) service_index: HashMap<String, usize>,
}

impl Policy {
    /// A policy of these attributes alone, which refuses everything: `diff` compares two policies in the terms of one that
    /// has the attributes of both. `fields` is the place of the attribute whose values each service declares.
    pub fn of_vocabulary(attributes: Vec<Attribute>, fields: Option<usize>) -> Self {
        Self {
            sources: Vec::new(),
            lines: Lines::default(),
            #[cfg(feature = "parse")]
            files: OnceLock::new(),
            fingerprint: String::new(),
            attribute_index: attributes.iter().map(|attribute| attribute.name.clone()).zip(0..).collect(),
            attributes,
            fields,
            modifications: Vec::new(),
            conditions: Vec::new(),
            tags: Vec::new(),
            services: Vec::new(),
            rules: Vec::new(),
            service_index: HashMap::new(),
        }
    }

    /// Swaps a rule with another, as mutants do. Not stable: nothing checks that the policy still makes sense.
    pub fn swap_rule(&mut self, place: usize, rule: &mut Rule) {
        std::mem::swap(&mut self.rules[place], rule);
    }

    /// Swaps a condition with another, as mutants do. Not stable.
    pub fn swap_condition(&mut self, place: usize, condition: &mut Condition) {
        std::mem::swap(&mut self.conditions[place], condition);
    }

    /// Swaps a service with another, as mutants do. Not stable.
    pub fn swap_service(&mut self, place: usize, service: &mut Service) {
        std::mem::swap(&mut self.services[place], service);
    }

    /// The rule files, in path order.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// The rule files as written, for what is said of their text.
    #[cfg(feature = "parse")]
    pub fn files(&self) -> &[File] {
        self.files.get_or_init(|| {
            let numbered: Vec<_> = self.sources.iter().zip(0..).collect();
            let threads = threads(self.sources.iter());
            parallel::map(&numbered, threads, |(source, file)| parse(source, *file).file).into()
        })
    }

    /// `sha256:` and the digest of the rule files' paths and bytes (line ends as LF), in path order.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The attributes, in checking order.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The register of modifications.
    pub fn modifications(&self) -> &[Modification] {
        &self.modifications
    }

    /// The conditions.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// The tags that services carry.
    pub fn tags(&self) -> &[Tag] {
        &self.tags
    }

    /// The services, in policy order.
    pub fn services(&self) -> &[Service] {
        &self.services
    }

    /// The rules, in policy order.
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }

    /// The attribute of that name.
    pub fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attribute_index.get(name).map(|&at| &self.attributes[at])
    }

    /// The service of that name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.service_index.get(name).map(|&at| &self.services[at])
    }

    /// The place in checking order of `fields`, the attribute whose values each service declares; nothing where no
    /// attribute is.
    pub fn fields_attribute(&self) -> Option<usize> {
        self.fields
    }

    /// The place in checking order of the attribute of that name.
    pub fn attribute_place(&self, name: &str) -> Option<usize> {
        self.attribute_index.get(name).copied()
    }

    /// The place in policy order of the service of that name.
    pub fn service_place(&self, name: &str) -> Option<usize> {
        self.service_index.get(name).copied()
    }

    /// The rules that decide requests for a service on a date, in policy order: those in force that cover it.
    ///
    /// ```
    /// # use meterwarden::{Date, Policy, Source};
    /// # let rules = r#"
    /// #     attribute role "User Role" always { refuse E2 "this role may not send it"  IS ED }
    /// #     condition supplier "who supplies" { source "an example"  case role IS }
    /// #     service 4.2 "Read" {
    /// #         permit reader "suppliers read, and later others" {
    /// #             role    IS, ED (since 2024-06-01)
    /// #             source  "an example"
    /// #         }
    /// #         permit later "from a date on" { since 2025-01-01  when supplier  source "an example" }
    /// #     }
    /// # "#;
    /// # let policy = Policy::from_sources(vec![Source::new("example.rules", rules)])?;
    /// let service = policy.service("4.2").ok_or("no such service")?;
    /// let on = |year| policy.in_force(service, Date::constant(year, 1, 1)).map(|rule| rule.name.as_str());
    /// assert!(on(2024).eq(["4.2/reader"]));
    /// assert!(on(2025).eq(["4.2/reader", "4.2/later"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn in_force<'p>(&'p self, service: &'p Service, at: Date) -> impl Iterator<Item = &'p Rule> {
        let covering = service.rules.iter().filter(move |covered| covered.holds(Edge::On(at)));
        covering
            .map(|covered| &self.rules[covered.rule])
            .filter(move |rule| rule.window.contains(Edge::On(at)))
    }

    /// The conditions that a rule names with `when`. Of each, some case has to hold besides the rule's own clauses.
    ///
    /// ```
    /// # use meterwarden::{Policy, Source};
    /// # let rules = r#"
    /// #     attribute role "User Role" always { refuse E2 "this role may not send it"  IS ED }
    /// #     condition supplier "who supplies" { source "an example"  case role IS }
    /// #     service 4.2 "Read" { permit reader "suppliers" { when supplier  source "an example" } }
    /// # "#;
    /// # let policy = Policy::from_sources(vec![Source::new("example.rules", rules)])?;
    /// let names = policy.conditions_of(&policy.rules()[0]).map(|condition| condition.name.as_str());
    /// assert!(names.eq(["supplier"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn conditions_of<'p>(&'p self, rule: &'p Rule) -> impl Iterator<Item = &'p Condition> {
        rule.when.iter().map(|condition| &self.conditions[*condition])
    }

    /// The text at a place.
    pub fn text(&self, span: Span) -> &str {
        let source = self.sources.get(span.file as usize);
        source.and_then(|source| source.text.get(span.start as usize..span.end as usize)).unwrap_or("")
    }

    /// The text at a place, on one line.
    pub fn words(&self, span: Span) -> String {
        self.text(span).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// A place as `path:line`.
    pub fn line(&self, span: Span) -> String {
        let place = self.place(span);
        place.rsplit_once(':').map_or_else(String::new, |(line, _)| line.to_owned())
    }

    /// A place as `path:line:column`.
    pub fn place(&self, span: Span) -> String {
        let Some(source) = self.sources.get(span.file as usize) else { return String::new() };
        let (line, column) = self.lines.line_column(span.file as usize, source, span.start as usize);
        format!("{}:{line}:{column}", source.path)
    }

    /// Every window that says when something of a rule is in force: its own, and those of listed items.
    pub fn rule_windows<'p>(&'p self, rule: &'p Rule) -> impl Iterator<Item = &'p Window> {
        let cases = rule.when.iter().flat_map(|id| self.conditions[*id].cases.iter().flatten());
        let clauses = rule.clauses.iter().chain(cases);
        [&rule.window].into_iter().chain(clauses.flat_map(Clause::windows))
    }

    /// Every window that says when something about a service is in force.
    pub fn service_windows<'p>(&'p self, service: &'p Service) -> impl Iterator<Item = &'p Window> {
        let rules = service.rules.iter().flat_map(|covered| self.covered_windows(covered));
        service.field_windows().chain(rules)
    }

    /// Every window that says when a rule is in force for a service.
    pub fn covered_windows<'p>(&'p self, covered: &'p Covered) -> impl Iterator<Item = &'p Window> {
        let covers = covered.covered.iter().chain(&covered.left_out);
        covers.chain(self.rule_windows(&self.rules[covered.rule]))
    }

    /// Whether anything about a service waits for a modification that is only proposed.
    pub fn has_proposals(&self, service: &Service) -> bool {
        self.service_windows(service).any(|window| {
            let since = window.from == Edge::Never;
            since || (window.until == Edge::Never && window.named[1].is_some())
        })
    }

    /// The values of an attribute for a service: its own, or the fields that the service declares.
    pub fn values<'p>(&'p self, attribute: usize, service: &'p Service) -> Vec<&'p str> {
        if Some(attribute) == self.fields {
            let fields = service.fields.iter().flatten();
            return fields.map(|field| field.name.as_str()).collect();
        }
        self.attributes[attribute].values.iter().map(|value| value.name.as_str()).collect()
    }

    /// How many values an attribute has for a service.
    pub fn value_count(&self, attribute: usize, service: &Service) -> usize {
        if Some(attribute) == self.fields {
            return service.fields.as_ref().map_or(0, Vec::len);
        }
        self.attributes[attribute].values.len()
    }
}

/// What a request may say of one thing, from a finite list.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// `status`
    pub name: String,
    /// What it is, for people.
    pub text: String,
    /// Whether a request says any subset of the values rather than one of them.
    pub set: bool,
    /// Whether every permit must say it.
    pub always: bool,
    /// Whether it is what the sender says in the message, rather than what is so of sender and device.
    pub sender: bool,
    /// What a refusal at this attribute answers.
    pub refuse: Answer,
    /// Its values, in the order of the text. Those of `fields` stand with each service.
    pub values: Vec<Value>,
    /// Its declaration.
    pub span: Span,
    /// `value_index[name]`: the place of a value in `values`.
    pub value_index: HashMap<String, u32>,
}

/// One value of an attribute.
#[derive(Clone, Debug)]
pub struct Value {
    /// `Commissioned`
    pub name: String,
    /// What it means, for people.
    pub text: String,
    /// What a refusal of this value answers, where that differs from the attribute's.
    pub refuse: Option<Answer>,
    /// Its declaration.
    pub span: Span,
}

/// What a refusal says.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Answer {
    /// The response code; nothing where none is assigned.
    pub code: Option<String>,
    /// The reason, for people.
    pub reason: String,
}

/// A change to the code that rules name in `since` and `until`.
#[derive(Clone, Debug)]
pub struct Modification {
    /// `MP125`
    pub name: String,
    /// Its title.
    pub text: String,
    /// Its date; `Never` where it is proposed.
    pub effective: Edge,
    /// Where it is written down.
    pub source: Option<String>,
    /// Its declaration.
    pub span: Span,
}

/// A named list of cases.
#[derive(Clone, Debug)]
pub struct Condition {
    /// `responsible-supplier`
    pub name: String,
    /// What it means.
    pub text: String,
    /// The clause of the code that it carries out.
    pub source: Option<String>,
    /// The assumption that it rests on.
    pub assumed: Option<String>,
    /// Any one of them is enough.
    pub cases: Vec<Vec<Clause>>,
    /// Its declaration.
    pub span: Span,
}

/// A tag that services carry.
#[derive(Clone, Debug)]
pub struct Tag {
    /// `critical`
    pub name: String,
    /// What it means.
    pub text: String,
    /// Its declaration.
    pub span: Span,
}

/// A Service Reference Variant, as its rules see it.
#[derive(Clone, Debug)]
pub struct Service {
    /// `8.4`
    pub name: String,
    /// `Update Inventory`
    pub text: String,
    /// The `///` lines above it.
    pub doc: String,
    /// Its tags, as places in the policy's list.
    pub tags: Vec<usize>,
    /// The fields its rules may name; nothing where the body is not looked at.
    pub fields: Option<Vec<Field>>,
    /// Why nobody may send it.
    pub closed: Option<String>,
    /// The rules that may cover it, as places in the policy's list, and when they do.
    pub rules: Vec<Covered>,
    /// Its declaration.
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
    /// Where.
    pub span: Span,
}

/// A rule that covers a service while any of `covered` holds and none of `left_out` does.
#[derive(Clone, Debug)]
pub struct Covered {
    /// The rule, as a place in the policy's list.
    pub rule: usize,
    /// When its `services` line names the service.
    pub covered: Vec<Window>,
    /// When its `except` names the service.
    pub left_out: Vec<Window>,
}

impl Covered {
    /// Whether the rule covers the service at a time.
    pub fn holds(&self, at: Edge) -> bool {
        let any = |windows: &[Window]| windows.iter().any(|window| window.contains(at));
        any(&self.covered) && !any(&self.left_out)
    }
}

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
    /// What it is called by: `8.4/esme-variant-correction`, or its name alone outside services.
    pub name: String,
    /// What it says, for people.
    pub text: String,
    /// The `///` lines above it.
    pub doc: String,
    /// What it does.
    pub effect: Effect,
    /// The service it stands in, as a place in the policy's list.
    pub service: Option<usize>,
    /// When it is in force.
    pub window: Window,
    /// Its own clauses.
    pub clauses: Vec<Clause>,
    /// The conditions that it names, as places in the policy's list.
    pub when: Vec<usize>,
    /// Where it says what few rules say.
    pub spans: Spans,
    /// Outside services, the items of `services` and of `except`, as written.
    pub selectors: Vec<Selector>,
    /// The clause of the code that it carries out.
    pub source: Option<String>,
    /// The assumption that it rests on.
    pub assumed: Option<String>,
    /// What a forbid answers with, where it says so.
    pub refuse: Option<Answer>,
    /// The rule.
    pub span: Span,
    /// Its name in the text.
    pub name_span: Span,
}

/// One item of `services` or of `except`.
#[derive(Clone, Debug)]
pub struct Selector {
    /// The services it means, as places in the policy's list.
    pub services: Vec<usize>,
    /// When it means them.
    pub window: Window,
    /// Whether it leaves them out.
    pub except: bool,
    /// Whether it names one service, by its number.
    pub named: bool,
    /// The item in the text.
    pub span: Span,
}

/// What a rule or a case asks of one attribute.
#[derive(Clone, Debug)]
pub struct Clause {
    /// The attribute, as a place in checking order.
    pub attribute: usize,
    /// What it asks.
    pub test: Test,
    /// The clause in the text.
    pub span: Span,
    /// The values that it lists.
    pub items: Vec<Item>,
}

/// What a clause asks of the values it lists.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Test {
    /// `any`: every value will do.
    Any,
    /// A bare list: the value is one of these; of a set, at least one of these is present.
    In,
    /// `not`: the value is none of these.
    Not,
    /// `only`: at least one of these, and nothing else.
    Only,
    /// `includes`: all of these.
    Includes,
    /// `excludes`: none of these.
    Excludes,
    /// `exactly`, `none`: these and nothing else.
    Exactly,
}

impl Clause {
    /// The values listed on a date, as places in the attribute's values; of `fields`, in those that the service of the
    /// rule declares.
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

    /// The values listed on a date.
    pub fn listed(&self, at: Edge) -> impl Iterator<Item = u32> + '_ {
        let inside = move |item: &&Item| item.window().contains(at);
        self.items.iter().filter(inside).map(|item| item.value)
    }

    /// When each item of its list is in it.
    pub fn windows(&self) -> impl Iterator<Item = &Window> {
        self.items.iter().map(Item::window)
    }
}

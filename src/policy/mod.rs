//! A policy with every name resolved: the vocabulary, the register of modifications, services and rules.
//! [`check`](crate::check()) makes one from rule files, and the plan file has one, which is validated when it is read.

pub(crate) mod clock;
mod condition;
mod group;
mod list_item;
mod modification;
mod posix_zone;
pub mod rule_spans;
pub(crate) mod rule;
mod service;
pub mod source;
mod stamp;
mod vocabulary;
mod window;

use std::collections::HashMap;
#[cfg(feature = "parse")]
use std::sync::{Arc, OnceLock};

use jiff::civil::Date;

// The one import from a later module: a policy keeps the syntax trees of its files, so that no file is parsed twice.
#[cfg(feature = "parse")]
use crate::language::ast::File;
pub use clock::{Clock, Moment, Zone};
pub use condition::Condition;
pub use group::Group;
pub use list_item::ListItem;
pub use modification::Modification;
pub use rule::{Clause, Effect, Rule, Selector, Test};
pub use rule_spans::RuleSpans;
pub use service::{Covered, ElementText, Field, Service};
pub use source::{Lines, Source, Span};
pub use stamp::Stamp;
pub use vocabulary::{Answer, Attribute, Tag, Value};
pub use window::{Edge, Window, edges};

/// A set of rule files, checked. Immutable; share it in an `Arc`.
#[derive(Clone, Debug)]
pub struct Policy {
    pub(crate) sources: Vec<Source>,
    /// Where the lines of the sources begin.
    pub(crate) lines: Lines,
    /// The syntax trees of the sources. `check` sets them; a policy from a plan file parses its sources at the first
    /// use.
    #[cfg(feature = "parse")]
    pub(crate) files: OnceLock<Arc<[File]>>,
    pub(crate) fingerprint: String,
    pub(crate) attributes: Vec<Attribute>,
    /// `attributes[fields]` is the attribute whose values each service declares.
    pub(crate) fields: Option<usize>,
    /// In policy order.
    pub(crate) groups: Vec<Group>,
    pub(crate) modifications: Vec<Modification>,
    pub(crate) clock: Clock,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) tags: Vec<Tag>,
    pub(crate) services: Vec<Service>,
    /// Every rule, in policy order: files by path, then in the order of the text.
    pub(crate) rules: Vec<Rule>,
    pub(crate) attribute_index: HashMap<String, usize>,
    pub(crate) service_index: HashMap<String, usize>,
}

impl Policy {
    /// A policy that has these attributes and nothing else, and so refuses every request. `diff` compares two policies
    /// in terms of a policy that has the attributes of both. `fields` is the index of the attribute whose values each
    /// service declares.
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
            groups: Vec::new(),
            modifications: Vec::new(),
            clock: Clock::default(),
            conditions: Vec::new(),
            tags: Vec::new(),
            services: Vec::new(),
            rules: Vec::new(),
            service_index: HashMap::new(),
        }
    }

    /// Swaps a rule with another, as mutation testing does. Not stable: nothing checks that the policy is still
    /// consistent.
    pub fn swap_rule(&mut self, index: usize, rule: &mut Rule) {
        std::mem::swap(&mut self.rules[index], rule);
    }

    /// Swaps a condition with another, as mutation testing does. Not stable.
    pub fn swap_condition(&mut self, index: usize, condition: &mut Condition) {
        std::mem::swap(&mut self.conditions[index], condition);
    }

    /// Swaps a service with another, as mutation testing does. Not stable.
    pub fn swap_service(&mut self, index: usize, service: &mut Service) {
        std::mem::swap(&mut self.services[index], service);
    }

    /// The rule files, in path order.
    pub fn sources(&self) -> &[Source] {
        &self.sources
    }

    /// `sha256:` and the digest of the rule files' paths and bytes (line ends as LF), in path order, as hexadecimal
    /// digits.
    pub fn fingerprint(&self) -> &str {
        &self.fingerprint
    }

    /// The attributes, in checking order.
    pub fn attributes(&self) -> &[Attribute] {
        &self.attributes
    }

    /// The groups, in policy order.
    pub fn groups(&self) -> &[Group] {
        &self.groups
    }

    /// The groups that are declared for an attribute, which is given as an index in checking order.
    pub fn groups_of(&self, attribute: usize) -> impl Iterator<Item = &Group> {
        self.groups.iter().filter(move |group| group.attribute == attribute)
    }

    /// The names of the values that a group lists.
    pub fn values_of_group<'p>(&'p self, group: &'p Group) -> impl Iterator<Item = &'p str> {
        let values = &self.attributes[group.attribute].values;
        group.items.iter().map(|item| values[item.value as usize].name.as_str())
    }

    /// The register of modifications.
    pub fn modifications(&self) -> &[Modification] {
        &self.modifications
    }

    /// What the policy states about time; nothing if it has no `clock`.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The conditions.
    pub fn conditions(&self) -> &[Condition] {
        &self.conditions
    }

    /// The tags that services have.
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
        self.attribute_index.get(name).map(|&index| &self.attributes[index])
    }

    /// The service of that name.
    pub fn service(&self, name: &str) -> Option<&Service> {
        self.service_index.get(name).map(|&index| &self.services[index])
    }

    /// The index in checking order of `fields`, the attribute whose values each service declares; `None` if the
    /// vocabulary has no such attribute.
    pub fn fields_attribute(&self) -> Option<usize> {
        self.fields
    }

    /// The index in checking order of the attribute of that name.
    pub fn attribute_index_of(&self, name: &str) -> Option<usize> {
        self.attribute_index.get(name).copied()
    }

    /// The index in policy order of the service of that name.
    pub fn service_index_of(&self, name: &str) -> Option<usize> {
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

    /// The conditions that a rule names with `when`. The rule matches if they all hold besides its own clauses.
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

    /// The text of a span.
    pub fn text(&self, span: Span) -> &str {
        let source = self.sources.get(span.file as usize);
        source.and_then(|source| source.text.get(span.start as usize..span.end as usize)).unwrap_or("")
    }

    /// The text of a span, on one line.
    pub fn words(&self, span: Span) -> String {
        self.text(span).split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Where a span begins, as `path:line`.
    pub fn line(&self, span: Span) -> String {
        let place = self.place(span);
        place.rsplit_once(':').map_or_else(String::new, |(line, _)| line.to_owned())
    }

    /// Where a span begins, as `path:line:column`, the column in characters.
    pub fn place(&self, span: Span) -> String {
        let Some(source) = self.sources.get(span.file as usize) else { return String::new() };
        let (line, column) = self.lines.line_column(span.file as usize, source, span.start as usize);
        format!("{}:{line}:{column}", source.path)
    }

    /// Every window that affects when a rule matches: its own, and those of listed items.
    pub fn rule_windows<'p>(&'p self, rule: &'p Rule) -> impl Iterator<Item = &'p Window> {
        let cases = rule.when.iter().flat_map(|id| self.conditions[*id].cases.iter().flatten());
        let clauses = rule.clauses.iter().chain(cases);
        [&rule.window].into_iter().chain(clauses.flat_map(Clause::windows))
    }

    /// Every window that affects when a service is permitted.
    pub fn service_windows<'p>(&'p self, service: &'p Service) -> impl Iterator<Item = &'p Window> {
        let rules = service.rules.iter().flat_map(|covered| self.covered_windows(covered));
        service.field_windows().chain(rules)
    }

    /// Every window that affects when a rule matches requests for a service.
    pub fn covered_windows<'p>(&'p self, covered: &'p Covered) -> impl Iterator<Item = &'p Window> {
        let covers = covered.covered.iter().chain(&covered.left_out);
        covers.chain(self.rule_windows(&self.rules[covered.rule]))
    }

    /// Whether anything about a service depends on a modification that is only proposed.
    pub fn has_proposals(&self, service: &Service) -> bool {
        self.service_windows(service).any(|window| {
            let since = window.from == Edge::Never;
            since || (window.until == Edge::Never && window.named[1].is_some())
        })
    }

    /// The values of an attribute for a service. For `fields`, they are the fields that the service declares.
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

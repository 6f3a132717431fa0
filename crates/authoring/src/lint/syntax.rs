//! The parsed rule files of a policy, and iterators over their parts.

use std::collections::HashSet;

use meterwarden::language::ast::{
    Attribute, Bound, Clause, Condition, Covers, DatePart, Dated, File, Group, Item, Modification, Name,
    Part, Rule, Selector, Service, Tag, Test,
};
use meterwarden::policy::Policy;

/// A policy and its parsed files, which have no errors.
pub(super) struct Syntax<'p> {
    pub(super) policy: &'p Policy,
    pub(super) files: &'p [File],
    /// Each attribute that is `like` another, with the other.
    like: Vec<(&'p str, &'p str)>,
}

/// Methods that iterate over the items of one kind, in the order of the text.
macro_rules! items_of_kind {
    ($($name:ident: $kind:ident,)*) => {
        impl Syntax<'_> {
            $(pub(super) fn $name(&self) -> impl Iterator<Item = &$kind> {
                self.items().filter_map(|item| match item {
                    Item::$kind(declaration) => Some(declaration),
                    _ => None,
                })
            })*
        }
    };
}

items_of_kind! {
    attributes: Attribute,
    groups: Group,
    tags: Tag,
    conditions: Condition,
    modifications: Modification,
    services: Service,
}

impl<'p> Syntax<'p> {
    pub(super) fn of(policy: &'p Policy) -> Self {
        let items = policy.files().iter().flat_map(|file| &file.items);
        let like = items.filter_map(|item| match item {
            Item::Attribute(attribute) => {
                Some((attribute.name.text.as_str(), attribute.like.first()?.text.as_str()))
            }
            _ => None,
        });
        Self { policy, files: policy.files(), like: like.collect() }
    }

    pub(super) fn items(&self) -> impl Iterator<Item = &Item> {
        self.files.iter().flat_map(|file| &file.items)
    }

    /// The attribute that declares the values and groups of this attribute: itself, or the one that it is `like`.
    pub(super) fn declaring<'s>(&'s self, attribute: &'s str) -> &'s str {
        self.like.iter().find(|(name, _)| *name == attribute).map_or(attribute, |(_, like)| *like)
    }

    /// Every rule, in services and outside them.
    pub(super) fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.items().flat_map(|item| match item {
            Item::Service(service) => service.rules.as_slice(),
            Item::Rule(rule) => std::slice::from_ref(rule),
            _ => &[],
        })
    }

    /// Every clause, of rules and of conditions.
    pub(super) fn clauses(&self) -> impl Iterator<Item = &Clause> {
        let of_rules = self.rules().flat_map(clauses);
        let alternatives = self.conditions().flat_map(|condition| &condition.cases);
        of_rules.chain(alternatives.flat_map(|alternative| &alternative.clauses))
    }

    /// Every `services` line.
    pub(super) fn covers(&self) -> impl Iterator<Item = &Covers> {
        self.rules().flat_map(|rule| &rule.parts).filter_map(|part| match part {
            Part::Covers(covers) => Some(covers),
            _ => None,
        })
    }

    /// Every list of names: of clauses, of groups, of `fields` lines.
    pub(super) fn lists(&self) -> impl Iterator<Item = &[Dated]> {
        let clauses = self.clauses().map(|clause| list_of(&clause.test));
        let groups = self.groups().map(|group| group.items.as_slice());
        let fields = self.services().flat_map(|service| &service.fields).map(|line| line.items.as_slice());
        clauses.chain(groups).chain(fields)
    }

    /// Every `since X` and `until X`, of rules and of items.
    pub(super) fn bounds(&self) -> impl Iterator<Item = &Bound> {
        let rules = self.rules().flat_map(|rule| &rule.parts).filter_map(|part| match part {
            Part::Since(bound) | Part::Until(bound) => Some(bound),
            _ => None,
        });
        let selectors = self.covers().flat_map(selectors).flat_map(|selector| &selector.dates);
        let items = self.lists().flatten().flat_map(Dated::dates);
        rules.chain(selectors.chain(items).map(|(DatePart::Since(bound) | DatePart::Until(bound))| bound))
    }
}

/// The clauses of a rule.
pub(super) fn clauses(rule: &Rule) -> impl Iterator<Item = &Clause> {
    rule.parts.iter().filter_map(|part| match part {
        Part::Clause(clause) => Some(clause),
        _ => None,
    })
}

/// The items of a `services` line, and the items after its `except`.
pub(super) fn selectors(covers: &Covers) -> impl Iterator<Item = &Selector> {
    covers.items.iter().chain(&covers.except)
}

/// The list of a test; empty if it has none.
pub(super) fn list_of(test: &Test) -> &[Dated] {
    match test {
        Test::In(items)
        | Test::Not(items)
        | Test::Only(items)
        | Test::Includes(items)
        | Test::Excludes(items)
        | Test::Exactly(items) => items,
        Test::Any | Test::None | Test::Text(_) => &[],
    }
}

/// The declared names that are never used. `used` is consumed only until every name is found.
pub(super) fn unused<'s>(
    declared: impl Iterator<Item = &'s Name>,
    mut used: impl Iterator<Item = &'s str>,
) -> Vec<&'s Name> {
    let declared: Vec<&Name> = declared.collect();
    let mut left: HashSet<&str> = declared.iter().map(|name| name.text.as_str()).collect();
    while !left.is_empty()
        && let Some(name) = used.next()
    {
        left.remove(name);
    }
    declared.into_iter().filter(|name| left.contains(name.text.as_str())).collect()
}

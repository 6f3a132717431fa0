//! The rule files of a policy as their author wrote them, and ways through them.

use std::collections::HashSet;

use meterwarden::language::ast::{
    Attribute, Bound, Clause, Condition, Covers, DatePart, Dated, File, Group, Item, Modification, Name,
    Part, Rule, Selector, Service, Tag, Test,
};
use meterwarden::policy::Policy;

/// A policy and its files, which have no mistakes in them.
pub(super) struct Written<'p> {
    pub(super) policy: &'p Policy,
    pub(super) files: &'p [File],
    /// The attributes that are `like` another, each with that one.
    like: Vec<(&'p str, &'p str)>,
}

/// The items of one class, in the order of the text.
macro_rules! of_kind {
    ($($(#[$doc:meta])* $name:ident: $class:ident,)*) => {
        impl Written<'_> {
            $($(#[$doc])* pub(super) fn $name(&self) -> impl Iterator<Item = &$class> {
                self.items().filter_map(|item| match item {
                    Item::$class(one) => Some(one),
                    _ => None,
                })
            })*
        }
    };
}

of_kind! {
    attributes: Attribute,
    groups: Group,
    tags: Tag,
    conditions: Condition,
    modifications: Modification,
    services: Service,
}

impl<'p> Written<'p> {
    pub(super) fn of(policy: &'p Policy) -> Self {
        let items = policy.files().iter().flat_map(|file| &file.items);
        let like = items.filter_map(|item| match item {
            Item::Attribute(one) => Some((one.name.text.as_str(), one.like.first()?.text.as_str())),
            _ => None,
        });
        Self { policy, files: policy.files(), like: like.collect() }
    }

    pub(super) fn items(&self) -> impl Iterator<Item = &Item> {
        self.files.iter().flat_map(|file| &file.items)
    }

    /// The attribute that declares the values and groups of this one: itself, or the one it is `like`.
    pub(super) fn declaring<'w>(&'w self, attribute: &'w str) -> &'w str {
        self.like.iter().find(|(one, _)| *one == attribute).map_or(attribute, |(_, like)| *like)
    }

    /// Every rule, in services and outside of them.
    pub(super) fn rules(&self) -> impl Iterator<Item = &Rule> {
        self.items().flat_map(|item| match item {
            Item::Service(service) => service.rules.as_slice(),
            Item::Rule(rule) => std::slice::from_ref(rule),
            _ => &[],
        })
    }

    /// Every clause, of rules and of cases.
    pub(super) fn clauses(&self) -> impl Iterator<Item = &Clause> {
        let rules = self.rules().flat_map(clauses);
        rules.chain(self.conditions().flat_map(|one| &one.cases).flat_map(|case| &case.clauses))
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
        let clauses = self.clauses().map(|clause| listed(&clause.test));
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

/// The items of a `services` line, and those behind its `except`.
pub(super) fn selectors(covers: &Covers) -> impl Iterator<Item = &Selector> {
    covers.items.iter().chain(&covers.except)
}

/// What a test lists.
pub(super) fn listed(test: &Test) -> &[Dated] {
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

/// Of some names those that are never said. What is said is read no further than it takes.
pub(super) fn unnamed<'w>(
    names: impl Iterator<Item = &'w Name>,
    mut said: impl Iterator<Item = &'w str>,
) -> Vec<&'w Name> {
    let names: Vec<&Name> = names.collect();
    let mut left: HashSet<&str> = names.iter().map(|name| name.text.as_str()).collect();
    while let Some(said) = if left.is_empty() { None } else { said.next() } {
        left.remove(said);
    }
    names.into_iter().filter(|name| left.contains(name.text.as_str())).collect()
}

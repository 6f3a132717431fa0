//! What is in force for one service on one date: the boxes of its rules, with every list written out.

use std::collections::{BTreeMap, BTreeSet};

use meterwarden::Date;
use meterwarden::language::ast::SelectorKind;

use super::model::{Book, Bound, Clause, Covers, Item, Refuse, Selector, Test, When, Window};

/// The one attribute whose values each service declares for itself.
pub(crate) const FIELDS: &str = "fields";

/// A name that no service declares.
pub(crate) const UNDECLARED: &str = "Undeclared";

/// What a request says of one attribute.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Stated {
    /// "An attribute takes exactly one of its values in a request."
    Value(String),
    /// "A set attribute takes any subset of them."
    Set(BTreeSet<String>),
    /// "A request may state single values of a set attribute"; the others are not stated.
    Members { present: BTreeSet<String>, absent: BTreeSet<String> },
}

/// What a request says, by attribute.
pub(crate) type Facts = BTreeMap<String, Stated>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Law {
    /// In checking order.
    pub(crate) axes: Vec<Axis>,
    /// The fields that the service declares on this date; nothing where it "does not look at the body".
    pub(crate) declared: Option<BTreeSet<String>>,
    /// The name of the field at each place.
    pub(crate) names_at: BTreeMap<String, String>,
    /// In policy order.
    pub(crate) permits: Vec<Rule>,
    /// In policy order.
    pub(crate) forbids: Vec<Rule>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Axis {
    pub(crate) name: String,
    pub(crate) refuse: Refuse,
    pub(crate) own_refuse: BTreeMap<String, Refuse>,
    /// Everything that a request may say of it: each value, or each subset of the values.
    pub(crate) space: Vec<Stated>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) name: String,
    pub(crate) refuse: Option<Refuse>,
    pub(crate) boxes: Vec<Box>,
}

/// "One set of allowed values an attribute": the clauses that must all hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Box {
    pub(crate) clauses: Vec<Listed>,
    /// "It *answers at* the last attribute, in checking order, that it constrains." Nothing if it constrains
    /// none.
    pub(crate) answers_at: Option<usize>,
}

/// A clause with its list as it is on the date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Listed {
    pub(crate) attribute: String,
    pub(crate) test: Test,
    pub(crate) list: BTreeSet<String>,
}

impl Listed {
    /// The table "a clause says / meaning".
    pub(crate) fn holds(&self, fact: &Stated) -> bool {
        let listed = |value: &String| self.list.contains(value);
        match (self.test, fact) {
            // "every value will do"
            (Test::Any, _) => true,
            // "the value is A or B"
            (Test::In, Stated::Value(value)) => listed(value),
            // "the value is neither"
            (Test::Not, Stated::Value(value)) => !listed(value),
            // "for a set attribute a bare list means *at least one of these*, others may be present too"
            (Test::In, Stated::Set(present)) => present.iter().any(listed),
            // "at least one present, and nothing but these"
            (Test::Only, Stated::Set(present)) => !present.is_empty() && present.iter().all(listed),
            // "all of these are present, others may be"
            (Test::Includes, Stated::Set(present)) => self.list.iter().all(|value| present.contains(value)),
            // "none of these is present"
            (Test::Excludes, Stated::Set(present)) => !present.iter().any(listed),
            // "these and no others"
            (Test::Exactly, Stated::Set(present)) => *present == self.list,
            (test, fact) => panic!("{test:?} of {fact:?}"),
        }
    }
}

impl Box {
    /// Whether its clauses on one attribute all hold.
    pub(crate) fn matches_at(&self, attribute: &str, fact: Option<&Stated>) -> bool {
        let mut clauses = self.clauses.iter().filter(|clause| clause.attribute == attribute);
        clauses.all(|clause| clause.holds(fact.unwrap()))
    }

    pub(crate) fn matches(&self, facts: &Facts) -> bool {
        self.clauses.iter().all(|clause| clause.holds(&facts[&clause.attribute]))
    }
}

impl Rule {
    pub(crate) fn matches(&self, facts: &Facts) -> bool {
        self.boxes.iter().any(|rule_box| rule_box.matches(facts))
    }
}

impl Book {
    /// "Take the rules of *s*, and the rules outside services that cover it, that are in force at *t*."
    pub(crate) fn law(&self, service: &str, at: Date) -> Law {
        let fields = self.services[service].fields.as_ref();
        // A dated field is undeclared outside its dates.
        let declared = fields.map(|fields| self.listed(FIELDS, fields, at));
        let axes: Vec<Axis> =
            self.attributes.iter().map(|attribute| self.axis(&attribute.name, fields)).collect();
        let (mut permits, mut forbids) = (Vec::new(), Vec::new());
        for rule in &self.rules {
            if !self.in_force(&rule.window, at) || !self.covers(&rule.covers, service, at) {
                continue;
            }
            let boxes = self.boxes(&rule.clauses, &rule.when, &axes, at);
            let made = Rule { name: rule.name.clone(), refuse: rule.refuse.clone(), boxes };
            if rule.permits { permits.push(made) } else { forbids.push(made) }
        }
        let names_at = fields.into_iter().flatten().map(|field| (field.place.clone(), field.name.clone()));
        Law { axes, declared, names_at: names_at.collect(), permits, forbids }
    }

    fn axis(&self, name: &str, fields: Option<&Vec<Item>>) -> Axis {
        let attribute = self.attribute(name);
        let space = if name == FIELDS {
            // "The fields its rules may name", on whichever date: a message may carry a field that is
            // undeclared on this one.
            subsets(fields.into_iter().flatten().map(|field| &field.name))
        } else if attribute.set {
            subsets(&self.values(name))
        } else {
            self.values(name).into_iter().map(Stated::Value).collect()
        };
        let (refuse, own_refuse) = (attribute.refuse.clone(), attribute.own_refuse.clone());
        Axis { name: name.to_owned(), refuse, own_refuse, space }
    }

    /// "A rule is one *box*; with `when` it is a box for each case (for each combination, with several
    /// `when`), the case's clauses added to its own."
    pub(crate) fn boxes(&self, clauses: &[Clause], when: &[String], axes: &[Axis], at: Date) -> Vec<Box> {
        let mut combinations = vec![clauses.to_vec()];
        for condition in when {
            let cases = &self.conditions[condition];
            let with = |clauses: &Vec<Clause>, case: &Vec<Clause>| [clauses.clone(), case.clone()].concat();
            combinations = combinations
                .iter()
                .flat_map(|clauses| cases.iter().map(move |case| with(clauses, case)))
                .collect();
        }
        let mut boxes = Vec::new();
        for clauses in combinations {
            let clauses: Vec<Listed> = clauses.iter().map(|clause| self.written_out(clause, at)).collect();
            let mut made = Box { clauses, answers_at: None };
            // "A case that contradicts the rule's own clauses … makes no box." Read of every box: one that
            // nothing can match, because dates have emptied a list, is none.
            let contradicts =
                |axis: &Axis| !axis.space.iter().any(|fact| made.matches_at(&axis.name, Some(fact)));
            if axes.iter().any(contradicts) {
                continue;
            }
            // "A box *constrains* an attribute if its clauses leave out at least one value of it (one subset,
            // for a set attribute)."
            let constrains =
                |axis: &Axis| axis.space.iter().any(|fact| !made.matches_at(&axis.name, Some(fact)));
            made.answers_at = axes.iter().rposition(constrains);
            boxes.push(made);
        }
        boxes
    }

    pub(crate) fn written_out(&self, clause: &Clause, at: Date) -> Listed {
        let list = self.listed(&clause.attribute, &clause.list, at);
        Listed { attribute: clause.attribute.clone(), test: clause.test, list }
    }

    /// "An item of any list … may be dated on its own; outside its dates it is not in the list." "A **group**
    /// is a named list of values of one attribute."
    fn listed(&self, attribute: &str, list: &[Item], at: Date) -> BTreeSet<String> {
        let mut values = BTreeSet::new();
        for item in list.iter().filter(|item| item.windows.iter().all(|window| self.in_force(window, at))) {
            // "There are none of fields."
            let group = if attribute == FIELDS { None } else { self.group(attribute, &item.name) };
            match group {
                Some(members) => values.extend(self.listed(attribute, members, at)),
                None => drop(values.insert(item.name.clone())),
            }
        }
        values
    }

    /// "In force from (including) and up to (excluding) a date or a modification's date." Of a proposed one:
    /// "what is `since` it is not in force and what is `until` it is".
    pub(crate) fn in_force(&self, window: &Window, at: Date) -> bool {
        let come = |bound: &Bound| match self.date(bound) {
            When::On(date) => date <= at,
            When::Never => false,
        };
        window.since.as_ref().is_none_or(come) && !window.until.as_ref().is_some_and(come)
    }

    fn date(&self, bound: &Bound) -> When {
        match bound {
            Bound::Date(date) => When::On(*date),
            Bound::Modification(name) => self.modifications[name],
        }
    }

    pub(crate) fn covers(&self, covers: &Covers, service: &str, at: Date) -> bool {
        match covers {
            Covers::Inside(owner) => owner == service,
            Covers::Named { items, except } => {
                self.selected(items, service, at) && !self.selected(except, service, at)
            }
        }
    }

    /// "Both lists are of `all`, `tag NAME`, a service, or `6.*` …, joined by "or"."
    fn selected(&self, list: &[Selector], service: &str, at: Date) -> bool {
        let selects = |kind: &SelectorKind| match kind {
            SelectorKind::All => true,
            SelectorKind::Tag(tag) => self.services[service].tags.iter().any(|name| *name == tag.text),
            // "every service whose number starts with `6.`"
            SelectorKind::Family(start) => service.starts_with(start.text.as_str()),
            SelectorKind::Service(name) => name.text == service,
        };
        list.iter().any(|item| self.in_force(&item.window, at) && selects(&item.kind))
    }
}

/// Every subset of the values.
pub(crate) fn subsets<'a>(values: impl IntoIterator<Item = &'a String>) -> Vec<Stated> {
    let mut all = vec![BTreeSet::new()];
    for value in values {
        let without = all.clone();
        all.iter_mut().for_each(|set| set.extend([value.clone()]));
        all.extend(without);
    }
    all.into_iter().map(Stated::Set).collect()
}
